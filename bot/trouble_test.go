package bot_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

func contextFor(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}

// A restart in mid-announcement goes on where it was.
func TestG2_RestartGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = 6 * time.Second })
		people := w.subscribe(6)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(people[2], "Una notizia.")
		w.stop()
		time.Sleep(time.Hour)
		w.start()
		for _, p := range people {
			w.await(p, "Una notizia.")
		}
		time.Sleep(time.Hour)
		for i, p := range people {
			if count(p, "Una notizia.") != 1 || p.Repeats() != 0 {
				t.Errorf("phone %d: shown %d times, %d repeats", i, count(p, "Una notizia."), p.Repeats())
			}
		}
	})
}

// A stop takes less than ten seconds though WhatsApp does not answer. The
// message whose outcome is unknown is sent again, with its ID.
func TestG2_StopIsQuickThoughAnAckIsMissing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		p.GoOffline() // else its receipt would prove that the message arrived
		w.server.SetAckStaller(func(*whatsapptest.Phone, string) bool { return true })
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(30 * time.Second)
		began := time.Now()
		w.stop()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("the stop took %v", took)
		}
		w.server.SetAckStaller(nil)
		w.start()
		time.Sleep(time.Hour)
		p.GoOnline()
		w.await(p, "Una notizia.")
		time.Sleep(time.Hour)
		if count(p, "Una notizia.") != 1 || p.Repeats() != 1 {
			t.Errorf("shown %d times, %d repeats, want one of each", count(p, "Una notizia."), p.Repeats())
		}
	})
}

// An answer whose outcome is unknown is tried again in seconds, though nothing
// else happens.
func TestG3_AnAnswerIsTriedAgainByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Spool.Scan = time.Hour })
		p := w.citizen(1)
		stalled := 0
		w.server.SetAckStaller(func(*whatsapptest.Phone, string) bool {
			stalled++
			return stalled == 1
		})
		w.server.SetRoundTrip(time.Second)
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		time.Sleep(100 * time.Millisecond)
		p.GoOffline() // else its receipt would prove that the answer arrived
		time.Sleep(5 * time.Minute)
		p.GoOnline()
		w.await(p, "Iscrizione attiva")
		time.Sleep(5 * time.Minute)
		if p.Repeats() != 1 {
			t.Errorf("%d repeats within five minutes, want one", p.Repeats())
		}
	})
}

// A receipt proves that a message arrived, though its ack was lost.
func TestAReceiptIsAsGoodAsAnAck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Spool.Scan = time.Hour })
		p := w.subscribe(1)[0]
		w.server.SetAckStaller(func(*whatsapptest.Phone, string) bool { return true })
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(24 * time.Hour)
		if a := w.announcements()[0]; a.Sent != 1 || a.Delivered != 1 || p.Repeats() != 0 {
			t.Errorf("counts %+v, %d repeats; want it delivered and not sent again", a.Counts, p.Repeats())
		}
	})
}

// A connection that is cut in the middle costs nobody a message.
func TestG2_CutConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = time.Second })
		people := w.subscribe(10)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		for i, p := range people {
			w.await(p, "Una notizia.")
			if i%3 == 0 {
				w.server.DropConnections()
			}
		}
		time.Sleep(time.Hour)
		for i, p := range people {
			if count(p, "Una notizia.") != 1 {
				t.Errorf("phone %d: shown %d times", i, count(p, "Una notizia."))
			}
		}
	})
}

// Somebody without devices or keys holds up nobody and is reported as failed.
func TestUnreachablePeopleHoldUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		w.stop() // the list of devices is remembered until the end of the process
		people[0].Gone()
		w.start()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(people[1], "Una notizia.")
		w.await(people[2], "Una notizia.")
		time.Sleep(time.Minute)
		if a := w.announcements()[0]; a.Failed != 1 || a.Sent != 2 || a.Recipients != 3 {
			t.Errorf("counts %+v, want 2 sent and 1 failed of 3", a.Counts)
		}
	})
}

// A phone that cannot decrypt gets the same message again, from the outbox,
// also after a restart.
func TestRetryFromTheOutboxAfterARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		p.GoOffline()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(time.Minute)
		w.stop()
		p.ForgetSessions()
		w.start()
		time.Sleep(time.Minute)
		p.GoOnline()
		w.await(p, "Una notizia.")
	})
}

// What was written while the daemon was down is carried out at the next start,
// before an announcement leaves.
func TestG3_TheBacklogComesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(2)
		w.stop()
		w.write(people[0], "Disattiva Notizie")
		fresh := w.citizen(60)
		w.write(fresh, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(time.Hour)
		w.start()
		w.await(people[0], "cancellat")
		w.await(fresh, "Iscrizione attiva")
		w.await(people[1], "Una notizia.")
		time.Sleep(time.Hour)
		if count(people[0], "Una notizia.") != 0 {
			t.Error("who left while the daemon was down got one more announcement")
		}
	})
}

// An outcome that the database does not take is recorded as soon as it does:
// the message does not stay in the air until the next restart.
func TestG3_AnOutcomeIsRecordedLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		p.GoOffline() // a receipt would record it as well
		w.sql(`CREATE TRIGGER full BEFORE UPDATE OF state ON deliveries WHEN NEW.state = 'sent' BEGIN SELECT raise(ABORT, 'no room'); END`)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(time.Minute)
		w.sql(`DROP TRIGGER full`) // with it nobody opens the database anew
		if a := w.announcements()[0]; a.Sent != 0 {
			t.Fatalf("counts %+v: the trouble this test makes does not work", a.Counts)
		}
		time.Sleep(time.Minute)
		if a := w.announcements()[0]; a.Sent != 1 || a.State != store.Finished {
			t.Errorf("counts %+v, state %s; want it sent", a.Counts, a.State)
		}
		p.GoOnline()
		w.await(p, "Una notizia.")
		if p.Repeats() != 0 {
			t.Errorf("%d repeats, want none", p.Repeats())
		}
	})
}

// sql runs a statement behind the daemon's back.
func (w *town) sql(statement string) {
	w.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(w.cfg.DataDir, "store.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(w.t.Context(), statement); err != nil {
		w.t.Fatal(err)
	}
}

// What phones say while the file is being filed away is in the report too: its
// numbers are those of the status, though nothing happens afterwards.
func TestTheReportAgreesWithTheStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, often)
		people := w.subscribe(3)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		for _, p := range people {
			w.await(p, "Una notizia.")
		}
		time.Sleep(time.Minute)
		file := filepath.Join(w.cfg.SpoolDir, "inviati", "a.txt.esito.txt")
		report, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		// As if the report had been written before the last receipt was noted.
		old := strings.Replace(string(report), "Consegnati sul telefono: 3", "Consegnati sul telefono: 2", 1)
		if old == string(report) {
			t.Fatalf("the report does not say that 3 were delivered:\n%s", report)
		}
		if err := os.WriteFile(file, []byte(old), 0o660); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if again, err := os.ReadFile(file); err != nil || string(again) != string(report) {
			t.Errorf("the report stayed wrong: %v\n%s", err, again)
		}
	})
}
