package citizen

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"
	"time"
)

// Templates are the answers as the configuration holds them. The language is text/template reduced to {{.Field}}, {{if .Field}}, {{else}} and
// {{end}}. The fields are Service, Comune (whose service it is), Number, Channels, RulesURL, PrivacyURL, Launch, GivenName, FamilyName,
// Residence (the citizen's Comune) and Missing.
type Templates struct {
	Confirmation  string
	Already       string
	Incomplete    string
	Goodbye       string
	NotRegistered string
	Other         string
}

// Service is what the answers say about the service itself.
type Service struct {
	Name       string
	Comune     string
	Number     string
	Channels   string
	RulesURL   string
	PrivacyURL string
	// Launch is the first day with news; its own time zone decides which day that is. Zero means launched.
	Launch time.Time
}

// Texts words the answers. Every method takes the moment at which the answer is written: the launch date is named only before it has come.
// Safe for concurrent use.
type Texts struct {
	service       Service
	confirmation  *template.Template
	already       *template.Template
	incomplete    *template.Template
	goodbye       *template.Template
	notRegistered *template.Template
	other         *template.Template
}

// action is the part of the template language an answer may use: nothing that can fail or loop once the field is known.
var action = regexp.MustCompile(`\{\{-?\s*(?:(?:else\s+)?if\s+)?\.([A-Za-z]+)\s*-?\}\}|\{\{-?\s*(?:else|end)\s*-?\}\}`)

// NewTexts checks the templates. The error joins one line for each that does not parse, names an unknown field or uses more of the language
// than it may.
func NewTexts(t Templates, s Service) (*Texts, error) {
	texts := &Texts{service: s}
	var errs []error
	for _, one := range []struct {
		kind, text string
		to         **template.Template
	}{
		{"confirmation", t.Confirmation, &texts.confirmation},
		{"already", t.Already, &texts.already},
		{"incomplete", t.Incomplete, &texts.incomplete},
		{"goodbye", t.Goodbye, &texts.goodbye},
		{"not_registered", t.NotRegistered, &texts.notRegistered},
		{"other", t.Other, &texts.other},
	} {
		parsed, err := parse(one.text)
		if err != nil {
			errs = append(errs, fmt.Errorf("messages.%s: %w", one.kind, err))
		}
		*one.to = parsed
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return texts, nil
}

func parse(text string) (*template.Template, error) {
	known := (&Texts{}).fields(time.Time{}, Request{})
	for _, m := range action.FindAllStringSubmatch(text, -1) {
		if _, ok := known[m[1]]; m[1] != "" && !ok {
			return nil, fmt.Errorf("unknown field .%s", m[1])
		}
	}
	if strings.Contains(action.ReplaceAllString(text, ""), "{{") {
		return nil, errors.New("only {{.Field}}, {{if .Field}}, {{else}} and {{end}} may be used")
	}
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("is empty")
	}
	return template.New("answer").Parse(text)
}

// Confirmation answers a citizen who is now a subscriber.
func (t *Texts) Confirmation(now time.Time, r Request) string {
	return t.render(t.confirmation, now, r)
}

// Already answers a subscriber who subscribes again.
func (t *Texts) Already(now time.Time, r Request) string { return t.render(t.already, now, r) }

// Incomplete asks for the personal details that r lacks.
func (t *Texts) Incomplete(now time.Time, r Request) string { return t.render(t.incomplete, now, r) }

// Goodbye answers a subscriber who has left. It holds no personal detail.
func (t *Texts) Goodbye(now time.Time) string { return t.render(t.goodbye, now, Request{}) }

// NotRegistered answers somebody who wants to leave and was never here.
func (t *Texts) NotRegistered(now time.Time) string {
	return t.render(t.notRegistered, now, Request{})
}

// Other answers everything else.
func (t *Texts) Other(now time.Time) string { return t.render(t.other, now, Request{}) }

func (t *Texts) render(answer *template.Template, now time.Time, r Request) string {
	var b strings.Builder
	// The error is always nil: parse lets through known fields that are all texts, and no functions. A test holds it to that.
	_ = answer.Execute(&b, t.fields(now, r))
	return strings.TrimSpace(b.String())
}

func (t *Texts) fields(now time.Time, r Request) map[string]string {
	return map[string]string{
		"Service": t.service.Name, "Comune": t.service.Comune, "Number": t.service.Number, "Channels": t.service.Channels,
		"RulesURL": t.service.RulesURL, "PrivacyURL": t.service.PrivacyURL, "Launch": launchDay(t.service.Launch, now),
		"GivenName": harmless(r.GivenName), "FamilyName": harmless(r.FamilyName), "Residence": harmless(r.Comune),
		"Missing": missing(r),
	}
}

// harmless takes from a personal detail what WhatsApp would format and what would break the line. [Read] leaves none of it; a detail
// that comes from elsewhere may hold it.
func harmless(s string) string {
	words, _ := split(s)
	return field(words)
}

// missing names what r lacks, in Italian with the articles: "il cognome e il Comune di residenza".
func missing(r Request) string {
	var parts []string
	for _, f := range []struct{ value, name string }{
		{r.GivenName, "il nome"}, {r.FamilyName, "il cognome"}, {r.Comune, "il Comune di residenza"},
	} {
		if f.value == "" {
			parts = append(parts, f.name)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	last := len(parts) - 1
	if last == 0 {
		return parts[0]
	}
	return strings.Join(parts[:last], ", ") + " e " + parts[last]
}

// launchDay is the day in Italian, or "" when it has come.
func launchDay(launch, now time.Time) string {
	if launch.IsZero() || !now.Before(launch) {
		return ""
	}
	day := fmt.Sprint(launch.Day())
	if day == "1" {
		day = "1º"
	}
	months := [...]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
		"luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}
	return fmt.Sprintf("%s %s %d", day, months[launch.Month()-1], launch.Year())
}
