package cli_test

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// What a command prints into a narrow window breaks no line of it, and is whole for
// a program. At 60 columns each cell has a line of its own, and fits.
func TestTablesOnATerminal(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	const long = "Giovanna Maria Antonietta Guglielmina"
	p.write("list.csv", "number,given_name,family_name,comune,consent_at,consent\n+393330000001,"+long+",Castelli-Zanzottera della Mirandola,San Giorgio su Legnano,2026-09-30,modulo\n")
	if _, stderr, code := p.run("subscribers", "import", "--yes", "list.csv"); code != 0 {
		t.Fatal(stderr)
	}
	for _, columns := range []int{40, 60, 80} {
		for _, args := range [][]string{{"subscribers", "list"}, {"announcements", "list"}, {"check"}} {
			c := p.console(columns, 24, args...)
			c.code()
			for line := range strings.Lines(strings.ReplaceAll(c.said(), "\r\n", "\n")) {
				if strings.HasPrefix(line, "banditore: ") {
					break // the error, which a log may read
				}
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > columns && strings.Contains(strings.TrimSpace(line), "  ") {
					t.Errorf("%s in %d columns: a line of %d: %s", args, columns, n, line)
				}
			}
			if args[0] == "subscribers" && (strings.Contains(c.said(), "…") == (columns == 60) || !strings.Contains(c.said(), "+393330000001")) {
				t.Errorf("%d columns:\n%s", columns, c.said())
			}
		}
	}
	if stdout, _, _ := p.run("subscribers", "list"); !strings.Contains(stdout, long) || strings.Contains(stdout, "…") {
		t.Error(stdout)
	}
}
