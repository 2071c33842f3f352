package cli_test

import (
	"path/filepath"
	"strings"
	"testing"

	"banditore/bot/cli"
)

func TestImportCommand(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	file := filepath.Join(o.dir, "people.csv")
	const head = "number;given_name;family_name;comune;consent_at;consent\n"
	writeFile(t, file, head+"+393990000777;Anna;Bianchi;Saronno;30/09/2026;modulo n. 12\n"+mariaNumber+";Altro;Nome;Milano;2026-01-01;modulo\n")
	stdout, _ := o.banditore(0, "subscribers", "import", file, "--dry-run")
	must(t, stdout, "would be imported: 1\n", "unchanged: 1\n")
	_, stderr := o.banditore(cli.ExitUsage, "subscribers", "import", file)
	must(t, stderr, "WhatsApp may restrict or ban it", "--yes")
	if n, _ := o.banditore(0, "subscribers", "count"); n != "2\n" {
		t.Errorf("%s on the list before it was confirmed", n)
	}
	stdout, _ = o.banditore(0, "subscribers", "import", file, "--yes")
	must(t, stdout, "imported: 1\n", "unchanged: 1\n")
	stdout, _ = o.banditore(0, "subscribers", "show", "+393990000777")
	must(t, stdout, `"modulo n. 12"`, "2026-09-30 00:00:00 CEST", "Anna Bianchi")
	stdout, _ = o.banditore(0, "subscribers", "show", mariaNumber)
	must(t, stdout, "Maria Zanzottera")
	stdout, _ = o.banditore(0, "subscribers", "import", file) // nobody new: nothing to ask
	must(t, stdout, "imported: 0\n", "unchanged: 2\n")

	writeFile(t, file, head+"+393990000778;Anna;Bianchi;Saronno;30/09/2026;modulo\nZanzottera;;;;;\n")
	stdout, stderr = o.banditore(cli.ExitFailure, "subscribers", "import", file, "--yes")
	must(t, stderr, "line 3: number: not a telephone number", "line 3: consent: missing", "nobody was imported")
	if stdout != "" || strings.Contains(stderr, "Zanzottera") || strings.Contains(stderr, "0000778") {
		t.Errorf("it says %s%s", stdout, stderr)
	}
	_, stderr = o.banditore(cli.ExitFailure, "subscribers", "import", file+".none", "--yes")
	must(t, stderr, "no such file")
}

// What one place exports, another imports, people without a number too, and
// nobody is on the list twice.
func TestListMovesToAnotherPlace(t *testing.T) {
	t.Parallel()
	here, there := newOffice(t), newOffice(t)
	there.banditore(0, "subscribers", "erase", mariaNumber)
	file := filepath.Join(here.dir, "elenco.csv")
	here.banditore(0, "subscribers", "export", "--output", file)
	stdout, _ := there.banditore(0, "subscribers", "import", file, "--yes")
	must(t, stdout, "imported: 1\n", "unchanged: 1\n")
	stdout, _ = there.banditore(0, "subscribers", "show", mariaNumber)
	must(t, stdout, mariaLID, "Maria Zanzottera", `"WhatsApp message IN1"`)
}

// Without a daemon the command erases by itself, to the byte, and may be repeated.
func TestG5_EraseWithoutDaemon(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.banditore(0, "subscribers", "list")
	if len(o.traces(mariaNumber[1:], mariaLID, "Zanzottera")) == 0 {
		t.Fatal("no traces to erase")
	}
	stdout, stderr := o.banditore(0, "subscribers", "erase", mariaNumber)
	must(t, stdout+stderr, "is off the list", "nothing of this person is held any more")
	if found := o.traces(mariaNumber[1:], mariaLID, "Zanzottera"); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
	for range 2 {
		stdout, stderr = o.banditore(0, "subscribers", "erase", mariaNumber)
		must(t, stdout+stderr, "Nobody like this was on the list", "nothing of this person is held any more")
	}
	o.banditore(0, "subscribers", "erase", "--lid", hiddenLID)
	if found := o.traces(hiddenLID, "Brambilla"); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
	if n, _ := o.banditore(0, "subscribers", "count"); n != "0\n" {
		t.Errorf("%s on the list", n)
	}
}
