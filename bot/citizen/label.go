package citizen

import "slices"

// finding is what a text says of a person. The Request has no Intent yet, and a Doubt also when something lacks.
type finding struct {
	Request
	// known is set when the Comune is recognised, or labelled and plausible.
	known bool
	// named is set when given name and family name have their labels.
	named bool
	// name are the words that were read as a name, rest those after it that are none, tail those after the Comune.
	name, rest, tail []word
}

func (f finding) whole() bool { return f.GivenName != "" && f.FamilyName != "" && f.Comune != "" }

func (f *finding) take(p person) {
	f.GivenName, f.FamilyName = nameField(p.given), nameField(p.family)
	f.Doubt = max(f.Doubt, p.doubt)
	if leftOver(p.given, p.family, false) {
		f.Doubt = max(f.Doubt, DoubtName)
	}
	f.name = append(append(f.name, p.given...), p.family...)
	f.rest = append(f.rest, p.rest...)
}

// details finds the three personal details in what follows the command. Labels decide; else separators and the list of Comuni do.
func (r *Reader) details(words []word) finding {
	words = r.strip(relabel(r.parted(words)))
	if anyOf(words, label) {
		return r.labelled(words)
	}
	return r.unlabelled(words, false)
}

func (r *Reader) unlabelled(words []word, familyFirst bool) (f finding) {
	p := r.place(words)
	f.Comune, f.known, f.Doubt, f.tail = p.name, p.known, p.doubt, p.tail
	f.take(r.person(p.person, familyFirst))
	return f
}

