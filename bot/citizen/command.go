package citizen

import "strings"

// command finds our own command to leave, the verb with the news as its object, in whatever form and with slips; it returns where it ends.
func command(words []word, p int) (end int) {
	w := words[p]
	if !commandVerb(w) {
		return 0
	}
	for i := p + 1; i < len(words) && i < p+5; i++ {
		switch {
		case words[i].sentence != w.sentence && words[i].part > w.part+1:
			return 0
		case words[i].class&news != 0 || near(words[i].folded, "notizie"):
			return i + 1
		case words[i].class&glue == 0:
			return 0
		}
	}
	return 0
}

func commandVerb(w word) bool {
	switch {
	case w.class&(leaves|leftTalk) != 0:
		return strings.HasPrefix(w.folded, "dis") && (strings.HasPrefix(w.folded, "disatt") || strings.HasPrefix(w.folded, "disab")) &&
			(w.class&leftTalk == 0 || w.folded == "disattivate")
	case w.class == 0:
		return resemblesLeaving(w.folded)
	}
	return false
}

// commands tells whether the command that stands from p to end is given, and not quoted, reported, asked about or taken back.
func commands(m *message, p, end int) bool {
	return !reported(m.words, p) && !negatedVerb(m.words, p) && !questioned(m, p, end) && !mistaken(m.words[end:])
}

// mistaken tells whether words go on to say that the command was a mistake: "per errore".
func mistaken(words []word) bool {
	return len(words) > 1 && words[0].folded == "per" && (words[1].folded == "errore" || words[1].folded == "sbaglio")
}

// asking are words before a command that ask about it, set a condition or instruct others; who only reports it wants it. excuse follows a
// condition that is mere courtesy.
const (
	asking set = " se qualora quando chi posso possiamo potrei puo possibile cosa quale quali qual scrivi scrivete scriva deve bisogna occorre dovete how what if " +
		"inviando scrivendo mandando digitando sapere capire spiegate spiegatemi conviene sarebbe anziche dubbio domanda significa "
	excuse set = " possibile potete puoi non vi ti riuscite potreste e "
)

// reported tells whether something before the verb at p makes a question, a condition or an instruction of it.
func reported(words []word, p int) bool {
	at := words[p]
	for i := p - 1; i >= 0 && i >= p-window && words[i].sentence == at.sentence; i-- {
		w, next := words[i], words[i+1]
		switch {
		case turns.has(w.folded) && w.folded != "per":
			return false
		case w.folded == "per" && i == p-1 && i > 0 && writes.has(words[i-1].folded):
			return false
		case w.folded == "per" && i == p-1, strings.HasPrefix(w.folded, "attiv"):
			return true
		case (w.folded == "se" || w.folded == "quando" || w.folded == "appena") && excuse.has(next.folded), w.folded == "se" && i > 0 && words[i-1].folded == "anche":
		case w.folded == "come" || w.folded == "perche" || w.folded == "dove":
			return w.part == at.part && w.class&doubts != 0 && !settled.has(next.folded)
		case w.part != at.part && !strong.has(w.folded):
		case i > 0 && words[i-1].folded == "se" && excuse.has(w.folded):
		case asking.has(w.folded):
			return true
		}
	}
	return false
}

// writes stands before a purpose that is the writer's own: "vi scrivo per disdire".
const writes set = " scrivo scriviamo scrivervi contatto contattarvi chiamo presente messaggio mail email "

// settled follows a "come" that asks nothing.
const settled set = " da dice dicono dite scrivete richiesto detto scritto sopra promesso concordato previsto indicato gia "

