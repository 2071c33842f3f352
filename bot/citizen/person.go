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
