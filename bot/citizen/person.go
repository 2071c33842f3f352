package citizen

import (
	"slices"
	"strings"
	"unicode"
)

// details finds the three personal details in what follows the command. Labels decide; else separators and the list of Comuni do.
func (r *Reader) details(words []word) Request {
	words = r.strip(words)
	if slices.ContainsFunc(words, func(w word) bool { return w.class&label != 0 }) {
		return r.labelled(words)
	}
	return r.unlabelled(words, false)
}

func (r *Reader) unlabelled(words []word, familyFirst bool) Request {
	name, person := r.place(words)
	given, family := cutPerson(person, familyFirst)
	return Request{GivenName: nameField(given), FamilyName: nameField(family), Comune: name}
}

// strip takes out what is not ours to keep: titles, telephone numbers, addresses, dates and places of birth, tax codes.
func (r *Reader) strip(words []word) []word {
	out := make([]word, 0, len(words))
	for i := 0; i < len(words); {
		if k := r.discarded(words[i:], out); k > 0 {
			i += k
			continue
		}
		w := words[i]
		if w.class&labelComune != 0 && r.opensComune(words[i:]) {
			w.class = 0 // Città di Castello
		}
		out = append(out, w)
		i++
	}
	return out
}

// discarded counts the words at the beginning of words that are not to be kept, out being what is kept before them.
func (r *Reader) discarded(words, out []word) int {
	w := words[0]
	last := len(words) == 1
	// After one word a family name is due: Gino Strada, Luca Piazza.
	family := len(out) == 1 && !w.number && out[0].class&label == 0
	fresh := len(out) == 0 || out[len(out)-1].part != w.part || out[len(out)-1].class&label != 0
	switch {
	case w.digits > 1 || w.class&greets != 0 && len(out) == 0 && w.class&givenName == 0:
		return 1
	case w.class&title != 0 && (fresh || abbreviations.has(w.folded)) && !last:
		return 1
	case w.folded == "provincia" || w.folded == "prov":
		return r.provinceLength(words)
	case numerals(words) > 1 || w.class&numeral != 0 && w.number:
		return numerals(words)
	case family:
	case w.class&noise != 0 && w.class&particle == 0:
		return 1
	case w.class&street != 0 && !last:
		return r.addressLength(words)
	case w.class&quarter != 0 && !cassina.has(w.folded) && !last && len(out) > 0:
		return r.addressLength(words)
	case w.class&born != 0:
		return bornLength(words)
	}
	return 0
}

// numerals counts the numbers in words at the beginning; one alone may be a name.
func numerals(words []word) (n int) {
	for n < len(words) && words[n].class&numeral != 0 {
		n++
	}
	return n
}

// cassina is what quarters of towns around here are called; their names are kept.
const cassina set = " cassina cascina "

// opensComune tells whether a label is the first word of a name: Città di Castello, Paese.
func (r *Reader) opensComune(words []word) bool {
	for n := min(len(words), maxComuneWords); n > 1; n-- {
		if _, ok := r.comuni.find(words[:n]); ok {
			return true
		}
	}
	return len(words) == 1 && words[0].folded == "paese"
}

// addressLength is how many words an address takes: to the house number, else to the Comune, else to the separator.
func (r *Reader) addressLength(words []word) int {
	end := 1
	for end < len(words) && words[end].part == words[0].part && words[end].class&label == 0 {
		end++
	}
	for i := range min(end, 7) {
		if words[i].number && i > 0 {
			return i + 1
		}
	}
	if end < len(words) {
		return end
	}
	for i := 2; i < end; i++ {
		if one, ok := r.comuni.find(words[i:end]); ok && (one.words > 1 || r.here(one)) {
			return i
		}
	}
	return end
}

// bornLength is how many words the birth takes: to the date, else to the separator or the residence.
func bornLength(words []word) int {
	end := 1
	for end < len(words) && words[end].part == words[0].part && words[end].class&label == 0 {
		end++
	}
	for i := range end {
		if words[i].number {
			for i+1 < end && (words[i+1].class&numeral != 0 || words[i+1].number) {
				i++
			}
			return i + 1
		}
	}
	if end == len(words) && end > 3 && words[1].class&filler != 0 {
		return 3 // nata a Milano …
	}
	return end
}

