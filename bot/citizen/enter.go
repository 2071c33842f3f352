package citizen

import "strings"

// entry is a command to subscribe.
type entry struct {
	// details are the words that hold the personal details.
	details []word
	// vague is set when the command is not clear enough to act on; it may be asked about.
	vague bool
	// weak is set when the details count only with a Comune that is known.
	weak bool
	// last is set when the details stand before the command.
	last bool
}

// enter recognises the command to subscribe. Before it only greetings, assent and a wish may stand; nothing else is guessed at.
func (r *Reader) enter(words []word) (entry, bool) {
	i, wished := 0, false
	for i < len(words) && i < window && (isLead(words[i]) || i > 0 && words[i].folded == r.comuni.home.key) {
		wished = wished || words[i].class&wish != 0
		i++
	}
	if i == len(words) {
		return entry{}, false
	}
	w := words[i]
	if w.class&news != 0 && i+1 < len(words) && (words[i+1].folded == "attiva" || words[i+1].folded == "attive") {
		return entry{details: r.complement(words[i+2:])}, true // "Notizie attiva"
	}
	if w.folded == "essere" && wished && i+1 < len(words) && enrolled.has(words[i+1].folded) {
		return entry{details: r.complement(pastService(words[i+2:])), weak: true}, true
	}
	if isVerb(w) || w.class&receives != 0 && wished {
		if e, ok := r.request(words[i:]); ok {
			return e, true
		}
	}
	if w.class&news != 0 && (i == 0 || words[i-1].class&glue == 0) && r.namesSomebody(words[i+1:]) {
		return entry{details: words[i+1:], vague: true}, true // the verb was lost
	}
	if e, ok := r.commandAtTheEnd(words); ok {
		return e, true
	}
	return r.commandWithin(words)
}

// commandWithin finds "attiva notizie" after anything but a report, a question or a refusal, if somebody is named after it. That is asked about.
func (r *Reader) commandWithin(words []word) (entry, bool) {
	for i := 0; i < min(len(words)-1, 12); i++ {
		w := words[i]
		if w.class&(doubts|negates|leaves|leavesMe|leavesObj|leftTalk) != 0 || w.mended {
			return entry{}, false
		}
		slipped := near(w.folded, "attiva") && len(w.folded) <= len("attiva")
		if i == 0 && !slipped || w.class&enters == 0 && !slipped {
			continue
		}
		k := i + 1
		for k < len(words)-1 && k < i+4 && words[k].class&glue != 0 && words[k].class&news == 0 {
			k++
		}
		if words[k].class&news == 0 && !near(words[k].folded, "notizie") || mentionsLeaving(words[:i]) || garbled(words[:i]) {
			continue
		}
		if rest := r.complement(words[k+1:]); r.namesSomebody(rest) {
			return entry{details: rest, vague: true}, true
		}
	}
	return entry{}, false
}

const enrolled set = " iscritto iscritta iscritti inserito inserita aggiunto aggiunta registrato registrata "

// pastService passes over "al vostro servizio".
func pastService(words []word) []word {
	i := 0
	for i < len(words) && words[i].class&(glue|service|news) != 0 && words[i].class&givenName == 0 {
		i++
	}
	return words[i:]
}

func isLead(w word) bool {
	return w.class&(leads|greets|polite|wish) != 0 && w.class&(enters|receives|negates) == 0
}

// isVerb tells whether w is "attiva" or a relative, one slip forgiven after the first letter: what may have lost its beginning is no command.
func isVerb(w word) bool {
	return w.class&enters != 0 || w.class&(leaves|leftTalk|news) == 0 && w.folded[0] == 'a' && near(w.folded, "attiva")
}

