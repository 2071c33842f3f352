package citizen

import (
	"slices"
	"strings"
)

// mayLeave reads what may be a wish to leave: it is asked about. Help is the opposite, a wish to stay or a report that the news have stopped;
// Other is neither.
func (r *Reader) mayLeave(m *message, s sayings) Request {
	words := m.words
	if len(words) == 0 {
		if m.stops {
			return Request{Intent: Leaving}
		}
		return Request{}
	}
	leaving := s.any(quit|mayQuit) && !(anyOf(words, alien) && !s.any(mourns|stranger) && !aboutUs(words)) || refuses(words) || m.asked == 0 && declinesAll(words)
	if _, named := r.comuni.find(words); named && !anyOf(words[:1], leaves|leavesObj) {
		return Request{} // Cancellara
	}
	leaving = leaving || speaksOfLeaving(m)
	kept := s.any(stay)
	for p, w := range words {
		if !partingVerb(words, p) {
			leaving = leaving || w.class == 0 && strings.HasPrefix(w.folded, "dis") && newsFollows(words, p)
			continue
		}
		switch {
		case (w.class&leaves != 0 || w.class&leftTalk == 0) && negatedVerb(words, p):
			kept = true
		case r.meansUs(m, p), w.class == 0 && len(words) < 4:
			leaving = true
		}
		if end, _ := tornCommand(words, p); end > 0 {
			leaving = true
		}
	}
	switch {
	case kept && !s.any(quit|mourns):
		return Request{Intent: Help}
	case !leaving:
		return Request{}
	}
	return Request{Intent: Leaving, Tongue: s.tongue, Tact: tactOf(s)}
}

// speaksOfLeaving tells whether a verb of leaving stands anywhere, in whatever form, and the sentence names nothing else that could be meant, or
// our news and the writer themselves as well: "vi sarei grata se mi toglieste", "interrompete tutto".
func speaksOfLeaving(m *message) bool {
	words := m.words
	for p, w := range words[:min(len(words), maxPhrased)] {
		strong := stemOf(w.folded, parts) && w.class&familyName == 0
		if !strong && (!stemOf(w.folded, ends) || m.asked != 0 || len(words) > 6 || anyOf(words, how&^glue)) || w.class&givenName != 0 || negatedVerb(words, p) {
			continue
		}
		around := sentenceAround(words, p)
		us := slices.ContainsFunc(around, isOurs) || p > 0 && selves.has(words[p-1].folded) || p > 1 && selves.has(words[p-2].folded)
		other := anyOf(around, alien|street|quarter) || !us && slices.ContainsFunc(around, func(o word) bool {
			return unknown(o) && !infinitive(o) && !stemOf(o.folded, parts)
		})
		if !other && (strong || w.class&leavesObj == 0 || us || len(words) < 4) {
			return true
		}
	}
	return false
}

// isOurs tells whether a word is the news, the list, or the writer as the object.
func isOurs(w word) bool {
	return w.class&(news|service|data) != 0 && w.class&alien == 0 || w.folded == "essere" || w.folded == "avermi"
}

// sentenceAround is the sentence that the word at p stands in, as far as it matters.
func sentenceAround(words []word, p int) []word {
	from, to := p, p+1
	for from > max(0, p-window) && words[from-1].sentence == words[p].sentence {
		from--
	}
	for to < min(len(words), p+window) && words[to].sentence == words[p].sentence {
		to++
	}
	return words[from:to]
}

// parts begins verbs that are about us unless they name something else; ends those that are so in a short message only.
const (
	parts set = " disattiv disiscri disinscri cancell togli tolgo toglies tolto tolta rimuov rimoss rimoz elimin revoc reced recess disdet disdic disdir annull depenn "
	ends  set = " sospend interromp chiud termin conclud smett rinunc abbandon uscir "
)

// unknown tells whether a word means nothing to us: a name, or another thing.
func unknown(w word) bool { return w.class&^(familyName|nobodys|firm) == 0 }

// stemOf tells whether a word begins with one of the stems.
func stemOf(folded string, stems set) bool {
	for stem := range strings.FieldsSeq(string(stems)) {
		if strings.HasPrefix(folded, stem) {
			return true
		}
	}
	return false
}

// refuses tells whether somebody does not want to get or be sent something that may be our news: "non ho piacere di ricevere", "mai più
// essere contattata". That nothing comes is no refusal.
func refuses(words []word) bool {
	for i, w := range words {
		if w.class&negates == 0 || w.folded == "no" {
			continue
		}
		for k, v := range nextOf(words, i) {
			if k > 6 {
				break
			}
			if given(v.folded) && ourObject(nextOf(words, i+1+k)) {
				return true
			}
		}
	}
	return false
}

// declinesAll tells whether somebody wants nothing, and names nothing that could be something else: "non m'interessa", "non ci servono più", "non
// desidero proseguire".
func declinesAll(words []word) bool {
	for i, w := range words {
		if w.class&negates == 0 || w.folded == "no" {
			continue
		}
		from, to := i, i+1
		for from > 0 && words[from-1].part == w.part {
			from--
		}
		for to < len(words) && words[to].part == w.part {
			to++
		}
		wants := slices.ContainsFunc(words[i:min(to, i+5)], func(w word) bool { return w.class&wants != 0 })
		if wants && !slices.ContainsFunc(words[from:to], isMatter) {
			return true
		}
		if i > maxMode {
			return false
		}
	}
	return false
}

