package citizen

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

func saronno() Service {
	return Service{
		Name: "@infoSaronno7", Comune: "Saronno", Number: "+393343679575", Channels: "e-mail e canali del Comune",
		RulesURL: "https://www.comune.saronno.example/regole", PrivacyURL: "https://www.comune.saronno.example/privacy",
		Launch: time.Date(2022, time.October, 1, 0, 0, 0, 0, time.UTC),
	}
}

// everyField names each field once, so that a golden file shows what each answer can know.
const everyField = `{{.Service}}|{{.Comune}}|{{.Number}}|{{.Channels}}|{{.RulesURL}}|{{.PrivacyURL}}|{{if .Launch}}dal {{.Launch}}{{else}}già attivo{{end}}|` +
	`{{.GivenName}}|{{.FamilyName}}|{{.Residence}}|{{.Missing}}`

func templates() Templates {
	return Templates{
		Confirmation: "confirmation|" + everyField, Already: "already|" + everyField, Incomplete: "incomplete|" + everyField,
		Goodbye: "goodbye|" + everyField, NotRegistered: "not_registered|" + everyField, Other: "other|" + everyField,
	}
}

func mustNewTexts(t *testing.T, templates Templates, s Service) *Texts {
	t.Helper()
	texts, err := NewTexts(templates, s)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestAnswersGolden(t *testing.T) {
	t.Parallel()
	texts := mustNewTexts(t, templates(), saronno())
	before := saronno().Launch.Add(-time.Second)
	mario := Request{Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Uboldo"}
	for name, got := range map[string]string{
		"confirmation":        texts.Confirmation(before, mario, time.Time{}),
		"confirmation_launch": texts.Confirmation(saronno().Launch, mario, time.Time{}),
		"already":             texts.Already(before, mario),
		"incomplete":          texts.Incomplete(before, Request{Intent: Incomplete, GivenName: "Mario"}),
		"goodbye":             texts.Goodbye(before),
		"not_registered":      texts.NotRegistered(before),
		"other":               texts.Other(before),
	} {
		path := filepath.Join("testdata", "golden", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got+"\n" != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestLaunchDay(t *testing.T) {
	t.Parallel()
	rome := time.FixedZone("Rome", 2*60*60)
	launch := time.Date(2022, time.October, 15, 0, 0, 0, 0, rome)
	for _, c := range []struct {
		launch, now time.Time
		want        string
	}{
		{launch, launch.Add(-time.Nanosecond), "15 ottobre 2022"},
		{launch, launch, ""},
		{launch, launch.Add(-time.Nanosecond).UTC(), "15 ottobre 2022"},
		{launch.AddDate(0, -2, -14), launch.AddDate(-1, 0, 0), "1º agosto 2022"},
		{time.Time{}, launch, ""},
	} {
		if got := launchDay(c.launch, c.now); got != c.want {
			t.Errorf("launchDay(%v, %v): got %q, want %q", c.launch, c.now, got, c.want)
		}
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]Request{
		"il nome, il cognome e il Comune di residenza": {},
		"il cognome e il Comune di residenza":          {GivenName: "Mario"},
		"il Comune di residenza":                       {GivenName: "Mario", FamilyName: "Rossi"},
		"":                                             {GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
	} {
		if got := missing(r); got != want {
			t.Errorf("missing(%+v): got %q, want %q", r, got, want)
		}
	}
}

func TestNewTextsRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                      "messages.other: is empty",
		"{{.GivenNam}}":                         "messages.other: unknown field .GivenNam",
		"{{if .Launch}}{{.Later}}{{end}}":       "messages.other: unknown field .Later",
		"{{range 1000000000}}{{end}}":           "messages.other: only",
		`{{printf "%999999d" 1}}`:               "messages.other: only",
		`{{slice .GivenName 9}}`:                "messages.other: only",
		"{{.GivenName.Foo}}":                    "messages.other: only",
		"{{if .Launch}}":                        "messages.other: template",
		"{{end}}":                               "messages.other: template",
		`{{define "x"}}{{template "x"}}{{end}}`: "messages.other: only",
	} {
		bad := templates()
		bad.Other = text
		if _, err := NewTexts(bad, saronno()); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("NewTexts(%q): got %v, want %s…", text, err, want)
		}
	}
	_, err := NewTexts(Templates{}, saronno())
	if got := strings.Count(err.Error(), "is empty"); got != 6 {
		t.Errorf("six empty templates: got %v", err)
	}
}

// TestG9_ANameChangesNothingButItself hands over details as no Read would make them.
func TestG9_ANameChangesNothingButItself(t *testing.T) {
	t.Parallel()
	bad := templates()
	bad.Confirmation = "*Grazie* {{.GivenName}}, {{.FamilyName}} di {{.Residence}}."
	texts := mustNewTexts(t, bad, saronno())
	got := texts.Confirmation(time.Now(), Request{Intent: Subscribe, GivenName: "*{{.Number}}*\n", FamilyName: "_Rossi_\u202e~`x`", Comune: strings.Repeat("a", 500)})
	if want := "*Grazie* Number, Rossi x di " + strings.Repeat("a", MaxField) + "."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzNewTexts shows that a template which is accepted cannot fail, whatever is known and whatever is not.
func FuzzNewTexts(f *testing.F) {
	f.Add(everyField, "Mario")
	f.Add("{{- if .Launch -}}x{{else if .Missing}}y{{else}}{{.Other}}{{end}}", "{{")
	f.Add("{{/* a */}}{{.GivenName", "*")
	f.Fuzz(func(t *testing.T, text, name string) {
		accepted, err := parse(text)
		if err != nil {
			return
		}
		texts := &Texts{service: saronno()}
		for _, r := range []Request{{}, {GivenName: name, FamilyName: name, Comune: name}} {
			var b strings.Builder
			if err := accepted.Execute(&b, texts.fields(time.Time{}, r)); err != nil {
				t.Errorf("%q was accepted and fails: %v", text, err)
			}
			if strings.Contains(b.String(), "<no value>") {
				t.Errorf("%q was accepted and names what is not there", text)
			}
		}
	})
}
