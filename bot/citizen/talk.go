package citizen

import "strings"

// speaksOfService tells whether a message that is no command speaks of the service.
func speaksOfService(m *message) bool {
	words := m.words
	if anyOf(words, alien) {
		return false
	}
	const (
		matter = asksHelp | carries | enters | leaves | leavesMe | leavesObj | leftTalk | news
		around = matter | service | glue | how | doubts | weakDoubt | wish | leads | negates | greets | polite | receives | sends | wants | shortTalk | filler
	)
	if allOf(words, around) && anyOf(words, asksHelp|enters|leavesMe|leftTalk|leaves|carries) {
		return true
	}
	if anyOf(words, leavesMe) || anyOf(words, leaves) && anyOf(words, sends) || len(words) == 1 && words[0].class&leavesObj != 0 {
		return true
	}
	var b strings.Builder
	for _, w := range words {
		if strings.HasPrefix(w.folded, "cattiv") {
			return false // bad news are no command
		}
		b.WriteString(w.folded)
	}
	if strings.Contains(squeeze(b.String()), "ativanotizi") {
		return true // in pieces
	}
	return anyService(words) && anyOf(words, enters|leaves|leavesMe|leftTalk|carries|receives|sends|asksHelp|leavesObj)
}

// smallIntent reads what is neither a command nor a question about the service; Other: it is not that small.
func smallIntent(m *message, n note) Intent {
	words := m.words
	const harmless = agrees | declines | thanks | polite | greets | leads | glue | shortTalk
	switch {
	case len(words) == 0:
		if n.thanked || !n.greeted && !m.numbers && m.asked == 0 {
			return Thanks
		}
	case m.asked != 0 || len(words) > 12:
	case n.thankedFirst && allOf(words, harmless|news|service|asksHelp|filler):
		return Thanks
	case len(words) > 5 || !allOf(words, harmless|negates|wish|wants):
	case anyOf(words, negates) && (anyOf(words, agrees) || words[0].class&declines != 0), words[0].class&declines != 0:
		return No
	case anyOf(words, agrees) || len(words) > 1 && words[0].folded == "va" && words[1].folded == "bene":
		return Yes
	case anyOf(words, thanks) && allOf(words, thanks|harmless) && !anyOf(words, negates):
		return Thanks
	case n.thanked && allOf(words, harmless):
		return Thanks
	}
	return Other
}