// isMatter tells whether a word may be what somebody does not want, beside our news.
func isMatter(w word) bool {
	const ours = glue | shortTalk | talk | wish | wants | negates | news | service | leads | polite | greets | filler | thanks | declines | receives | sends
	if w.folded == "cose" {
		return false
	}
	if loss.has(w.folded) || keen.has(w.folded) || w.class&(alien|doubts|enters|how) != 0 && w.class&(wish|wants|glue|shortTalk) == 0 {
		return true
	}
	return w.class&ours == 0 && !infinitive(w)
}

// keen are verbs that nobody wants to do: who says so goes on with something else.
const keen set = " disturbare sapere dire offendere polemizzare capire niente problemi dubbi so "

func infinitive(w word) bool {
	return len(w.folded) > 5 && (strings.HasSuffix(w.folded, "are") || strings.HasSuffix(w.folded, "ere") || strings.HasSuffix(w.folded, "ire"))
}

// given tells whether a word is a verb of sending and getting in a form that wishes or bids.
func given(folded string) bool {
	for _, stem := range [...]string{"ricever", "scriver", "scrivet", "scrivi", "mandar", "mandat", "inviar", "inviat", "contatt", "disturb", "importun", "molest", "telefonat", "chiamatemi"} {
		if strings.HasPrefix(folded, stem) {
			return !sent.has(folded)
		}
	}
	return false
}

// sent are forms that report.
const sent set = " mandato mandata inviato inviata contattato scriversi "

// ourObject tells whether what follows a verb of sending names nothing but our messages: the first noun decides.
func ourObject(words []word) bool {
	for i, w := range words {
		switch {
		case w.class&(news|service) != 0 && w.class&alien == 0:
			return true
		case w.class&alien != 0:
			return false
		case i > 0 && article.has(words[i-1].folded) && w.class&(glue|talk|wish) == 0:
			return false
		case unknown(w) && i == 0:
			return false
		}
	}
	return true
}

// tactOf is what an answer about leaving must be mindful of.
func tactOf(s sayings) Tact {
	switch {
	case s.any(mourns):
		return Bereaved
	case s.any(stranger):
		return NewHolder
	}
	return NoTact
}

// aboutUs tells whether words name the news or another thing that only we have, or the writer as the object.
func aboutUs(words []word) bool {
	return anyService(words) || anyOf(words, leavesMe)
}

// partingVerb tells whether the word at p is a verb of leaving, whoever it concerns.
func partingVerb(words []word, p int) bool {
	w := words[p]
	switch {
	case w.class&(givenName|familyName) != 0 && w.class&(leaves|leavesMe|leavesObj) == 0:
		return false
	case w.class&(leaves|leavesMe|leavesObj) != 0, w.class == 0 && resemblesLeaving(w.folded), thirdPerson(w.folded):
		return true
	case w.class&leftTalk != 0:
		return strings.HasPrefix(w.folded, "disiscri") || p > 0 && words[p-1].folded == "essere"
	case p > 0 && formal.has(w.folded):
		return words[p-1].folded == "mi"
	}
	return false
}

// thirdPerson tells whether a verb bids to remove somebody else: "toglietela", "cancellali".
func thirdPerson(folded string) bool {
	n := len(folded) - 2
	if n < 5 || !objects.has(folded[n:]) {
		return false
	}
	for _, stem := range [...]string{"togli", "cancella", "rimuov", "elimina", "disiscriv", "disattiva", "leva", "depenna", "esclud"} {
		if strings.HasPrefix(folded, stem) {
			return true
		}
	}
	return false
}

const objects set = " lo la li le ti ci "

// meansUs tells whether the verb at p is about our news, about the writer, or has no object at all.
func (r *Reader) meansUs(m *message, p int) bool {
	words := m.words
	w := words[p]
	tail := nextOf(words, p)
	switch {
	case w.class&leavesMe != 0:
		return !anyOf(tail, alien) || anyService(tail)
	case thirdPerson(w.folded):
		return len(words) < 5 && !anyOf(words, alien) || anyOf(words, title&^filler|service) || anyService(words)
	case command(words, p) > 0:
		return true
	case w.folded == "basta" && len(tail) > 0 && single.has(tail[0].folded): // "basta un messaggio"
		return false
	}
	me := p > 0 && selves.has(words[p-1].folded) || p > 1 && selves.has(words[p-2].folded)
	for i, t := range tail {
		switch {
		case t.class&(news|service) != 0 && t.class&alien == 0:
			return t.class&loose == 0 || !anyOf(tail[i+1:], alien)
		case t.part != w.part, t.class&(talk|doubts) != 0 && t.class&glue == 0 && i == 0 && !strings.HasPrefix(t.folded, "quel"):
			return (me || w.class&leaves != 0) && bare(words, p)
		case t.folded == w.folded, me && t.class&(talk|shortTalk) != 0:
		case t.class&(glue|polite|greets|how|negates) == 0 && !after.has(t.folded) && !strings.HasPrefix(t.folded, "quel"):
			return false
		}
	}
	return (me || w.class&leaves != 0) && bare(words, p)
}

// selves are the writers themselves, as the object of a verb.
const selves set = " mi me ci "

// bare tells whether a verb without an object can be about our news: no other office's matter stands in the message, and the verb is none that
// also ends a sentence about something else ("il mercato è annullato").
func bare(words []word, p int) bool {
	return !anyOf(words, alien|street) && (words[p].folded != "basta" || p > 0)
}
