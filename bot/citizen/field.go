package citizen

import "strings"

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
