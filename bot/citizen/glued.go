package citizen

import "unicode"

// parted cuts names that were written without a blank, ElenaCastelli and BalossiSaronno, where a part is known. DeLuca is left alone.
func (r *Reader) parted(words []word) []word {
	for i := 0; i < len(words) && i < maxGlued; i++ {
		if words[i].class != 0 || !humped(words[i].written) {
			continue
		}
		pieces := r.camel(words[i])
		_, place := r.comuni.find(pieces[len(pieces)-1:])
		if len(pieces) < 2 || len(pieces) > 6 || !place && !anyOf(pieces, givenName) || pieces[0].class&particle != 0 {
			continue
		}
		out := append(make([]word, 0, len(words)+len(pieces)), words[:i]...)
		words = append(append(out, pieces...), words[i+1:]...)
	}
	return words
}

// humped tells whether a word is several with a capital each.
func humped(written string) bool {
	start, humps := 0, 0
	for i, c := range written {
		switch {
		case unicode.IsUpper(c) && (i == 0 || i-start > 2):
			start = i
			humps++
		case !unicode.IsLower(c):
			return false
		}
	}
	return humps > 1 && len(written)-start > 2
}
