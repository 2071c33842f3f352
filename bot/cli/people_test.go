package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"banditore/bot/cli"
	"banditore/store"
)

// office is a data directory with people on the list and nothing that runs.
type office struct {
	*place
	config string
	ids    int
}

const (
	mariaNumber = "+393990000101"
	mariaLID    = "100000000000101"
	hiddenLID   = "100000000000102"
)

func newOffice(t *testing.T, edits ...string) *office {
	t.Helper()
	file := configFile(t, edits...)
	o := &office{place: &place{t: t, dir: filepath.Dir(file), address: nowhere}, config: file}
	o.onList(func(db *store.Store) {
		if err := db.KeepWording(t.Context(), "0123456789ab", "Come si legge.", time.Now()); err != nil {
			t.Fatal(err)
		}
		o.handle(db, store.Person{Number: mariaNumber, LID: mariaLID}, func(i *store.Inbox) error {
			err := i.Subscribe(store.Details{GivenName: "Maria", FamilyName: "Zanzottera", Comune: "Saronno"},
				store.Evidence{Words: "Attiva Notizie\nMaria Zanzottera", Wording: "0123456789ab"})
			if err != nil {
				return err
			}
			return i.Answer(store.Confirmation, "Benvenuta, Maria")
		})
		o.handle(db, store.Person{LID: hiddenLID}, func(i *store.Inbox) error {
			return i.Subscribe(store.Details{GivenName: "=1+1", FamilyName: "Brambilla", Comune: "Uboldo"}, store.Evidence{})
		})
	})
	return o
}

// onList works on the store without the command line.
func (o *office) onList(do func(*store.Store)) {
	o.t.Helper()
	db, err := store.Open(o.t.Context(), filepath.Join(o.dir, "data"))
	if err != nil {
		o.t.Fatal(err)
	}
	do(db)
	if err := db.Close(); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) handle(db *store.Store, p store.Person, decide func(*store.Inbox) error) {
	o.t.Helper()
	o.ids++
	in := store.Incoming{ID: fmt.Sprint("IN", o.ids), From: p, At: time.Now()}
	newID := func() string { o.ids++; return fmt.Sprint("OUT", o.ids) }
	if _, err := db.Handle(o.t.Context(), in, time.Now(), newID, decide); err != nil {
		o.t.Fatal(err)
	}
}

// banditore runs a command, which must end with the code.
func (o *office) banditore(code int, args ...string) (stdout, stderr string) {
	o.t.Helper()
	stdout, stderr, got := o.run(append(args, "--config", o.config)...)
	if got != code {
		o.t.Fatalf("%q ended with %d, want %d\n%s%s", args, got, code, stdout, stderr)
	}
	return stdout, stderr
}

func (o *office) auditLines() []string {
	o.t.Helper()
	content, err := os.ReadFile(filepath.Join(o.dir, "data", "audit.log"))
	if err != nil {
		o.t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
}

// must checks that all words are in a text.
func must(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing in\n%s", w, text)
		}
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	text, _ := o.banditore(0, "subscribers", "show", "+39 399 0000101")
	must(t, text, mariaNumber, mariaLID, "Maria Zanzottera", `"Attiva Notizie\nMaria Zanzottera"`, "IN1", "0123456789ab, in force since ", "1 (IDs and times only)")
	if strings.Contains(text, "Come si legge.") {
		t.Error("the texts are printed without being asked for")
	}
	text, _ = o.banditore(0, "subscribers", "show", mariaNumber, "--wording")
	must(t, text, "\nCome si legge.\n")
	text, _ = o.banditore(0, "subscribers", "show", "--lid", hiddenLID)
	must(t, text, hiddenLID, "Brambilla", "on the list")

	text, _ = o.banditore(0, "subscribers", "show", mariaNumber, "--json")
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	evidence := got["evidence"].(map[string]any)
	if got["subscribed"] != true || evidence["words"] != "Attiva Notizie\nMaria Zanzottera" || evidence["message_id"] != "IN1" || len(got["answers"].([]any)) != 1 {
		t.Errorf("got %v", got)
	}
	_, stderr := o.banditore(cli.ExitFailure, "subscribers", "show", "+393990000999")
	must(t, stderr, "nothing is held on this person")
}

// What is typed wrong is not repeated: it may be somebody's number.
func TestG4_PersonNotNamedInErrors(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, args := range [][]string{
		{"subscribers", "show", "0399.0000999"}, {"subscribers", "erase"}, {"subscribers", "export", "--lid", "0399.0000999"},
		{"subscribers", "show", mariaNumber, "--lid", hiddenLID}, {"subscribers", "0399.0000999"}, {"subscribers", "show", mariaNumber, "0399.0000999"},
	} {
		_, stderr := o.banditore(cli.ExitUsage, args...)
		if strings.Contains(stderr, "0000999") || strings.Contains(stderr, mariaNumber) || strings.Contains(stderr, hiddenLID) {
			t.Errorf("%q says %q", args, stderr)
		}
	}
	for verb, code := range map[string]int{"show": 1, "export": 1, "erase": 0} {
		if _, stderr := o.banditore(code, "subscribers", verb, "+393990000999"); strings.Contains(stderr, "0000999") {
			t.Errorf("%s says %q", verb, stderr)
		}
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	text, _ := o.banditore(0, "subscribers", "export")
	must(t, text, "\ufeffnumber;lid;given_name;", "\r\n'"+mariaNumber+";"+mariaLID+";Maria;Zanzottera;Saronno;", ";WhatsApp message IN1\r\n", ";'=1+1;Brambilla;")

	text, _ = o.banditore(0, "subscribers", "export", "--json")
	var list []map[string]any
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) != 2 {
		t.Fatalf("%d people, %v", len(list), err)
	}
	if list[0]["evidence"].(map[string]any)["words"] != "Attiva Notizie\nMaria Zanzottera" {
		t.Errorf("got %v", list[0])
	}

	text, _ = o.banditore(0, "subscribers", "export", mariaNumber)
	must(t, text, "Numero di telefono: "+mariaNumber, "Cognome: Zanzottera", "Risposte inviate: 1")
	text, _ = o.banditore(0, "subscribers", "export", mariaNumber, "--json")
	must(t, text, `"text": "Benvenuta, Maria"`, `"text": "Come si legge."`, `"received"`)
	_, stderr := o.banditore(cli.ExitFailure, "subscribers", "export", "+393990000999")
	must(t, stderr, "nothing is held on this person")

	file := filepath.Join(o.dir, "elenco.csv")
	if text, _ = o.banditore(0, "subscribers", "export", "--output", file); text != "" {
		t.Errorf("it also prints %q", text)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, stderr = o.banditore(cli.ExitFailure, "subscribers", "export", mariaNumber, "--output", file)
	must(t, stderr, "is there already")
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("it was overwritten (%v)", err)
	}
}

var auditLine = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d) user="[^"]+" sudo_user="anna" command="([a-z A-Z-]+)" people=(\d+)$`)

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
