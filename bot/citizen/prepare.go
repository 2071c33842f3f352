package citizen

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// note is what a message says beside its words.
type note struct {
	greeted, thanked bool
	// thankedFirst is set when it opens with thanks, which are then its matter.
	thankedFirst bool
}

// prepare looks the words up, mends those that were torn or glued, and takes out courtesy and spoken punctuation.
func (r *Reader) prepare(m *message) (n note) {
	m.words = mergeLetters(m.words)
	glued := 0
	for i := 0; i < len(m.words); i++ {
		w := &m.words[i]
		if w.class = r.classOf(w.folded); w.class == 0 {
			w.class = r.elided(w.written)
		}
		if w.bare == "" {
			w.bare = meant(w.folded, w.class)
		}
		if w.class == 0 && len(w.folded) > len("attivanotiz") {
			if glued++; glued > maxGlued {
				continue
			}
			m.words = mergeLetters(r.unglue(m.words, i))
		}
	}
	out := m.words[:0]
	parts := 0
	for i := 0; i < len(m.words); {
		if k := courtesy(m.words[i:], len(out) == 0); k > 0 {
			n.greeted = n.greeted || m.words[i].class&greets != 0
			if m.words[i].class&polite != 0 && strings.HasPrefix(m.words[i].folded, "gra") {
				n.thanked = true
				n.thankedFirst = n.thankedFirst || len(out) == 0
			}
			if len(out) > 0 {
				parts++ // courtesy parts like a comma
			}
			i += k
			continue
		}
		if k := spokenPoint(m.words[i:]); k > 0 {
			parts++
			i += k
			continue
		}
		w := m.words[i]
		w.part += parts
		out = append(out, w)
		i++
	}
	m.words = out
	for k := len(out); k > 0 && out[k-1].class&greets != 0 && out[k-1].folded != "salve" && !namesTime(out[:k]) && !endsName(out[:k]); k-- {
		n.greeted = true
		m.words = out[:k-1]
	}
	return n
}

// namesTime tells whether a time of the day greets nobody here: "di notte".
func namesTime(words []word) bool {
	return len(words) > 1 && set(" di la alla nella ogni dopo il qualche un al ").has(words[len(words)-2].folded)
}

// endsName tells whether a word that greets is a family name here: "Cognome: Gentili", Luigi Buongiorno.
func endsName(words []word) bool {
	n := len(words)
	return n > 1 && (words[n-2].class&(labelGiven|labelFamily) != 0 ||
		words[n-1].class&familyName != 0 && !isLower(words[n-1]) && words[n-2].class&givenName != 0 && words[n-2].part == words[n-1].part)
}

// maxGlued is how many unknown long words are looked into.
const maxGlued = 8

func (r *Reader) classOf(folded string) class {
	if c, ok := r.lexicon[folded]; ok {
		return c
	}
	if slipped(folded) {
		return leavesMe
	}
	for _, first := range [...]string{"stop", "basta"} {
		if rest, ok := strings.CutPrefix(folded, first); ok && r.lexicon[rest]&(news|service) != 0 {
			return leaves // stopmessaggi
		}
	}
	// "stooop", "graziee", "STOPPPP"
	if short := squeezeLong(folded); short != folded && len(short) > 2 {
		return r.lexicon[short]
	}
	return 0
}

// elided looks up what an article has melted with: l'iscrizione, dall'elenco. Names keep theirs.
func (r *Reader) elided(written string) class {
	i := strings.IndexByte(written, '\'')
	if i < 1 || i > 5 || len(written)-i < 5 {
		return 0
	}
	return r.lexicon[fold(written[i+1:])] & (news | service | loose | alien | enters | leaves | asksHelp | data | carries | wants)
}

// squeezeLong writes a letter once that stands three times or more in a row, or twice at the end.
func squeezeLong(folded string) string {
	n := len(folded)
	if n < 4 {
		return folded
	}
	long := folded[n-1] == folded[n-2]
	for i := 2; i < n && !long; i++ {
		long = folded[i] == folded[i-1] && folded[i] == folded[i-2]
	}
	if !long {
		return folded
	}
	out := make([]byte, 0, n)
	for i := 0; i < n; {
		k := i + 1
		for k < n && folded[k] == folded[i] {
			k++
		}
		out = append(out, folded[i])
		if k-i == 2 && k < n {
			out = append(out, folded[i])
		}
		i = k
	}
	return string(out)
}

