package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"banditore/bot/config"
)

// evil are what a terminal obeys or nobody sees: colours, the cursor, the title of the
// window, C1's own form of it, the writing direction, widths of nothing, line ends that
// forge a line, and bytes that are no text.
func evil() map[string]string {
	return map[string]string{
		"colour": "\x1b[31mx\x1b[0m", "title": "\x1b]0;x\a", "cursor": "x\x1b[2A\r", "C1": "x\u009b31m", "C1 byte": "x\x9b31m",
		"direction": "x\u202egnp.exe", "isolate": "x\u2066y", "no width": "x\u200by", "joiner": "x\u2060y", "soft hyphen": "x\u00ady",
		"lines": "x\nok       database       sound", "separator": "x\u2028y\u2029z", "not UTF-8": "x\xff\xfey", "delete": "x\x7fy", "tag": "x\U000e0041y", "backspace": "xy\b\bz",
	}
}

// obeyed finds what must not reach a terminal, line ends apart.
func obeyed(s string) string {
	var found []byte
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if (r == utf8.RuneError && n == 1) || r != '\n' && !visible(r) {
			found = append(found, s[:n]...)
		}
		s = s[n:]
	}
	return fmt.Sprintf("%+q", found)
}

func TestG9_ArgumentsAreShownEscaped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "no"), nil, 0o600); err != nil { // nothing can be in it
		t.Fatal(err)
	}
	for name, x := range evil() {
		for _, args := range [][]string{
			{x}, {"announcements", x}, {"subscribers", x}, {"help", x}, {"check", x}, {"run", "a", x}, {"status", "--" + x}, {"status", "--" + x + "=1"}, {"status", "-" + x},
			{"check", "--json=" + x}, {"status", "--config=" + filepath.Join(dir, x)}, {"announcements", "show", x, x}, {"backup"}, {"backup", x, x},
			{"man", filepath.Join(dir, "no", x)}, {"man", x, x}, {"--" + x}, {"-" + x, "check"}, {"announcements", "hold", "--all", x}, {"pair", "--qr-png=" + x, x},
			{"version", x}, {"unpair", x}, {"messages", x}, {"restore", x, x}, {"subscribers", "import", x, x}, {"subscribers", "list", x},
		} {
			stdout, stderr, code := typedIn(t, args...)
			if bad := obeyed(stdout + stderr); bad != `""` {
				t.Errorf("%s: %q repeats %s", name, args, bad)
			}
			if strings.Contains(stderr, "\nok ") {
				t.Errorf("%s: %q forges a line:\n%s", name, args, stderr)
			}
			if code == ExitOK && len(args) > 0 && args[0] != "help" {
				t.Errorf("%s: %q succeeded", name, args)
			}
		}
	}
	_, stderr, _ := typedIn(t, "check\x1b[31m")
	if !strings.Contains(stderr, `check\x1b[31m`) {
		t.Errorf("what was typed is not shown: %s", stderr)
	}
}

// What a configuration or the environment holds is shown like what was typed.
func TestG9_SettingsAreShownEscaped(t *testing.T) {
	for name, x := range evil() {
		file := filepath.Join(t.TempDir(), "config.yaml")
		value, err := json.Marshal(x) // a JSON string is a YAML string
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"service: {name: %s}", "data_dir: %s", "spool_dir: %s", "log: {format: %s}", "sending: {every: %s, hours: %s}", "%s: 1", "service: {number: %s}",
			"messages: {goodbye: %s}", "forget: {key_file: %s}", "sending: {preview: [%s]}", "%s"} {
			content := strings.ReplaceAll(key, "%s", string(value))
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			stdout, stderr, _ := typedIn(t, "check", "--config", file)
			if bad := obeyed(stdout + stderr); bad != `""` || strings.Contains(stdout+stderr, "\nok       database") {
				t.Errorf("%s: %s repeats %s\n%s", name, content, bad, stdout+stderr)
			}
		}
	}
	t.Setenv("BANDITORE_SENDING_EVERY", "\x1b[31m\u202e")
	t.Setenv("BANDITORE_LOG_FORMAT", "x\nok       database  sound")
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("service: {comune: Saronno}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, _ := typedIn(t, "check", "--config", file)
	if bad := obeyed(stdout + stderr); bad != `""` || strings.Contains(stdout+stderr, "\nok       database") {
		t.Errorf("the environment: %s\n%s", bad, stdout+stderr)
	}
}

// Our own lines stay lines; what is wrapped into them does not make more.
func TestLegible(t *testing.T) {
	t.Parallel()
	inner := &os.PathError{Op: "open", Path: "a\nb\x1b", Err: os.ErrNotExist}
	for _, c := range []struct {
		err  error
		want string
	}{
		{inner, `open a\nb\x1b: file does not exist`},
		{usageError{fmt.Errorf("read %s: %w", "c\n", inner)}, `read c\n: open a\nb\x1b: file does not exist`},
		{errors.Join(inner, errors.New("d\x00")), "open a\\nb\\x1b: file does not exist\nd\\x00"},
		{fmt.Errorf("both %w and %w", inner, errors.New("è, «città»\u00a0…")), "both open a\\nb\\x1b: file does not exist and è, «città»\u00a0…"},
		{usageError{&config.Error{File: "f\n", Problems: []config.Problem{{Key: "k\x1b", Wrong: "w"}, {Key: "l", Wrong: "v"}}}}, "configuration f\\n: 2 to correct\n  k\\x1b: w\n  l: v"},
		{exampleError{"x needs y:", "  x y"}, "x needs y:\n  x y"},
		{&spokenError{"parole", errors.New("not said")}, "parole"},
	} {
		if got := legible(c.err); got != c.want {
			t.Errorf("%q is shown as\n%s\nnot\n%s", c.err, got, c.want)
		}
	}
}

// JSON means the same, and a terminal obeys none of it; a log line in JSON too.
func TestJSONIsShownEscaped(t *testing.T) {
	t.Parallel()
	for name, x := range evil() {
		var out, logged bytes.Buffer
		if err := writeJSON(&out, map[string]string{"v": x}); err != nil {
			t.Fatal(err)
		}
		a, cfg := &App{Stderr: &logged}, config.Config{}
		for _, cfg.Log.Format = range []string{"json", "text"} {
			a.logger(cfg).Info("m", "v", x)
		}
		if bad := obeyed(out.String() + logged.String()); bad != `""` {
			t.Errorf("%s: %s\n%s", name, bad, out.String()+logged.String())
		}
		var back map[string]string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["v"] != strings.ToValidUTF8(strings.ReplaceAll(x, "\xff\xfe", "\ufffd\ufffd"), "\ufffd") {
			t.Errorf("%s: %q became %q, %v", name, x, back["v"], err)
		}
	}
}

// A line to type is typed as it stands, and hides nothing.
func TestQuotedIsTypable(t *testing.T) {
	t.Parallel()
	if got := quoted("l'a\x1b\n\u202eè\\"); got != `$'l\'a\033\012\342\200\256è\\'` {
		t.Error(got)
	}
	for name, x := range evil() {
		if bad := obeyed(strings.ReplaceAll(quoted(x), "\n", "\x00")); bad != `""` {
			t.Errorf("%s: %s", name, bad)
		}
	}
}

// No command passes a flag or an argument to cobra's own words.
func TestCobraSaysNothingItself(t *testing.T) {
	t.Parallel()
	everyCommand((&App{}).root(), func(c *cobra.Command) {
		if !c.HasParent() && (!c.SilenceErrors || !c.SilenceUsage) {
			t.Error("cobra prints errors itself")
		}
	})
}
