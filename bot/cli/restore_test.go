package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/cli"
	"banditore/bot/spool"
)

const forgetKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

// withKey is an office that remembers by keyed hashes who has left.
func withKey(t *testing.T) *office {
	t.Helper()
	key := filepath.Join(t.TempDir(), "forget.key")
	writeFile(t, key, forgetKey)
	return newOffice(t, "log:", "forget: {key_file: "+key+"}\nlog:")
}

// A backup is made, she leaves, the backup is put back: no byte of her is.
func TestG5_RestoreAfterSheLeft(t *testing.T) {
	t.Parallel()
	o := withKey(t)
	backup := filepath.Join(o.dir, "backup.db")
	stdout, _ := o.banditore(0, "backup", backup)
	must(t, stdout, "2 people are on the list in "+backup)
	o.banditore(0, "subscribers", "erase", mariaNumber)
	_, stderr := o.banditore(cli.ExitUsage, "restore", backup)
	must(t, stderr, "with 1 people, is replaced", "--yes")
	if strings.Contains(stderr, "WHOEVER HAS LEFT") {
		t.Errorf("it says %q", stderr)
	}
	stdout, _ = o.banditore(0, "restore", backup, "--yes")
	must(t, stdout, "restored: 1 people", "not brought back: 1")
	if found := o.traces(mariaNumber[1:], mariaLID, "Zanzottera"); len(found) > 0 {
		t.Errorf("brought back: %v", found)
	}
	stdout, _ = o.banditore(0, "subscribers", "show", "--lid", hiddenLID)
	must(t, stdout, "Brambilla")

	// She is not brought back by a list of people either, unless she agreed again.
	people := filepath.Join(o.dir, "people.csv")
	writeFile(t, people, "number,given_name,family_name,comune,consent_at,consent\n"+mariaNumber+",Maria,Zanzottera,Saronno,2026-01-01,modulo\n")
	stdout, _ = o.banditore(0, "subscribers", "import", people, "--yes")
	must(t, stdout, "imported: 0\n", "not brought back: 1\n")
}

// Without the key it cannot be known who left, and the command says so.
func TestRestoreWithoutKey(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	backup := filepath.Join(o.dir, "backup.db")
	o.banditore(0, "backup", backup)
	o.banditore(0, "subscribers", "erase", mariaNumber)
	_, stderr := o.banditore(cli.ExitUsage, "restore", backup)
	must(t, stderr, "WHOEVER HAS LEFT SINCE WILL BE ON THE LIST AGAIN", "--yes")
	if n, _ := o.banditore(0, "subscribers", "count"); n != "1\n" {
		t.Errorf("%s on the list before it was confirmed", n)
	}
	stdout, stderr := o.banditore(0, "restore", backup, "--yes")
	must(t, stdout+stderr, "restored: 2 people", "WHOEVER HAS LEFT SINCE WILL BE ON THE LIST AGAIN")
}

// What was published after the backup is in in_invio, and unknown to the list that
// is put back: it is not sent to everybody once more.
func TestG2_RestoreSetsAsideWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	backup := filepath.Join(o.dir, "backup.db")
	o.banditore(0, "backup", backup)
	stdout, stderr := o.banditore(0, "restore", backup, "--yes")
	must(t, stdout+stderr, "restored: 2 people", "could not be looked at", "take out of in_invio")
	folder, err := spool.Open(filepath.Join(o.dir, "spool"), spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o.write(filepath.Join("spool", "da_inviare", "neve.txt"), "Scuole chiuse.")
	if files, err := folder.Scan(t.Context()); err != nil || len(files) != 1 {
		t.Fatalf("claimed %d files, %v", len(files), err)
	}
	if err := folder.Close(); err != nil {
		t.Fatal(err)
	}
	stdout, _ = o.banditore(0, "restore", backup, "--yes")
	must(t, stdout, "in scartati now: 1")
	report, err := os.ReadFile(filepath.Join(o.dir, "spool", "scartati", "neve.txt.esito.txt"))
	if err != nil {
		t.Fatal(err)
	}
	must(t, string(report), "ripristinato", "rimetti tutti i suoi file in da_inviare")
}

func TestRestoreAndBackupRefuse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.banditore(cli.ExitUsage, "backup", filepath.Join(o.dir, "data", "b.db"))
	o.banditore(cli.ExitUsage, "backup", filepath.Join(o.dir, "spool", "b.db"))
	damaged := filepath.Join(o.dir, "damaged.db")
	writeFile(t, damaged, strings.Repeat("not a database ", 500))
	_, stderr := o.banditore(cli.ExitData, "restore", damaged, "--yes")
	must(t, stderr, "damaged.db", "nothing has been changed")
	_, stderr = o.banditore(cli.ExitData, "backup", damaged)
	must(t, stderr, "there already")
	_, stderr = o.banditore(cli.ExitFailure, "restore", damaged+".none", "--yes")
	must(t, stderr, "no such file")
	if n, _ := o.banditore(0, "subscribers", "count"); n != "2\n" {
		t.Errorf("%s on the list", n)
	}
	wrongKey := newOffice(t, "log:", "forget: {key_file: /nowhere/forget.key}\nlog:")
	for _, args := range [][]string{{"restore", damaged, "--yes"}, {"subscribers", "erase", mariaNumber}, {"check"}} {
		_, stderr = wrongKey.banditore(cli.ExitData, args...)
		must(t, stderr, "forget.key", "openssl rand -hex 32")
	}
}

