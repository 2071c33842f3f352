package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/cli"
)

// health is what `banditore status --json` says of the link.
type health struct {
	Paired, Connected, Healthy bool
	State, Cause               string
	Problems                   []struct{ Kind, Severity, Sentence, Advice string }
}

func (p *place) health() (h health, code int) {
	p.t.Helper()
	stdout, stderr, code := p.run("status", "--json")
	if err := json.Unmarshal([]byte(stdout), &h); err != nil || h.Healthy != (code == cli.ExitOK) {
		p.t.Fatalf("status: code %d, %v\n%s%s", code, err, stdout, stderr)
	}
	return h, code
}

// awaitState waits until status names the state, for as long as patience lasts.
func (p *place) awaitState(state string, patience time.Duration) bool {
	p.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for over := time.After(patience); ; {
		if h, _ := p.health(); h.State == state {
			return true
		}
		select {
		case <-tick.C:
		case <-over:
			return false
		}
	}
}

func (p *place) mustState(state string) {
	p.t.Helper()
	if !p.awaitState(state, time.Minute) {
		h, _ := p.health()
		p.t.Fatalf("status says %+v, want %s\n%s", h, state, tail(p.said()))
	}
}

// The link falls off and is made again beside the running daemon, which takes it
// over within seconds; it is ended and made again; and whoever asks is told how
// things stand.
func TestG10_PairAndUnpairBesideTheDaemon(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.pair()
	daemon := p.daemon()
	people := p.citizens(2)
	if out, errs, code := p.run("pair"); code != cli.ExitOK || !strings.Contains(errs, "connesso a WhatsApp") {
		t.Errorf("pair beside a link that stands: code %d\n%s%s", code, out, errs)
	}
	p.settle()
	p.server.Unlink(comune)
	p.mustState("logged_out")
	if h, code := p.health(); code != cli.ExitUnhealthy || h.Paired || h.Problems[0].Kind != "link" || !strings.Contains(h.Problems[0].Advice, "banditore pair") {
		t.Errorf("without a link: code %d, %+v", code, h)
	}

	first := p.start("pair")
	code := first.nextCode()
	if _, errs, exit := p.run("pair"); exit != cli.ExitHeld || !strings.Contains(errs, fmt.Sprint(first.Process.Pid)) {
		t.Errorf("a second pair at the same time: code %d, says %q", exit, errs)
	}
	p.write(filepath.Join("spool", "da_inviare", "a.txt"), "Notizia che aspetta.")
	p.awaitAnnouncement("a", "waits for the link")
	if err := p.phone.ScanQR(code); err != nil {
		t.Fatal(err)
	}
	for first.stdout.Scan() {
	}
	if err := first.Wait(); err != nil || !strings.Contains(p.said(), "riprende da dove era") {
		t.Fatalf("pair: %v\n%s", err, tail(p.said()))
	}
	close(first.done)
	if h, code := p.health(); code != cli.ExitOK || h.State != "connected" {
		t.Errorf("after the pairing: code %d, %+v", code, h)
	}
	p.endHistory()
	for _, c := range people {
		p.await(c, "Notizia che aspetta.")
	}

	p.settle()
	if out, errs, code := p.run("unpair", "--yes"); code != cli.ExitOK || !strings.Contains(errs, "Fatto") {
		t.Fatalf("unpair beside the daemon: code %d\n%s%s", code, out, errs)
	}
	p.mustState("unpaired")
	if h, code := p.health(); code != cli.ExitUnhealthy || h.Cause != "unlinked" || h.Paired {
		t.Errorf("after unpair: code %d, %+v", code, h)
	}
	if _, errs, code := p.run("unpair", "--yes"); code != cli.ExitOK || !strings.Contains(errs, "Nessun telefono") {
		t.Errorf("unpair twice: code %d, %s", code, errs)
	}
	p.pair()
	p.endHistory()
	p.mustState("connected")
	p.write(filepath.Join("spool", "da_inviare", "b.txt"), "Un'altra.")
	for _, c := range people {
		p.await(c, "Un'altra.")
		if n := shown(c, "Notizia che aspetta."); n != 1 {
			t.Errorf("shown %d times", n)
		}
	}
	select {
	case <-daemon.done:
		t.Error("the daemon has ended")
	default:
	}
}

func (p *place) awaitAnnouncement(name, forecast string) {
	p.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for over := time.After(time.Minute); ; {
		out, _, _ := p.run("announcements", "list")
		if strings.Contains(out, name) && strings.Contains(out, forecast) {
			return
		}
		select {
		case <-tick.C:
		case <-over:
			p.t.Fatalf("announcements list says\n%s", out)
		}
	}
}

