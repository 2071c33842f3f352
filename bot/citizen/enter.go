package citizen

import "strings"

// entry is a command to subscribe.
type entry struct {
	// details are the words that hold the personal details.
	details []word
	// vague is set when the command is not clear enough to act on; it may be asked about.
	vague bool
	// loose is set when the details count only with a Comune that is known.
	known bool
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
	if isVerb(w) || w.class&receives != 0 && wished {
		if e, ok := r.request(words[i:]); ok {
			return e, true
		}
	}
	if w.class&news != 0 && r.namesSomebody(words[i+1:]) {
		return entry{vague: true}, true // the verb was lost
	}
	return r.commandAtTheEnd(words)
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
		return entry{details: rest, known: true}, true
	case served && exact:
		return entry{details: r.complement(words[i:]), known: true}, true
	case exact && r.namesSomebody(words[1:]):
		return entry{vague: true}, true
	}
	return entry{}, false
}

// complement passes over what says whose news and by which way: "del Comune di Saronno", "su WhatsApp", "a nome di".
func (r *Reader) complement(words []word) []word {
	for len(words) > 1 {
		first, second := words[0], words[1]
		switch {
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
		if name, _, ok := r.atTheEnd(words[n:]); ok && name != "" {
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
	if len(words) > 8 || anyOf(words, talk|shortTalk|alien|doubts) {
		return false
	}
	d := r.details(words)
	return d.GivenName != "" && d.FamilyName != "" && d.Comune != "" && r.known(d.Comune)
}

// commandAtTheEnd reads "Mario Rossi Saronno, attiva notizie": all is known and recognised, and nothing follows.
func (r *Reader) commandAtTheEnd(words []word) (entry, bool) {
	n := len(words)
	p := n - 1
	for p > 0 && p > n-5 && words[p].class&enters == 0 {
		p--
	}
	if p < 1 || p > 14 || words[p].class&enters == 0 || p == n-1 || words[n-1].class&news == 0 || !allOf(words[p+1:], glue|news|service) {
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
	return entry{details: person, known: true}, true
}

// surnames are family names that are words of leaving too.
const surnames set = " leva ferma blocca lascio esci "

// rambles tells whether what follows the command is a sentence and not a person.
func (r *Reader) rambles(words []word) bool {
	if len(words) == 3 && words[0].class&givenName != 0 && !isLower(words[1]) && words[2].part == words[0].part {
		if _, ok := r.comuni.find(words[2:]); ok {
			return false // Gino Servizi Saronno
		}
	}
	labels := anyOf(words, label)
	for _, w := range words {
		if w.class&label != 0 || w.class&filler != 0 || w.class&noise != 0 || w.class&givenName != 0 && w.class&talk == 0 {
			continue
		}
		if w.class&service != 0 || w.class&leavesObj != 0 && !surnames.has(w.folded) {
			return true
		}
		if w.class&talk != 0 || w.class&shortTalk != 0 && len(words) > 5 && !labels && w.class&particle == 0 {
			return true
		}
	}
	return false
}
