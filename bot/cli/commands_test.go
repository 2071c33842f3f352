package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"banditore/bot/cli"
)

// nowhere is a WhatsApp that nobody answers for.
const nowhere = "127.0.0.1:1"

// command runs one command that never gets as far as WhatsApp.
func command(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	return (&place{t: t, dir: t.TempDir(), address: nowhere}).run(args...)
}

// configFile writes a configuration whose directories are fresh; each edit
// replaces text in it.
func configFile(t *testing.T, edits ...string) string {
	t.Helper()
	dir := t.TempDir()
	text := strings.NewReplacer("data_dir: data", "data_dir: "+dir+"/data", "spool_dir: spool", "spool_dir: "+dir+"/spool").Replace(settings)
	text = strings.NewReplacer(edits...).Replace(text)
	file := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// What goes wrong before anything runs ends in one clear sentence and a
// documented code.
func TestMistakes(t *testing.T) {
	t.Parallel()
	good := configFile(t)
	for _, test := range []struct {
		name string
		args []string
		code int
		says []string // all of them on standard error
	}{
		{"unknown command", []string{"rum", "--config", good}, cli.ExitUsage, []string{"rum"}},
		{"unknown flag", []string{"status", "--jsn"}, cli.ExitUsage, []string{"--jsn"}},
		{"superfluous argument", []string{"status", "now"}, cli.ExitUsage, []string{"now"}},
		{"no such file", []string{"status", "--config", "/nowhere/config.yaml"}, cli.ExitUsage, []string{"/nowhere/config.yaml"}},
		{"a directory for a file", []string{"status", "--config", t.TempDir()}, cli.ExitUsage, []string{"regular file"}},
		{"misspelt key", []string{"run", "--config", configFile(t, "sending: {every", "sending: {evrey")}, cli.ExitUsage, []string{"sending.evrey", "sending.every"}},
		{"number where a duration belongs", []string{"run", "--config", configFile(t, "every: 0s", "every: 5")}, cli.ExitUsage, []string{"sending.every", "for example"}},
		{"two mistakes at once", []string{"run", "--config", configFile(t, comune, "saronno", "settle: 100ms", "settle: -1s")}, cli.ExitUsage, []string{"service.number", "spool.settle"}},
		{"not paired, no terminal", []string{"run", "--config", good}, cli.ExitNotPaired, []string{"banditore pair"}},
		{"spool is a file", []string{"check", "--config", configFile(t, "/spool\n", "/config.yaml\n")}, cli.ExitData, []string{"spool", "not a folder"}},
		{"data directory is a file", []string{"run", "--config", configFile(t, "/data\n", "/config.yaml\n")}, cli.ExitData, []string{"config.yaml"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, stderr, code := command(t, test.args...)
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			for _, word := range test.says {
				if !strings.Contains(stderr, word) {
					t.Errorf("stderr does not mention %q:\n%s", word, stderr)
				}
			}
			if strings.Contains(stderr, "panic") || strings.Contains(stderr, "goroutine") {
				t.Errorf("a stack instead of a sentence:\n%s", stderr)
			}
		})
	}
}

func TestCorruptDatabase(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"store.db", "session.db"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := configFile(t)
			data := filepath.Join(filepath.Dir(file), "data")
			if err := os.Mkdir(data, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(data, name), bytes.Repeat([]byte("not a database "), 500), 0o600); err != nil {
				t.Fatal(err)
			}
			commands := []string{"check", "status"}
			if name == "store.db" { // the keys are put aside instead: see TestDamagedKeys
				commands = append(commands, "run")
			}
			for _, cmd := range commands {
				_, stderr, code := command(t, cmd, "--config", file)
				if code != cli.ExitData || !strings.Contains(stderr, name) {
					t.Errorf("%s: code %d, says %q", cmd, code, stderr)
				}
			}
			if left, err := os.ReadFile(filepath.Join(data, name)); err != nil || !bytes.HasPrefix(left, []byte("not a database")) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
}

func TestStatusBeforeTheFirstRun(t *testing.T) {
	t.Parallel()
	file := configFile(t)
	for _, args := range [][]string{{"--config", file, "status", "--json"}, {"status", "--json", "--config", file}} {
		stdout, stderr, code := command(t, args...)
		if code != cli.ExitUnhealthy {
			t.Fatalf("code %d: %s", code, stderr)
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(stdout), &got); err != nil {
			t.Fatal(err)
		}
		if got["paired"] != false || got["subscribers"] != 0.0 || got["state"] != "unpaired" {
			t.Errorf("got %v", got)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "data")); !os.IsNotExist(err) {
		t.Error("status created the data directory")
	}
}

// The story at the terminal: pair, run, look at things while it runs and after.
func TestOperations(t *testing.T) {
	t.Parallel()
	p := openPlace(t)
	if _, stderr, code := p.run("check"); code != cli.ExitNotPaired {
		t.Errorf("check before pairing: code %d, %s", code, stderr)
	}
	p.pair()
	daemon := p.daemon()
	people := p.citizens(3)
	p.write(filepath.Join("spool", "urgenti", "neve è.txt"), "Scuole chiuse.\n")
	for _, c := range people {
		p.await(c, "Scuole chiuse.")
	}
	p.awaitFile(filepath.Join("spool", "inviati", "neve è.txt.esito.txt"))

	if _, stderr, code := p.run("run"); code != cli.ExitHeld || !strings.Contains(stderr, "process") {
		t.Errorf("G10: a second daemon: code %d, says %q", code, stderr)
	}
	checkStatus(t, p, true, "connected")
	checkSubscribers(t, p, people[0].Number(), people[0].LID())
	if stdout, stderr, code := p.run("check"); code != 0 {
		t.Errorf("check: code %d\n%s%s", code, stdout, stderr)
	}
	daemon.end(syscall.SIGTERM)
	if code := daemon.ProcessState.ExitCode(); code != 0 {
		t.Errorf("SIGTERM ended the daemon with %d\n%s", code, tail(p.said()))
	}
	checkStatus(t, p, false, "stopped")
	if stdout, _, _ := p.run("subscribers", "count"); stdout != "3\n" {
		t.Errorf("count %q, want 3", stdout)
	}
	if stdout, _, _ := p.run("version"); !strings.HasPrefix(stdout, "banditore ") {
		t.Errorf("version says %q", stdout)
	}
}

func checkStatus(t *testing.T, p *place, connected bool, state string) {
	t.Helper()
	stdout, stderr, code := p.run("status", "--json")
	var got struct {
		Paired, Connected    bool
		State                string
		Subscribers, Waiting int
		Identities           map[string]int
		Announcements        []map[string]any
	}
	want := cli.ExitOK
	if !connected {
		want = cli.ExitUnhealthy
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != want {
		t.Fatalf("status: code %d, %v\n%s%s", code, err, stdout, stderr)
	}
	if !got.Paired || got.Connected != connected || got.State != state || got.Subscribers != 3 || got.Waiting != 0 {
		t.Errorf("status %+v", got)
	}
	if held, there := got.Identities["without_reason"]; got.Identities["held"] < got.Subscribers || held != 0 || !there {
		t.Errorf("G5: identities %v, want those of the subscribers", got.Identities)
	}
	fields := []string{"cancelled", "delivered", "expired", "failed", "held", "left", "name", "paused", "read", "recipients", "sent", "stage", "state", "unsubscribed", "urgent", "waiting", "word"}
	if keys := keys(got.Announcements[0]); !slices.Equal(keys, fields) {
		t.Errorf("fields %q, want %q", keys, fields)
	}
	if a := got.Announcements[0]; a["name"] != "neve è.txt" || a["urgent"] != true || a["sent"] != 3.0 || a["recipients"] != 3.0 {
		t.Errorf("announcement %v", a)
	}
	if human, _, _ := p.run("status"); !strings.Contains(human, "Iscritti: 3") {
		t.Errorf("status says %q", human)
	}
}

func checkSubscribers(t *testing.T, p *place, number, lid string) {
	t.Helper()
	stdout, stderr, code := p.run("subscribers", "list", "--json")
	var got []map[string]any
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != 0 || len(got) != 3 {
		t.Fatalf("list: code %d, %v\n%s%s", code, err, stdout, stderr)
	}
	want := []string{"code", "comune", "family_name", "given_name", "lid", "mode", "number", "since"}
	if keys := keys(got[0]); !slices.Equal(keys, want) {
		t.Errorf("fields %q, want %q", keys, want)
	}
	if got[0]["number"] != number || got[0]["lid"] != lid || got[0]["comune"] != "Saronno" {
		t.Errorf("first entry %v", got[0])
	}
	if human, _, _ := p.run("subscribers", "list"); !strings.Contains(human, number) || strings.Contains(human, lid) {
		t.Errorf("list says %q", human)
	}
}

func keys(m map[string]any) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// G10: a phone with another number is refused, and the right one can still be
// linked with the codes that follow.
func TestG10_WrongPhone(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	stranger := p.server.NewPhone("+393990000666")
	pr := p.start("pair")
	if err := stranger.ScanQR(pr.nextCode()); err == nil {
		t.Error("the wrong phone was linked")
	}
	if err := p.phone.ScanQR(pr.nextCode()); err != nil {
		t.Fatalf("the right phone could not be linked afterwards: %v\n%s", err, p.said())
	}
	for pr.stdout.Scan() {
	}
	if err := pr.Wait(); err != nil {
		t.Errorf("pair: %v\n%s", err, p.said())
	}
	close(pr.done)
	if !strings.Contains(p.said(), "+393990000666") {
		t.Error("the terminal does not say which phone was refused")
	}
}

// Somebody who gives up pairing is told how things stand, and the log of the
// library does not come between the words.
func TestPairingGivenUp(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("config.yaml", strings.Replace(settings, "level: debug", "level: info", 1))
	stranger := p.server.NewPhone("+393990000666")
	pr := p.start("pair")
	if err := stranger.ScanQR(pr.nextCode()); err == nil {
		t.Error("the wrong phone was linked")
	}
	pr.nextCode()
	pr.end(syscall.SIGINT)
	if code := pr.ProcessState.ExitCode(); code != cli.ExitNotPaired {
		t.Errorf("exit code %d, want %d", code, cli.ExitNotPaired)
	}
	if said := p.said(); !strings.Contains(said, "Interrotto: nessun telefono è stato collegato") || strings.Contains(said, "level=") || strings.Contains(said, "context") {
		t.Errorf("it says\n%s", said)
	}
}

// A folder event is enough: nobody waits for the slow scan.
func TestAnEventIsEnough(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("config.yaml", strings.Replace(settings, "scan: 1s", "scan: 1h", 1))
	p.pair()
	p.daemon()
	c := p.citizens(1)[0]
	p.awaitFile(filepath.Join("spool", "stato.html"))
	p.write(filepath.Join("spool", "da_inviare", "a.txt"), "Una notizia.")
	p.await(c, "Una notizia.")
}

// The same announcement arrives once whether it is copied byte by byte or moved in.
func TestSlowCopyAndMove(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("config.yaml", strings.Replace(settings, "settle: 100ms", "settle: 2s", 1)) // longer than a busy machine pauses who copies
	p.pair()
	p.daemon()
	c := p.citizens(1)[0]
	const slow, moved = "Copiato piano piano, un byte alla volta.", "Spostato in un colpo."
	copySlowly(t, filepath.Join(p.dir, "spool", "da_inviare", "lento.txt"), slow)
	p.await(c, slow)

	p.write("pronto.txt", moved)
	if err := os.Rename(filepath.Join(p.dir, "pronto.txt"), filepath.Join(p.dir, "spool", "pronto.txt")); err != nil {
		t.Fatal(err)
	}
	p.await(c, moved)
	if len(c.Messages()) != 4 {
		t.Errorf("%d messages, want the confirmation, the card and two announcements", len(c.Messages()))
	}
}
