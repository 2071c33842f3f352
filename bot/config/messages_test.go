package config

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"
)

var update = flag.Bool("update", false, "write the golden files anew")

func mustRender(t *testing.T, text string, fields map[string]string) string {
	t.Helper()
	parsed, err := template.New("").Option("missingkey=error").Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := parsed.Execute(&b, fields); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestDefaultAnswersGolden shows every default answer as a citizen reads it, before the launch with both links, and after it without.
func TestDefaultAnswersGolden(t *testing.T) {
	t.Parallel()
	before := map[string]string{
		"Service": "@infoSaronno7", "Comune": "Saronno", "Number": "+393343679575", "Channels": "e-mail e canali del Comune",
		"RulesURL": "https://www.comune.saronno.example/regole", "PrivacyURL": "https://www.comune.saronno.example/privacy",
		"Launch": "15 ottobre 2022", "GivenName": "Mario", "FamilyName": "Rossi", "Residence": "Uboldo", "Missing": "il Comune di residenza",
	}
	after := maps.Clone(before)
	after["Launch"], after["RulesURL"], after["PrivacyURL"] = "", "", ""
	for name, text := range map[string]string{
		"confirmation": confirmation, "already": already, "incomplete": incomplete,
		"goodbye": goodbye, "not_registered": notRegistered, "other": other,
	} {
		got := mustRender(t, text, before) + "\n-----\n" + mustRender(t, text, after) + "\n"
		path := filepath.Join("testdata", "golden", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

// TestDefaultAnswersSayWhatTheyMust names what each answer owes its reader, whoever rewords it.
func TestDefaultAnswersSayWhatTheyMust(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, must string }{
		{confirmation, "{{.Service}} {{.Number}} {{.Channels}} {{.RulesURL}} {{.PrivacyURL}} {{.Launch}} *Disattiva Notizie* rubrica"},
		{already, "{{.Service}} {{.Launch}} *Disattiva Notizie*"},
		{incomplete, "{{.Missing}} *Attiva Notizie"},
		{goodbye, "cancellato *Attiva Notizie*"},
		{notRegistered, "*Attiva Notizie*"},
		{other, "{{.Channels}} *112* *Attiva Notizie* *Disattiva Notizie*"},
	} {
		for must := range strings.FieldsSeq(c.must) {
			if !strings.Contains(c.text, must) {
				t.Errorf("lacks %s: %s", must, c.text)
			}
		}
	}
}

func TestMessagesMayBeReworded(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(messageFields(&Config{})))
	text := "disattiva notizie {{- if .Launch}} {{.Launch}}{{else if .Missing}}x{{else}}y{{end}}"
	for _, name := range names {
		text += " {{ ." + name + " }}"
	}
	c := mustLoad(t, minimal, "BANDITORE_MESSAGES_CONFIRMATION=  "+text+"\n", "BANDITORE_MESSAGES_GOODBYE="+strings.Repeat("é", maxMessage))
	if c.Messages.Confirmation != text {
		t.Errorf("got %q, want %q", c.Messages.Confirmation, text)
	}
}
