package cli_test

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"

	"banditore/bot/cli"
)

// G4: whoever looks at the machine's processes or the shell's history sees nobody's
// number or code, because - reads them from standard input.
func TestG4_NamedOnStandardInput(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	code := o.codeOf(2)
	for _, c := range []struct {
		name, input string
		args        []string
		code        int
		says        []string // on standard output
		talks       []string // on standard error
	}{
		{"a number", mariaNumber + "\n", []string{"show", "-"}, 0, []string{"Zanzottera"}, nil},
		{"without an end of line", mariaNumber, []string{"show", "-"}, 0, []string{"Zanzottera"}, nil},
		{"from Windows", "\uFEFF" + mariaNumber + "\r\n\r\n", []string{"show", "-"}, 0, []string{"Zanzottera"}, nil},
		{"written with blanks", "  +39 399 0000101 \n", []string{"show", "-"}, 0, []string{"Zanzottera"}, nil},
		{"a code", code, []string{"show", "-"}, 0, []string{"Brambilla"}, nil},
		{"a LID", hiddenLID + "\n", []string{"show", "--lid", "-"}, 0, []string{"Brambilla"}, nil},
		{"several", mariaNumber + "\n\n" + code + "\n", []string{"show", "-"}, 0, []string{"Zanzottera", "Brambilla"}, nil},
		{"one of whom nothing is held", "+393990000999\n" + mariaNumber + "\n", []string{"show", "-"}, cli.ExitFailure, []string{"Zanzottera"}, []string{"line 1: nothing is held", "1 of 2"}},
		{"one alone", "+393990000999\n", []string{"show", "-"}, cli.ExitFailure, nil, []string{"banditore: nothing is held on this person"}},
		{"nobody", "\n\n", []string{"show", "-"}, cli.ExitUsage, nil, []string{"no number or code on standard input"}},
		{"a slip", mariaNumber + "\n12ab!\n", []string{"show", "-"}, cli.ExitUsage, nil, []string{"line 2 of standard input", "nothing has been done"}},
		{"both", mariaNumber, []string{"show", "-", "--lid", hiddenLID}, cli.ExitUsage, nil, []string{"in one way"}},
		{"for that person", mariaNumber, []string{"export", "-"}, 0, []string{"Zanzottera"}, nil},
		{"for that person by LID", hiddenLID, []string{"export", "--lid=-", "--json"}, 0, []string{"Brambilla"}, nil},
		{"for two persons", mariaNumber + "\n" + code, []string{"export", "-"}, cli.ExitUsage, nil, []string{"one person at a time"}},
		{"too many", strings.Repeat(mariaNumber+"\n", 10_001), []string{"show", "-"}, cli.ExitUsage, nil, []string{"more than 10000"}},
		{"a line without an end", strings.Repeat("3", 1<<20), []string{"show", "-"}, cli.ExitFailure, nil, []string{"too long"}},
	} {
		stdout, stderr, got := o.runWith(c.input, append(append([]string{"subscribers"}, c.args...), "--config", o.config)...)
		if got != c.code || (len(c.says) == 0) != (stdout == "") {
			t.Errorf("%s: exit code %d\n%s%s", c.name, got, stdout, stderr)
		}
		must(t, stdout, c.says...)
		must(t, stderr, c.talks...)
		if strings.Contains(stderr, mariaNumber) || strings.Contains(stderr, "12ab!") || strings.Contains(stderr, code) {
			t.Errorf("%s: repeats what it read: %s", c.name, stderr)
		}
	}
}

// With --json each person is an object of their own.
func TestShowSeveralAsJSON(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	stdout, stderr, code := o.runWith(mariaNumber+"\n"+o.codeOf(2)+"\n", "subscribers", "show", "--json", "-", "--config", o.config)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	var names []string
	for d := json.NewDecoder(strings.NewReader(stdout)); ; {
		var held struct {
			FamilyName string `json:"family_name"`
		}
		err := d.Decode(&held)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, held.FamilyName)
	}
	if strings.Join(names, " ") != "Zanzottera Brambilla" {
		t.Errorf("got %q", names)
	}
}

