package citizen

import "slices"

// placed is a Comune that was found, and what stood around it.
type placed struct {
	name string
	// known is set when it is recognised, doubt when it is not or when another may be meant.
	known bool
	doubt Doubt
	// person is what may hold the name, tail what followed the Comune.
	person, tail []word
}

// place parts the person from the Comune. The name is Istat's when the Comune is recognised, else as written, which is then to be asked
// about; where the words are the language's and nobody's Comune there is none.
func (r *Reader) place(words []word) placed {
	words = r.dropProvince(trimPerson(words))
	if len(words) == 0 {
		return placed{}
	}
	for _, search := range [...]func([]word) (placed, bool){
		r.inFirstPart, r.atTheEnd, r.inItsPart, r.within, r.afterPreposition, r.abroad, r.guessed, r.atTheStart, r.between, r.asWritten,
	} {
		if p, ok := search(words); ok {
			return r.settle(p)
		}
	}
	return placed{person: words}
}

// settle takes from the person what belongs to the place: a quarter, another Comune, the same Comune once more.
func (r *Reader) settle(p placed) placed {
	for i := 2; i < len(p.person); i++ {
		if p.person[i].class&quarter != 0 && (i+1 < len(p.person) || p.person[i].class&familyName == 0) {
			p.person = p.person[:i]
		}
	}
	p.person = trimPerson(p.person)
	if q, ok := r.within(p.person); ok && q.known {
		later := len(q.tail) > 0 && q.tail[len(q.tail)-1].sentence != q.person[0].sentence
		if q.name != p.name {
			p.doubt = DoubtComune
		}
		if later {
			p.name = q.name // Saronno. In futuro Turate
		}
		p.person, p.tail = trimPerson(q.person), append(slices.Clip(q.tail), p.tail...)
	}
	n := len(p.person)
	for k := min(n-2, maxComuneWords); k > 0; k-- {
		if one, ok := r.comuni.find(p.person[:k]); ok && (r.isHome(one) || r.here(one) && p.person[k].class&givenName != 0) && p.person[0].class&givenName == 0 {
			if p.person = p.person[k:]; one.name != p.name {
				p.doubt = DoubtComune
			}
			return p
		}
		if one, ok := r.comuni.find(p.person[n-k:]); ok && n-k > 1 && (one.name == p.name && n-k > 2-k || r.isHome(one)) {
			if p.person = p.person[:n-k]; one.name != p.name {
				p.doubt = DoubtComune
			}
			return p
		}
	}
	return p
}

// atTheEnd takes the longest known Comune at the end that leaves two words for the person.
func (r *Reader) atTheEnd(words []word) (placed, bool) {
	n := len(words)
	for i := max(0, n-maxComuneWords); i < n; i++ {
		one, ok := r.comuni.find(words[i:])
		if !ok || !r.leavesPerson(words, i, one) {
			continue
		}
		if one.words == 1 && i > 2 && said(words, i) {
			if p, ok := r.within(words); ok {
				return p, true // Saronno, era ora
			}
		}
		if i > 2 && words[i-1].class&quarter != 0 && !(words[i-1].class&familyName != 0 && allOf(words[:i-1], givenName)) { // Cassina Ferrara is not Ferrara
			return placed{name: field(words[i-1:]), person: words[:i-1]}, true
		}
		p := placed{name: one.name, known: true, person: words[:i]}
		if r.hamlet(words, i, one) {
			p.person = words[:i-2]
		} else if one.words == 1 && i > 1 && r.mayBeFamily(words, i, one) || i == 2 && words[1].class&particle != 0 {
			p.doubt = DoubtComune // Marco Li Gerenzano
		}
		return p, true
	}
	return placed{}, false
}

// hamlet tells whether before the Comune at i stands the name of a part of it: Barbaiana di Lainate.
func (r *Reader) hamlet(words []word, i int, one comune) bool {
	if i < 4 || words[i-1].folded != "di" {
		return false
	}
	part, ok := r.comuni.find(words[i-2 : i-1])
	return ok && part.key == one.key
}

