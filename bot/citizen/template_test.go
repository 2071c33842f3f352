package citizen

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"text/template"
	"time"
	"unicode/utf8"
)

func TestNewTextsRefuses(t *testing.T) {
	t.Parallel()
	const way = "Disattiva Notizie"
	for _, c := range []struct {
		change func(*Templates)
		key    string
		want   string
	}{
		{func(t *Templates) { t.Goodbye = "" }, "goodbye", "must not be empty"},
		{func(t *Templates) { t.Goodbye = " *_~ \n" }, "goodbye", "must not be empty"},
		{func(t *Templates) { t.Goodbye = "{{if .Launch}}x{{end}}" }, "goodbye", "must not be empty"},
		{func(t *Templates) { t.Goodbye = "a\x1b[2J" }, "goodbye", "must not hold control characters"},
		{func(t *Templates) { t.Goodbye = "a\xff" }, "goodbye", "must not hold control characters"},
		{func(t *Templates) { t.Goodbye = "{{.GivenNam}}" }, "goodbye", "names the field .GivenNam, which it does not have; it has Channels, Comune, Hours, Launch, Number,"},
		{func(t *Templates) { t.Goodbye = "Ciao {{.GivenName}}" }, "goodbye", "names the field .GivenName, which it does not have"},
		{func(t *Templates) { t.Already = way + "{{.Held}}" }, "already", "names the field .Held"},
		{func(t *Templates) { t.Goodbye = "{{if .Launch}}{{.Later}}{{end}}" }, "goodbye", "names the field .Later"},
		{func(t *Templates) { t.Goodbye = "{{range 1000000000}}{{end}}" }, "goodbye", "may use only {{.Field}}, {{if .Field}}, {{else}} and {{end}}"},
		{func(t *Templates) { t.Goodbye = `{{printf "%999999d" 1}}` }, "goodbye", "may use only"},
		{func(t *Templates) { t.Goodbye = `{{slice .Comune 9}}` }, "goodbye", "may use only"},
		{func(t *Templates) { t.Goodbye = "{{.Comune.Foo}}" }, "goodbye", "may use only"},
		{func(t *Templates) { t.Goodbye = "{{.Launch" }, "goodbye", "may use only"},
		{func(t *Templates) { t.Goodbye = `{{define "x"}}{{template "x"}}{{end}}` }, "goodbye", "may use only"},
		{func(t *Templates) { t.Goodbye = "{{if .Launch}}" }, "goodbye", "is not a valid template"},
		{func(t *Templates) { t.Goodbye = "{{end}}" }, "goodbye", "is not a valid template"},
		{func(t *Templates) { t.Goodbye = strings.Repeat("é", 4097) }, "goodbye", "has up to 4097 characters with the longest names, at most 4096 are allowed"},
		{func(t *Templates) { t.Goodbye = strings.Repeat("a", 100_000) }, "goodbye", "has 100000 characters"},
		{func(t *Templates) { t.OptIn = "sì" + strings.Repeat("{{.GivenName}}", 69) }, "opt_in", "has up to 4142 characters"},
		{func(t *Templates) {
			t.OptIn = "sì{{if .Launch}}{{else}}" + strings.Repeat("{{.GivenName}}", 69) + "{{end}}"
		}, "opt_in", "has up to 4142 characters"},
		{func(t *Templates) { t.MyData = "{{.Held}}{{.Held}}{{.Held}} " + way }, "my_data", "has up to "},
		{func(t *Templates) { t.MyData = way }, "my_data", "must always show {{.Held}}"},
		{func(t *Templates) { t.Check = "{{.GivenName}} {{.Residence}} sì" }, "check", "must always show {{.FamilyName}}"},
		{func(t *Templates) { t.Check = "{{.Known}}" }, "check", `must always ask for the answer "SÌ"`},
		{func(t *Templates) { t.Check = "{{.Known}}{{if .Unknown}} Sì?{{end}}" }, "check", `must always ask for the answer "SÌ"`},
		{func(t *Templates) { t.Leaving = way }, "leaving", `must always ask for the answer "SÌ"`},
		{func(t *Templates) { t.Leaving = "Sì?" }, "leaving", "must always say how to leave"},
		{func(t *Templates) { t.Leaving = "Sì?{{if .Bereaved}}Ciao{{else}}" + way + "{{end}}" }, "leaving", "must always say how to leave"},
		{func(t *Templates) { t.Emergency = "Chiama il 112" }, "emergency", "must begin with 112"},
		{func(t *Templates) { t.Emergency = "112" + strings.Repeat("a", 4000) }, "emergency", "has 4003 characters, at most 3905 are allowed"},
		{func(t *Templates) { t.Paused = way }, "paused", "must always show {{.Until}}"},
		{func(t *Templates) { t.Office = way }, "office", "must always show {{.Channels}}"},
		{func(t *Templates) { t.Privacy = way + "{{.Comune}}" }, "privacy", "must always show {{.Channels}}"},
		{func(t *Templates) { t.Already = way + "{{.Missing}}" }, "already", "names the field .Missing"},
		{func(t *Templates) { t.MyData = way + "{{if .Launch}}{{.Held}}{{end}}" }, "my_data", "must always show {{.Held}}"},
		{func(t *Templates) { t.OptIn = "Così si fa" }, "opt_in", `must always ask for the answer "SÌ"`},
		{func(t *Templates) { t.Confirmation = "Ciao" }, "confirmation", `must always say how to leave, with the words "Disattiva Notizie"`},
		{func(t *Templates) { t.Confirmation = "{{if .Late}}" + way + "{{else}}x{{end}}" }, "confirmation", "must always say how to leave"},
		{func(t *Templates) { t.Confirmation = "{{if .GivenName}}" + way + "{{else}}x{{end}}" }, "confirmation", "must always say how to leave"},
		{func(t *Templates) { t.Already = "Ciao" }, "already", "must always say how to leave"},
		{func(t *Templates) { t.Incomplete = "Ciao" }, "incomplete", "must always say how to leave"},
		{func(t *Templates) { t.Help = "Ciao" }, "help", "must always say how to leave"},
		{func(t *Templates) { t.MyData = "{{.Held}}" }, "my_data", "must always say how to leave"},
		{func(t *Templates) { t.Other = "Ciao" }, "other", "must always say how to leave"},
		{func(t *Templates) { t.Other = "{{if .Launch}}" + way + "{{else}}x{{end}}" }, "other", "must always say how to leave"},
		{func(t *Templates) { t.Call = "Ciao" }, "call", "must always say how to leave"},
		{func(t *Templates) { t.Unreadable = "Ciao" }, "unreadable", "must always say how to leave"},
	} {
		bad := templates()
		c.change(&bad)
		_, err := NewTexts(bad, saronno())
		wrong, _ := errors.AsType[TemplateErrors](err)
		if got := wrong["messages."+c.key]; len(wrong) != 1 || !strings.HasPrefix(got, c.want) {
			t.Errorf("%+v\n got %v\nwant messages.%s: %s…", bad, err, c.key, c.want)
		}
	}
}

func TestNewTextsReportsAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := NewTexts(Templates{}, saronno())
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(forms()) || lines[0] != "messages.again: must not be empty" {
		t.Errorf("got %v", err)
	}
}

func TestNewTextsAccepts(t *testing.T) {
	t.Parallel()
	odd := templates()
	odd.Confirmation = "*Disattiva*\n_NOTIZIE_ {{- if .Launch}} {{ .Launch -}} {{else if .Late}}x{{else}}y{{end}}"
	odd.OptIn = "Scrivi *Si\u0300*!"
	odd.Check = "{{.Known}} sì"
	odd.Goodbye = strings.Repeat("é", MaxAnswer)
	odd.Other = "`Disattiva` Notizie"
	odd.Help = "👩‍👧 Disattiva Notizie"
	mustNewTexts(t, odd, saronno())
}

// seeds are the default answers, as config.example.yaml shows them.
func seeds(f *testing.F) (texts []string) {
	f.Helper()
	example, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	_, messages, _ := strings.Cut(string(example), "\nmessages:\n")
	for block := range strings.SplitSeq(messages, ": |\n") {
		var b strings.Builder
		for line := range strings.Lines(block) {
			if text, ok := strings.CutPrefix(line, "    "); ok || line == "\n" {
				b.WriteString(text)
				continue
			}
			break
		}
		if text := strings.TrimSpace(b.String()); text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) != len(forms()) {
		f.Fatalf("found %d answers in config.example.yaml, want %d", len(texts), len(forms()))
	}
	return texts
}