// mergeLetters joins a word that was written letter by letter: S T O P.
func mergeLetters(words []word) []word {
	single := func(w word) bool { return utf8.RuneCountInString(w.written) == 1 }
	for i := 0; i < len(words); i++ {
		k := i
		for k < len(words) && single(words[k]) && k-i < maxFolded {
			k++
		}
		if k-i < 4 {
			continue
		}
		w := words[i]
		var b strings.Builder
		for _, l := range words[i:k] {
			b.WriteString(l.written)
		}
		w.written = b.String()
		w.folded, w.mended = fold(w.written), true
		words = slices.Replace(words, i, k, w)
	}
	return words
}

// unglue cuts a word at i that begins with a whole command: attivanotizie, stopmessaggi, AttivaNotizieMarioRossi.
func (r *Reader) unglue(words []word, i int) []word {
	w := words[i]
	for _, first := range [...]string{"attiva", leaving, "attivare", "disattivare", "disattivate", "disativa"} {
		rest, ok := strings.CutPrefix(w.folded, first)
		if !ok || !strings.HasPrefix(rest, "notizi") && !strings.HasPrefix(rest, "lenotizi") {
			continue
		}
		w.written = norm.NFKC.String(w.written)
		noun := strings.Index(rest, "notizi") + len("notizi")
		if noun < len(rest) {
			noun++
		}
		at := []int{len(first), len(first) + noun}
		pieces := make([]word, 0, 8)
		pieces = append(pieces, r.piece(w, 0, at[0]), r.piece(w, at[0], at[1]))
		if at[1] < len(w.folded) {
			pieces = append(pieces, r.camel(r.piece(w, at[1], -1))...)
		}
		pieces[1].class |= news
		return slices.Replace(words, i, i+1, pieces...)
	}
	return words
}

// piece is the word between two places of the folded form; -1 is the end.
func (r *Reader) piece(w word, from, to int) word {
	var buf [utf8.UTFMax * 2]byte
	start, end, n := len(w.written), len(w.written), 0
	for i, c := range w.written {
		if n >= from && i < start {
			start = i
		}
		if to >= 0 && n >= to {
			end = i
			break
		}
		n += len(appendFolded(buf[:0], c))
	}
	w.written = strings.TrimLeft(w.written[start:max(start, end)], "-'")
	w.folded = fold(w.written)
	w.class = r.classOf(w.folded)
	return w
}

// camel cuts MarioRossiSaronno.
func (r *Reader) camel(w word) (words []word) {
	start, lower := 0, false
	add := func(written string) {
		p := w
		p.written, p.folded = written, fold(written)
		p.class = r.classOf(p.folded)
		words = append(words, p)
	}
	for i, c := range w.written {
		if lower && unicode.IsUpper(c) {
			add(w.written[start:i])
			start = i
		}
		lower = unicode.IsLower(c)
	}
	w.mended = w.mended || start > 0
	add(w.written[start:])
	return slices.DeleteFunc(words, func(p word) bool { return p.folded == "" })
}

// courtesy counts the words of a greeting or a courtesy at the beginning of words.
func courtesy(words []word, opens bool) int {
	w := words[0]
	next := class(0)
	if len(words) > 1 {
		next = words[1].class
	}
	switch w.folded {
	case "per":
		if next&polite != 0 && !strings.HasPrefix(words[1].folded, "gra") {
			return 2
		}
	case "buon", "buona":
		if next&greets != 0 {
			return 2
		}
	case "vi", "ti", "la":
		if len(words) > 1 && strings.HasPrefix(words[1].folded, "ringrazi") {
			return 2
		}
	case "in":
		if len(words) > 1 && words[1].folded == "anticipo" {
			return 2
		}
	case "please", "pls", "plz", "cortesemente", "gentilmente", "scusi", "scusate", "scusa", "scusatemi", "ringrazio", "ringraziamo", "anticipatamente", "thanks", "perfavore", "prego":
		return 1
	}
	if w.class&polite != 0 && strings.HasPrefix(w.folded, "gra") && w.class&givenName == 0 {
		k := 1
		for k < len(words) && k < 3 && after.has(words[k].folded) {
			k++
		}
		return k
	}
	if opens && w.class&greets != 0 && w.class&(agrees|declines) == 0 {
		return 1
	}
	return 0
}

// after follows thanks.
const after set = " mille tante tanto infinite molte ancora anticipatamente davvero "

// spokenPoint counts the words of punctuation that a voice typist spoke.
func spokenPoint(words []word) int {
	switch words[0].folded {
	case "virgola", "punto":
		if len(words) > 1 && (words[1].folded == "esclamativo" || words[1].folded == "fermo") {
			return 2
		}
		return 1
	case "a":
		if len(words) > 1 && words[1].folded == "capo" {
			return 2
		}
	case "due":
		if len(words) > 1 && words[1].folded == "punti" {
			return 2
		}
	}
	return 0
}
