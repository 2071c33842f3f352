package citizen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a message.
type word struct {
	// written is the word as the citizen wrote it, NFC.
	written string
	// folded is for comparison only: lower case, letters and digits, without accents and apostrophes.
	folded string
	// part counts the separators (commas, line breaks, emoji…) before the word.
	part int
}

// split cuts a text into words and tells whether it holds a question mark.
func split(text string) (words []word, question bool) {
	runes := []rune(normalise(text))
	var current []rune
	part := 0
	flush := func() {
		if w, ok := newWord(string(current), part); ok {
			words = append(words, w)
		}
		current = current[:0]
	}
	for i, r := range runes {
		question = question || r == '?'
		switch {
		case inWord(runes, i):
			current = append(current, r)
		case isBlank(r) || r == '.' && len(current) == 1:
			flush()
		default:
			flush()
			part++
		}
	}
	flush()
	return words, question
}

// normalise brings the many ways to write the same thing together: NFC, one apostrophe, nothing invisible.
func normalise(text string) string {
	if len(text) > maxText {
		text = text[:maxText]
	}
	text = norm.NFC.String(strings.ToValidUTF8(text, " "))
	return strings.Map(func(r rune) rune {
		switch r {
		case '’', '‘', '´', '`', 'ʼ', '′':
			return '\''
		case '‐', '‑':
			return '-'
		}
		// Zero-width and direction marks, and what chooses the colour of an emoji.
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, text)
}

// inWord tells whether the rune at i belongs to a word; a hyphen does between two letters only.
func inWord(runes []rune, i int) bool {
	r := runes[i]
	if r == '-' {
		return i > 0 && i+1 < len(runes) && unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i+1])
	}
	return unicode.In(r, unicode.L, unicode.Mn, unicode.Mc, unicode.Nd) || r == '\''
}

// isBlank tells whether a rune parts words without meaning more. Quotes and WhatsApp's marks for bold, italic and struck text only wrap.
func isBlank(r rune) bool {
	return strings.ContainsRune("*_~:\"“”„«»‹›\t", r) || unicode.Is(unicode.Zs, r)
}

// newWord refuses what holds no letter: telephone numbers, postal codes and dates are not ours to keep.
func newWord(s string, part int) (word, bool) {
	if inner := strings.TrimLeft(s, "'"); inner != s {
		s = strings.TrimRight(inner, "'")
	}
	// An apostrophe at the end stands for an accent (Nicolo') or an elision (D'); after anything else it closed a quotation.
	if bare := strings.TrimRight(s, "'"); bare != s {
		last, _ := utf8.DecodeLastRuneInString(bare)
		if strings.ContainsRune("aeiouAEIOUdDlL", last) {
			bare += "'"
		}
		s = bare
	}
	if !strings.ContainsFunc(s, unicode.IsLetter) {
		return word{}, false
	}
	return word{written: s, folded: fold(s), part: part}, true
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
}

func foldedAll(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.folded)
	}
	return b.String()
}

// set is a list of folded words, with blanks around each.
type set string

func (s set) has(folded string) bool {
	return folded != "" && strings.Contains(string(s), " "+folded+" ")
}

const (
	news set = " notizie notizia notizzie notifiche "

	// leaving are the verbs that end a registration, given that nothing but courtesy or the service follows.
	leaving set = " disattiva disattivare disattivate disattivatemi disattivami disattivazione stop cancellami cancellatemi" +
		" disiscrivimi disiscrivetemi "
	articles set = " le la il lo i gli l alle ai al dalle dalla dal delle della dei del di da questo questi vostre vostri mie mia mio tutte tutto "
	service  set = " notizie notizia notifiche messaggi messaggio servizio iscrizione registrazione lista elenco archivio rubrica numero invio "

	greeting set = " buongiorno buonasera buonpomeriggio buon buona giorno sera pomeriggio salve ciao gentili gentile" +
		" per favore cortesia prego vi scusi scusate grazie ok "
	courtesy set = " grazie mille tante anticipatamente anticipo in per favore cortesia piacere saluti cordiali distinti" +
		" buongiorno buonasera buona giornata serata arrivederci ciao "

	questions set = " come cosa che chi quando dove quanto posso si e funziona serve significa "
	// sentence are words that no name holds and that turn a command into talk about it.
	sentence set = " non come cosa quando perche funziona funzionano posso vorrei voglio volevo arriva arrivano arrivato ricevo" +
		" ricevere ricevuto ieri oggi domani gia ancora piu servizio notizie messaggi per sul sulla sulle solo anche se oppure attiva "
)
