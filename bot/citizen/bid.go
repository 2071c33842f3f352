package citizen

import "strings"

// me are the forms in which somebody bids to be taken off or wishes it, without slips.
const me = "cancellami cancellatemi cancellateci cancellarmi toglietemi toglieteci disiscrivimi disiscrivetemi disiscrivermi disinscrivetemi rimuovetemi rimuovimi " +
	"eliminatemi eliminami eliminarmi escludetemi escludermi depennatemi depennami scancellatemi levatemi"

// slipped tells whether a word that we do not know is one of them with a slip of the keyboard, or a longer one with two.
func slipped(folded string) bool {
	n := len(folded)
	if n < 7 || n > 18 || !strings.ContainsAny(folded[n-2:], "mie") {
		return false
	}
	for form := range strings.FieldsSeq(me) {
		most := 1
		if n > 8 && len(form) > 9 && (strings.HasSuffix(folded, "mi") || strings.HasSuffix(folded, "me")) {
			most = 2
		}
		if d := n - len(form); d <= most && d >= -most && (n > 8 || len(form) > 8) && slips(folded, form) <= most {
			return true
		}
	}
	return false
}

// slips counts the letters that are missing, added, changed or swapped with their neighbour; both words have at most 18.
func slips(written, meant string) int {
	var rows [20][20]int8
	for i := range len(written) + 1 {
		rows[i][0] = int8(i)
	}
	for j := range len(meant) + 1 {
		rows[0][j] = int8(j)
	}
	for i := 1; i <= len(written); i++ {
		for j := 1; j <= len(meant); j++ {
			d := rows[i-1][j-1]
			if written[i-1] != meant[j-1] {
				d++
			}
			d = min(d, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && written[i-1] == meant[j-2] && written[i-2] == meant[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return int(rows[len(written)][len(meant)])
}

// bidsForMe tells whether the verb at p bids us to take the writer off, and off nothing but our list: "cancellatemi o vado dai carabinieri", but
// neither "toglietemi una curiosità" nor "toglietemi dal coro".
func bidsForMe(m *message, p int) bool {
	words := m.words
	w := words[p]
	if w.class&leavesMe == 0 || infinite(w.folded) || negatedVerb(words, p) || reported(words, p) || questioned(m, p, p+1) {
		return false
	}
	from, thing := false, false
	for i, o := range nextOf(words, p) {
		switch {
		case o.part != w.part, closes.has(o.folded):
			return !thing && !from
		case o.class&(news|service) != 0 && o.class&alien == 0, ourPlace.has(o.folded):
			return !anyOf(words[p+i+2:min(len(words), p+i+5)], alien)
		case o.class&alien != 0:
			return false
		case from && o.class&glue == 0, thing && o.class&glue == 0:
			return false
		case strings.HasPrefix(o.folded, "da") && len(o.folded) < 6 && o.class&glue != 0, o.folded == "de":
			from = true
		case i == 0 && (article.has(o.folded) || strings.HasPrefix(o.folded, "que")):
			thing = true
		}
	}
	return !thing && !from
}

const (
	// closes begins what is no object any more.
	closes set = " o oppure ma altrimenti senno che perche xche xke prima entro e "
	// ourPlace is what else somebody may be taken off.
	ourPlace set = " qui qua cosa coso faccenda tutto tutti sistema sistemi archivi qualsiasi qualunque ogni torno mezzo palle scatole balle piedi "
)