// mayBeFamily tells whether what is a Comune far away is a family name more often: Anna Rossi Bianchi.
func (r *Reader) mayBeFamily(words []word, i int, one comune) bool {
	_, capital := r.comuni.provinces[one.key]
	return words[i].class&familyName != 0 && words[i-1].part == words[i].part && words[i-1].class&filler == 0 && !r.here(one) && !capital
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
	if i == 2 && words[1].class&particle != 0 && words[1].class&filler == 0 && words[1].class&familyName == 0 {
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

// inFirstPart takes a Comune that a separator parts from the person after it; if that ends with a Comune too, it is asked about.
func (r *Reader) inFirstPart(words []word) (placed, bool) {
	end := 1
	for end < len(words) && words[end].part == words[0].part {
		end++
	}
	rest := words[end:]
	if len(rest) < 2 || rest[0].part != rest[len(rest)-1].part || words[0].class&givenName != 0 {
		return placed{}, false
	}
	one, ok := r.comuni.find(words[:end])
	if !ok || one.words == 1 && !r.here(one) {
		return placed{}, false
	}
	return placed{name: one.name, known: true, person: rest, doubt: doubtIf(r.hasComuneAt(rest))}, true
}

// inItsPart takes a known Comune that stands between separators.
func (r *Reader) inItsPart(words []word) (placed, bool) {
	for end := len(words); end > 0; {
		start := end - 1
		for start > 0 && words[start-1].part == words[end-1].part {
			start--
		}
		part := trim(words[start:end], filler)
		if len(part) > 0 && end-start < len(words) {
			if one, ok := r.comuni.find(part); ok && (one.words > 1 || r.here(one) && part[0].class&givenName == 0) {
				if start > 0 && !noneSaid(trim(words[end:], filler)) || start > 1 && end < len(words) {
					return placed{name: one.name, known: true, person: words[:start], tail: words[end:]}, true
				}
				return placed{name: one.name, known: true, person: without(words, start, end)}, true
			}
		}
		end = start
	}
	return placed{}, false
}

// here tells whether a Comune is where the writer probably lives: names of towns far off are mostly names of people.
func (r *Reader) here(one comune) bool {
	return one.region == r.comuni.home.region || r.comuni.home.key == ""
}

// within takes a known Comune after which more is said, and what comes before it as the person.
func (r *Reader) within(words []word) (placed, bool) {
	for i := 2; i < min(len(words), 12); i++ {
		for end := min(len(words)-1, i+maxComuneWords); end > i; end-- {
			one, ok := r.comuni.find(words[i:end])
			if !ok || !r.isHome(one) && !(one.words > 1 && r.here(one)) && !r.ends(words, i, end) {
				continue
			}
			if garbled(words[end:]) {
				return placed{person: words[:i], tail: words[end:]}, true
			}
			return placed{name: one.name, known: true, person: words[:i], tail: words[end:]}, true
		}
	}
	return placed{}, false
}

// ends tells whether after the Comune between i and end something else begins: a sentence, or what a separator parts.
func (r *Reader) ends(words []word, i, end int) bool {
	return len(trim(words[:i], filler)) > 1 && words[i].class&(givenName|particle) == 0 && !said(words, i) && (said(words, end) || words[end].part != words[end-1].part && words[i].part == words[0].part)
}

// afterPreposition takes what follows a preposition and leaves two words for the person. "di" and "da" also start family names: they lead to
// the Comune when it is one word, or when they alone are in lower case.
func (r *Reader) afterPreposition(words []word) (placed, bool) {
	n := len(words)
	for i := n - 2; i >= 2; i-- {
		if !prepositions.has(words[i].folded) || n-i-1 > maxComuneWords {
			continue
		}
		ambiguous := words[i].class&particle != 0
		if ambiguous && (!isLower(words[i]) || isLower(words[i-1]) || isLower(words[i+1])) && (i != n-2 || len(trim(words[:i], filler)) < 3) {
			continue
		}
		if name, sure, ok := r.guess(words[i+1:]); ok {
			return placed{name: name, known: true, doubt: doubtIf(!sure), person: words[:i]}, true
		}
		if _, ok := abroad(words[i+1:]); ok {
			return placed{}, false
		}
		return r.unknown(words[:i], trim(words[i+1:], filler)), true
	}
	return placed{}, false
}

const prepositions set = " a in ad di da en at from aus din "

func doubtIf(doubtful bool) Doubt {
	if doubtful {
		return DoubtComune
	}
	return Sure
}

// guess reads words as a Comune and nothing else. It is sure when no slip lies between, or one of a Comune near home.
func (r *Reader) guess(words []word) (name string, sure, ok bool) {
	if one, ok := r.comuni.find(words); ok {
		return one.name, true, true
	}
	one, slip, ok := r.comuni.guess(words)
	return one.name, !slip || one.province == r.comuni.home.province, ok
}

// guessed takes a shortened or misspelt Comune at the end.
func (r *Reader) guessed(words []word) (placed, bool) {
	n := len(words)
	if isPerson(words) {
		return placed{}, false
	}
	for i := max(2, n-4); i < n; i++ {
		if len(trim(words[:i], filler)) < 2 || i == n-1 && words[i].class&givenName != 0 || said(words, i) {
			continue
		}
		if name, sure, ok := r.guess(words[i:]); ok {
			return placed{name: name, known: true, doubt: doubtIf(!sure), person: words[:i]}, true
		}
	}
	return placed{}, false
}

// atTheStart takes a known Comune before the person.
func (r *Reader) atTheStart(words []word) (placed, bool) {
	if len(words) > 3 && prepositions.has(words[0].folded) {
		words = words[1:]
	}
	if words[0].class&givenName != 0 {
		return placed{}, false
	}
	for i := min(len(words)-2, maxComuneWords); i > 0; i-- {
		one, ok := r.comuni.find(words[:i])
		if !ok || one.words == 1 && !r.isHome(one) && words[i].class&givenName == 0 {
			continue
		}
		// Who is called Roma writes the family name first.
		return placed{name: one.name, known: true, doubt: doubtIf(one.words == 1 && !r.isHome(one)), person: words[i:]}, true
	}
	return placed{}, false
}

// between takes home out of the middle of a name: Muhammad Saronno Khan.
func (r *Reader) between(words []word) (placed, bool) {
	if n := len(words); n == 3 && words[1].folded == r.comuni.home.key {
		return placed{name: r.comuni.home.name, known: true, doubt: DoubtComune, person: without(words, 1, 2)}, true
	}
	return placed{}, false
}
