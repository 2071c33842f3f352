package spool

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isItem tells a line of a YAML list. Word processors make their own signs of the
// hyphen at the beginning of a line.
func isItem(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune("-–—•*", r)
}

func itemText(text string) string { return strings.TrimLeft(text, "-–—•* \t") }

// comuni are those that the option names, each once, in the order in which they
// are written: beside the option, in brackets or not, or as a list below it.
func (o option) comuni(known func(string) (string, bool)) ([]string, *Refusal) {
	var comuni []string
	seen := map[string]bool{}
	for _, p := range append([]passage{{text: o.value, line: o.line}}, o.items...) {
		for _, name := range comuneNames(p.text) {
			if known == nil {
				return nil, unknownComune(name, p.line)
			}
			comune, ok := known(name)
			if !ok {
				return nil, unknownComune(name, p.line)
			}
			if !seen[comune] {
				seen[comune] = true
				comuni = append(comuni, comune)
			}
		}
	}
	if len(comuni) == 0 {
		return nil, o.refusal("non nomina nessun Comune", "scrivi per esempio «comuni: Saronno, Uboldo» oppure togli la riga, se l'avviso è per tutti, e rimetti il file in da_inviare.")
	}
	return comuni, nil
}

// comuneNames parts a line at its commas and semicolons and takes YAML's brackets
// and quotes off.
func comuneNames(text string) []string {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	names := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' })
	for i, name := range names {
		names[i] = strings.Join(strings.Fields(unquote(strings.Trim(name, "\"“” \t"))), " ")
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// unknownComune repeats the name only when it looks like one: a reason is logged, and
// what else may stand there is not for the log.
func unknownComune(name string, line int) *Refusal {
	what := "nomina «" + name + "», che non è un Comune conosciuto"
	if !isComuneName(name) {
		what = "ha un nome che non è quello di un Comune"
	}
	return &Refusal{Reason: fmt.Sprintf("alla riga %d l'opzione %s %s", line, comuniOption, what), line: line,
		Advice: "controlla come è scritto e separa i nomi con una virgola; se l'avviso è per tutti togli l'opzione; poi rimetti il file in da_inviare."}
}

func isComuneName(name string) bool {
	return utf8.RuneCountInString(name) <= longestOption && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" -'’./()", r)
	})
}
