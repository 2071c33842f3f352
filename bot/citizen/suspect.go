package citizen

import "strings"

// mentionsLeaving tells whether the text could be a wish to leave, in any disguise. It keeps a command to subscribe from being carried out.
func mentionsLeaving(words []word) bool {
	return anyOf(words, negates) || hidesLeaving(words)
}

// hidesLeaving is the same without "no" and "non".
func hidesLeaving(words []word) bool {
	var b strings.Builder
	for i, w := range words {
		if w.class&(leaves|leavesMe|leftTalk) != 0 && w.class&givenName == 0 {
			return true
		}
		if w.class == 0 && resemblesLeaving(w.folded) {
			return true
		}
		if end, _ := tornCommand(words, i); end > 0 {
			return true
		}
		if i > 0 && (words[i-1].folded+w.folded == "stop" || words[i-1].folded+w.folded == "basta") {
			return true
		}
		b.WriteString(w.folded)
	}
	letters := squeeze(b.String())
	for _, stem := range [...]string{"disativ", "disiscri", "cancelam", "cancelat", "cancelarmi", "toglietemi", "unsubscri", "stopm", "stopn", "stopai", "bastam", "bastan", "nonvoglio"} {
		if strings.Contains(letters, stem) {
			return true
		}
	}
	return false
}

// garbled tells whether words where nothing is expected could be a garbled wish to leave: SOTP, bsata.
func garbled(words []word) bool {
	var buf [maxFolded]byte
	key := buf[:0]
	for _, w := range words {
		if len(w.folded) > 12 || len(key)+len(w.folded) > len(buf) {
			return true
		}
		key = append(key, w.folded...)
	}
	whole := squeeze(string(key))
	for _, meant := range [...]string{"stop", "basta", "cancela", "cancelami", "cancelazione", "disdeta", "smetetela", "toglietemi", "rimuovetemi", "eliminatemi", "revoco", "anula",
		"disiscrivimi", "disiscrizione", "unsubscribe", "optout", "cancel"} {
		if near(whole, meant) || len(meant) > 5 && strings.HasPrefix(whole, meant) {
			return true
		}
	}
	return resemblesLeaving(whole)
}
