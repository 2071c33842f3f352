package citizen

import (
	"maps"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// Templates are the answers as the configuration holds them. The language is text/template reduced to {{.Field}}, {{if .Field}}, {{else}} and
// {{end}}. Every answer knows the fields Service, Comune (whose service it is), Number, Channels, RulesURL, PrivacyURL, Launch and Hours; those
// to a citizen whose details we read know GivenName, FamilyName and Residence (his Comune) too; Confirmation also Late, Incomplete also Missing,
// MyData only Held.
type Templates struct {
	Confirmation  string
	Already       string
	Incomplete    string
	OptIn         string
	Goodbye       string
	NotRegistered string
	Help          string
	MyData        string
	Other         string
	Call          string
	Unreadable    string
}

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

// Confirmation answers a citizen who is now a subscriber. late is when he wrote, if the answer comes a day or more after it, and else zero.
func (t *Texts) Confirmation(now time.Time, r Request, late time.Time) string {
	more := details(r)
	more["Late"] = ""
	if !late.IsZero() {
		more["Late"] = t.lateDay(late, now)
	}
	return t.write(confirmation, now, more)
}

// Already answers a subscriber who subscribes again, with the details he has from now on.
func (t *Texts) Already(now time.Time, r Request) string { return t.write(already, now, details(r)) }

// Incomplete asks for the personal details that r lacks.
func (t *Texts) Incomplete(now time.Time, r Request) string {
	return t.write(incomplete, now, details(r))
}

// OptIn asks whether the citizen with these details wants to be registered.
func (t *Texts) OptIn(now time.Time, r Request) string { return t.write(optIn, now, details(r)) }

// Goodbye answers a subscriber who has left. It holds no personal detail.
func (t *Texts) Goodbye(now time.Time) string { return t.write(goodbye, now, nil) }

// NotRegistered answers somebody who wants to leave and was never here.
func (t *Texts) NotRegistered(now time.Time) string { return t.write(notRegistered, now, nil) }

// Help answers who asks how the service works.
func (t *Texts) Help(now time.Time) string { return t.write(help, now, nil) }

// MyData answers who asks what we hold on him. h is as it was before this answer, which is counted among those in it; so is the request. Exact
// words that are too long for an answer are shown in part, and it says so.
func (t *Texts) MyData(now time.Time, h Held) string {
	h.Answers++
	h.Handled = max(h.Handled, 1)
	return t.write(myData, now, fields{"Held": t.HeldText(h.brief())})
}

// Other answers everything else.
func (t *Texts) Other(now time.Time) string { return t.write(other, now, nil) }

// Call answers a call, which nobody takes.
func (t *Texts) Call(now time.Time) string { return t.write(call, now, nil) }

// Unreadable answers a message that could not be decrypted.
func (t *Texts) Unreadable(now time.Time) string { return t.write(unreadable, now, nil) }

func (t *Texts) write(k kind, now time.Time, more fields) string {
	all := t.fields(now)
	maps.Copy(all, more)
	return render(t.parsed[k], all)
}

// fields are the values a template may name.
type fields map[string]string

func (t *Texts) fields(now time.Time) fields {
	return fields{
		"Service": t.service.Name, "Comune": t.service.Comune, "Number": t.service.Number, "Channels": t.service.Channels,
		"RulesURL": t.service.RulesURL, "PrivacyURL": t.service.PrivacyURL,
		"Launch": launchDay(t.service.Launch, now), "Hours": hours(t.service.Hours),
	}
}

func details(r Request) fields {
	return fields{
		"GivenName": harmless(r.GivenName), "FamilyName": harmless(r.FamilyName), "Residence": harmless(r.Comune), "Missing": missing(r),
	}
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
