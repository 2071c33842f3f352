package citizen

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

func saronno() Service {
	return Service{
		Name: "@infoSaronno7", Comune: "Saronno", Number: "+393343679575", Channels: "e-mail e canali del Comune",
		RulesURL: "https://www.comune.saronno.example/regole", PrivacyURL: "https://www.comune.saronno.example/privacy",
		RulesVersion: "2022-10", Launch: time.Date(2022, time.October, 1, 0, 0, 0, 0, time.UTC), Hours: 24, DeliveriesDays: 30,
	}
}

// templates are the least that is accepted.
func templates() Templates {
	const way = "Disattiva Notizie"
	return Templates{
		Confirmation: way, Privacy: "{{.Comune}} {{.Channels}} " + way, Already: way, Incomplete: way, OptIn: "sì",
		Check: "{{.GivenName}} {{.FamilyName}} {{.Residence}} sì", Dropped: "a", Expired: way, HowToCorrect: way, Corrected: way,
		Leaving: "sì " + way, Stays: way, Goodbye: "a", NotRegistered: "a", OnlyUrgent: way, AllNews: way, Paused: "{{.Until}} " + way, Choice: way,
		Help: way, MyData: "{{.Held}} " + way, Emergency: "112", Other: way, Again: way, Office: "{{.Channels}} " + way, Call: way, Unreadable: way,
	}
}

func mustNewTexts(t testing.TB, templates Templates, s Service) *Texts {
	t.Helper()
	texts, err := NewTexts(templates, s)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// golden holds got to the file, or writes the file anew.
func golden(t *testing.T, path, got string) {
	t.Helper()
	got += "\n"
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
		t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
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

func TestLateDay(t *testing.T) {
	t.Parallel()
	s := saronno()
	s.Location = time.FixedZone("Rome", 60*60)
	texts := mustNewTexts(t, templates(), s)
	now := time.Date(2026, time.December, 31, 23, 30, 0, 0, time.UTC) // 2027 in Italy
	for want, late := range map[string]time.Time{
		"31 dicembre 2026": now.Add(-time.Hour),
		"1º gennaio":       now.Add(-time.Minute),
	} {
		if got := texts.lateDay(late, now); got != want {
			t.Errorf("lateDay(%v): got %q, want %q", late, got, want)
		}
	}
}

// TestG9_ANameChangesNothingButItself hands over details as no Reader would make them.
func TestG9_ANameChangesNothingButItself(t *testing.T) {
	t.Parallel()
	odd := templates()
	odd.Confirmation = "*Grazie* {{.GivenName}}, {{.FamilyName}} di {{.Residence}}. Disattiva Notizie"
	texts := mustNewTexts(t, odd, saronno())
	got := texts.Confirmation(time.Now(),
		Request{Intent: Subscribe, GivenName: "*{{.Number}}*\n", FamilyName: "_D`Angelo\u202e~\u2028x", Comune: strings.Repeat("a", 500)}, time.Time{})
	if want := "*Grazie* {{.Number}}, D'Angelo x di " + strings.Repeat("a", MaxField) + ". Disattiva Notizie"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWording(t *testing.T) {
	t.Parallel()
	texts := mustNewTexts(t, templates(), saronno())
	version, text := texts.Wording()
	golden(t, filepath.Join("testdata", "wording.golden"), version+"\n"+text)

	seen := map[string]bool{version: true}
	differs := func(what string, templates Templates, s Service) {
		v, _ := mustNewTexts(t, templates, s).Wording()
		if seen[v] {
			t.Errorf("another %s has the version of something else", what)
		}
		seen[v] = true
	}
	for i := range reflect.TypeFor[Templates]().NumField() {
		changed := templates()
		field := reflect.ValueOf(&changed).Elem().Field(i)
		field.SetString(field.String() + ".")
		differs(reflect.TypeFor[Templates]().Field(i).Name, changed, saronno())
	}
	for i := range reflect.TypeFor[Service]().NumField() {
		s := saronno()
		switch field := reflect.ValueOf(&s).Elem().Field(i).Addr().Interface().(type) {
		case *string:
			*field += "x"
		case *int:
			*field++
		case *time.Time:
			*field = field.AddDate(0, 0, 1)
		case **time.Location: // says how it is told, not what
			continue
		}
		differs(reflect.TypeFor[Service]().Field(i).Name, templates(), s)
	}
}
