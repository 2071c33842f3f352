package citizen

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unheardOf reads a name that holds no given name that we know. It is as written when it ends like a family name, or in letters that are not ours.
func unheardOf(words []word) (given, family []word, doubt Doubt) {
	n := len(words)
	first, last := looksFamily(words[0]), looksFamily(words[n-1])
	switch {
	case n == 2 && slavic(words[0]) && !slavic(words[1]):
		return words[1:], words[:1], DoubtName // Шевченко Олена
	case first && !last && n == 2:
		return words[1:], words[:1], DoubtName // Tettamanzi Pinuccia
	case n == 3 && words[0].class&familyName != 0 && !looksFamily(words[1]) && !last:
		return words[1:], words[:1], DoubtName // Kim Min Ji
	case n > 2 && !first && looksFamily(words[n-2]) && last && (anyFamily(words) || !isLower(words[0])):
		return words[:n-2], words[n-2:], DoubtName // Yuleisy Perez Gomez
	case n > 2, first, !last && !slavic(words[1]) && !farLetters(words) && !numbered(words):
		return words[:n-1], words[n-1:], DoubtName
	}
	return words[:1], words[1:], Sure
}

// slavic tells whether a name in Cyrillic letters ends as family names do.
func slavic(w word) bool {
	written := strings.ToLower(w.written)
	return slices.ContainsFunc([]string{"енко", "чук", "юк", "ов", "ова", "ев", "ева", "ин", "ский", "ская", "ський", "ська", "ець"}, func(end string) bool { return strings.HasSuffix(written, end) })
}

// farLetters tells whether a name is written in neither Latin nor Cyrillic letters: those write it in our order.
func farLetters(words []word) bool {
	return !slices.ContainsFunc(words, func(w word) bool {
		r, _ := utf8.DecodeRuneInString(w.written)
		return unicode.In(r, unicode.Latin, unicode.Cyrillic)
	})
}

// numbered tells whether each word ends in a digit: names that a machine made up.
func numbered(words []word) bool {
	return !slices.ContainsFunc(words, func(w word) bool { return w.digits == 0 })
}