// negatedVerb tells whether "non" takes back the verb at p: it stands right before it, or with nothing but a pronoun, a modal verb or, before an
// infinitive, a verb of intention between.
func negatedVerb(words []word, p int) bool {
	for i := p - 1; i >= 0 && i > p-7 && words[i].part == words[p].part; i-- {
		if not.has(words[i].folded) && words[i].folded != "mai" || words[i].folded == "no" {
			if i > 0 && words[i-1].folded == "se" {
				return false // a threat
			}
			return words[i].folded != "no" || i == p-1 && words[p].part == words[i].part && p > 1
		}
		if !clitics.has(words[i].folded) && !(intends.has(words[i].folded) && infinite(words[p].folded)) {
			return false
		}
	}
	return false
}

const (
	clitics set = " mi ci lo la li le ne voglio vorrei vogliamo vorremmo devo dovete intendo desidero ancora mai piu mica assolutamente proprio ho abbiamo ha scritto detto chiesto mandato inviato voluto digitato "
	intends set = " nessuna alcuna intenzione di a da penso pensiamo pensavo sogno serve servira bisogna occorre chiedo volevo volevamo vi me essere "
)

// infinite tells whether a verb is an infinitive, with or without the writer: "disattivare", "cancellarmi".
func infinite(folded string) bool {
	for _, ending := range [...]string{"are", "ere", "ire", "rmi", "rci", "rsi", "rlo", "rle"} {
		if strings.HasSuffix(folded, ending) {
			return true
		}
	}
	return false
}

// questioned tells whether the command is the matter of a question that is no polite request.
func questioned(m *message, p, end int) bool {
	asked := func(at word) bool { return m.asked>>min(at.sentence, 63)&1 != 0 }
	if end < len(m.words) && asksHow(m.words[end:]) {
		return true
	}
	last := m.words[min(end, len(m.words))-1]
	if !asked(last) || requested(m.words, p) {
		return false
	}
	// Who leaves may still ask why they were written to.
	return end >= len(m.words) || m.words[end].part == last.part || !complains.has(m.words[end].folded)
}

const complains set = " chi perche xche xke avete come "

// asksHow tells whether words go on to ask how the command is given or what it does.
func asksHow(words []word) bool {
	for len(words) > 1 && (words[0].folded == "e" || words[0].folded == "ma") {
		words = words[1:]
	}
	next := ""
	if len(words) > 1 {
		next = words[1].folded
	}
	switch words[0].folded {
	case "come":
		return set(" si funziona faccio fare devo posso procedo ").has(next) || next == ""
	case "cosa", "significa", "quando", "quale", "dove":
		return true
	case "che", "a":
		return set(" cosa significa vuol serve senso ").has(next)
	case "quanto":
		return set(" costa dura tempo ci ").has(next)
	case "si":
		return set(" fa puo deve ").has(next)
	case "vuol", "serve", "funziona":
		return words[0].part == 0 || next == "dire"
	case "non":
		return strings.HasPrefix(next, "funziona") || next == "va"
	}
	return false
}

// requested tells whether a question is a polite request: "potete cancellarmi?", "mi togliete dalla lista?".
func requested(words []word, p int) bool {
	asks := p > 0 && (words[p-1].folded == "mi" || words[p-1].folded == "ci") && bids(words[p].folded)
	for i := p - 1; i >= 0 && i >= p-8 && words[i].sentence == words[p].sentence; i-- {
		w := words[i]
		switch {
		case can.has(w.folded):
			asks = true
		case w.folded == "puo" && i+1 < len(words) && (words[i+1].folded == "mi" || strings.HasSuffix(words[p].folded, "mi")):
			asks = true
		case w.folded == "se" && excuse.has(words[i+1].folded):
		case w.class&doubts != 0 || w.class&negates != 0:
			return false
		case w.part != words[p].part:
			return asks
		}
	}
	return asks
}

const can set = " potete potreste puoi potresti potrebbe riuscite riuscireste dovete dovreste "

// bids tells whether a verb bids several people, or one politely: "togliete", "cancella".
func bids(verb string) bool {
	return strings.HasSuffix(verb, "te") || strings.HasSuffix(verb, "la") || strings.HasSuffix(verb, "li") || strings.HasSuffix(verb, "va")
}
