package citizen

import "slices"

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
