package citizen

import "slices"

// asksForData tells whether somebody wants to know which data are held on them, or whether they are on the list.
func asksForData(m *message, s sayings) bool {
	words := m.words
	const mine = " miei mio mie mia me avete hai tenete sapete conservate possedete gdpr accesso my abbiate "
	if slices.ContainsFunc(words, func(w word) bool { return stemOf(w.folded, parts) }) {
		return false
	}
	if s.any(asksData) && !anyOf(words, alien&^service) && !s.any(quit|mayQuit|stay) {
		return m.asked != 0 || !statement(words)
	}
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

// statement tells whether words without a question mark only state something: "sono iscritta da un anno".
func statement(words []word) bool {
	return first.has(words[0].folded)
}

// first opens a statement about oneself.
const first set = " sono siamo risulto risultiamo "