// `pair` is killed at every kind of moment beside a running daemon that waits for
// the link. Whatever it left, the daemon goes on, and links by itself or after
// another `pair`; nobody is sent anything twice.
func TestG10_PairKilledBesideTheDaemon(t *testing.T) {
	t.Parallel()
	for _, step := range []string{
		"whatsapp library#6", "whatsapp library#7", "whatsapp library#8", "whatsapp library#10", "whatsapp library#16", "whatsapp library#26",
		"whatsapp state", "whatsapp state#2",
	} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			p.pair()
			p.daemon()
			c := p.citizens(1)[0]
			p.settle()
			p.server.Unlink(comune)
			p.mustState("logged_out")
			p.write(filepath.Join("spool", "da_inviare", "a.txt"), "Notizia che aspetta.")

			p.env = []string{stepKey + "=" + step}
			pr := p.start("pair")
			p.env = nil
			for pr.stdout.Scan() {
				if code, shown := pr.code(); shown {
					go p.phone.ScanQR(code) // whether it is told how it ended is the step's business
				}
			}
			pr.Wait()
			close(pr.done)
			if !strings.Contains(p.said(), "died at") {
				t.Fatalf("pair did not come to this step\n%s", tail(p.said()))
			}
			if !p.awaitState("connected", 6*time.Second) {
				p.pairUnlessLinked()
				p.mustState("connected")
			}
			p.endHistory()
			p.await(c, "Notizia che aspetta.")
			p.settle()
			if n := shown(c, "Notizia che aspetta."); n != 1 {
				t.Errorf("shown %d times", n)
			}
		})
	}
}

// pairUnlessLinked links the phone, unless the daemon has done so at last.
func (p *place) pairUnlessLinked() {
	p.t.Helper()
	pr := p.start("pair")
	for pr.stdout.Scan() {
		if code, shown := pr.code(); shown {
			if err := p.phone.ScanQR(code); err != nil {
				p.t.Fatalf("scan: %v", err)
			}
		}
	}
	mustDo(p.t, pr.Wait())
	close(pr.done)
}

// A link that the phone has ended while the service was stopped is no link: pair
// finds out, and makes a new one.
func TestPairProvesTheLink(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.pair()
	if out, errs, code := p.run("pair"); code != cli.ExitOK || !strings.Contains(errs, "nulla da fare") {
		t.Errorf("a link that stands: code %d\n%s%s", code, out, errs)
	}
	p.server.Unlink(comune)
	p.pair()
	p.daemon()
	p.mustState("connected")
}

// Keys that cannot be used are put aside, whatever is wrong with them; the daemon
// runs without a link, says why, and needs nothing but `pair`.
func TestG10_KeysThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(*testing.T, string, []byte) // given the file, and a copy of before the last run
		cause string
	}{
		"damaged": {func(t *testing.T, file string, _ []byte) {
			mustWrite(t, file, []byte(strings.Repeat("not a database ", 500)))
		}, "damaged"},
		"lost":        {func(t *testing.T, file string, _ []byte) { mustDo(t, os.Remove(file)) }, "lost"},
		"an old copy": {func(t *testing.T, file string, before []byte) { mustWrite(t, file, before) }, "old_copy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			p.pair()
			file := filepath.Join(p.dir, "data", "session.db")
			before, err := os.ReadFile(file)
			mustDo(t, err)
			first := p.daemon()
			c := p.citizens(1)[0]
			p.settle()
			first.end(syscall.SIGTERM)
			test.spoil(t, file, before)
			logins := p.server.Stats().Logins

			p.daemon()
			p.awaitWords("banditore is running", 2)
			p.mustState("unpaired")
			if h, code := p.health(); h.Cause != test.cause || code != cli.ExitUnhealthy || h.Problems[0].Kind != "link" {
				t.Errorf("code %d, %+v", code, h)
			}
			parked := file + ".parked"
			if _, err := os.Stat(parked); (err == nil) != (test.cause != "lost") {
				t.Errorf("parked: %v", err)
			}
			if n := p.server.Stats().Logins; n != logins {
				t.Errorf("it has logged in %d times", n-logins)
			}
			p.pair()
			p.mustState("connected")
			p.endHistory()
			p.write(filepath.Join("spool", "da_inviare", "a.txt"), "Una notizia.")
			p.await(c, "Una notizia.")
			p.awaitGone(parked)
		})
	}
}

