package cli_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"banditore/bot/cli"
	"banditore/bot/whatsapp"
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
	must(t, text, "\ufeffnumber;lid;given_name;", "\r\n'"+mariaNumber+";"+mariaLID+";Maria;Zanzottera;Saronno;", ";WhatsApp message IN1;;"+o.codeOf(1)+"\r\n", ";'=1+1;Brambilla;")

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

// knows has WhatsApp's library know which number belongs to a LID.
func (o *office) knows(number, lid string) {
	o.t.Helper()
	c, err := whatsapp.Open(o.t.Context(), whatsapp.Options{Dir: filepath.Join(o.dir, "data"), Number: comune})
	if err != nil {
		o.t.Fatal(err)
	}
	c.Close()
	db, err := sql.Open("sqlite3", filepath.Join(o.dir, "data", "session.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("INSERT INTO whatsmeow_lid_map (lid, pn) VALUES (?, ?)", lid, strings.TrimPrefix(number, "+")); err != nil {
		o.t.Fatal(err)
	}
}

// The list knows somebody by his LID alone, and WhatsApp's library has learnt his
// number since: he is found by it, imported no second time, and erased.
func TestHiddenNumberIsRecognised(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const number = "+393990000102"
	o.banditore(cli.ExitFailure, "subscribers", "show", number)
	o.knows(number, hiddenLID)
	text, _ := o.banditore(0, "subscribers", "show", number)
	must(t, text, "Brambilla")
	file := filepath.Join(o.dir, "people.csv")
	writeFile(t, file, "number,given_name,family_name,comune,consent_at,consent\n"+number+",B,Brambilla,Uboldo,2026-01-01,modulo\n")
	text, _ = o.banditore(0, "subscribers", "import", file)
	must(t, text, "imported: 0\n", "unchanged: 1\n")
	text, stderr := o.banditore(0, "subscribers", "erase", number)
	must(t, text+stderr, "is off the list", "nothing of this person is held any more")
	if found := o.traces(hiddenLID, number[1:], "Brambilla"); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
}

// An entry with another number is somebody else's, whatever the library believes.
func TestStaleNumberIsNobodys(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.knows("+393990000555", mariaLID) // she had it once
	_, stderr := o.banditore(0, "subscribers", "erase", "+393990000555")
	must(t, stderr, "Nobody like this was on the list")
	text, _ := o.banditore(0, "subscribers", "show", mariaNumber)
	must(t, text, "Maria Zanzottera", "on the list")
}

// A correction is told apart from news in what is held on a person.
func TestWhatIsHeldTellsCorrections(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.onList(func(db *store.Store) {
		now := time.Now()
		n := store.NewAnnouncement{Content: store.Content{Name: "a.txt", File: "a.txt", Text: "Alle 9.", AcceptedAt: now, NotBefore: now}}
		for range 2 {
			a, err := db.Publish(t.Context(), n, "OUT")
			if err != nil {
				t.Fatal(err)
			}
			for range a.Recipients {
				out, _, err := db.ClaimDelivery(t.Context(), now, store.Ordinary, time.Hour)
				if err != nil || db.Sent(t.Context(), out, now) != nil {
					t.Fatal(err)
				}
			}
			n.Name, n.File, n.Text, n.Corrects, n.Editable, n.EditWindow = "b.txt", "b.txt", "Alle 10.", a.ID, true, time.Hour
		}
	})
	stdout, _ := o.banditore(0, "subscribers", "show", mariaNumber, "--json")
	for _, want := range []string{`"form": "news"`, `"form": "edit"`, `"sent": "`} {
		if !strings.Contains(stdout, want) {
			t.Errorf("it does not say %s:\n%s", want, stdout)
		}
	}
	stdout, _ = o.banditore(0, "subscribers", "show", mariaNumber)
	if !strings.Contains(stdout, "announcement messages") || !strings.Contains(stdout, "2 (2 sent)") {
		t.Errorf("shown:\n%s", stdout)
	}
	stdout, _ = o.banditore(0, "subscribers", "export", mariaNumber)
	if !strings.Contains(stdout, "Messaggi delle notizie, con rettifiche e ritiri: 2 ") {
		t.Errorf("exported:\n%s", stdout)
	}
}
