package citizen

import (
	"strings"
	"unicode/utf8"
)

// speaksOfService tells whether a message that is no command speaks of the service.
func speaksOfService(m *message) bool {
	words := m.words
	if anyOf(words, alien) || len(words) == 1 && words[0].folded == "costa" {
		return false // Costa is a name first
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
func smallIntent(m *message, n note, s sayings) Intent {
	words := m.words
	const harmless = agrees | declines | thanks | polite | greets | leads | glue | shortTalk
	switch {
	case len(words) == 0:
		if n.thanked || !n.greeted && !m.numbers && !m.forbids && m.asked == 0 {
			return Thanks
		}
	case s.any(drops) && m.asked == 0 && len(words) < 8:
		return No
	case s.any(assents) && m.asked == 0:
		return Yes
	case s.any(nods) && m.asked == 0:
		return Thanks
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

// nodded tells whether a text that thanks to nothing agrees to a question: "ok", "perfetto, grazie".
func (r *Reader) nodded(text string) bool {
	m := scan(text)
	r.prepare(&m)
	return m.asked == 0 && !m.forbids && r.phrases.read(m.words).any(nods)
}

// yesToLeave reads the answer to the question about leaving. It may begin with a yes, whatever follows, unless that takes it back or asks: "sì,
// grazie per la comprensione", "sì cancellatela".
func (r *Reader) yesToLeave(text string) Request {
	m := scan(text)
	n := r.prepare(&m)
	s := r.phrases.read(m.words)
	yes := len(m.words) > 0 && len(m.words) <= maxAgreed && (m.words[0].class&agrees != 0 || exactly.has(m.words[0].folded)) && m.asked == 0 && !s.any(stay|drops) && (!anyOf(m.words, negates) || s.any(quit|mayQuit))
	read := r.read(&m, n)
	if yes && read.Intent != Unsubscribe && read.Intent != Emergency {
		return Request{Intent: Yes}
	}
	return read
}

// exactly agrees where a question is open.
const exactly set = " esatto esattamente giusto ovvio ovviamente appunto "

// maxAgreed is how many words an answer has at most that is a yes because it begins with one.
const maxAgreed = 12

// wantsSomething tells whether a message that is not understood wants an answer: a question, a request, a command gone wrong. An opinion, a
// greeting and a piece of news do not.
func wantsSomething(m *message) bool {
	words := m.words
	if m.asked != 0 || len(words) > 0 && (words[0].class&how != 0 && words[0].class&(glue|leads) == 0 || opens.has(words[0].folded) || words[0].class&(leaves|leavesObj|enters) != 0) {
		return true
	}
	for i, w := range words {
		switch {
		case w.class&(wish|sends) != 0 && w.class&greets == 0 && w.folded != "intendo", w.class&wants != 0 && (i == 0 || words[i-1].class&negates == 0), begs.has(w.folded):
			return true
		case w.class&news != 0 && i > 0 && len(words) > 2 && len(words[i-1].folded) > 4 && words[i-1].class == 0 && strings.HasSuffix(words[i-1].folded, "tiva"):
			return true // Sttiva notizie …
		case w.folded[0] >= utf8.RuneSelf:
			return true // in a script that we do not read
		}
	}
	return false
}

const (
	opens set = " chi dove quando quanto quanti quante quale quali perche come cosa posso possiamo potrei scusi "
	begs  set = " rispondete rispondetemi richiamatemi chiamatemi chiami chiamate chiamami dite ditemi fate aiutate aggiungete aggiungi inserite mettete serve bisogno potete cerco dovete mandi " +
		"can help please need how who what where quiero necesito puedo quien donde pouvez je qui ich wer bitte wie cine unde vreau dua kush "
)
