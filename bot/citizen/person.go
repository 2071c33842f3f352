package citizen

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// particles start a family name, as in Anna Maria De Luca.
	particles set = " de di del della dello dell dei degli da dal d lo la li le el al van von "
	// prepositions may come before the Comune, as in "Sara Reina di Saronno"; only the first two are never part of a name.
	prepositions set = " a in ad di da "
	// joiners mean nothing at the edge of any field, fillers at the edge of all but the family name.
	joiners set = " e ed "
	fillers set = " e ed a ad in di da il la del nel sono io mi chiamo residente residenza abito abitante vivo citta comune "
)

// label is the field that a word announces.
type label int

const (
	noLabel label = iota
	givenLabel
	familyLabel
	comuneLabel
)

func labelOf(w word) label {
	switch w.folded {
	case "nome":
		return givenLabel
	case "cognome":
		return familyLabel
	case "comune", "residenza", "residente", "abito", "vivo", "abitante":
		return comuneLabel
	}
	return noLabel
}

// readPerson finds the three personal details in what follows the command. With labels they decide; else separators do; else the last word is
// the Comune. A single word could be a name or a Comune, so it counts as neither.
func readPerson(words []word) Request {
	words = dropProvince(trimCourtesy(words))
	var fields [4][]word
	at := noLabel
	for _, w := range words {
		if l := labelOf(w); l != noLabel {
			at = l
			continue
		}
		fields[at] = append(fields[at], w)
	}
	given, family, comune := fields[givenLabel], fields[familyLabel], trimFillers(fields[comuneLabel])
	if trimFillers(given) == nil && trimFillers(family) == nil {
		person := trimFillers(fields[noLabel])
		if comune == nil {
			person, comune = cutComune(person)
		}
		if comune == nil && len(person) == 1 {
			return Request{}
		}
		given, family = cutPerson(person)
	}
	given, family = trimFillers(given), trim(family, joiners)
	// "Nome e cognome: Mario Rossi" leaves both names in one field.
	switch {
	case given == nil && len(family) > 1:
		given, family = cutPerson(family)
	case family == nil && len(given) > 1:
		given, family = cutPerson(given)
	}
	return Request{GivenName: field(given), FamilyName: field(family), Comune: field(comune)}
}

// cutComune parts the person from the Comune.
func cutComune(words []word) (person, comune []word) {
	n := len(words)
	if n < 3 {
		return words, nil
	}
	last := words[n-1].part
	if i := slices.IndexFunc(words, func(w word) bool { return w.part == last }); i >= 2 {
		return words[:i], trimFillers(words[i:])
	}
	if i := preposition(words); i > 0 {
		return words[:i], trimFillers(words[i:])
	}
	return words[:n-1], words[n-1:]
}

// preposition finds the word that leads to the Comune and leaves two words for the person. "di" and "da" also start family names: they lead
// to the Comune when it is one word, or when they alone are in lower case.
func preposition(words []word) int {
	for i := len(words) - 2; i >= 2; i-- {
		if !prepositions.has(words[i].folded) {
			continue
		}
		ambiguous := particles.has(words[i].folded)
		if !ambiguous || i == len(words)-2 || isLower(words[i]) && !isLower(words[i-1]) && !isLower(words[i+1]) {
			return i
		}
	}
	return 0
}

// cutPerson parts the given name from the family name: at a separator, at a particle, else before the last word.
func cutPerson(words []word) (given, family []word) {
	n := len(words)
	if n < 2 {
		return words, nil
	}
	for i := 1; i < n; i++ {
		if words[i].part != words[0].part {
			return words[:i], words[i:]
		}
	}
	if i := slices.IndexFunc(words[1:n-1], func(w word) bool { return particles.has(w.folded) }); i >= 0 {
		return words[:i+1], words[i+1:]
	}
	return words[:n-1], words[n-1:]
}

// dropProvince takes the two letters of the province off the end, as in "Saronno (VA)".
func dropProvince(words []word) []word {
	n := len(words)
	if n < 4 {
		return words
	}
	w := words[n-1]
	alone := w.part != words[n-2].part
	if utf8.RuneCountInString(w.written) == 2 && (alone || w.written == strings.ToUpper(w.written)) {
		return words[:n-1]
	}
	return words
}

func trimFillers(words []word) []word { return trim(words, fillers) }

// trim takes the words of a set off both ends; it returns nil when nothing else is there.
func trim(words []word, edge set) []word {
	for len(words) > 0 && edge.has(words[0].folded) {
		words = words[1:]
	}
	for len(words) > 0 && edge.has(words[len(words)-1].folded) {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return nil
	}
	return words
}

func isLower(w word) bool {
	r, _ := utf8.DecodeRuneInString(w.written)
	return unicode.IsLower(r)
}

// field joins words into one personal detail of at most MaxField runes.
func field(words []word) string {
	written := make([]string, len(words))
	for i, w := range words {
		written[i] = w.written
	}
	runes := []rune(strings.Join(written, " "))
	return strings.TrimSpace(string(runes[:min(MaxField, len(runes))]))
}