// provinceLength is how many words "provincia di Varese" takes.
func (r *Reader) provinceLength(words []word) int {
	i := 1
	for i < len(words)-1 && (words[i].folded == "di" || words[i].folded == "del" || words[i].folded == "della") {
		i++
	}
	for n := min(len(words)-i, 5); n > 0; n-- {
		var buf [80]byte
		if key, ok := joined(buf[:0], words[i:i+n], ""); ok {
			if _, ok := r.comuni.provinces[string(key)]; ok {
				return i + n
			}
		}
	}
	return i
}

// labelled reads values after their labels, or before them when the text ends with one.
func (r *Reader) labelled(words []word) Request {
	last := len(words) - 1
	backwards := words[last].class&label != 0 && words[0].class&label == 0 && len(trim(words[:1], filler)) > 0
	if backwards {
		words = slices.Clone(words)
		slices.Reverse(words)
	}
	f := collect(words)
	if backwards {
		for i := range f.values {
			slices.Reverse(f.values[i])
		}
		slices.Reverse(f.rest)
	}
	return r.assemble(f)
}

// labelFields are the values of the labels given, family, Comune, and of the labels that stand together for a whole person.
type labelFields struct {
	values      [3][]word
	rest        []word
	familyFirst bool
}

// collect sorts words by the labels before them. Labels with nothing in between, as in "Nome e cognome: Mario Rossi", share what follows.
func collect(words []word) (f labelFields) {
	var open class // the labels that the next value belongs to
	valued := false
	for _, w := range words {
		if l := w.class & label; l != 0 {
			if valued {
				open, valued = 0, false
			}
			if l == labelGiven && open == labelFamily {
				f.familyFirst = true
			}
			open |= l
			continue
		}
		if w.class&filler != 0 && !valued && (w.class&particle == 0 || open&labelComune != 0) {
			continue // "nome e cognome", "comune di residenza"
		}
		switch open {
		case labelGiven:
			f.values[0] = append(f.values[0], w)
		case labelFamily:
			f.values[1] = append(f.values[1], w)
		case labelComune:
			f.values[2] = append(f.values[2], w)
		default:
			f.rest = append(f.rest, w)
		}
		valued = true
	}
	return f
}

func (r *Reader) assemble(f labelFields) Request {
	given, family := trim(f.values[0], filler), trimPerson(f.values[1])
	comune, more := r.labelledComune(f.values[2])
	rest := append(slices.Clip(f.rest), more...)
	if len(given) == 0 && len(family) == 0 {
		if comune == "" {
			return r.unlabelled(rest, f.familyFirst)
		}
		person := trimPerson(rest)
		given, family = cutPerson(person, f.familyFirst)
		return Request{GivenName: nameField(given), FamilyName: nameField(family), Comune: comune}
	}
	if comune == "" && len(rest) > 0 {
		comune, rest = r.labelledComune(rest)
	}
	for _, value := range []*[]word{&family, &given} {
		// The Comune follows without a label, or the name holds everything: "Nome: Mario Rossi, Saronno".
		if comune == "" && len(*value) > 1 {
			if name, person := r.place(*value); name != "" && len(person) > 0 && r.known(name) {
				comune, *value = name, person
			}
		}
	}
	switch {
	case len(family) == 0 && len(given) > 1:
		given, family = cutPerson(given, false)
	case len(given) == 0 && len(family) > 1 && len(rest) == 0:
		given, family = cutPerson(family, true)
	case len(given) == 0:
		given = trim(rest, filler)
	case len(family) == 0:
		family = trimPerson(rest)
	}
	return Request{GivenName: nameField(given), FamilyName: nameField(family), Comune: comune}
}

// labelledComune reads what follows the label of the Comune, and returns what belongs to somebody else.
func (r *Reader) labelledComune(words []word) (string, []word) {
	words = r.dropProvince(trim(words, filler))
	for n := min(len(words), maxComuneWords); n > 0; n-- {
		if one, ok := r.comuni.find(words[:n]); ok {
			return one.name, words[n:]
		}
	}
	n := 0
	for n < len(words) && words[n].part == words[0].part && n < maxComuneWords {
		n++
	}
	if name, ok := r.guess(words[:n]); n > 0 && ok {
		return name, words[n:]
	}
	return field(words[:n]), words[n:]
}

