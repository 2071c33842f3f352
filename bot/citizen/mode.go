package citizen

import (
	"slices"
	"strings"
	"time"
)

// mode reads which part of the news a subscriber wants, and for how long; Other: the message says nothing of it. A command to leave that says why
// or when somebody came is none: "disattiva notizie perché non mi interessano gli eventi".
func (r *Reader) mode(m *message, s sayings) Request {
	words := m.words
	if len(words) > maxMode || m.forbids && len(words) > 4 {
		return Request{}
	}
	if limited(words) {
		return Request{Intent: Choice}
	}
	if saysWhy(words) || leavesWhole(words) {
		return Request{}
	}
	if s.any(resumes) && !mentionsEntry(words) {
		return Request{Intent: Resume}
	}
	if span, ok := r.pause(m); ok {
		return Request{Intent: Pause, Span: span}
	}
	if m.asked == 0 && (anyOf(words, leaves|leavesMe) || anyOf(words, leavesObj) && anyService(words)) && !anyOf(words, alien) && passing(words) {
		return Request{Intent: Choice}
	}
	switch asked := m.asked != 0; {
	case s.any(urgent) && !asked && (!s.any(partial) || !anyOf(words, enters)):
		return Request{Intent: OnlyUrgent}
	case (s.any(urgent|partial) || s.any(topic) && chooses(words)) && (!asked || !anyOf(words, alien)):
		return Request{Intent: Choice}
	case s.any(everyone) && !asked && allOf(words, news|service|glue|enters|wish|leads|wants|receives|resumeWords):
		return Request{Intent: AllNews}
	}
	return Request{}
}

// chooses tells whether words take something out, or want it alone.
func chooses(words []word) bool {
	return anyOf(words, negates|leaves|leavesObj|wish|wants) || slices.ContainsFunc(words, func(w word) bool { return alone.has(w.folded) })
}

const alone set = " solo soltanto solamente tranne eccetto meno salvo unicamente "

// maxMode is how many words a wish for a part of the news has at most.
const maxMode = 24

// resumeWords is what else may stand in "di nuovo tutte le notizie, per favore".
const resumeWords = polite | greets

// saysWhy tells whether the plain command to leave stands first and the rest only gives a reason.
func saysWhy(words []word) bool {
	for i, w := range words {
		if i+1 < len(words) && w.class&leavesMe != 0 && because.has(words[i+1].folded) {
			return true
		}
		if end := command(words, i); end > 0 && end < len(words) {
			next := words[end]
			return next.part != w.part && next.folded != "ma" || because.has(next.folded)
		}
	}
	return false
}

const because set = " perche xke xche poiche siccome dato visto in tanto "

func mentionsEntry(words []word) bool {
	for _, w := range words {
		if w.class&(enters&^leaves) != 0 && w.class&news == 0 && !strings.HasPrefix(w.folded, "riattiv") {
			return true
		}
	}
	return false
}

// pause reads a wish for a pause: the word itself, or the news put off for a time.
func (r *Reader) pause(m *message) (Span, bool) {
	words := m.words
	for i, w := range words {
		named := w.folded == "pausa" || w.folded == "pause" || w.folded == "ferie" && i > 0 && words[i-1].folded == "in"
		switch {
		case named && (m.asked == 0 || i > 0 && words[i-1].folded == "in") && !anyOf(words, alien) && (!anyOf(words, enrols) || words[i-min(i, 1)].folded == "in") && !notPaused(words, i):
			span, ok := spanOf(m.words, m.first, true)
			if w.folded == "ferie" && !ok {
				continue
			}
			if len(words) > 6 && !ok && !anyService(words) {
				continue
			}
			return span, true
		case w.class&sends != 0 && m.asked == 0 && i > 0 && anyOf(words[max(0, i-2):i], negates) && !anyOf(words, alien) && (i+1 == len(words) || words[i+1].folded != "piu"):
			if span, ok := spanOf(words, w.values[0], false); ok {
				return span, true
			}
		case w.class&negates != 0 && i+1 < len(words) && anyService(words[i+1:min(len(words), i+3)]) && m.asked == 0:
			if span, ok := spanOf(words, 0, false); ok {
				return span, true
			}
		case suspends.has(w.folded) && (m.asked == 0 || requested(words, i)) && (anyService(nextOf(words, i)) || anyService(words) && !anyOf(words, alien)):
			if span, ok := spanOf(words, m.first, false); ok {
				return span, true
			}
		case putsOff(w) && m.asked == 0 && (!anyOf(words, alien) || anyService(words[i+1:min(len(words), i+4)])) && (i == 0 || words[i-1].class&negates == 0):
			tail := words[i+1:]
			if span, ok := spanOf(tail, w.values[0], w.number); ok && (anyService(tail) || w.class&leavesObj == 0 || len(words) < 6) {
				return span, true
			}
		}
	}
	return Span{}, false
}

