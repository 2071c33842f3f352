package citizen

import (
	"slices"
	"strings"
)

// denies reads "non voglio più ricevere…", "non scrivetemi più", "mai più messaggi" from p on.
func denies(m *message, p int) bool {
	words := m.words
	if m.asked>>min(words[p].sentence, 63)&1 != 0 {
		return false
	}
	wished := false
	for i := p - 1; i >= 0 && i >= p-window && words[i].part == words[p].part; i-- {
		if turns.has(words[i].folded) && words[i].folded != "per" {
			break
		}
		if words[i].class&doubts != 0 || words[i].folded == "che" || words[i].folded == "per" && i == p-1 || strings.HasPrefix(words[i].folded, "disattiv") {
			return false
		}
		wished = wished || words[i].class&wish != 0 || words[i].folded == "preferirei" || words[i].folded == "preferisco"
	}
	rest := nextOf(words, p)
	for k, w := range rest {
		if k > 4 {
			break
		}
		tail := rest[k+1:]
		switch {
		case w.class&wants != 0:
			if strings.HasPrefix(w.folded, "interess") && !again(rest) && !anyService(tail) {
				return false // "non mi interessa" may mean a piece of news
			}
			return deniesWish(tail, w) && (anyService(rest) || anyOf(tail, sends|receives) || opensSentence(words, p))
		case w.class&sends != 0 && w.class&givenName == 0:
			return deniesSending(rest[:k], w, tail)
		case w.folded == "essere":
			return wished && !anyOf(tail, alien) && (anyService(tail) || len(tail) > 0 && stemOf(tail[0].folded, " contattat disturbat importunat iscritt informat avvisat "))
		case w.class&receives != 0 && w.folded != "ricevo" && w.class&filler == 0:
			return wished && !anyOf(tail, alien)
		case w.class&(news|service) != 0 && w.class&loose == 0 && k > 0:
			return p == 0 && k <= 2 && (rest[0].folded == "piu" || rest[0].folded == "more") && !anyOf(tail, talk)
		case w.class&glue == 0 && w.class&negates == 0 && !adverbs.has(w.folded):
			return false
		}
	}
	return false
}

// opensSentence tells whether nothing that could be the matter stands before p: "la tangenziale non la vogliamo" is not about us.
func opensSentence(words []word, p int) bool {
	for i := p - 1; i >= 0 && words[i].sentence == words[p].sentence; i-- {
		if words[i].class&(leads|greets|polite|shortTalk|filler|glue|thanks|declines|wish) == 0 || words[i].folded == "la" || words[i].folded == "il" {
			return false
		}
	}
	return true
}

// again tells whether "più" stands among words: they did want it once.
func again(words []word) bool {
	return slices.ContainsFunc(words, func(w word) bool { return w.folded == "piu" })
}

const (
	adverbs set = " sono sn ho son assolutamente proprio davvero piu ne ci li more gradirei "
	// loss is what nobody asks for: "non voglio perdere le notizie".
	loss set = " perdere perdermi rinunciare smettere perderle saltare restare rimanere "
)

func deniesWish(tail []word, verb word) bool {
	ends := true
	for _, w := range tail {
		if w.class&(leaves|leavesMe|leavesObj|leftTalk|enters|alien) != 0 && w.class&service == 0 || loss.has(w.folded) {
			return strings.HasPrefix(verb.folded, "interess") && w.class&alien == 0 && ends
		}
		if w.class&(news|service) != 0 && w.class&loose == 0 || w.class&sends != 0 || w.folded == "piu" || w.folded == "sapere" || w.folded == "saperne" || w.class&receives != 0 && w.class&filler == 0 {
			continue
		}
		ends = ends && w.class&(glue|negates|loose|leads) != 0
	}
	return ends || anyService(tail) || anyOf(tail, receives) && strings.HasPrefix(verb.folded, "v")
}

func anyService(words []word) bool {
	for _, w := range words {
		if w.class&(news|service) != 0 && w.class&loose == 0 {
			return true
		}
	}
	return false
}

func deniesSending(before []word, verb word, tail []word) bool {
	if anyOf(tail, alien) || anyOf(tail, enters) {
		return false
	}
	if anyService(tail) {
		return true
	}
	me := strings.HasSuffix(verb.folded, "mi")
	for _, w := range before {
		me = me || w.folded == "mi"
	}
	for i, w := range tail {
		if w.class&loose != 0 && (w.folded == "numero" || w.folded == "cellulare" || w.folded == "telefono") && i > 1 && i == len(tail)-1 {
			return true // "non scrivete più a questo numero"
		}
		if w.class&(glue|negates|greets|polite) == 0 {
			return false
		}
	}
	return me || len(tail) > 0
}