// request reads the object of the verb that words begin with.
func (r *Reader) request(words []word) (entry, bool) {
	verb := words[0]
	i, served := 1, false
	for i < len(words) && i < 7 && (words[i].class&glue != 0 && words[i].class&news == 0 || words[i].class&loose != 0 && words[i].class&alien == 0 && words[i].class&label == 0) {
		served = served || words[i].folded == "servizio"
		i++
	}
	if i < len(words) && (words[i].class&news != 0 || near(words[i].folded, "notizie")) {
		return entry{details: r.complement(words[i+1:])}, true
	}
	if i+1 < len(words) && near(words[i].folded+words[i+1].folded, "notizie") {
		return entry{details: r.complement(words[i+2:])}, true
	}
	exact := verb.class&enters != 0
	if exact && i < len(words) && words[i].class&service != 0 && words[i].class&loose == 0 {
		return entry{details: r.complement(words[i+1:])}, true
	}
	rest := r.complement(words[1:])
	switch {
	case verb.class&receives != 0 && !exact:
		return entry{}, false
	case exact && (i == len(words) || len(rest) == 0):
		return entry{vague: true}, true // a bare "Attiva": asking is harmless
	case verb.class&enrols != 0 && strings.HasSuffix(verb.folded, "mi"):
		return entry{details: rest, weak: true}, true
	case served && exact:
		return entry{details: r.complement(words[i:]), weak: true}, true
	case exact && r.namesSomebody(words[1:]):
		return entry{details: words[1:], vague: true}, true
	}
	return entry{}, false
}

// complement passes over what says whose news and by which way: "del Comune di Saronno", "su WhatsApp", "a nome di".
func (r *Reader) complement(words []word) []word {
	for len(words) > 1 {
		first, second := words[0], words[1]
		switch {
		case first.class&enters != 0 && second.class&news != 0:
			words = words[2:] // the command twice
		case first.folded == "a" && second.folded == "nome":
			if words = words[2:]; len(words) > 1 && words[0].folded == "di" {
				words = words[1:]
			}
		case first.folded == "whatsapp" || first.folded == "servizio":
			words = words[1:]
		case second.folded == "comune" && second.class&label != 0 && (first.folded == "del" || first.folded == "dal"):
			if words = words[2:]; len(words) > 1 && words[0].folded == "di" {
				words = r.skipComune(words[1:])
			}
		case first.class&glue != 0 && (second.class&service != 0 || second.class&news != 0):
			words = words[2:]
		case first.folded == "per" || first.folded == "anche" || first.folded == "di" && r.startsWithComune(words[1:]):
			words = words[1:]
		default:
			return words
		}
	}
	if len(words) == 1 && (words[0].folded == "whatsapp" || words[0].folded == "servizio") {
		return nil
	}
	return words
}

// skipComune passes over whose news they are if the writer's own Comune follows.
func (r *Reader) skipComune(words []word) []word {
	for n := min(len(words)-3, maxComuneWords); n > 0; n-- {
		if _, ok := r.comuni.find(words[:n]); !ok {
			continue
		}
		if p, ok := r.atTheEnd(words[n:]); ok && p.name != "" {
			return words[n:]
		}
	}
	return words
}

func (r *Reader) startsWithComune(words []word) bool {
	for n := min(len(words), maxComuneWords); n > 0; n-- {
		if _, ok := r.comuni.find(words[:n]); ok {
			return true
		}
	}
	return false
}

// namesSomebody tells whether the words are a name and a known Comune and nothing else.
func (r *Reader) namesSomebody(words []word) bool {
	if len(words) == 0 || len(words) > 8 {
		return false
	}
	f := r.details(words)
	return f.whole() && f.known && (f.named || f.Doubt == Sure && f.endsWell())
}

// commandAtTheEnd reads "Mario Rossi Saronno, attiva notizie": all is known and recognised, and nothing follows.
func (r *Reader) commandAtTheEnd(words []word) (entry, bool) {
	n := len(words)
	p := n - 1
	asks := func(p int) bool {
		return words[p].class&enters != 0 || p > 0 && words[p].class&receives != 0 && words[p-1].class&wish != 0
	}
	for p > 0 && p > n-5 && !asks(p) {
		p--
	}
	if p < 1 || p > 14 || !asks(p) || p == n-1 || words[n-1].class&news == 0 || !allOf(words[p+1:], glue|news|service) {
		return entry{}, false
	}
	person := words[:p]
	for len(person) > 0 && person[len(person)-1].class&(wish|glue) != 0 && person[len(person)-1].class&label == 0 {
		person = person[:len(person)-1]
	}
	for len(person) > 0 && isLead(person[0]) && person[0].class&label == 0 {
		person = person[1:]
	}
	if !r.namesSomebody(person) {
		return entry{}, false
	}
	return entry{details: person, weak: true, last: true, vague: words[p].class&enters == 0}, true
}