// suspends are verbs of a pause, wherever its length is told.
const suspends set = " sospendete sospendi sospendere sospensione fermate ferma fermare interrompete interrompere "

func notPaused(words []word, i int) bool {
	return i > 0 && (words[i-1].class&negates != 0 || words[i-1].folded == "la" && i > 1 && words[i-2].class&negates != 0)
}

// putsOff are verbs that stop something for good or for a time.
func putsOff(w word) bool {
	return w.class&(leaves|leavesObj) != 0 || w.folded == "mettete" || w.folded == "silenziate" || strings.HasPrefix(w.folded, "disattiv")
}

// spanOf reads for how long, at the beginning of words without a preposition only if opens is set: "7 giorni", "due settimane", "fino a settembre", "in agosto", "fino al 15 agosto", "fino a domani".
func spanOf(words []word, before int, opens bool) (Span, bool) {
	for i, w := range words {
		next := word{}
		if i+1 < len(words) {
			next = words[i+1]
		}
		switch {
		case until.has(w.folded):
			if s, ok := untilOf(words[i+1:], w.values); ok {
				return s, true
			}
		case (w.folded == "in" || w.folded == "ad" || w.folded == "durante" || w.folded == "mese" || w.folded == "a" || w.folded == "per") && monthOf(next.folded) != 0:
			return Span{Month: monthOf(next.folded)%12 + 1}, true
		case w.folded == "per" || w.folded == "pausa" || w.folded == "di" && i > 0 && words[i-1].folded == "pausa" || opens && i == 0:
			if days := daysOf(words[i:], before); days > 0 {
				return Span{Days: days}, true
			}
		}
	}
	return Span{}, false
}

const until set = " fino sino finoa al entro "

// untilOf reads a day after "fino a": a month, a day of one, a weekday is not known to Span.
func untilOf(words []word, values [2]int) (Span, bool) {
	if s, ok := dateOf(values); ok {
		return s, true
	}
	for i, w := range words[:min(len(words), 4)] {
		if month := monthOf(w.folded); month != 0 {
			day := values[0]
			if i > 0 {
				day = max(day, words[i-1].values[0])
			}
			if day > 31 {
				day = 0
			}
			if i > 0 && words[i-1].folded == "fine" {
				return Span{Month: month%12 + 1}, true
			}
			return Span{Month: month, Day: day}, true
		}
		if days := relative(w.folded); days > 0 {
			return Span{Days: days}, true
		}
		if s, ok := dateOf(w.values); ok {
			return s, true
		}
		if w.class&(glue|numeral) == 0 && w.folded != "fine" && w.folded != "mese" && w.folded != "a" && w.folded != "primo" {
			return Span{}, false
		}
	}
	return Span{}, false
}

// dateOf is the date 15/9.
func dateOf(values [2]int) (Span, bool) {
	day, month := values[0], values[1]
	return Span{Month: time.Month(month), Day: day}, day > 0 && day < 32 && month > 0 && month < 13
}

func relative(folded string) int {
	switch folded {
	case "domani":
		return 1
	case "dopodomani":
		return 2
	case "lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica":
		return 7
	}
	return 0
}

// daysOf reads a number of days, weeks, months or years near the beginning of words; before is a number that stands before them.
func daysOf(words []word, before int) int {
	count := before
	for i, w := range words[:min(len(words), 5)] {
		if days := unitOf(w.folded); days > 0 && count > 0 {
			return min(count*days, LongestPause)
		}
		if w.folded == "po" || w.folded == "periodo" || i == 1 && words[0].folded == "per" && (w.folded == "adesso" || w.folded == "ora") {
			return UsualPause
		}
		if n := max(w.values[0], countOf(w.folded)); n > 0 {
			count = min(n, LongestPause)
		}
	}
	return 0
}

// unitOf is how many days a unit of time has.
func unitOf(folded string) int {
	for stem, days := range map[string]int{"giorn": 1, "settiman": 7, "mes": 30, "ann": 365} {
		if ending, ok := strings.CutPrefix(folded, stem); ok && len(ending) < 3 && len(folded) > 3 {
			return days
		}
	}
	return 0
}

func countOf(folded string) int {
	for i, names := range [...]set{" un uno una ", " due ", " tre ", " quattro ", " cinque ", " sei ", " sette ", " otto ", " nove ", " dieci "} {
		if names.has(folded) {
			return i + 1
		}
	}
	switch folded {
	case "quindici":
		return 15
	case "venti":
		return 20
	case "trenta":
		return 30
	}
	return 0
}

func monthOf(folded string) time.Month {
	for i, stem := range [...]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"} {
		if folded == stem || len(folded) > 4 && near(folded, stem) {
			return time.Month(i + 1)
		}
	}
	return 0
}
