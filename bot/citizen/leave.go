package citizen

import (
	"strings"
	"unicode/utf8"
)

// window is how far around a verb we look: it bounds the work on a text that is nothing but verbs.
const window = 24

// quits tells whether the message is a wish to leave that can be acted on. A question, a negation, a condition or a report of the command is
// none, a question that is a polite request is one.
func (r *Reader) quits(m *message, s sayings) bool {
	if _, named := r.comuni.find(m.words); named && len(m.words) > 1 {
		return false // San Felice a Cancello
	}
	for p, w := range m.words {
		if end := command(m.words, p); end > 0 && commands(m, p, end) {
			return true
		}
		if len(m.words) > maxPlain && w.class&leavesMe == 0 {
			continue // an article is more likely than a wish
		}
		switch {
		case w.class&negates != 0:
			if denies(m, p) {
				return true
			}
		case w.class&leavesMe != 0 && !infinite(w.folded):
			if bidsForMe(m, p) {
				return true
			}
		case w.class&leavesMe != 0 && elsewhere(m.words):
		case w.class&(leaves|leavesMe|leavesObj) != 0 && w.class&givenName == 0, w.class == 0 && resemblesLeaving(w.folded),
			p > 0 && formal.has(w.folded) && m.words[p-1].folded == "mi",
			p > 1 && w.class&leftTalk != 0 && m.words[p-1].folded == "essere" && anyOf(m.words[max(0, p-4):p], wish):
			if r.parts(m, p, p+1) {
				return true
			}
		}
		if end, whole := tornCommand(m.words, p); end > 0 && (whole && clear(m.words, p) && !asksAbout(m, p, end) || r.parts(m, p, end)) {
			return true
		}
	}
	return s.any(quit) && len(m.words) <= maxPlain && m.asked == 0 && !m.doubtful() && !elsewhere(m.words)
}

// maxPlain is how many words a wish has at most that is plain without our command.
const maxPlain = 40

// elsewhere tells whether somebody wants to be out of something else: "cancellarmi dal coro".
func elsewhere(words []word) bool {
	if anyOf(words, alien) {
		return true
	}
	for i := 1; i < len(words); i++ {
		if w := words[i]; strings.HasPrefix(words[i-1].folded, "da") && words[i-1].class&glue != 0 && w.class&(glue|service|news|polite) == 0 && !infinite(w.folded) && w.folded[0] < utf8.RuneSelf {
			return !anyService(words) && !archives.has(w.folded)
		}
	}
	return false
}

// doubtful tells whether a message reports something, asks, or sets a condition.
func (m *message) doubtful() bool {
	for i, w := range m.words {
		if w.class&doubts != 0 && asking.has(w.folded) || w.folded == "come" || w.folded == "non" && i+1 < len(m.words) && m.words[i+1].folded == "revoco" {
			return true
		}
	}
	return false
}

// ours are words that only we use, of citizens: a text with one of them is an answer of ours that was sent back, by a machine or by mistake.
const ours set = " cancellarti iscriverti scriverci "

// archives are where we are, too; and the rest is where nobody wants us.
const archives set = " archivi database db tabulati banca palle scatole piedi "

// tornCommand finds the command to leave torn in pieces, "dis attiva", from p on; whole means that the news went with it.
func tornCommand(words []word, p int) (end int, whole bool) {
	if words[p].folded[0] != leaving[0] || len(words[p].folded) > len(leaving) {
		return 0, false
	}
	var buf [4 * len(leaving)]byte
	key := buf[:0]
	for i := p; i < len(words) && len(key)+len(words[i].folded) <= len(buf) && i < p+8; i++ {
		key = append(key, words[i].folded...)
		if i == p {
			continue
		}
		if end == 0 && near(string(key), leaving) {
			end = i + 1
		}
		if strings.HasPrefix(string(key), leaving+"notizi") {
			return i + 1, true
		}
	}
	return end, false
}

// parts tells whether the verb at p, which ends before end, is a command to leave.
func (r *Reader) parts(m *message, p, end int) bool {
	if !clear(m.words, p) {
		return false
	}
	after, ok := r.object(m.words, p, end)
	return ok && (requested(m.words, p) || !asksAbout(m, p, after))
}

// by stands before a command in an instruction: "inviando Disattiva Notizie".
const by set = " inviando scrivendo mandando digitando "

// formal commands are family names too, unless "mi" comes before.
const formal set = " cancelli tolga elimini rimuova disiscriva disattivi levi "

// turns open a new thought in the same sentence.
const turns set = " ma quindi percio pertanto dunque allora pero per "

// strong doubts count even when a comma lies between.
const strong set = " come cosa quando perche se posso scritto scrivo scrivere scrivi detto dicono comandi comando dice "

// clear tells whether nothing before the verb at p takes the command back: a question, a negation, a condition, a report.
func clear(words []word, p int) bool {
	at := words[p]
	for i := p - 1; i >= 0 && i >= p-window && words[i].sentence == at.sentence; i-- {
		w := words[i]
		if turns.has(w.folded) && w.folded != "per" {
			return true
		}
		switch {
		case w.folded == "posso" && i > 1 && words[i-1].folded == "ne":
		case w.part != at.part && (strong.has(w.folded) || strings.HasPrefix(w.folded, "attiv")):
			return false
		case w.part != at.part:
		case w.class&(doubts|weakDoubt) != 0 || strings.HasPrefix(w.folded, "attiv"):
			return false
		case w.class&negates != 0 && (p-i < 4 || anyOf(words[i:p], wants)):
			return false
		case w.folded == "per" && i == p-1 && i > 0 && writes.has(words[i-1].folded):
			return true
		case by.has(w.folded) && i == p-1, w.folded == "per" && i == p-1:
			return false // "per disattivare" names a purpose
		}
	}
	return true
}

