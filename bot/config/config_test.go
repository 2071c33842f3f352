package config

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

const minimal = "service: { name: '@infoSaronno7', comune: Saronno, number: '+393343679575' }\n"

func write(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t testing.TB, text string, environ ...string) (Config, error) {
	t.Helper()
	return LoadFrom(Source{Path: write(t, text), Environ: environ})
}

func mustLoad(t testing.TB, text string, environ ...string) Config {
	t.Helper()
	c, err := load(t, text, environ...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustFail(t *testing.T, text string, environ ...string) []Problem {
	t.Helper()
	c, err := load(t, text, environ...)
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("%s: got %v, want an *Error", text, err)
	}
	if !reflect.DeepEqual(c, Config{}) {
		t.Errorf("%s: a refused configuration is not empty", text)
	}
	return e.Problems
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, minimal)
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		File:    c.File,
		Service: Service{Name: "@infoSaronno7", Comune: "Saronno", Number: "+393343679575", Channels: "e-mail e canali del Comune"},
		DataDir: "/var/lib/banditore", SpoolDir: "/srv/banditore",
		Sending: Sending{
			Every: 6 * time.Second, UrgentEvery: time.Second, Window: 32, Hours: "08:00-20:00", Timezone: "Europe/Rome", Location: rome, Holdback: 2 * time.Minute, Grace: 10 * time.Second,
		},
		Spool:   Spool{Settle: 3 * time.Second, Scan: 10 * time.Second},
		Answers: Answers{PerPersonHour: 20, PerMinute: 600},
		Forget:  Forget{IncompleteHours: 24, DeliveriesDays: 30, RememberDays: 90},
		Messages: Messages{confirmation, privacy, already, incomplete, optIn, checkDetails, dropped, expired, howToCorrect, corrected, leaving, stays, goodbye,
			notRegistered, onlyUrgent, allNews, paused, choice, help, myData, emergency, other, again, office, call, unreadable},
		Log: Log{Level: slog.LevelInfo, Format: "text"},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v\nwant %+v", c, want)
	}
}

// TestExample holds config.example.yaml to what it says: every key, and its default.
func TestExample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got := mustLoad(t, string(text))
	want := mustLoad(t, minimal)
	want.File = got.File
	want.Service.Channels = "il telefono 02 1234 5678 o l'e-mail urp@comune.saronno.example"
	want.Service.RulesURL = "https://www.comune.saronno.example/infosaronno7/regole"
	want.Service.PrivacyURL = "https://www.comune.saronno.example/infosaronno7/privacy"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	for _, k := range allKeys() {
		group, name, nested := strings.Cut(k.name, ".")
		line := "\n" + group + ":"
		if nested {
			line = "\n  " + name + ":"
		}
		if !strings.Contains(string(text), line) {
			t.Errorf("config.example.yaml lacks %s", k.name)
		}
	}
}

// TestEveryFieldHasAKey walks the struct, so that a new setting cannot be left without default, example and bounds.
func TestEveryFieldHasAKey(t *testing.T) {
	t.Parallel()
	var names []string
	for _, k := range allKeys() {
		names = append(names, k.name)
	}
	var tagged []string
	var walk func(reflect.Type, string)
	walk = func(s reflect.Type, prefix string) {
		for f := range s.Fields() {
			tag := f.Tag.Get("mapstructure")
			switch {
			case tag == "-":
			case f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[time.Time]() && f.Type != reflect.TypeFor[Days]():
				walk(f.Type, tag+".")
			default:
				tagged = append(tagged, prefix+tag)
			}
		}
	}
	walk(reflect.TypeFor[Config](), "")
	if !reflect.DeepEqual(tagged, names) {
		t.Errorf("fields %v\n  keys %v", tagged, names)
	}
}

