package cli

import (
	"strings"
	"testing"
)

// Whoever mistypes is told what was meant, in one line, and where more is.
func TestHints(t *testing.T) {
	t.Parallel()
	for line, wants := range map[string][]string{
		"rum":                                  {`unknown command "rum"; did you mean ` + "`banditore run`?", "`banditore --help` shows"},
		"stat":                                 {"`banditore status`"},
		"announcements shwo festa":             {`unknown command "announcements shwo"; did you mean ` + "`banditore announcements show`?", "`banditore announcements --help` shows"},
		"hold festa":                           {"did you mean `banditore announcements hold`?"},
		"export":                               {"did you mean `banditore subscribers export`?"},
		"list":                                 {"`banditore announcements list` or `banditore subscribers list`"},
		"passkey":                              {"did you mean `banditore help passkey`?"},
		"subscribers ersae +393331234567":      {"did you mean `banditore subscribers erase`?"},
		"subscribers count +393331234567":      {"banditore subscribers count takes no arguments"},
		"subscribers +393331234567":            {"subscribers has no such command"},
		"subscribers show +393331234567 39 40": {"takes one number or code"},
		"help corections":                      {"did you mean `banditore help corrections`?"},
		"help anouncements":                    {"did you mean `banditore help announcements`"},
		"help exit":                            {"`banditore help exit-codes`"},
		"messages now":                         {"banditore messages takes no arguments", `"now"`},
		"status --jsno":                        {"unknown flag: --jsno; did you mean `--json`?", "`banditore status --help` shows"},
		"status -json":                         {"unknown flag: -json; did you mean `--json`?"},
		"pair --rehearsal":                     {"did you mean `--rehearse`?"},
		"pair --png":                           {"--png needs a value: --png FILE"},
		"pair --png a.png --code":              {"choose one"},
		"status --json=yes":                    {"--json takes no value: leave out =yes"},
		"backup":                               {"banditore backup needs FILE, for example:\n  banditore backup /"},
		"announcements show allerta meteo":     {"stands in quotes"},
		"announcements hold festa --all":       {"not both"},
		"subscribers import a.csv b.csv":       {"takes one FILE.csv"},
		"subscribers export --otput /tmp/a":    {"did you mean `--output`?"},
		"man":                                  {"banditore man needs DIR, for example:\n  banditore man /usr/local/share/man"},
		"status --config /nowhere/at/all/banditore.yaml": {"/nowhere/at/all/banditore.yaml"},
	} {
		stdout, stderr, code := typedIn(t, strings.Fields(line)...)
		if code != ExitUsage || stdout != "" {
			t.Errorf("%s: code %d, prints %q", line, code, stdout)
		}
		for _, want := range wants {
			if !strings.Contains(stderr, want) {
				t.Errorf("%s: no %q in\n%s", line, want, stderr)
			}
		}
		if strings.Contains(line, "subscribers") && strings.Contains(stderr, "+39") {
			t.Errorf("%s: a number is repeated:\n%s", line, stderr)
		}
	}
}

// What is far from everything is not guessed at.
func TestNoFarFetchedHint(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"xyzzyx", "announcements xyzzyx", "help xyzzyx", "status --xyzzyx"} {
		if _, stderr, code := typedIn(t, strings.Fields(line)...); code != ExitUsage || strings.Contains(stderr, "did you mean") {
			t.Errorf("%s: code %d\n%s", line, code, stderr)
		}
	}
}