// labelled reads values after their labels, or before them when the text ends with one.
func (r *Reader) labelled(words []word) finding {
	last := len(words) - 1
	if last > 1 && words[last].class&label != 0 && !anyOf(words[:last], label) && !r.hasComuneAt(words[:last]) {
		return r.unlabelled(words[:last], false) // "non residente"
	}
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

// hasComuneAt tells whether words end with a Comune that is known.
func (r *Reader) hasComuneAt(words []word) bool {
	_, ok := r.endsIn(words, "")
	return ok
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
	for i, w := range words {
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
		if w.class&filler != 0 && !valued && (w.class&particle == 0 || open&labelComune != 0) && !isValue(words[i:]) {
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

// saysNo tells whether a denial or a question stands anywhere but in the place of a name.
func (f labelFields) saysNo() bool {
	for i, words := range f.values {
		if (i == 2 || len(words) > 1) && anyOf(words, negates|doubts) {
			return true
		}
	}
	return anyOf(f.rest, negates|doubts)
}

// isValue tells whether a word that otherwise means nothing is all that stands between two labels: Nome: Mia.
func isValue(words []word) bool {
	const links set = " e ed di del della dei il lo la l i le in a mio nome sono e is "
	if links.has(words[0].folded) {
		return false
	}
	for _, w := range words {
		if w.class&label != 0 {
			break
		}
		if w.class&filler == 0 {
			return false
		}
	}
	return true
}

// value is a name as it stands after its label: what it is made of counts for nothing, but a sentence ends it.
func value(words []word) []word {
	if trimmed := trimPerson(words); len(trimmed) > 0 {
		words = trimmed
	}
	for i := 1; i < len(words); i++ {
		if said(words, i) && words[i-1].class&particle == 0 {
			return words[:i]
		}
	}
	return words
}

func (r *Reader) assemble(l labelFields) (f finding) {
	given, family := value(l.values[0]), value(l.values[1])
	comune, known, more := r.labelledComune(l.values[2])
	rest := append(slices.Clip(l.rest), more...)
	if len(given) == 0 && len(family) == 0 {
		if comune == "" {
			return r.unlabelled(rest, l.familyFirst)
		}
		f = finding{Request: Request{Comune: comune, Doubt: doubtIf(!known)}, known: known}
		return r.beside(f, rest, l.familyFirst)
	}
	if comune == "" && len(rest) > 0 && !allOf(rest, givenName) {
		if name, ok, more := r.labelledComune(rest); ok {
			comune, known, rest = name, ok, more
		} else if len(given) > 0 && len(family) > 0 && plausibleComune(rest) && !anyOf(rest, givenName) {
			comune, known, rest = field(rest), false, nil
		}
	}
	for _, value := range []*[]word{&family, &given} {
		// The Comune follows without a label, or the name holds everything: "Nome: Mario Rossi, Saronno".
		if comune == "" && len(*value) > 1 {
			if p := r.place(*value); p.known && len(p.person) > 0 {
				comune, known, *value = p.name, true, p.person
			}
		}
	}
	f = finding{Request: Request{Comune: comune, Doubt: doubtIf(comune != "" && !known)}, known: known}
	f.named = len(given) > 0 && len(family) > 0
	doubt := doubtNameIf(mixed(given, givenName) || mixed(family, familyName))
	switch {
	case len(family) == 0 && len(given) > 1:
		given, family, doubt = cutPerson(given, false)
	case len(given) == 0 && len(family) > 1 && len(rest) == 0 && family[0].class&particle == 0 && family[len(family)-1].class&givenName != 0:
		given, family, doubt = cutPerson(family, true)
	case len(given) == 0:
		given, rest = shortName(rest), nil
	case len(family) == 0:
		family, rest = shortName(rest), nil
	}
	f.GivenName, f.FamilyName = nameField(given), nameField(family)
	if leftOver(given, family, f.named) {
		doubt = DoubtName
	}
	f.Doubt = max(f.Doubt, doubt)
	f.name, f.tail = append(append(f.name, given...), family...), rest
	return f
}

// beside reads the person from what stands beside a labelled Comune; it may hold another one.
func (r *Reader) beside(f finding, rest []word, familyFirst bool) finding {
	p := r.place(rest)
	if !p.known || p.name != f.Comune && len(p.person) < 2 {
		p.person, p.tail = rest, nil
	} else if p.name != f.Comune {
		f.Doubt = DoubtComune // lavoro a Saronno ma vivo a Tradate
	}
	f.tail = p.tail
	f.take(r.person(p.person, familyFirst))
	return f
}

// shortName takes what stands without a label for the other name, if it can be one.
func shortName(words []word) []word {
	name, _, _ := nameRun(trimPerson(words))
	if len(name) > 4 {
		return nil
	}
	return name
}

// labelledComune reads what follows the label of the Comune, and returns what belongs to somebody else. It is known when it is on the list,
// or could be a name.
func (r *Reader) labelledComune(words []word) (name string, known bool, rest []word) {
	words = r.dropProvince(trim(words, filler))
	for n := min(len(words), maxComuneWords); n > 0; n-- {
		if one, ok := r.comuni.find(words[:n]); ok && !aWord(words[:n]) {
			return one.name, true, words[n:]
		}
	}
	n := 0
	for n < len(words) && words[n].part == words[0].part && n < maxComuneWords {
		n++
	}
	switch {
	case n == 0:
		return "", false, words
	case aWord(words[:n]):
		return "", false, words[n:]
	}
	if name, sure, ok := r.guess(words[:n]); ok {
		return name, sure, words[n:]
	}
	if name, ok := abroad(words[:n]); ok {
		return name, true, words[n:]
	}
	for n > 1 && said(words, n-1) {
		n--
	}
	if !plausibleComune(words[:n]) {
		return "", false, words
	}
	return field(words[:n]), true, words[n:]
}

// aWord tells whether one word is meant as such and not as the Comune of that name: "vivo in campagna".
func aWord(words []word) bool {
	return len(words) == 1 && words[0].class&nobodys != 0 && isLower(words[0])
}

// recognised tells whether a Comune as we keep it is one that we know.
func (r *Reader) recognised(name string) bool { return r.known(name) || isAbroad(name) }

func (r *Reader) known(name string) bool {
	_, ok := r.comuni.exact[foldLong(name)]
	return ok
}
