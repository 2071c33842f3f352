package cli_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"

	"banditore/bot/cli"
)

// A rehearsal beside the running daemon says that all is well, and leaves the
// link as it is.
func TestRehearse(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.pair()
	daemon := p.daemon()
	people := p.citizens(1)
	stdout, stderr, code := p.run("pair", "--rehearse")
	if code != 0 || strings.Contains(stdout, "problema") || strings.Count(stdout, "ok ") != 8 {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	if strings.Contains(stdout, "2@") {
		t.Error("it shows a code")
	}
	people[0].Text(comune, "Comandi")
	p.await(people[0], "Questo numero invia gratis")
	daemon.end(syscall.SIGTERM)
}

// Each problem is told with what to do, and the exit code is the first one's.
func TestRehearsalFails(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	quietLog(p)
	p.server.SetOldestRevision(4_000_000_000)
	p.server.FailPage(http.StatusBadGateway)
	stdout, stderr, code := p.run("pair", "--rehearse")
	if code != cli.ExitFailure || !strings.Contains(stdout, "problema  versione") || !strings.Contains(stdout, "Aggiorna banditore") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	p.address = nowhere
	stdout, stderr, code = p.run("pair", "--rehearse")
	if code != cli.ExitFailure || !strings.Contains(stdout, "problema  rete") || !strings.Contains(stderr, "C'è un problema") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	c := p.console(80, 24, "pair", "--rehearse")
	if code := c.code(); code != cli.ExitFailure || !strings.Contains(unbroken(c.said()), "problema terminale: la finestra è di 80 colonne e 24 righe") {
		t.Errorf("exit code %d\n%s", code, c.screen())
	}
}
