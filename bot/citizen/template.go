package citizen

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxAnswer is the length in characters up to which WhatsApp's apps are known to show a text whole. No answer is longer.
const MaxAnswer = 4096

// maxTemplate keeps the checks quick: whoever needs more has a text that is too long in any case.
const maxTemplate = 4 * MaxAnswer

// TemplateErrors says what is wrong with the templates, by their keys in the configuration, such as "messages.goodbye". It is never empty.
type TemplateErrors map[string]string

// Error has one line for each template.
func (e TemplateErrors) Error() string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(e)) {
		lines = append(lines, key+": "+e[key])
	}
	return strings.Join(lines, "\n")
}

// action is all of the template language that an answer may use. Without loops and functions it can neither hang nor fail once the fields
// are known.
var action = regexp.MustCompile(`\{\{-?\s*(?:(?:else\s+)?if\s+)?\.([A-Za-z]+)\s*-?\}\}|\{\{-?\s*(?:else|end)\s*-?\}\}`)

// check parses a template, or says what is wrong with it.
func (t *Texts) check(f form) (parsed *template.Template, wrong string) {
	text := f.text(t.templates)
	switch n := utf8.RuneCountInString(text); {
	case n > maxTemplate:
		return nil, fmt.Sprintf("has %d characters, at most %d are allowed", n, maxTemplate)
	case !utf8.ValidString(text), strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return nil, "must not hold control characters"
	}
	known, free := t.widest(f)
	used, wrong := language(text, known)
	if wrong != "" {
		return nil, wrong
	}
	parsed, err := template.New(string(f.kind)).Parse(text)
	if err != nil {
		return nil, fmt.Sprintf("is not a valid template (%v)", err)
	}
	free = slices.DeleteFunc(free, func(name string) bool { return !slices.Contains(used, name) })
	// Every way through the template is looked at, with the longest values there are.
	for filled := range 1 << len(free) {
		values := maps.Clone(known)
		for i, name := range free {
			if filled&(1<<i) == 0 {
				values[name] = ""
			}
		}
		if wrong := f.owes(render(parsed, values), values); wrong != "" {
			return nil, wrong
		}
	}
	return parsed, ""
}

// widest are the fields an answer may name, with the longest value of each, and those of them that may be empty.
func (t *Texts) widest(f form) (known fields, free []string) {
	known = t.fields(t.service.Launch.Add(-time.Nanosecond))
	if !t.service.Launch.IsZero() {
		free = append(free, "Launch")
	}
	detail := func(letter string) string { return strings.Repeat(letter, MaxField) } // each another, so that one does not pass for all
	longest := details(Request{GivenName: detail("W"), FamilyName: detail("M"), Comune: detail("Q")})
	longest["Missing"], longest["Several"] = missing(Request{}), filledIn
	longest["Unknown"], longest["Couple"], longest["Bereaved"], longest["NewHolder"] = detail("Q"), filledIn, filledIn, filledIn
	longest["Late"], longest["Until"] = "30 settembre 2022", "30 settembre 2022"
	longest["Held"] = t.HeldText(time.Time{}, widestHeld())
	maps.Copy(longest, t.kept())
	for name := range strings.FieldsSeq(f.fields + " " + f.sure) {
		known[name] = longest[name]
	}
	return known, append(free, strings.Fields(f.fields)...)
}

// language holds a text to the few actions and the known fields, also in branches that no rendering reaches.
func language(text string, known fields) (used []string, wrong string) {
	for _, m := range action.FindAllStringSubmatch(text, -1) {
		if _, ok := known[m[1]]; m[1] != "" && !ok {
			return nil, "names the field ." + string([]rune(m[1])[:min(40, len(m[1]))]) + ", which it does not have; it has " + list(known)
		}
		used = append(used, m[1])
	}
	if strings.Contains(action.ReplaceAllString(text, ""), "{{") {
		return nil, "may use only {{.Field}}, {{if .Field}}, {{else}} and {{end}}"
	}
	return used, ""
}

func list(f fields) string { return strings.Join(slices.Sorted(maps.Keys(f)), ", ") }

// owes looks at a text as a citizen would get it.
func (f form) owes(text string, values fields) (wrong string) {
	plain := strings.NewReplacer("*", "", "_", "", "~", "", "`", "").Replace(strings.ToLower(norm.NFC.String(text)))
	plain = strings.Join(strings.Fields(plain), " ")
	notALetter := func(r rune) bool { return !unicode.IsLetter(r) }
	switch n := utf8.RuneCountInString(text); {
	case plain == "":
		return "must not be empty"
	case n > MaxAnswer:
		return fmt.Sprintf("has up to %d characters with the longest names, at most %d are allowed", n, MaxAnswer)
	case f.wayOut && !strings.Contains(plain, "disattiva notizie"):
		return `must always say how to leave, with the words "Disattiva Notizie": subscribers get it`
	case f.asks && !slices.Contains(strings.FieldsFunc(plain, notALetter), "sì"):
		return `must always ask for the answer "SÌ"`
	case f.danger && !strings.HasPrefix(text, "112"):
		return "must begin with 112"
	case f.danger && n+longestDanger() > MaxAnswer:
		return fmt.Sprintf("has %d characters, at most %d are allowed: another language may go before it", n, MaxAnswer-longestDanger())
	}
	for name := range strings.FieldsSeq(f.shows) {
		if !strings.Contains(text, values[name]) {
			return "must always show {{." + name + "}}"
		}
	}
	return ""
}