// FuzzTemplate shows that any text is either refused or always gives an answer, of a bounded size and with the way out, whatever is known of the
// citizen and whatever he calls himself.
func FuzzTemplate(f *testing.F) {
	texts := append(seeds(f),
		"{{- if .Launch -}}x{{else if .Missing}}y{{else}}{{.Other}}{{end}}", "{{/* a */}}{{.GivenName", "Disattiva Notizie {{.Held}} sì{{.Late}}", "{{if .Held}}{{end}}",
		strings.Repeat("{{if .Launch}}", 500)+strings.Repeat("{{end}}", 500)+"disattiva notizie", "{{.Held}}\xff", "{{else}}", "disattiva notizie{{\n.Comune\t}}",
	)
	for i, text := range texts {
		f.Add(text, []string{"Mario", "{{", "*\n_", "\u202e\xff"}[i%4], strings.Repeat("però ", i*200))
	}
	f.Fuzz(func(t *testing.T, text, name, words string) {
		all := &Texts{service: saronno()}
		for i := range reflect.TypeFor[Templates]().NumField() {
			reflect.ValueOf(&all.templates).Elem().Field(i).SetString(text)
		}
		all.parsed = map[kind]*template.Template{}
		for _, form := range forms() {
			parsed, wrong := all.check(form)
			if (parsed == nil) != (wrong != "") {
				t.Fatalf("%s: %q is neither accepted nor refused", form.kind, text)
			}
			if parsed == nil {
				continue
			}
			all.parsed[form.kind] = parsed
			for _, got := range everyWay(all, form, name, words) {
				if n := utf8.RuneCountInString(got); n == 0 || n > MaxAnswer || strings.Contains(got, "<no value>") != strings.Contains(text, "<no value>") {
					t.Errorf("%s: %q was accepted and gives %d characters", form.kind, text, n)
				}
				if form.shows = ""; form.owes(got, nil) != "" && !form.danger {
					t.Errorf("%s: %q was accepted and gives %q", form.kind, text, got)
				}
			}
		}
	})
}

// everyWay is an answer before and after the launch, with everything known and with nothing.
func everyWay(t *Texts, f form, name, words string) (list []string) {
	person := Request{GivenName: name, FamilyName: name, Comune: name}
	held := Held{
		Number: name, LID: name, Subscribed: true, GivenName: name, FamilyName: name, Comune: name, Words: words, MessageID: words, Wording: words, Source: words,
	}
	for _, now := range []time.Time{t.service.Launch.Add(-time.Hour), t.service.Launch.Add(time.Hour)} {
		for _, r := range []Request{{}, person, {GivenName: name, FamilyName: name, Comune: name, Doubt: DoubtComune, Tact: Bereaved, Tongue: Arabic}} {
			list = append(list, map[kind]func() string{
				kindConfirmation:  func() string { return t.Confirmation(now, r, time.Time{}) },
				kindPrivacy:       func() string { return t.write(kindPrivacy, now, t.kept()) },
				kindAlready:       func() string { return t.Already(now, r) },
				kindIncomplete:    func() string { return t.Incomplete(now, r) },
				kindOptIn:         func() string { return t.OptIn(now, r) },
				kindCheck:         func() string { return t.Check(now, r) },
				kindDropped:       func() string { return t.Dropped(now) },
				kindExpired:       func() string { return t.Expired(now, r) },
				kindHowToCorrect:  func() string { return t.HowToCorrect(now, r) },
				kindCorrected:     func() string { return t.Corrected(now, r) },
				kindLeaving:       func() string { return t.AskLeave(now, r) },
				kindStays:         func() string { return t.Stays(now) },
				kindGoodbye:       func() string { return t.Goodbye(now) },
				kindNotRegistered: func() string { return t.NotRegistered(now) },
				kindOnlyUrgent:    func() string { return t.OnlyUrgent(now) },
				kindAllNews:       func() string { return t.AllNews(now) },
				kindPaused:        func() string { return t.Paused(now, now) },
				kindChoice:        func() string { return t.Choice(now) },
				kindHelp:          func() string { return t.Help(now) },
				kindMyData:        func() string { return t.MyData(now, held) },
				kindEmergency:     func() string { return t.Emergency(now, r) },
				kindOther:         func() string { return t.Other(now) },
				kindAgain:         func() string { return t.Again(now) },
				kindOffice:        func() string { return t.Office(now) },
				kindCall:          func() string { return t.Call(now) },
				kindUnreadable:    func() string { return t.Unreadable(now) },
			}[f.kind]())
		}
	}
	if f.kind == kindConfirmation {
		list = append(list, t.Confirmation(t.service.Launch, person, t.service.Launch))
	}
	if f.kind == kindMyData {
		list = append(list, t.MyData(t.service.Launch, Held{}))
	}
	return list
}
