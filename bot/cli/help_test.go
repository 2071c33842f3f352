package cli

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// typedIn runs a command line in this process: it must not get as far as anything of
// the town's.
func typedIn(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = (&App{Stdout: &out, Stderr: &errs}).Run(t.Context(), args)
	return out.String(), errs.String(), code
}

// everyCommand calls do for each command, groups and help included.
func everyCommand(c *cobra.Command, do func(*cobra.Command)) {
	do(c)
	for _, sub := range c.Commands() {
		everyCommand(sub, do)
	}
}

func TestEveryCommandHasAnExampleAndATopic(t *testing.T) {
	t.Parallel()
	everyCommand((&App{}).root(), func(c *cobra.Command) {
		if page := c.Annotations[topicKey]; page == "" {
			t.Errorf("%s names no topic", c.CommandPath())
		} else if _, ok := topicNamed(page); !ok {
			t.Errorf("%s names the topic %q, which is not there", c.CommandPath(), page)
		}
		if c.HasParent() && !strings.Contains(c.Example, "  "+c.CommandPath()) {
			t.Errorf("no example of %s in %q", c.CommandPath(), c.Example)
		}
		help := strings.Join(commandManual(c).forTerminal(usualColumns), "\n")
		for _, want := range []string{"Usage:\n  " + c.CommandPath(), "More: banditore help " + c.Annotations[topicKey]} {
			if !strings.Contains(help, want) {
				t.Errorf("%s --help does not say %q:\n%s", c.CommandPath(), want, help)
			}
		}
		narrow(t, c.CommandPath(), help)
	})
}

// narrow looks for lines that a terminal of 80 columns breaks; what is to be typed
// has its own length.
func narrow(t *testing.T, what, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); width(line) > usualColumns && !strings.HasPrefix(line, "  ") {
			t.Errorf("%s: %d columns: %s", what, width(line), line)
		}
	}
}

func TestTopics(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	list, _, _ := typedIn(t, "help")
	for _, page := range topics() {
		if len(page.text) == 0 || page.title == "" || width(page.title) > 62 {
			t.Errorf("%s: the title is %q, and %d blocks follow", page.name(), page.title, len(page.text))
		}
		if !strings.Contains(list, "\n  "+page.name()+" ") {
			t.Errorf("the help does not list %s", page.name())
		}
		for _, name := range page.names {
			if seen[name] {
				t.Errorf("two topics are called %s", name)
			}
			seen[name] = true
			stdout, stderr, code := typedIn(t, "help", name)
			if code != 0 || stderr != "" || !strings.Contains(stdout, page.title+"\n") || !strings.HasSuffix(stdout, strings.Join(page.text.forTerminal(usualColumns), "\n")+"\n") {
				t.Errorf("help %s: code %d, %s\n%s", name, code, stderr, stdout)
			}
			narrow(t, name, stdout)
		}
	}
	for _, must := range []string{"folder", "corrections", "red-lights", "privacy", "backup", "linking", "passkey", "subscribers", "status", "exit-codes", "install", "upgrade"} {
		if !seen[must] {
			t.Errorf("no topic %s", must)
		}
	}
}

// A command and a topic of one name are shown one after the other.
func TestHelpShowsCommandAndTopic(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := typedIn(t, "help", "backup")
	if code != 0 || stderr != "" || !strings.Contains(stdout, "banditore backup FILE [flags]") || !strings.Contains(stdout, "openssl rand") || strings.Contains(stdout, "More:") {
		t.Errorf("code %d, %s\n%s", code, stderr, stdout)
	}
	alone, _, _ := typedIn(t, "backup", "--help")
	if strings.Contains(alone, "openssl rand") || !strings.Contains(alone, "More: banditore help backup") {
		t.Errorf("--help alone says\n%s", alone)
	}
}

var (
	mention = regexp.MustCompile("[`\"«](banditore [^`\"»]+)[`\"»]|(?m)^(?:  +|\\$ )(?:runuser -u banditore -- )?((?:\\./)?banditore [^\n]+)$")
	aKey    = regexp.MustCompile(`\b(?:service|sending|spool|answers|forget|log|messages)\.[a-z_]+\b`)
)

// What is told to be typed exists, with its flags, and so does each setting.
func TestWhatTheTextsNameExists(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	for _, file := range []string{"../../README.md", "../../CHANGELOG.md", "../../CONTRIBUTING.md", "../../systemd/banditore.service", "../../config.example.yaml"} {
		texts[file] = readFile(t, file)
	}
	for _, page := range topics() {
		for _, b := range page.text {
			texts["topic "+page.name()] += "`" + b.mark + "`\n" + b.text + "\n"
		}
	}
	everyCommand((&App{}).root(), func(c *cobra.Command) { texts[c.CommandPath()] = c.Long + "\n" + c.Example })
	settings := settingNames(readFile(t, "../../config.example.yaml"))
	seen := 0
	for where, text := range texts {
		for _, m := range mention.FindAllStringSubmatch(text, -1) {
			line, _, _ := strings.Cut(strings.TrimPrefix(m[1]+m[2], "./"), "#")
			checkLine(t, where, line)
			seen++
		}
		for _, key := range aKey.FindAllString(text, -1) {
			if key != "forget.key" && !slices.Contains(settings, key) { // a file
				t.Errorf("%s: there is no setting %s", where, key)
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d command lines were found", seen)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// checkLine sees that a command line would be understood.
func checkLine(t *testing.T, where, line string) {
	t.Helper()
	line, _, _ = strings.Cut(line, " >")
	line, _, _ = strings.Cut(line, " |")
	args := strings.Fields(strings.ReplaceAll(line, ",", ""))[1:]
	if len(args) > 0 && args[0] == "COMMAND" {
		return
	}
	if len(args) > 0 && args[0] == "help" {
		if name := strings.Join(args[1:], " "); name != "" && name != "TOPIC" && name != "ARGOMENTO" {
			if stdout, stderr, code := typedIn(t, "help", name); code != 0 || stdout == "" {
				t.Errorf("%s names `%s`: %s", where, line, stderr)
			}
		}
		return
	}
	c, rest, err := (&App{}).root().Find(args)
	if err != nil || (len(rest) > 0 && c.HasSubCommands() && !strings.HasPrefix(rest[0], "-")) {
		t.Errorf("%s names `%s`, which is no command", where, line)
		return
	}
	c.InitDefaultHelpFlag()
	if err := c.ParseFlags(rest); err != nil && !strings.Contains(err.Error(), "needs an argument") {
		t.Errorf("%s names `%s`: %v", where, line, err)
	}
}

// settingNames are the keys of config.example.yaml with their groups.
func settingNames(example string) (list []string) {
	group := ""
	for line := range strings.Lines(example) {
		name, _, isKey := strings.Cut(line, ":")
		switch {
		case !isKey || strings.Contains(name, "#") || strings.Contains(strings.TrimSpace(name), " "):
		case !strings.HasPrefix(name, " "):
			group = name
		case strings.HasPrefix(name, "  ") && !strings.HasPrefix(name, "   "):
			list = append(list, group+"."+strings.TrimSpace(name))
		}
	}
	return list
}