// The whole of it with processes: she asks by e-mail while the daemon runs, and
// both databases forget her; the daemon's directory is its own; and whatever copy
// of the list is put back by hand, the next start keeps her away.
func TestG5_EraseAndRestoreWithADaemon(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	writeFile(t, filepath.Join(p.dir, "forget.key"), forgetKey)
	p.write("config.yaml", strings.Replace(settings, "log:", "forget: {key_file: forget.key}\nlog:", 1))
	p.pair()
	daemon := p.daemon()
	people := p.citizens(3)
	gone, other := people[1], people[2]
	p.settle()
	if stdout, stderr, code := p.run("backup", "backup.db"); code != 0 || !strings.Contains(stdout, "3 people") {
		t.Fatalf("backup: code %d, %s%s", code, stdout, stderr)
	}
	shown := textsOn(gone)
	stdout, stderr, code := p.run("subscribers", "erase", gone.Number())
	if code != 0 {
		t.Fatalf("erase: code %d, %s", code, stderr)
	}
	must(t, stdout+stderr, "is off the list", "The daemon erases", "nothing of this person is held any more")
	if found := p.traces(gone.Number()[3:], gone.LID(), "Gianbattista1"); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
	if _, stderr, code := p.run("restore", "backup.db", "--yes"); code != cli.ExitHeld || !strings.Contains(stderr, "stop it first") {
		t.Errorf("restore beside the daemon: code %d, %s", code, stderr)
	}
	daemon.end(syscall.SIGTERM)

	session, err := os.ReadFile(filepath.Join(p.dir, "data", "session.db"))
	if err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, code := p.run("restore", "backup.db", "--yes"); code != 0 || !strings.Contains(stdout, "not brought back: 1") {
		t.Fatalf("restore: code %d, %s%s", code, stdout, stderr)
	}
	if after, err := os.ReadFile(filepath.Join(p.dir, "data", "session.db")); err != nil || !bytes.Equal(after, session) {
		t.Errorf("session.db was touched (%v)", err)
	}
	if found := p.traces(gone.Number()[3:], gone.LID(), "Gianbattista1"); len(found) > 0 {
		t.Errorf("restored: %v", found)
	}

	copyByHand(t, filepath.Join(p.dir, "backup.db"), filepath.Join(p.dir, "data", "store.db"))
	p.daemon()
	p.write(filepath.Join("spool", "urgenti", "neve.txt"), "Scuole chiuse.")
	p.await(people[0], "Scuole chiuse.")
	p.await(other, "Scuole chiuse.")
	p.awaitNoTrace(gone)
	p.settle()
	if n := textsOn(gone); n != shown {
		t.Errorf("she was shown %d messages after she had left", n-shown)
	}
	gone.Text(comune, "Attiva Notizie Gianbattista1 Zanardelli1 Saronno") // and may come back
	p.awaitStatus(func(f figures) bool { return f.Subscribers == 3 })
}

// Wherever in an erasure the daemon is killed, the erasure is completed, and a
// backup from before it brings nobody back.
func TestG5_KilledInAnErasureThenRestored(t *testing.T) {
	t.Parallel()
	for _, moment := range []string{"erasure begun", "session erased", "people forgotten"} {
		t.Run(moment, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			writeFile(t, filepath.Join(p.dir, "forget.key"), forgetKey)
			p.write("config.yaml", strings.Replace(settings, "log:", "forget: {key_file: forget.key}\nlog:", 1))
			p.pair()
			daemon := p.daemon()
			gone := p.citizens(2)[0]
			p.settle()
			if _, stderr, code := p.run("backup", "backup.db"); code != 0 {
				t.Fatalf("backup: code %d, %s", code, stderr)
			}
			daemon.end(syscall.SIGTERM)
			<-time.After(time.Second) // WhatsApp counts seconds, and nobody leaves in the one in which he registers
			gone.Text(comune, "Disattiva Notizie")
			p.dieAt(step{dies: moment})
			daemon = p.daemon()
			p.awaitNoTrace(gone)
			daemon.end(syscall.SIGTERM)
			if stdout, stderr, code := p.run("restore", "backup.db", "--yes"); code != 0 || !strings.Contains(stdout, "not brought back: 1") {
				t.Fatalf("restore: code %d, %s%s", code, stdout, stderr)
			}
			if found := p.traces(gone.Number()[3:], gone.LID(), "Gianbattista0"); len(found) > 0 {
				t.Errorf("brought back: %v", found)
			}
		})
	}
}

func copyByHand(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, log := range []string{"-wal", "-shm"} {
		if err := os.Remove(to + log); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// talkative is an output that fails with what it was given.
type talkative struct{}

func (talkative) Write(b []byte) (int, error) { panic(string(b)) }

// A bug in a command is told by its place, not by what it was about.
func TestG4_PanicInACommand(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var stderr bytes.Buffer
	app := &cli.App{Stdout: talkative{}, Stderr: &stderr}
	if code := app.Run(t.Context(), []string{"subscribers", "list", "--json", "--config", o.config}); code != cli.ExitFailure {
		t.Errorf("exit code %d, want %d", code, cli.ExitFailure)
	}
	said := stderr.String()
	must(t, said, "a bug stopped the command", "cli.writeJSON", "restore_test.go")
	for _, secret := range []string{mariaNumber, mariaLID, "Zanzottera", "goroutine", "\n\t"} {
		if strings.Contains(said, secret) {
			t.Errorf("it says %q:\n%s", secret, said)
		}
	}
}
