package citizen

// Shade tells apart what has the same intent but wants another answer.
type Shade int

const (
	// Plain is the ordinary case.
	Plain Shade = iota
	// Thanks is an Other that needs no answer: thanks, an emoji, nothing at all.
	Thanks
	// Yes is an Other that agrees to a question of ours.
	Yes
	// No is an Other that declines.
	No
	// MyData is a Help that asks which data are held.
	MyData
)

// A new question costs five files: it is found here, worded in answers.go, has its template in messages.go of bot/config and in
// config.example.yaml, and its case in explain of bot/inbox. Words that other rules must know too stand in lexicon.go.

// question finds out which question a message asks that has an answer of its own; Plain: none.
func question(words []word) Shade {
	if asksForData(words) {
		return MyData
	}
	return Plain
}

// asksForData tells whether somebody wants to know which data are held on him.
func asksForData(words []word) bool {
	const mine = " miei mio mie mia me avete hai tenete sapete conservate possedete gdpr accesso my abbiate "
	if len(words) == 0 || !allOf(words, data|know|leads|glue|greets|polite|wish|how|doubts) {
		return false
	}
	named, own := false, false
	for _, w := range words {
		named = named || w.class&data != 0 || w.folded == "sapete"
		own = own || set(mine).has(w.folded)
	}
	return named && own || len(words) < 3 && words[0].folded == "gdpr"
}
