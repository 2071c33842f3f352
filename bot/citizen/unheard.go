package citizen

import (
	"slices"
	"strings"
)

// unheardOf reads a name that holds no given name that we know. Two words that say nothing of their order are as written: that is how
// most people of all countries write here.
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
	case n > 2, first:
		return words[:n-1], words[n-1:], DoubtName
	}
	return words[:1], words[1:], Sure
}

// slavic tells whether a name in Cyrillic letters ends as family names do.
func slavic(w word) bool {
	written := strings.ToLower(w.written)
	return slices.ContainsFunc([]string{"енко", "чук", "юк", "ов", "ова", "ев", "ева", "ин", "ский", "ская", "ський", "ська", "ець"}, func(end string) bool { return strings.HasSuffix(written, end) })
}
