package citizen

import (
	"slices"
	"strings"
)

// leavesWhole tells whether a message ends with our command to leave, which limits it to nothing.
func leavesWhole(words []word) bool {
	for p := range words {
		if end := command(words, p); end > 0 {
			return end == len(words) && !negatedVerb(words, p)
		}
	}
	return false
}

// limited tells whether our command to leave is held to a part of the news, "disattiva le notizie, solo quelle degli eventi", or to a while.
func limited(words []word) bool {
	for p := range words {
		if end := command(words, p); end > 0 {
			if slices.ContainsFunc(words, forAWhile) {
				return true
			}
			rest := words[end:]
			part := func(w word) bool { return w.class&(news|service|wants) != 0 || strings.HasPrefix(w.folded, "quell") }
			return slices.ContainsFunc(rest, part) && !anyOf(rest, wish) && slices.ContainsFunc(rest, func(w word) bool { return alone.has(w.folded) })
		}
	}
	return false
}

// passing tells whether words hold a time that ends, or say that something is for a while.
func passing(words []word) bool {
	for i, w := range words {
		switch {
		case forAWhile(w):
			return true
		case w.folded != "per" && w.folded != "fino" && w.folded != "sino":
		case slices.ContainsFunc(words[i+1:min(len(words), i+5)], func(t word) bool { return periods.has(t.folded) }):
			return true
		case w.folded != "per" && i+2 < len(words) && (words[i+1].folded == "a" || words[i+1].folded == "al" || words[i+1].folded == "alla"):
			return true
		}
	}
	return false
}

func forAWhile(w word) bool {
	return strings.HasPrefix(w.folded, "temporane") || strings.HasPrefix(w.folded, "momentane") || strings.HasPrefix(w.folded, "provvisori")
}

const periods set = " giorno giorni giorn settimana settimane mese mesi anno annetto po estate vacanze ferie "