// TestExamplesAreRight sets every key to the example its error message gives.
func TestExamplesAreRight(t *testing.T) {
	t.Parallel()
	for _, k := range allKeys() {
		if strings.HasPrefix(k.name, "messages.") {
			continue // the first line of the default, which need not be a whole answer
		}
		if _, err := load(t, minimal, k.env()+"="+strings.Trim(k.example, `"[]`)); err != nil {
			t.Errorf("%s: the example %s is refused: %v", k.name, k.example, err)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, minimal+"sending: { every: 9s }\n",
		"BANDITORE_SENDING_EVERY=250ms", "BANDITORE_SENDING_URGENT_EVERY=", "BANDITORE_SENDING_DAILY_LIMIT=40", "BANDITORE_DATA_DIR=/tmp/a",
		"BANDITORE_SENDING_PREVIEW=+39 333 1234567, +393331234568,+393331234567", "BANDITORE_SERVICE_LAUNCH=2022-10-15",
		"BANDITORE_LOG_LEVEL=debug", "BANDITORE_LOG_FORMAT=json", "BANDITORE_SENDING_HOURS=22:00-06:00", "BANDITORE_SENDING_TIMEZONE=America/New_York",
		"BANDITORE_TEST_PROCESS=1", "PATH=/bin", "BANDITORE_SERVICE_RULES_URL=http://x.example/")
	if c.Sending.Every != 250*time.Millisecond || c.Sending.UrgentEvery != time.Second || c.Sending.DailyLimit != 40 || c.DataDir != "/tmp/a" ||
		c.Log != (Log{slog.LevelDebug, "json"}) || c.Sending.Hours != "22:00-06:00" || c.Service.RulesURL != "http://x.example/" {
		t.Errorf("got %+v", c)
	}
	if want := []string{"+393331234567", "+393331234568"}; !reflect.DeepEqual(c.Sending.Preview, want) {
		t.Errorf("got %v, want %v", c.Sending.Preview, want)
	}
	if want := time.Date(2022, 10, 15, 4, 0, 0, 0, time.UTC); !c.Service.Launch.Equal(want) {
		t.Errorf("got launch %v, want midnight in New York, %v", c.Service.Launch, want)
	}
}

func TestWritings(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, "\ufeffservice:\n  name: ' @x '\n  comune: Cantù\n  number: '+39 334 367 9575'\n  launch: 2022-10-15\nDATA_DIR: data\nsending.every: 0s\n"+
		"sending:\n  urgent_every: 0s\n  grace: 0s\n  holdback: 24h\n  preview:\n    - '+39 333 1234567'\nspool: { settle: 0s, scan: 0s }\n")
	working, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if c.Service.Name != "@x" || c.Service.Number != "+393343679575" || c.DataDir != filepath.Join(working, "data") || c.Sending.Every != 0 ||
		c.Sending.UrgentEvery != 0 || c.Sending.Grace != 0 || c.Sending.Holdback != 24*time.Hour || c.Spool != (Spool{}) ||
		c.Service.Launch.Format(time.RFC3339) != "2022-10-15T00:00:00+02:00" || !reflect.DeepEqual(c.Sending.Preview, []string{"+393331234567"}) {
		t.Errorf("got %+v", c)
	}
}

func TestWhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first.yaml"), filepath.Join(dir, "second.yaml")
	s := Source{Search: []string{first, second}}
	_, err := LoadFrom(s)
	if e, ok := errors.AsType[*NotFoundError](err); !ok || !reflect.DeepEqual(e.Tried, s.Search) || !errors.Is(err, fs.ErrNotExist) ||
		!strings.Contains(err.Error(), first+" and "+second) {
		t.Errorf("nothing there: got %v", err)
	}
	for _, path := range []string{second, first} {
		if err := os.WriteFile(path, []byte(minimal), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := LoadFrom(s); err != nil || c.File != path {
			t.Errorf("got %q and %v, want %q", c.File, err, path)
		}
	}
	if _, err := LoadFrom(Source{Path: filepath.Join(dir, "third.yaml"), Search: s.Search}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a named file that is missing: got %v, must not fall back", err)
	}
	if _, err := LoadFrom(Source{Search: []string{dir, first}}); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("a folder: got %v, must not fall back", err)
	}
	if _, err := load(t, strings.Repeat("#", maxFile+1)); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a huge file: got %v", err)
	}
}

// TestBareNumbers: YAML takes +39… without quotes for a number and drops the plus sign.
func TestBareNumbers(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, "service: {name: x, comune: Saronno, number: +393343679575}\nsending: {preview: [+393331234567, '+393331234568']}\n")
	if c.Service.Number != "+393343679575" {
		t.Errorf("got number %q", c.Service.Number)
	}
	if want := []string{"+393331234567", "+393331234568"}; !slices.Equal(c.Sending.Preview, want) {
		t.Errorf("got preview %q, want %q", c.Sending.Preview, want)
	}
}