func (r *Reader) known(name string) bool {
	_, ok := r.comuni.exact[foldLong(name)]
	return ok
}

// cutPerson parts the given name from the family name: at a separator, at a particle, by capitals, by the given names that it knows, else
// before the last word. Of two people it takes the first.
func cutPerson(words []word, familyFirst bool) (given, family []word) {
	words = firstPerson(words)
	n := len(words)
	if n < 2 {
		return words, nil
	}
	if familyFirst {
		k := 1
		for k < n-1 && words[k-1].class&particle != 0 {
			k++
		}
		return words[k:], words[:k]
	}
	for i := 1; i < n; i++ {
		if words[i].part != words[0].part && words[i].class&filler == 0 {
			return swapped(words[:i], words[i:])
		}
	}
	if k := capitals(words); k > 0 {
		return words[:k], words[k:]
	} else if k < 0 {
		return words[-k:], words[:-k]
	}
	if n > 2 && words[0].class&particle != 0 && words[0].class&givenName == 0 && allOf(words[2:], givenName) {
		return words[2:], words[:2] // De Luca Anna
	}
	for i := 1; i < n-1; i++ {
		if words[i].class&particle != 0 && words[i].class&givenName == 0 {
			return words[:i], words[i:]
		}
	}
	return byGivenNames(words)
}

func byGivenNames(words []word) (given, family []word) {
	n, k := len(words), 0
	for k < n && words[k].class&givenName != 0 {
		k++
	}
	if k == n && n == 2 && neverFamily.has(words[1].folded) {
		return words, nil // Anna Maria
	}
	if k > 0 {
		k = min(k, n-1)
		return words[:k], words[k:]
	}
	for k = n; k > 1 && words[k-1].class&givenName != 0; k-- {
	}
	if k < n {
		return words[k:], words[:k] // Rossetti Graziella
	}
	return words[:n-1], words[n-1:]
}

// neverFamily are second given names that are hardly ever family names.
const neverFamily set = " maria teresa luisa grazia pia antonietta francesca elisabetta cristina "

// swapped puts the two sides of a separator in order: "Rossi, Mario".
func swapped(one, other []word) (given, family []word) {
	if !anyOf(one, givenName) && allOf(other, givenName) {
		return other, one
	}
	return one, other
}

// firstPerson leaves the second person out of "Mario Rossi e Anna Bianchi".
func firstPerson(words []word) []word {
	words = trimPerson(words)
	for i := 2; i < len(words)-2; i++ {
		if words[i].folded == "e" || words[i].folded == "ed" {
			return words[:i]
		}
	}
	return words
}

// capitals finds the family name that alone is in capitals, "ROSSI Mario" or "Mario ROSSI": after k words, or in the first -k.
func capitals(words []word) int {
	k := 0
	for k < len(words) && isUpper(words[k]) == isUpper(words[0]) {
		k++
	}
	if k == len(words) {
		return 0
	}
	loud, soft := words[:k], words[k:]
	if isUpper(words[k]) {
		loud, soft = soft, loud
	}
	for _, w := range loud {
		if !isUpper(w) || len(w.folded) < 2 {
			return 0
		}
	}
	for _, w := range soft {
		if rest := strings.TrimLeftFunc(w.written, unicode.IsUpper); isUpper(w) || rest != strings.ToLower(rest) {
			return 0
		}
	}
	switch {
	case allOf(loud, givenName) && !allOf(soft, givenName):
		return 0
	case isUpper(words[0]):
		return -k
	}
	return k
}

// nameField joins a name and mends an elision that was torn apart: D' Angelo.
func nameField(words []word) string {
	s := field(words)
	if strings.Contains(s, "' ") {
		for _, w := range words {
			if bare, ok := strings.CutSuffix(w.written, "'"); ok && torn.has(w.folded) {
				s = strings.ReplaceAll(s, bare+"' ", bare+"'")
			}
		}
	}
	return s
}

const torn set = " d dell dall nell sant l degl "

// field joins words into one personal detail of at most MaxField runes.
func field(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.Trim(w.written, "@$-"))
		if b.Len() > 8*MaxField {
			break
		}
	}
	runes := 0
	s := b.String()
	for i := range s {
		if runes++; runes > MaxField {
			s = s[:i]
			break
		}
	}
	return strings.TrimSpace(s)
}
