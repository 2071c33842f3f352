package citizen

import "strings"

// quotes tells whether a text is one of our answers, a flyer or an article that was sent back: it explains the commands and gives none.
func quotes(m *message, s sayings) bool {
	words := m.words
	modes, enter, leave, yes, loud := 0, false, false, false, false
	for i, w := range words[:min(len(words), maxPhrased)] {
		switch {
		case ours.has(w.folded):
			return true
		case w.class&enters != 0 && newsFollows(words, i):
			enter = true
		case command(words, i) > 0:
			leave, loud = true, loud || isUpper(w)
		case i > 0 && (w.written == "SÌ" || w.written == "SÍ"):
			yes = true // what our question asks for, in whatever language
		case i+1 < len(words) && (w.folded == "solo" && words[i+1].folded == "urgenti" || w.folded == "miei" && words[i+1].folded == "dati"), w.folded == "pausa", w.folded == "riprendi":
			modes++
		}
	}
	instructs := s.any(menu)
	named := modes + count(enter) + count(leave)
	return named > 2 || leave && yes && !loud || enter && leave && (instructs || explains(words)) || (enter || leave) && instructs && !owned(words)
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// explains tells whether words name the commands' purposes: "Iscrizione: …", "Per disattivare: …".
func explains(words []word) bool {
	for i, w := range words {
		switch w.folded {
		case "iscrizione", "cancellazione", "disiscrizione", "comandi", "comando", "oppure", "o":
			return true
		case "per":
			if i+1 < len(words) && strings.HasSuffix(words[i+1].folded, "re") {
				return true
			}
		}
	}
	return false
}

// owned tells whether somebody speaks of themselves: "mi hanno detto di scrivere", "ho scritto".
func owned(words []word) bool {
	for _, w := range words {
		if self.has(w.folded) {
			return true
		}
	}
	return false
}

const self set = " mi ho io abbiamo devo vorrei voglio "

// newsFollows tells whether the news are the object of the verb at i.
func newsFollows(words []word, i int) bool {
	for k := i + 1; k < len(words) && k < i+4 && words[k].sentence == words[i].sentence; k++ {
		if words[k].class&news != 0 {
			return true
		}
		if words[k].class&glue == 0 {
			return false
		}
	}
	return false
}
