package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"banditore/bot/cli"
)

var auditLine = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d) user="[^"]+"(?: login_user="[^"]+")? sudo_user="anna" command="([a-z A-Z-]+)" people=(\d+)$`)

// Every look at people is noted before it is granted: who, when, what, how many,
// never whom.
func TestAudit(t *testing.T) {
	t.Setenv("SUDO_USER", "anna")
	o := newOffice(t)
	file := filepath.Join(o.dir, "people.csv")
	writeFile(t, file, "number,given_name,family_name,comune,consent_at,consent\n+393990000777,Anna,Bianchi,Saronno,2026-01-01,modulo\n")
	backup := filepath.Join(o.dir, "backup.db")
	for _, c := range []struct {
		code int
		args []string
	}{
		{0, []string{"subscribers", "list"}}, {0, []string{"subscribers", "count"}}, {0, []string{"subscribers", "show", mariaNumber}},
		{0, []string{"subscribers", "export"}}, {0, []string{"subscribers", "export", mariaNumber}}, {1, []string{"subscribers", "export", "+393990000999"}},
		{0, []string{"backup", backup}}, {0, []string{"subscribers", "import", file, "--yes"}},
		{0, []string{"subscribers", "erase", mariaNumber}}, {0, []string{"restore", backup, "--yes"}}, {0, []string{"subscribers", "list", "--json"}},
	} {
		o.banditore(c.code, c.args...)
	}
	var got []string
	for _, line := range o.auditLines() {
		m := auditLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("the line %q", line)
		}
		got = append(got, m[2]+" "+m[3])
	}
	want := "subscribers list 2, subscribers show 1, subscribers export 2, subscribers export NUMBER 1, subscribers export NUMBER 0, " +
		"backup 2, subscribers import 1, subscribers erase 1, restore 2, subscribers list 2"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
	if info, err := os.Stat(filepath.Join(o.dir, "data", "audit.log")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What cannot be noted is not shown, and not done.
func TestNothingWithoutAudit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	backup := filepath.Join(o.dir, "backup.db")
	o.banditore(0, "backup", backup)
	people := filepath.Join(o.dir, "people.csv")
	writeFile(t, people, "number,given_name,family_name,comune,consent_at,consent\n+393990000777,Anna,Bianchi,Saronno,2026-01-01,modulo\n")
	log := filepath.Join(o.dir, "data", "audit.log")
	if err := os.Remove(log); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(log, 0o700); err != nil { // nobody writes into a folder, not even root
		t.Fatal(err)
	}
	out := filepath.Join(o.dir, "out.csv")
	for _, args := range [][]string{
		{"subscribers", "list"}, {"subscribers", "list", "--json"}, {"subscribers", "show", mariaNumber}, {"subscribers", "export", "--output", out},
		{"subscribers", "export", mariaNumber, "--json"}, {"subscribers", "erase", mariaNumber}, {"subscribers", "import", people, "--yes"},
		{"restore", backup, "--yes"}, {"backup", filepath.Join(o.dir, "second.db")},
	} {
		stdout, stderr := o.banditore(cli.ExitData, args...)
		if stdout != "" || !strings.Contains(stderr, "nothing done") {
			t.Errorf("%q prints %q and %q", args, stdout, stderr)
		}
	}
	for _, file := range []string{out, filepath.Join(o.dir, "second.db")} {
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s was written", file)
		}
	}
	if n, _ := o.banditore(0, "subscribers", "count"); n != "2\n" {
		t.Errorf("%s on the list", n)
	}
}
