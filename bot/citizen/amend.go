package citizen

import "strings"

// amend reads a correction that has no label: "*Castelli", "scusa, Castellini". It replaces the detail that it resembles.
func (r *Reader) amend(known Request, words []word, text string) (Request, bool) {
	sign := strings.Count(text, "*") == 1
	opens := 0
	for opens < len(words) && (amends.has(words[opens].folded) || words[opens].class&filler != 0) {
		sign = sign || amends.has(words[opens].folded)
		opens++
	}
	words = words[opens:]
	if !sign && !apologises(text) || len(words) == 0 || len(words) > 3 || !noneSaid(words) {
		return known, false
	}
	if one, ok := r.comuni.find(words); ok && opens > 0 && known.Comune != "" && r.here(one) {
		return known.with(Request{Comune: one.name}), true // "anzi Uboldo"
	}
	return r.replaced(known, words)
}

// replaced puts words where they resemble what is known.
func (r *Reader) replaced(known Request, words []word) (Request, bool) {
	written := foldLong(field(words))
	for _, f := range []*string{&known.FamilyName, &known.GivenName, &known.Comune} {
		if *f == "" || !resembles(written, foldLong(*f)) {
			continue
		}
		if *f = nameField(words); f == &known.Comune {
			name, sure, ok := r.guess(words)
			if !ok || !sure {
				continue
			}
			*f = name
		}
		return known.with(Request{}), true
	}
	return known, false
}

// apologises tells whether a text says sorry at its beginning: courtesy is taken out of the words.
func apologises(text string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return strings.HasPrefix(fold(first), "scus") || strings.HasPrefix(fold(first), "pardon")
}

// resembles tells whether one name is the other with a slip, or a longer form of it.
func resembles(a, b string) bool {
	k := 0
	for k < len(a) && k < len(b) && a[k] == b[k] {
		k++
	}
	return near(a, b) || k >= 4 && 3*k >= 2*max(len(a), len(b))
}
