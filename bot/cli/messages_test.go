package cli_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"banditore/bot/cli"
)

var update = flag.Bool("update", false, "write the golden files anew")

// launched gives the configuration a launch date, and with it the previews their dates.
func launched(t *testing.T, edits ...string) string {
	t.Helper()
	return configFile(t, append([]string{"  rules_url", "  launch: 2022-10-15\n  rules_url"}, edits...)...)
}

func previews(t *testing.T, file string) map[string]string {
	t.Helper()
	stdout, stderr, code := command(t, "messages", "--json", "--config", file)
	if code != cli.ExitOK {
		t.Fatalf("code %d: %s", code, stderr)
	}
	texts := map[string]string{}
	if err := json.Unmarshal([]byte(stdout), &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

// Every default answer as a citizen reads it.
func TestMessagesGolden(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("testdata", "messages")
	texts := previews(t, launched(t))
	for name, text := range texts {
		path, got := filepath.Join(dir, name+".golden"), text+"\n"
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
	files, err := filepath.Glob(filepath.Join(dir, "*.golden"))
	if err != nil || len(files) != len(texts) {
		t.Errorf("%d golden files for %d answers (%v)", len(files), len(texts), err)
	}
}

// What a subscriber may get says how to leave; nothing is longer than two screens of a phone, or left without its values. Only what is held on
// somebody, which the law wants whole, may take one more.
func TestMessagesSayHowToLeave(t *testing.T) {
	t.Parallel()
	for _, file := range []string{launched(t), configFile(t), configFile(t, "  rules_url: https://comune.example/regole\n", "", "  privacy_url: https://comune.example/privacy\n", "")} {
		for name, text := range previews(t, file) {
			// An emergency is the moment for nothing else, and a question about details is answered with yes or no.
			elsewhere := slices.ContainsFunc([]string{"goodbye", "not_registered", "dropped", "opt_in", "check", "emergency"}, func(key string) bool {
				return strings.HasPrefix(name, key)
			})
			if !elsewhere && !strings.Contains(text, "*Disattiva Notizie*") {
				t.Errorf("%s does not say how to leave:\n%s", name, text)
			}
			if n := utf8.RuneCountInString(text); n > 1500 && name != "my_data" || n > 2000 || strings.Contains(text, "{{") || strings.Contains(text, "  ") || strings.Contains(text, "\n\n\n") {
				t.Errorf("%s has %d characters and reads\n%s", name, n, text)
			}
		}
	}
}

// For people the answers come in the order in which a citizen meets them, each under its key.
func TestMessagesForPeople(t *testing.T) {
	t.Parallel()
	file := launched(t)
	stdout, stderr, code := command(t, "messages", "--config", file)
	if code != cli.ExitOK || stderr != "" {
		t.Fatalf("code %d: %s", code, stderr)
	}
	var titles []string
	for line := range strings.Lines(stdout) {
		if title, ok := strings.CutPrefix(line, "=== messages."); ok {
			titles = append(titles, strings.TrimSpace(title))
		}
	}
	want := []string{
		"incomplete, when nothing is known yet", "incomplete", "opt_in", "check, about a name", "check, about a Comune", "check, to two people", "dropped",
		"expired, to a part of the details", "expired", "confirmation, before the launch", "confirmation", "confirmation, when it comes late",
		"privacy, sent only without privacy_url", "already, before the launch", "already", "how_to_correct", "corrected", "only_urgent",
		"all_news, before the launch", "all_news", "paused", "choice", "help", "my_data, to a subscriber", "my_data, to somebody who is not on the list",
		"emergency", "in nine languages", "other", "again, the second time", "office, the third time", "call", "unreadable",
		"leaving", "leaving, after a death", "leaving, to a new holder of the number", "in nine languages", "stays", "goodbye", "not_registered",
	}
	for _, key := range []string{"emergency", "leaving"} {
		first := slices.Index(titles, key+", in English")
		if first < 0 || slices.Index(titles, key+", in Chinese") != first+8 {
			t.Fatalf("%s is not there in nine languages: %q", key, titles)
		}
		titles = slices.Replace(titles, first, first+9, "in nine languages")
	}
	if !slices.Equal(titles, want) {
		t.Errorf("got  %q\nwant %q", titles, want)
	}
	for name, text := range previews(t, file) {
		if !strings.Contains(stdout, "\n"+text+"\n") {
			t.Errorf("the text of %s is missing", name)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "data")); !os.IsNotExist(err) {
		t.Error("messages created the data directory")
	}
	unlaunched := slices.Sorted(maps.Keys(previews(t, configFile(t))))
	if slices.ContainsFunc(unlaunched, func(name string) bool { return strings.Contains(name, "launch") }) {
		t.Errorf("without a launch date there are %q", unlaunched)
	}
}

// Whatever is wrong with the answers and with the rest is said at once, by each command, with the key and the remedy.
func TestMessagesAreChecked(t *testing.T) {
	t.Parallel()
	file := configFile(t, "settle: 100ms", "settle: -1s", "log: ",
		"messages: {goodbye: 'Ciao {{.GivenName}}', already: Ciao, opt_in: 'Confermi?', my_data: 'Disattiva Notizie', call: ' '}\nlog: ")
	for _, args := range [][]string{{"check"}, {"run"}, {"messages"}, {"status"}} {
		_, stderr, code := command(t, append(args, "--config", file)...)
		if code != cli.ExitUsage {
			t.Errorf("%s: code %d, want %d", args, code, cli.ExitUsage)
		}
		for _, must := range []string{
			": 6 to correct", "\n  spool.settle: is -1s",
			"\n  messages.goodbye: names the field .GivenName, which it does not have; it has Channels, Comune, ", "; for example: Fatto",
			"\n  messages.already: must always say how to leave, with the words \"Disattiva Notizie\"",
			"\n  messages.opt_in: must always ask for the answer \"SÌ\"; for example: {{.GivenName}}, vuoi",
			"\n  messages.my_data: must always show {{.Held}}", "\n  messages.call: must not be empty; for example: Per le emergenze",
		} {
			if !strings.Contains(stderr, must) {
				t.Errorf("%s does not say %q:\n%s", args, must, stderr)
			}
		}
	}
}

// The third answer names a person, so check does not rest before one can be reached; the service runs.
func TestCheckInsistsOnAPerson(t *testing.T) {
	t.Parallel()
	const good = "il telefono 02 1234 5678 o l'e-mail urp@comune.example"
	for channels, says := range map[string]string{good: "ok       channels", "lo sportello": "PROBLEM  channels       service.channels names neither"} {
		file := configFile(t, good, channels)
		if stdout, _, code := command(t, "check", "--config", file); !strings.Contains(stdout, says) || code != cli.ExitNotPaired {
			t.Errorf("check of %q: code %d\n%s", channels, code, stdout)
		}
		if _, stderr, code := command(t, "messages", "--config", file); code != cli.ExitOK {
			t.Errorf("messages with %q: code %d: %s", channels, code, stderr)
		}
	}
}