// Several are erased at once, one line of the audit each.
func TestG5_EraseSeveralFromStandardInput(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	stdout, stderr, code := o.runWith(mariaNumber+"\n"+o.codeOf(2)+"\n", "subscribers", "erase", "-", "--config", o.config)
	if code != 0 || !strings.Contains(stdout, "these 2 people") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	if n, _ := o.banditore(0, "subscribers", "count"); n != "0\n" {
		t.Errorf("%s on the list", n)
	}
	if lines := o.auditLines(); len(lines) != 2 {
		t.Errorf("the audit: %q", lines)
	}
	_, stderr, code = o.runWith("K7QW3N\n"+mariaNumber+"\n", "subscribers", "erase", "-", "--config", o.config)
	if code != cli.ExitFailure || !strings.Contains(stderr, "line 1: nobody on the list has this code") {
		t.Errorf("an unknown code: exit code %d, says %q", code, stderr)
	}
}

// A list can be imported from standard input.
func TestImportFromStandardInput(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	csv := "number,given_name,family_name,comune,consent_at,consent\n+393990000777,Anna,Bianchi,Saronno,2026-01-01,modulo\n"
	if stdout, stderr, code := o.runWith(csv, "subscribers", "import", "--yes", "-", "--config", o.config); code != 0 {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	if _, stderr, code := o.runWith(csv+"+39,,,,,\n", "subscribers", "import", "--yes", "-", "--config", o.config); code == 0 || !strings.Contains(stderr, "standard input has") {
		t.Errorf("exit code %d, says %q", code, stderr)
	}
	if n, _ := o.banditore(0, "subscribers", "count"); n != "3\n" {
		t.Errorf("%s on the list", n)
	}
}

// Every command that takes a number or a code takes it on standard input, and says so.
func TestG4_EveryNumberHasAnotherWay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	takes := regexp.MustCompile(`(?m)^ *banditore .*(NUMBER|CODE|LID)`)
	found := 0
	for _, command := range [][]string{{"run"}, {"pair"}, {"unpair"}, {"check"}, {"status"}, {"messages"}, {"backup"}, {"restore"},
		{"announcements", "show"}, {"announcements", "hold"}, {"announcements", "cancel"}, {"announcements", "correct"},
		{"subscribers", "list"}, {"subscribers", "show"}, {"subscribers", "export"}, {"subscribers", "erase"}, {"subscribers", "import"}, {"subscribers", "handover"}} {
		help, _, _ := o.run(append(command, "--help")...)
		if !takes.MatchString(help) {
			continue
		}
		found++
		must(t, strings.Join(strings.Fields(help), " "), "| -", "standard input")
	}
	if found != 3 {
		t.Errorf("%d commands take a number or a code", found)
	}
}

// A person at a terminal is told what to type, and ends with an empty line, or with
// Ctrl-D; Ctrl-C ends the command.
func TestNamedAtATerminal(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]struct {
		code int
		says string
	}{
		mariaNumber + "\r\r":        {cli.ExitOK, "Zanzottera"},
		mariaNumber + "\r\x04":      {cli.ExitOK, "Zanzottera"},
		"\x04":                      {cli.ExitUsage, "no number or code on standard input"},
		mariaNumber + "\r" + "\x03": {cli.ExitFailure, "nothing has been done"},
	} {
		o := newOffice(t)
		c := o.console(100, 40, "subscribers", "show", "-", "--config", o.config)
		c.await("Type one number or code to a line, and end with an empty line.")
		c.press(keys)
		if code := c.code(); code != want.code {
			t.Errorf("%q: exit code %d\n%s", keys, code, c.said())
		}
		must(t, c.said(), want.says)
	}
}