func mustWrite(t *testing.T, file string, content []byte) {
	t.Helper()
	mustDo(t, os.WriteFile(file, content, 0o600))
}

func (p *place) awaitGone(file string) {
	p.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for over := time.After(30 * time.Second); ; {
		if _, err := os.Stat(file); os.IsNotExist(err) {
			return
		}
		select {
		case <-tick.C:
		case <-over:
			p.t.Fatalf("%s is still there", filepath.Base(file))
		}
	}
}

// Another number in the configuration ends nothing by itself: everybody says what
// is the case and what to type, and the list goes over by a command of its own.
func TestG10_AnotherNumber(t *testing.T) {
	t.Parallel()
	const other = "+393349999999"
	p := newPlace(t)
	p.pair()
	first := p.daemon()
	people := p.citizens(2)
	p.settle()
	first.end(syscall.SIGTERM)
	p.write("config.yaml", strings.Replace(settings, comune, other, 1))
	for _, args := range [][]string{{"run"}, {"pair"}, {"check"}, {"status"}} {
		out, errs, code := p.run(args...)
		for _, word := range []string{comune, other, "banditore unpair", "banditore subscribers handover"} {
			if !strings.Contains(out+errs, word) {
				t.Errorf("%s does not say %q: code %d\n%s%s", args, word, code, out, errs)
			}
		}
		if want := map[string]int{"status": cli.ExitUnhealthy}[args[0]]; want == 0 && code != cli.ExitNotPaired || want != 0 && code != want {
			t.Errorf("%s: code %d", args, code)
		}
	}
	if _, errs, code := p.run("subscribers", "handover", "--yes"); code == cli.ExitOK || !strings.Contains(errs, "banditore unpair") {
		t.Errorf("handover while the old phone is linked: code %d, %s", code, errs)
	}
	if _, errs, code := p.run("unpair", "--yes"); code != cli.ExitOK {
		t.Fatalf("unpair of the old number: code %d, %s", code, errs)
	}
	if _, errs, code := p.run("pair"); code != cli.ExitNotPaired || !strings.Contains(errs, "handover") {
		t.Errorf("pair before the handover: code %d, %s", code, errs)
	}
	if out, errs, code := p.run("subscribers", "handover", "--yes"); code != cli.ExitOK || !strings.Contains(out, "2 people") {
		t.Fatalf("handover: code %d, %s%s", code, out, errs)
	}
	if log, err := os.ReadFile(filepath.Join(p.dir, "data", "audit.log")); err != nil || !strings.Contains(string(log), "subscribers handover") {
		t.Errorf("audit: %s, %v", log, err)
	}
	p.phone = p.server.NewPhone(other)
	p.pair()
	p.daemon()
	p.mustState("connected")
	if stdout, _, _ := p.run("subscribers", "count"); stdout != fmt.Sprintln(len(people)) {
		t.Errorf("count %q", stdout)
	}
}

func mustDo(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A service that is started while somebody links a phone leaves the link to them,
// and takes it over afterwards. An erasure waits for neither.
func TestG10_StartedWhileAPhoneIsLinked(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.pair()
	first := p.daemon()
	c := p.citizens(2)
	p.settle()
	first.end(syscall.SIGTERM)
	p.server.Unlink(comune)
	pr := p.start("pair")
	code := pr.nextCode()
	if out, errs, code := p.run("subscribers", "erase", c[0].Number()); code != cli.ExitOK {
		t.Errorf("erase beside pair: code %d\n%s%s", code, out, errs)
	}
	p.daemon()
	p.awaitWords("banditore is running", 2)
	if _, errs, code := p.run("restore", "nothing.db", "--yes"); code != cli.ExitHeld {
		t.Errorf("restore beside the daemon: code %d, %s", code, errs)
	}
	mustDo(t, p.phone.ScanQR(code))
	for pr.stdout.Scan() {
	}
	mustDo(t, pr.Wait())
	close(pr.done)
	p.mustState("connected")
	p.endHistory()
	p.write(filepath.Join("spool", "da_inviare", "a.txt"), "Una notizia.")
	p.await(c[1], "Una notizia.")
	if n := shown(c[0], "Una notizia."); n != 0 {
		t.Error("who was erased got an announcement")
	}
}

// While a phone is being linked without a daemon, nobody replaces the list.
func TestRestoreWaitsForPair(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	pr := p.start("pair")
	pr.nextCode()
	if _, errs, code := p.run("restore", "nothing.db", "--yes"); code != cli.ExitHeld || !strings.Contains(errs, "link") {
		t.Errorf("code %d, %s", code, errs)
	}
}
