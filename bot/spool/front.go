package spool

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"banditore/store"
)

// fence is the line before and the line after the front matter.
const fence = "---"

const (
	fromOption   = "dal"    // not before
	untilOption  = "scade"  // pointless after
	comuniOption = "comuni" // only these residents
)

// longestOption is where a line with a colon stops to look like an option and
// starts to look like a sentence, which a reason must not repeat: reasons are
// logged, and sentences name people.
const longestOption = 40

// dateForm is what staff may write, blanks made one: 2026-12-24 or 24/12/2026,
// alone or with 18:30, T18:30, ore 18:30; a point will do for the colon.
var dateForm = regexp.MustCompile(`(?i)^(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})/(\d{1,2})/(\d{4}))(?:(?:t| | ?ore )(\d{1,2})[:.](\d\d))?$`)

// splitFront parts the front matter, if there is one, from the text.
func splitFront(whole passage) (front, body passage, r *Refusal) {
	lines := strings.Split(whole.text, "\n")
	if lines[0] != fence {
		return passage{}, whole, nil
	}
	for i, line := range lines[1:] {
		if strings.TrimFunc(line, blank) == fence {
			front = passage{text: strings.Join(lines[1:i+1], "\n"), line: whole.line + 1}
			body = trim(strings.Join(lines[i+2:], "\n"), whole.line+i+2)
			return front, body, nil
		}
	}
	return front, body, &Refusal{line: whole.line,
		Reason: fmt.Sprintf("alla riga %d cominciano le opzioni (---), ma manca la seconda riga --- che le chiude", whole.line),
		Advice: "metti una riga --- dopo l'ultima opzione oppure, se non volevi opzioni, togli la riga --- all'inizio; poi rimetti il file in da_inviare."}
}

// almostOptions refuses options whose --- lines are missing or nearly right: Word makes
// a dash of three hyphens. Sent as text they would reach everybody, at once.
func almostOptions(p passage) *Refusal {
	lines := strings.Split(p.text, "\n")
	i := 0
	if rule(lines[0]) {
		i++
	}
	options := false
	for ; i < len(lines); i++ {
		if text := bare(lines[i]); text != "" && !isOption(text) && (!options || !isItem(text) || rule(text)) {
			break
		}
		options = options || isOption(bare(lines[i]))
	}
	if !options || !rule(lines[0]) && (i == len(lines) || !rule(lines[i])) {
		return nil
	}
	return &Refusal{Reason: fmt.Sprintf("alla riga %d cominciano delle opzioni, ma non fra due righe --- di tre trattini", p.line), line: p.line,
		Advice: "scrivi --- (tre trattini e nient'altro) nella riga prima delle opzioni e in quella dopo, e rimetti il file in da_inviare; se invece è testo, cambia la prima riga."}
}

// rule tells a line of hyphens, or of what word processors make of them.
func rule(line string) bool {
	line = strings.ReplaceAll(bare(line), " ", "")
	return utf8.RuneCountInString(line) > 0 && !strings.ContainsFunc(line, func(r rune) bool {
		return !unicode.Is(unicode.Pd, r) && !strings.ContainsRune("\u2212\u2500_", r)
	})
}

func isOption(text string) bool {
	name, _, ok := strings.Cut(text, ":")
	return ok && slices.Contains([]string{fromOption, untilOption, comuniOption}, strings.ToLower(strings.TrimSpace(name)))
}

// readTerms reads the options: when an announcement may leave, and for whom. It is
// no YAML library because staff need the line and the mistake in Italian, and because
// nothing else of YAML is wanted here: no aliases that grow, no guess at what 18:30
// might be.
func readTerms(front passage, now time.Time, loc *time.Location, comune func(string) (string, bool)) (c store.Content, r *Refusal) {
	options, r := readOptions(front)
	if r != nil {
		return c, r
	}
	var until option
	for _, o := range options {
		switch o.name {
		case fromOption:
			c.NotBefore, _, r = o.date(loc)
		case untilOption:
			_, c.Expires, r = o.date(loc)
			until = o
		case comuniOption:
			c.Comuni, r = o.comuni(comune)
		}
		if r != nil {
			return c, r
		}
	}
	return c, unfitTerms(c, until, now)
}

// unfitTerms says why nothing could leave on these terms, or nil.
func unfitTerms(c store.Content, until option, now time.Time) *Refusal {
	switch {
	case c.Expires.IsZero():
		return nil
	case !c.Expires.After(now):
		return until.refusal("indica un momento che è già passato",
			"se l'avviso serve ancora, correggi la data oppure togli la riga, e rimetti il file in da_inviare.")
	case !c.NotBefore.Before(c.Expires):
		return until.refusal("non viene dopo l'opzione dal: l'avviso non partirebbe mai", "correggi le due date e rimetti il file in da_inviare.")
	}
	return nil
}

