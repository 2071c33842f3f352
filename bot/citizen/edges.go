package citizen

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

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
	for len(words) > 0 && words[0].class&filler != 0 && words[0].class&(particle|givenName) == 0 && !isInitial(words[0]) {
		words = words[1:]
	}
	for len(words) > 0 && words[len(words)-1].class&filler != 0 && (words[len(words)-1].class&familyName == 0 || isLower(words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	return words
}

// isInitial tells whether "E" stands for a name: E. Castelli.
func isInitial(w word) bool { return w.written == "E" }

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
