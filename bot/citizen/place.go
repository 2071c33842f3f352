package citizen

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// place parts the person from the Comune. The name is Istat's when the Comune is recognised, else as written; it is never refused for
// being unknown.
func (r *Reader) place(words []word) (name string, person []word) {
	words = r.dropProvince(trimPerson(words))
	if len(words) == 0 {
		return "", nil
	}
	for _, search := range [...]func([]word) (string, []word, bool){r.atTheEnd, r.inItsPart, r.afterPreposition, r.guessed, r.atTheStart, r.within, r.asWritten} {
		if name, person, ok := search(words); ok {
			for i := 2; i < len(person); i++ {
				if person[i].class&quarter != 0 {
					person = person[:i]
				}
			}
			return name, trimPerson(person)
		}
	}
	return "", words
}

// atTheEnd takes the longest known Comune at the end that leaves two words for the person.
func (r *Reader) atTheEnd(words []word) (string, []word, bool) {
	n := len(words)
	for i := max(0, n-maxComuneWords); i < n; i++ {
		one, ok := r.comuni.find(words[i:])
		if !ok || !r.leavesPerson(words, i, one) {
			continue
		}
		if i > 2 && words[i-1].class&quarter != 0 { // Cassina Ferrara is not Ferrara
			return field(words[i-1:]), words[:i-1], true
		}
		return one.name, words[:i], true
	}
	return "", nil, false
}

// leavesPerson tells whether the words before i can be the person, given that a Comune follows. Paola Bianchi has named none.
func (r *Reader) leavesPerson(words []word, i int, one comune) bool {
	person := trim(words[:i], filler)
	led := i > 0 && words[i-1].class&filler != 0
	// "Di" with a capital belongs to the name: Ugo Di Origgio.
	if led && words[i-1].class&particle != 0 && (len(person) < 2 || allOf(person, givenName)) {
		if led = isLower(words[i-1]); !led {
			return false
		}
	}
	if i == 2 && words[1].class&particle != 0 && words[1].class&filler == 0 {
		return false // Mario De Como
	}
	several := len(words)-i > 1
	switch len(person) {
	case 0:
		return several || led || words[i].class&givenName == 0 || r.isHome(one)
	case 1:
		return several || led || r.isHome(one) || words[i].part != words[i-1].part && r.here(one)
	}
	return true
}

func (r *Reader) isHome(one comune) bool { return one.key == r.comuni.home.key }

// inItsPart takes a known Comune that stands between separators.
func (r *Reader) inItsPart(words []word) (string, []word, bool) {
	for end := len(words); end > 0; {
		start := end - 1
		for start > 0 && words[start-1].part == words[end-1].part {
			start--
		}
		part := trim(words[start:end], filler)
		if len(part) > 0 && end-start < len(words) {
			if one, ok := r.comuni.find(part); ok && (one.words > 1 || r.here(one) && part[0].class&givenName == 0) {
				return one.name, without(words, start, end), true
			}
		}
		end = start
	}
	return "", nil, false
}

// here tells whether a Comune is where the writer probably lives: names of towns far off are mostly names of people.
func (r *Reader) here(one comune) bool {
	return one.region == r.comuni.home.region || r.comuni.home.key == ""
}

// afterPreposition takes what follows a preposition and leaves two words for the person. "di" and "da" also start family names: they lead to
// the Comune when it is one word, or when they alone are in lower case.
func (r *Reader) afterPreposition(words []word) (string, []word, bool) {
	n := len(words)
	for i := n - 2; i >= 2; i-- {
		if !prepositions.has(words[i].folded) || n-i-1 > maxComuneWords {
			continue
		}
		ambiguous := words[i].class&particle != 0
		if ambiguous && (!isLower(words[i]) || isLower(words[i-1]) || isLower(words[i+1])) && (i != n-2 || len(trim(words[:i], filler)) < 3) {
			continue
		}
		if one, ok := r.guess(words[i+1:]); ok {
			return one, words[:i], true
		}
		return field(trim(words[i+1:], filler)), words[:i], true
	}
	return "", nil, false
}

const prepositions set = " a in ad di da "

func (r *Reader) guess(words []word) (string, bool) {
	if one, ok := r.comuni.find(words); ok {
		return one.name, true
	}
	one, ok := r.comuni.guess(words)
	return one.name, ok
}

// guessed takes a shortened or misspelt Comune at the end.
func (r *Reader) guessed(words []word) (string, []word, bool) {
	n := len(words)
	if isPerson(words) {
		return "", nil, false
	}
	for i := max(2, n-4); i < n; i++ {
		if len(trim(words[:i], filler)) < 2 || i == n-1 && words[i].class&givenName != 0 {
			continue
		}
		if one, ok := r.comuni.guess(words[i:]); ok {
			return one.name, words[:i], true
		}
	}
	return "", nil, false
}

