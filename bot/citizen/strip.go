package citizen

import "strings"

// strip takes out what is not ours to keep: titles, telephone numbers, addresses, dates and places of birth, tax codes.
func (r *Reader) strip(words []word) []word {
	out := make([]word, 0, len(words))
	parts, dictated := 0, isDictated(words)
	for i := 0; i < len(words); {
		if dictated && spoken.has(words[i].folded) {
			parts++
			i++
			continue
		}
		if k := r.discarded(words[i:], out); k > 0 {
			i += k
			continue
		}
		w := words[i]
		w.part += parts
		if i == len(words)-1 && bareLabels.has(w.folded) && (len(out) > 1 || r.sameComune(out)) && !anyOf(out, label) {
			if !r.sameComune(out) {
				break
			}
			out = out[:len(out)-1] // "stesso comune"
			break
		}
		if w.class&labelComune != 0 && r.opensComune(words[i:]) {
			w.class = 0 // Città di Castello
		}
		out = append(out, w)
		i++
	}
	return out
}

// isDictated tells whether the signs between the details were spoken or spelt out.
func isDictated(words []word) bool {
	n := 0
	for _, w := range words {
		if spoken.has(w.folded) {
			n++
		}
	}
	return n > 1 || len(words) > 0 && spoken.has(words[0].folded)
}

// bareLabels follow a Comune without saying more: "Saronno città".
const bareLabels set = " citta paese comune "

// sameComune tells whether out ends in "stesso".
func (r *Reader) sameComune(out []word) bool {
	const same set = " stesso medesimo questo vostro nostro suo "
	return len(out) > 0 && same.has(out[len(out)-1].folded)
}

// discarded counts the words at the beginning of words that are not to be kept, out being what is kept before them.
func (r *Reader) discarded(words, out []word) int {
	w := words[0]
	last := len(words) == 1
	// After one word a family name is due: Gino Strada, Luca Piazza.
	family := len(out) == 1 && !w.number && out[0].class&label == 0 && (w.class&street == 0 || w.part == out[0].part && (last || !words[1].number))
	fresh := len(out) == 0 || out[len(out)-1].part != w.part || out[len(out)-1].class&label != 0
	if k := aboutNames(words, len(out), fresh); k > 0 {
		return k
	}
	called := w.class&familyName != 0 && !rather.has(w.folded) && !last && words[1].class&givenName != 0 && words[1].part == w.part // Gentile Simona
	switch {
	case called && fresh && w.class&greets != 0:
		return 0
	case isCode(w) || w.class&greets != 0 && len(out) == 0 && w.class&givenName == 0:
		return 1
	case !last && w.folded == "c" && words[1].folded == "f":
		return 2 // codice fiscale
	case !last && len(w.folded) == 1 && len(out) > 1 && streetEnds.has(w.folded+words[1].folded):
		return 1 + r.addressLength(words[1:]) // P.zza
	case !last && w.folded == "v" && len(out) > 1 && words[1].class&(particle|filler) == 0:
		return r.addressLength(words) // v. Roma 4
	case len(out) > 0 && out[len(out)-1].class&(labelGiven|labelFamily) != 0 && (last || words[1].class&label != 0):
		return 0 // all that stands after its label: cognome Padre
	case introduces.has(w.folded):
		return 1
	case !last && introduces.has(words[1].folded):
		return 2 // me llamo
	case !last && w.folded == "p" && words[1].folded == "i":
		return 2 // perito industriale
	case w.class&title != 0 && w.class&givenName != 0 && (last || words[1].class&title == 0):
		return 0 // Mia Ferrario, but "mia mamma Maria"
	case w.class&title != 0 && len(out) > 0 && !last && w.part != out[len(out)-1].part && words[1].part != w.part:
		return 0 // a name of its own: Elia, Padre, Saronno
	case w.class&title != 0 && (fresh || strings.Contains(w.written, ".") || abbreviations.has(w.folded)) && !last:
		return 1
	case w.folded == "provincia" || w.folded == "prov":
		return r.provinceLength(words)
	case numerals(words) > 1 || w.class&numeral != 0 && w.number:
		return numerals(words)
	case family:
	case w.class&noise != 0 && w.class&particle == 0:
		return 1
	case w.class&street != 0 && !last && len(out) > 0 && out[len(out)-1].class&particle != 0 && !w.number && (!isLower(out[len(out)-1]) || len(words) < 3):
		return 0 // Dalla Via
	case w.class&street != 0 && !last && !w.number && allOf(out, givenName) && r.isComune(words[1:]):
		return 0 // Maria Luisa Strada Saronno
	case w.class&street != 0 && !last:
		return r.addressLength(words)
	case w.class&quarter != 0 && last && w.number:
		return 1 // Milano zona 9
	case w.class&quarter != 0 && !cassina.has(w.folded) && !last && len(out) > 0:
		return r.addressLength(words)
	case w.class&born != 0:
		return bornLength(words)
	}
	return 0
}

func (r *Reader) isComune(words []word) bool {
	_, ok := r.comuni.find(words)
	return ok
}

// numerals counts the numbers in words at the beginning; one alone may be a name.
func numerals(words []word) (n int) {
	for n < len(words) && words[n].class&numeral != 0 {
		n++
	}
	return n
}

const (
	// streetEnds are abbreviations with a point after the first letter.
	streetEnds set = " pzza pza pzzale pzle vle vlo cso lgo via vico "
	// introduces are words for "I am called", after a pronoun.
	introduces set = " llamo chamo mappelle appelle numesc heisse heise quhem nazywam "
	// spoken are signs between the details that were dictated or named.
	spoken set = " piu spazio slash barra trattino plus "
)

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
			return i + 1 + innerLength(words[i+1:])
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

// innerLength is how many words "22/b", "int. 4" and "scala B" take after a house number.
func innerLength(words []word) (n int) {
	const inner set = " int interno scala sc piano pal palazzina bis ter barrato edificio lotto "
	for n < len(words) && (inner.has(words[n].folded) || len(words[n].written) == 1 && !isInitial(words[n]) && words[n].class&labelComune == 0) && !(prepositions.has(words[n].folded) && isLower(words[n])) {
		n++
	}
	return n
}

// bornLength is how many words the birth takes: to the date, else to the separator or the residence.
func bornLength(words []word) int {
	if n := len(words); n > 2 && words[0].class&born != 0 && words[1].class&(filler|particle|numeral) == 0 && !words[0].number && !words[1].number {
		return 2 // nata Bianchi
	}
	end := 1
	for end < len(words) && words[end].part == words[0].part && words[end].class&label == 0 {
		end++
	}
	for i := range end {
		if words[i].number {
			for i+1 < end && (words[i+1].class&numeral != 0 || words[i+1].number) {
				i++
			}
			if i+2 < end && words[i+1].folded == "a" && words[i+2].class&label == 0 { // where
				return min(end, i+3)
			}
			return i + 1
		}
	}
	if end == len(words) && end > 3 && words[1].class&filler != 0 {
		return 3 // nata a Milano …
	}
	return end
}

// isCode tells a tax code or a house number from a name that somebody wrote with a few digits at its end.
func isCode(w word) bool { return w.digits > 4 || 2*w.digits > len(w.written) }
