package citizen

import "strings"

// cries are calls for help that are our word for the list of commands as well.
const cries set = " aiuto aiutatemi aiutateci aiutami aiutaci help sos emergenza ajut aiut ajuto aiutt giutt aiudu aiutu "

// endangered tells whether a message speaks of a danger or calls for help. A false alarm costs an answer that begins with 112.
func (r *Reader) endangered(m *message, s sayings) bool {
	if m.rescue&rescueCalled != 0 || m.rescue&rescueAlone != 0 && (len(m.words) == 0 || allOf(m.words, leads|greets|polite)) || m.rescue&rescueFirst != 0 && len(m.words) < 4 {
		return true
	}
	switch {
	case s.any(alarm), criesForHelp(m, s):
		return true
	case s.any(calm | quit | mourns), s.any(mayQuit|stranger) && aboutUs(m.words): // news of a danger, or why somebody leaves
		return false
	case s.any(hazard):
		return true
	case !s.any(danger), namesStreet(m.words):
		return false
	}
	e, ok := r.enter(m.words)
	return !ok || !r.registers(e)
}

// registers tells whether a command to subscribe names somebody who lives in a Comune that we know.
func (r *Reader) registers(e entry) bool {
	d := r.details(e.details)
	return d.GivenName != "" && d.FamilyName != "" && r.known(d.Comune)
}

// criesForHelp tells whether "aiuto" is a cry, not a question about the service.
func criesForHelp(m *message, s sayings) bool {
	if s.any(calm | urgent) {
		return false
	}
	cried := false
	for _, w := range m.words {
		if cries.has(squeezeLong(w.folded)) {
			cried = true
			continue
		}
		if w.class&alien != 0 && bidsHelp(m.words) {
			continue
		}
		if w.class&(asksHelp|news|service|enters|leaves|leavesMe|leavesObj|leftTalk|carries|data|alien|how|doubts) != 0 && w.class&glue == 0 && w.folded != "ce" && !s.any(hazard|danger) {
			return false
		}
	}
	return cried
}

// bidsHelp tells whether words bid to help whoever writes, which is more than a word: "aiutateci siamo nell'acqua".
func bidsHelp(words []word) bool {
	for _, w := range words {
		if strings.HasPrefix(w.folded, "aiutat") || strings.HasPrefix(w.folded, "aiutam") {
			return true
		}
	}
	return false
}

// namesStreet tells whether all words of danger belong to the name of a street, as in via dei Pompieri.
func namesStreet(words []word) bool {
	for i, w := range words {
		if w.class&street != 0 && i+2 < len(words) && strings.HasPrefix(words[i+1].folded, "de") {
			return true
		}
	}
	return false
}