// atTheStart takes a known Comune before the person.
func (r *Reader) atTheStart(words []word) (string, []word, bool) {
	if len(words) > 3 && prepositions.has(words[0].folded) {
		words = words[1:]
	}
	if words[0].class&givenName != 0 {
		return "", nil, false
	}
	for i := min(len(words)-2, maxComuneWords); i > 0; i-- {
		if one, ok := r.comuni.find(words[:i]); ok && (one.words > 1 || r.here(one) && words[i].class&givenName != 0 || r.isHome(one)) {
			return one.name, words[i:], true
		}
	}
	return "", nil, false
}

// within takes home, or a Comune of several words, wherever it stands, and what comes before it as the person.
func (r *Reader) within(words []word) (string, []word, bool) {
	for i := 2; i < min(len(words), 12); i++ {
		for end := min(len(words), i+maxComuneWords); end > i; end-- {
			if one, ok := r.comuni.find(words[i:end]); ok && (one.words > 1 && r.here(one) || r.isHome(one)) {
				if garbled(words[end:]) {
					return "", words[:i], true
				}
				return one.name, words[:i], true
			}
		}
	}
	return "", nil, false
}

// asWritten takes the last part, else the last word, for a Comune that we do not know.
func (r *Reader) asWritten(words []word) (string, []word, bool) {
	n := len(words)
	if n < 3 || isPerson(words) {
		return "", nil, false
	}
	start := n - 1
	for start > 0 && words[start-1].part == words[n-1].part {
		start--
	}
	if start < 2 {
		start = n - 1
		if words[start-1].class&quarter != 0 && n > 3 {
			start--
		}
	}
	if garbled(words[start:]) {
		return "", words[:start], true
	}
	return field(words[start:]), words[:start], true
}

// isPerson tells whether the words look like a name alone: Anna Maria Rossi, Carmela Lo Presti, Rossi Maria.
func isPerson(words []word) bool {
	n := len(words)
	if n < 3 {
		return true
	}
	if words[0].part != words[n-1].part {
		return false
	}
	return words[n-2].class&particle != 0 && words[n-2].class&givenName == 0 || allOf(words[:n-1], givenName) || words[n-1].class&givenName != 0 && words[n-2].class&givenName != 0 ||
		n == 3 && words[0].class&particle != 0 && words[2].class&givenName != 0
}

// dropProvince takes the province off the end, as in "Saronno (VA)", "Desio Monza Brianza" and "Saronno, Lombardia". Before it must stand a
// Comune of that province, unless two letters stand apart.
func (r *Reader) dropProvince(words []word) []word {
	n := len(words)
	if n > 1 && words[n-1].class&region != 0 {
		if _, ok := r.endsIn(words[:n-1], ""); ok {
			words, n = words[:n-1], n-1
		}
	}
	for k := min(n-1, 5); k > 0; k-- {
		var buf [80]byte
		key, _ := joined(buf[:0], words[n-k:], "")
		code, ok := r.comuni.provinces[string(key)]
		if !ok {
			continue
		}
		// A name may be the Comune itself: "Luisa Bianchi Cosenza" lives there.
		if at, ok := r.endsIn(words[:n-k], code); ok && (len(key) == 2 || at > 1) {
			return words[:n-k]
		}
		last := words[n-1]
		alone := last.part != words[max(0, n-2)].part
		if len(key) == 2 && n > 3 && (alone || isUpper(last) && !isUpper(words[n-2])) {
			return words[:n-1]
		}
	}
	return words
}

// endsIn finds the Comune at the end of words, of a province or of any.
func (r *Reader) endsIn(words []word, province string) (at int, ok bool) {
	for i := max(0, len(words)-maxComuneWords); i < len(words); i++ {
		if one, ok := r.comuni.find(words[i:]); ok && (province == "" || one.province == province) {
			return i, true
		}
	}
	return 0, false
}

// trim takes the words of a class off both ends; it returns nil when nothing else is there.
func trim(words []word, edge class) []word {
	for len(words) > 0 && words[0].class&edge != 0 {
		words = words[1:]
	}
	for len(words) > 0 && words[len(words)-1].class&edge != 0 {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return nil
	}
	return words
}

// trimPerson takes what means nothing off both ends of a name; at its beginning a particle may mean something.
func trimPerson(words []word) []word {
	for len(words) > 0 && words[0].class&filler != 0 && words[0].class&particle == 0 {
		words = words[1:]
	}
	for len(words) > 0 && words[len(words)-1].class&filler != 0 {
		words = words[:len(words)-1]
	}
	return words
}

func without(words []word, start, end int) []word {
	rest := make([]word, 0, len(words)-(end-start))
	return append(append(rest, words[:start]...), words[end:]...)
}

func allOf(words []word, c class) bool {
	for _, w := range words {
		if w.class&c == 0 {
			return false
		}
	}
	return len(words) > 0
}

func anyOf(words []word, c class) bool {
	for _, w := range words {
		if w.class&c != 0 {
			return true
		}
	}
	return false
}

func isUpper(w word) bool { return strings.ToUpper(w.written) == w.written }

func isLower(w word) bool {
	r, _ := utf8.DecodeRuneInString(w.written)
	return unicode.IsLower(r)
}
