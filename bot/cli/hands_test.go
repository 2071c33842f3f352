package cli_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/cli"
	"banditore/bot/whatsapp/whatsapptest"
)

// hands reads one announcement as a machine would.
func (p *place) announcement(name string) (a struct {
	State       string
	Held        bool
	Sent, Left  int
	First, Last time.Time
}) {
	p.t.Helper()
	stdout, stderr, code := p.run("announcements", "show", name, "--json")
	if err := json.Unmarshal([]byte(stdout), &a); err != nil || code != 0 {
		p.t.Fatalf("show: code %d, %v\n%s%s", code, err, stdout, stderr)
	}
	return a
}

// awaitSome waits until n of the phones show the text, whoever they are.
func (p *place) awaitSome(n int, people []*whatsapptest.Phone, text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	for {
		have := 0
		for _, c := range people {
			have += min(1, shown(c, text))
		}
		if have >= n {
			return
		}
		if err := tick(ctx); err != nil {
			p.t.Fatalf("%d phones show %q, want %d\n%s", have, text, n, tail(p.said()))
		}
	}
}

// What is leaving can be held, released and cancelled from the terminal, while
// the daemon runs and while it does not.
func TestHandsOn(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("config.yaml", strings.Replace(settings, "every: 0s", "every: 5s", 1))
	p.pair()
	daemon := p.daemon()
	people := p.citizens(8)
	p.write(filepath.Join("spool", "da_inviare", "mercato.txt"), "Mercato spostato.")
	p.awaitSome(2, people, "Mercato spostato.")
	if stdout, stderr, code := p.run("announcements", "hold", "mercato"); code != 0 || !strings.HasPrefix(stdout, "held: mercato.txt") {
		t.Fatalf("hold: code %d, %s%s", code, stdout, stderr)
	}
	held := p.announcement("mercato.txt")
	if !held.Held || held.Left == 0 || !held.First.IsZero() {
		t.Fatalf("held: %+v", held)
	}
	daemon.end(syscall.SIGTERM)
	if again := p.announcement("mercato"); again.Left < held.Left-1 { // one may have been in hand
		t.Errorf("%d left after the hold, %d before", again.Left, held.Left)
	}

	if _, stderr, code := p.run("announcements", "release", "mercato"); code != 0 {
		t.Fatalf("release: %s", stderr)
	}
	if a := p.announcement("mercato"); a.Held || a.First.IsZero() || a.Last.Before(a.First) {
		t.Errorf("released: %+v", a)
	}
	p.write("config.yaml", settings)
	p.daemon()
	for _, c := range people {
		p.await(c, "Mercato spostato.")
	}
	p.awaitFile(filepath.Join("spool", "inviati", "mercato.txt.esito.txt"))
	if _, stderr, code := p.run("announcements", "cancel", "mercato"); code != cli.ExitFailure || !strings.Contains(stderr, "ended already") {
		t.Errorf("cancel of what has ended: code %d, %s", code, stderr)
	}
	if _, stderr, code := p.run("announcements", "show", "nulla"); code != cli.ExitFailure || !strings.Contains(stderr, "announcements list") {
		t.Errorf("an unknown name: code %d, %s", code, stderr)
	}
}

// What is cancelled stops at the next message and is filed with a report.
func TestCancelAndHoldAll(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("config.yaml", strings.Replace(settings, "every: 0s", "every: 5s", 1))
	p.pair()
	p.daemon()
	people := p.citizens(6)
	p.write(filepath.Join("spool", "da_inviare", "sbagliato.txt"), "Sbagliato.")
	p.awaitSome(1, people, "Sbagliato.")
	if _, stderr, code := p.run("announcements", "hold", "--all"); code != 0 {
		t.Fatalf("hold --all: %s", stderr)
	}
	if a := p.announcement("sbagliato"); !a.Held {
		t.Errorf("not held: %+v", a)
	}
	if _, stderr, code := p.run("announcements", "cancel", "sbagliato.txt"); code != 0 {
		t.Fatalf("cancel: %s", stderr)
	}
	p.awaitFile(filepath.Join("spool", "inviati", "sbagliato.txt.esito.txt"))
	if a := p.announcement("sbagliato"); a.State != "stopped" || a.Sent == 6 {
		t.Errorf("cancelled: %+v", a)
	}
	if stdout, _, _ := p.run("announcements", "list"); !strings.Contains(stdout, "sbagliato.txt  stopped") {
		t.Errorf("list says %q", stdout)
	}
}
