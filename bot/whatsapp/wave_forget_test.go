package whatsapp_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// leaving is an Options.Wanted that wants nothing more for some letters, once it is told.
type leaving struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (l *leaving) leave(letters ...whatsapp.Letter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ids = make(map[string]bool)
	for _, letter := range letters {
		l.ids[letter.ID] = true
	}
}

func (l *leaving) wanted(_ context.Context, id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.ids[id]
}

// tracesOf lists what session.db holds of people.
func (w *town) tracesOf(people ...*whatsapptest.Phone) []string {
	var traces []string
	for _, phone := range people {
		traces = append(traces, phone.LID(), strings.TrimPrefix(phone.Number(), "+"))
	}
	return w.sessionHolds(traces...)
}

// TestG5_ForgetBesideAWave forgets people at every moment of a wave to them, and of the questions before it: neither waits
// for the other without end, nothing of them comes back, and everybody else gets theirs.
func TestG5_ForgetBesideAWave(t *testing.T) {
	t.Parallel()
	for _, later := range []bool{false, true} {
		for _, after := range []time.Duration{0, 10, 20, 30, 40, 50, 60, 70} {
			t.Run(time.Duration(after*time.Millisecond).String(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { forgetBesideAWave(t, later, after*time.Millisecond) })
			})
		}
	}
}

func forgetBesideAWave(t *testing.T, later bool, after time.Duration) {
	w := newTown(t)
	people := w.crowd(16)
	gone, rest := people[:4], people[4:]
	people[1].LinkDevice()
	l := new(leaving)
	options := w.options()
	options.Wanted = l.wanted
	client := w.paired(options)
	if later {
		wantErrors(t, client.SendWave(t.Context(), lettersTo("zero", people...))())
		w.settle()
	}
	w.server.SetRoundTrip(20 * time.Millisecond)
	letters := lettersTo("uno", people...)
	for i := range letters {
		if i%3 == 0 {
			letters[i].To.LID = ""
		} else if i%3 == 1 {
			letters[i].To.Number = ""
		}
	}
	var beside sync.WaitGroup
	beside.Go(func() {
		time.Sleep(after)
		l.leave(letters[:4]...)
		var addresses []whatsapp.Address
		for _, phone := range gone {
			addresses = append(addresses, addressOf(phone))
		}
		if err := client.Forget(t.Context(), addresses); err != nil && !errors.Is(err, whatsapp.ErrBusy) {
			t.Errorf("forget: %v", err)
		}
	})
	beside.Go(func() { // as the next wave's people are prepared meanwhile
		client.Prepare(t.Context(), []whatsapp.Address{addressOf(gone[3]), addressOf(rest[0])})
	})
	began := time.Now()
	errs := client.SendWave(t.Context(), letters)()
	beside.Wait()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	for i, err := range errs {
		if got := ending(err); got != "" && (i >= len(gone) || got != "not_sent unwanted 0") {
			t.Errorf("letter %d: %v", i, err)
		}
	}
	time.Sleep(time.Minute)
	w.shownOnce("uno", rest...)
	if err := client.Compact(t.Context()); err != nil {
		t.Errorf("compact: %v", err)
	}
	if traces := w.tracesOf(gone...); len(traces) > 0 {
		t.Errorf("session.db holds %v", traces)
	}
}

// TestG3_SessionDBHeldByOthers lets another program read session.db, and then write to it without end: the first disturbs
// no wave, the second is our own trouble and charges nobody.
func TestG3_SessionDBHeldByOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("SQLite waits for the other program by the clock on the wall")
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(6)
		client := w.paired(w.options())
		db, err := sql.Open("sqlite3", filepath.Join(w.dir, "session.db")+"?_txlock=immediate")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		reader, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		var n int
		if _, err := reader.ExecContext(t.Context(), `BEGIN DEFERRED`); err != nil {
			t.Fatal(err)
		}
		if err := reader.QueryRowContext(t.Context(), `SELECT count(*) FROM whatsmeow_sessions`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		wantErrors(t, client.SendWave(t.Context(), lettersTo("uno", people...))())
		w.shownOnce("uno", people...)
		if _, err := reader.ExecContext(t.Context(), `ROLLBACK`); err != nil {
			t.Fatal(err)
		}

		writer, err := db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		letters := lettersTo("due", people...)
		for i, err := range client.SendWave(t.Context(), letters)() {
			if got := ending(err); got != "not_sent link 0" {
				t.Errorf("letter %d: %q", i, got)
			}
		}
		if err := writer.Rollback(); err != nil {
			t.Fatal(err)
		}
		wantErrors(t, client.SendWave(t.Context(), letters)())
		w.shownOnce("due", people...)
	})
}

// amidAWave does something in the middle of the transaction of the next wave.
func amidAWave(client *whatsapp.Client, do func()) {
	var once sync.Once
	loads := 0
	client.WatchSessions(func() {
		if loads++; loads >= 2 { // the first is the look for whom there is no session with
			once.Do(do)
		}
	})
}

// TestG5_ForgetWaitsForTheTransactionOfAWave begins to forget somebody in the middle of it: that must wait, and the wave
// must not wait for it in turn.
func TestG5_ForgetWaitsForTheTransactionOfAWave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(4)
		client := w.paired(w.options())
		wantErrors(t, client.SendWave(t.Context(), lettersTo("uno", people...))())
		w.settle()
		forgotten := make(chan error, 1)
		amidAWave(client, func() {
			go func() { forgotten <- client.ForgetAtOnce(t.Context(), addressOf(people[1])) }()
			client.AwaitForget()
		})
		wantErrors(t, client.SendWave(t.Context(), lettersTo("due", people...))())
		if err := <-forgotten; err != nil {
			t.Errorf("forget: %v", err)
		}
		w.shownOnce("due", people...)
		if err := client.Compact(t.Context()); err != nil {
			t.Errorf("compact: %v", err)
		}
		if traces := w.tracesOf(people[1]); len(traces) > 0 {
			t.Errorf("session.db holds %v", traces)
		}
	})
}
