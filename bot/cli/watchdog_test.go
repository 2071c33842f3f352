package cli_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/cli"
)

// A database that does not answer, as on a disk that hangs, keeps nobody from
// stopping the service; and the text it could not take is not lost (G3).
func TestG3_AStopIsQuickThoughTheDatabaseHangs(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.pair()
	daemon := p.daemon()
	p.citizens(1)
	if err := p.server.Settle(t.Context()); err != nil { // else a receipt waits for the lock, and the text behind it
		t.Fatal(err)
	}

	db, err := sql.Open("sqlite3", filepath.Join(p.dir, "data", "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lock, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if _, err := lock.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	late := p.server.NewPhone("+393990000700")
	late.Text(comune, "Attiva Notizie Ermenegilda Quaglia Saronno")
	p.awaitWords("text arrived", 2)

	began := time.Now()
	daemon.end(syscall.SIGTERM)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the stop took %v", took)
	}
	if code := daemon.ProcessState.ExitCode(); code != cli.ExitFailure || !strings.Contains(p.said(), "nothing is lost") {
		t.Errorf("code %d, and it says\n%s", code, tail(p.said()))
	}
	if _, err := lock.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	p.daemon()
	p.await(late, "Iscrizione attiva")
}

// awaitWords waits until the processes have said something so many times.
func (p *place) awaitWords(words string, times int) {
	p.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	patience := time.After(time.Minute)
	for strings.Count(p.said(), words) < times {
		select {
		case <-tick.C:
		case <-patience:
			p.t.Fatalf("%q was never said %d times\n%s", words, times, tail(p.said()))
		}
	}
}
