package citizen

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// inWord tells whether r belongs to a word; a hyphen, and what stands for a letter, do between two letters only.
func inWord(after string, before, r rune) bool {
	if r < utf8.RuneSelf {
		switch {
		case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '\'':
			return true
		case r == '-' || r == '@' || r == '$':
			next, _ := utf8.DecodeRuneInString(after)
			return unicode.IsLetter(before) && unicode.IsLetter(next)
		}
		return false
	}
	return unicode.IsLetter(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd)
}

// isBlank tells whether a rune parts words without meaning more. Quotes and WhatsApp's marks for bold, italic and struck text only wrap.
func isBlank(r rune) bool {
	return r == ' ' || strings.ContainsRune("*_~:\"“”„«»‹›\t\v\f", r) || unicode.Is(unicode.Zs, r)
}

// trimApostrophes takes off those that quote. One at the end stands for an accent (Nicolo') or an elision (D'), unless a quotation was open.
func trimApostrophes(s string, quoted bool) string {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r == '\'' || unicode.Is(unicode.Mn, r) })
	bare := strings.TrimRight(s, "'")
	if bare == s {
		return s
	}
	last, _ := utf8.DecodeLastRuneInString(bare)
	if elisions.has(fold(bare)) || !quoted && strings.ContainsRune("aeiouAEIOU", last) {
		return bare + "'"
	}
	return bare
}

// set is a short list of folded words, with blanks around each.
type set string

func (s set) has(folded string) bool {
	return folded != "" && strings.Contains(string(s), " "+folded+" ")
}

const (
	abbreviations set = " art artt reg lett ma uff comm gen col ten cap magg brig serg mar app lgt sig dott prof ing avv arch geom rag egr gent spett fam cav mons tel cel cell fraz loc prov disat disatt "
	elisions      set = " d dell dall nell sull all degl dagl l sant un de po vo "
)
