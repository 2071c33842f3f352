package citizen

// question finds out which question a message asks that has an answer of its own; Other: none.
func question(words []word) Intent {
	if asksForData(words) {
		return MyData
	}
	return Other
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
