package citizen

import (
	"maps"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// Service is what the answers say about the service itself.
type Service struct {
	Name       string
	Comune     string
	Number     string
	Channels   string
	RulesURL   string
	PrivacyURL string
	// RulesVersion names the edition of the published rules. It is part of the [Texts.Wording], and in no answer.
	RulesVersion string
	// Launch is the first day with news; its own time zone decides which day that is. Zero means launched.
	Launch time.Time
	// Hours is for how many hours an unfinished registration waits for its missing details.
	Hours int
	// DeliveriesDays is for how many days it is known who got what. RememberDays is how long a hash of who left is kept so that no restored
	// backup brings them back; 0: none is kept for that.
	DeliveriesDays, RememberDays int
	// Location is where the times in the answers are told; nil means UTC.
	Location *time.Location
}

// Texts words the answers. Every method takes the moment at which the answer is written: the launch date is named only before it has come.
// Safe for concurrent use.
type Texts struct {
	service   Service
	templates Templates
	parsed    map[kind]*template.Template
}

// NewTexts checks the templates, as a citizen would get them from this service. The error is a [TemplateErrors].
func NewTexts(t Templates, s Service) (*Texts, error) {
	texts := &Texts{service: s, templates: t, parsed: map[kind]*template.Template{}}
	wrong := TemplateErrors{}
	for _, form := range forms() {
		parsed, fault := texts.check(form)
		if fault != "" {
			wrong[form.kind.key()] = fault
		}
		texts.parsed[form.kind] = parsed
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return texts, nil
}

func (t *Texts) write(k kind, now time.Time, more fields) string {
	all := t.fields(now)
	maps.Copy(all, more)
	return render(t.parsed[k], all)
}

// fields are the values a template may name.
type fields map[string]string

func (t *Texts) fields(now time.Time) fields {
	return fields{
		"Service": t.service.Name, "Comune": t.service.Comune, "Number": readable(t.service.Number), "Channels": t.service.Channels,
		"RulesURL": t.service.RulesURL, "PrivacyURL": t.service.PrivacyURL,
		"Launch": launchDay(t.service.Launch, now), "Hours": hours(t.service.Hours),
	}
}

// filledIn is the value of a field that is only asked about.
const filledIn = "sì"

// details are the fields about a person. One answer or another has use for each.
func details(r Request) fields {
	f := fields{
		"GivenName": harmless(r.GivenName), "FamilyName": harmless(r.FamilyName), "Residence": harmless(r.Comune), "Missing": missing(r), "Several": "",
	}
	f["Known"] = knownDetails(f["GivenName"], f["FamilyName"], f["Residence"])
	if strings.Contains(f["Missing"], " e ") {
		f["Several"] = filledIn
	}
	return f
}

// knownDetails has a line for each detail that is there: it is read quicker than a sentence, also aloud.
func knownDetails(given, family, residence string) string {
	var b lines
	b.say("Nome", given)
	b.say("Cognome", family)
	b.say("Comune di residenza", residence)
	return strings.TrimSuffix(b.String(), "\n")
}

// unmatchedDays is for how many days a hash of an identity is kept that left while the list may know the person under another.
const unmatchedDays = 90

// kept says for how long what is kept when a registration is not.
func (t *Texts) kept() fields {
	return fields{"Deliveries": dayCount(t.service.DeliveriesDays), "Remember": dayCount(max(t.service.RememberDays, unmatchedDays))}
}

// dayCount is a number of days in Italian: "30 giorni".
func dayCount(n int) string {
	if n == 1 {
		return "un giorno"
	}
	return strconv.Itoa(n) + " giorni"
}

func render(answer *template.Template, f fields) string {
	var b strings.Builder
	// The error is always nil: check lets through known fields that are all texts, and no functions. A test holds it to that.
	_ = answer.Execute(&b, f)
	return strings.TrimSpace(b.String())
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

// hours is a number of hours in Italian: "24 ore".
func hours(n int) string {
	if n == 1 {
		return "un'ora"
	}
	return strconv.Itoa(n) + " ore"
}