// object finds what is to end after the verb, and returns where the rest begins.
func (r *Reader) object(words []word, p, end int) (rest int, ok bool) {
	kind := words[p].class
	if kind&(leaves|leavesMe|leavesObj) == 0 {
		kind = leaves
	}
	i := end
	for i < len(words) && i < end+6 && words[i].class&glue != 0 && words[i].class&(news|service) == 0 && words[i].sentence == words[p].sentence {
		i++
	}
	if words[p].folded == "basta" && i > end && single.has(words[end].folded) {
		return 0, false // "basta un messaggio"
	}
	switch {
	case strings.HasPrefix(words[p].folded, "stop") && r.onlyUs(words[end:]):
		return len(words), true
	case i == len(words):
		return i, kind&(leaves|leavesMe) != 0
	case kind&leavesMe == 0 && removesSomebody(words, p, end):
		return len(words), true
	}
	w := words[i]
	switch {
	case w.class&(news|service) != 0 || near(w.folded, "notizie"):
		return i + 1, w.class&loose == 0 || !elsewhere(nextOf(words, i-1))
	case kind&leaves != 0 && tornNews(words[i:]):
		return len(words), true
	case w.class&sends != 0 && kind&leaves != 0 && (words[p].folded != "basta" || strings.HasSuffix(w.folded, "mi")):
		return i + 1, !anyOf(nextOf(words, i), alien)
	case kind&(leaves|leavesMe) == 0:
		return 0, false
	case w.part != words[end-1].part:
		return end, !anyOf(nextOf(words, end-1), alien)
	case kind&leavesMe != 0 && (i == end || !article.has(words[end].folded)):
		return end, !anyOf(nextOf(words, end-1), alien)
	case strings.HasPrefix(words[p].folded, "stop") && len(words)-end > 5:
		return 0, false
	}
	// "Disattiva Mario Rossi Saronno"
	named := (words[end].class&givenName != 0 || end+1 < len(words) && words[end+1].class&givenName != 0 && !isLower(words[end+1])) && !anyOf(nextOf(words, end-1), talk|shortTalk|alien)
	return len(words), named
}

// onlyUs tells whether words name nobody but us: "Comune di Saronno", infosaronno7.
func (r *Reader) onlyUs(words []word) bool {
	for _, w := range words {
		us := r.comuni.home.key != "" && strings.Contains(w.folded, r.comuni.home.key)
		if !us && w.folded != "comune" && w.class&(glue|polite|greets) == 0 {
			return false
		}
	}
	return len(words) > 0 && (anyOf(words, label) || words[0].class&glue == 0)
}

// removesSomebody reads "Togliete Elena Castelli dalla lista": nothing but a name stands between.
func removesSomebody(words []word, p, end int) bool {
	for i := end; i < len(words) && i < end+5 && words[i].part == words[p].part; i++ {
		if i > end+1 && strings.HasPrefix(words[i].folded, "da") && i+1 < len(words) && words[i+1].class&service != 0 {
			return anyOf(words[end:i], givenName)
		}
		if isLower(words[i]) {
			return false
		}
	}
	return false
}

// tornNews tells whether words begin with "notizie" in pieces.
func tornNews(words []word) bool {
	var buf [24]byte
	key := buf[:0]
	for i := 0; i < len(words) && i < 4 && len(key)+len(words[i].folded) <= len(buf); i++ {
		if key = append(key, words[i].folded...); i > 0 && len(key) > 5 {
			return strings.HasPrefix(string(key), "notizi")
		}
	}
	return false
}

// single follows a "basta" that means "is enough".
const single set = " un uno una solo "

const article set = " il lo la un una i gli uno "

// nextOf is the rest of the sentence after i, as far as it matters.
func nextOf(words []word, i int) []word {
	end := i + 1
	for end < len(words) && end <= i+8 && words[end].sentence == words[i].sentence {
		end++
	}
	return words[i+1 : end]
}

// asksAbout tells whether the command that stands at p is the matter of a question. Who leaves may still ask why he was written to.
func asksAbout(m *message, p, rest int) bool {
	asked := func(sentence int) bool { return m.asked>>min(sentence, 63)&1 != 0 }
	here := m.words[p].sentence
	if rest >= len(m.words) {
		return asked(here)
	}
	t := m.words[rest]
	for t.folded == "e" || t.folded == "ma" {
		if rest++; rest >= len(m.words) {
			return asked(here)
		}
		t = m.words[rest]
	}
	last := m.words[rest-1]
	switch {
	case t.part == last.part:
		fails := t.class&negates != 0 && rest+1 < len(m.words) && strings.HasPrefix(m.words[rest+1].folded, "funziona") // "… non funziona" is a report
		return t.class&how != 0 || fails || asked(here)
	case t.folded == "chi" || t.folded == "perche" || strings.HasPrefix(t.folded, "xk") || t.folded == "avete":
		return false
	case t.folded == "come" && rest+1 < len(m.words) && (m.words[rest+1].folded == "mai" || m.words[rest+1].folded == "avete"):
		return false
	case t.class&how != 0 && t.folded != "si":
		return true
	}
	return t.sentence == here && asked(here)
}