// option is one line of the front matter, and the lines of the list below it.
type option struct {
	name, value string
	line        int
	items       []passage
}

func (o option) refusal(what, advice string) *Refusal {
	return &Refusal{Reason: fmt.Sprintf("alla riga %d l'opzione %s %s", o.line, o.name, what), Advice: advice, line: o.line}
}

func readOptions(front passage) ([]option, *Refusal) {
	var options []option
	for i, text := range strings.Split(front.text, "\n") {
		line := front.line + i
		if controlLine(text) > 0 {
			return nil, garbled(line)
		}
		text = bare(text)
		if text == "" {
			continue
		}
		if last := len(options) - 1; last >= 0 && options[last].name == comuniOption && isItem(text) {
			options[last].items = append(options[last].items, passage{text: itemText(text), line: line})
			continue
		}
		o, r := readOption(text, line)
		if r != nil {
			return nil, r
		}
		if slices.ContainsFunc(options, func(before option) bool { return before.name == o.name }) {
			return nil, o.refusal("è scritta per la seconda volta", "tieni soltanto la riga giusta e rimetti il file in da_inviare.")
		}
		options = append(options, o)
	}
	return options, nil
}

// bare is a line without what nobody means: blanks around it, a comment, and marks
// that nobody sees; a date copied out of the Windows Explorer begins with one.
func bare(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
	// No value that makes sense holds a #, so none needs to be told from a comment.
	text, _, _ = strings.Cut(text, "#")
	return strings.TrimSpace(text)
}

func readOption(text string, line int) (option, *Refusal) {
	name, value, ok := strings.Cut(text, ":")
	o := option{name: strings.ToLower(strings.TrimSpace(name)), value: strings.TrimSpace(value), line: line}
	if !ok || !optionName(o.name) {
		return o, &Refusal{Reason: fmt.Sprintf("la riga %d sta fra le due righe ---, ma non è un'opzione", line), line: line,
			Advice: "lì ci vogliono righe come «scade: 24/12/2026»; se invece è il testo dell'avviso, togli le righe ---; poi rimetti il file in da_inviare."}
	}
	switch o.name {
	case fromOption, untilOption, comuniOption:
		return o, nil
	}
	return o, o.refusal("non esiste", "le opzioni sono dal, scade e comuni: correggi la riga oppure toglila, e rimetti il file in da_inviare.")
}

func optionName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= longestOption && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" _-'", r)
	})
}

func unquote(value string) string {
	for _, quote := range []string{`"`, `'`} {
		if inner, ok := strings.CutPrefix(value, quote); ok && strings.HasSuffix(inner, quote) {
			return strings.TrimSuffix(inner, quote)
		}
	}
	return value
}

// date answers when the moment begins and ends that the value names: a day alone
// is the whole day.
func (o option) date(loc *time.Location) (begin, end time.Time, r *Refusal) {
	const advice = "scrivila come 24/12/2026 oppure 24/12/2026 18:30 e rimetti il file in da_inviare."
	value := strings.Join(strings.Fields(unquote(o.value)), " ")
	if value == "" {
		return begin, end, o.refusal("è senza data", advice)
	}
	m := dateForm.FindStringSubmatch(value)
	if m == nil {
		return begin, end, o.refusal("ha una data che non si capisce", advice)
	}
	n := make([]int, len(m))
	for i := range m {
		n[i], _ = strconv.Atoi(m[i]) // the form lets digits through, or nothing
	}
	year, month, day, hour, minute := n[1]+n[6], time.Month(n[2]+n[5]), n[3]+n[4], n[7], n[8]
	if d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC); d.Month() != month || d.Day() != day {
		return begin, end, o.refusal("ha un giorno che non esiste", "controlla la data sul calendario, correggila e rimetti il file in da_inviare.")
	}
	begin = time.Date(year, month, day, hour, minute, 0, 0, loc)
	if m[7] == "" {
		return begin, time.Date(year, month, day+1, 0, 0, 0, 0, loc), nil
	}
	// 24:00 is the midnight that ends the day. The night when summer time begins
	// lacks an hour, and the library would move it.
	if hour > 24 || minute > 59 || hour == 24 && minute > 0 || begin.Hour() != hour%24 || begin.Minute() != minute {
		return begin, end, o.refusal("ha un'ora che non esiste", "correggi l'ora, da 00:00 a 24:00, e rimetti il file in da_inviare.")
	}
	return begin, begin, nil
}
