package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"banditore/store"
)

// link reads the state of the link as `banditore status` does.
func (w *town) link() store.Link {
	w.t.Helper()
	db, err := store.OpenExisting(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	l, _, err := db.Link(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// While the number is suspended nothing is tried, not even by a restart; the
// announcement waits, and leaves by itself when the suspension ends.
func TestG7_ASuspensionIsWaitedForAcrossRestarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		before := w.server.Stats()
		w.server.FailLogins(402, map[string]string{"code": "101", "expire": "7200"})
		w.server.DropConnections()
		time.Sleep(time.Minute)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(time.Minute)
		for range 3 {
			w.stop()
			w.start()
			time.Sleep(time.Minute)
			if l := w.link(); l.State != "banned" || l.Connected || l.Code != 101 || l.Until.IsZero() {
				t.Errorf("got link %+v, want banned with code and end", l)
			}
		}
		time.Sleep(time.Hour)
		if got := w.server.Stats(); got.Connections-before.Connections != 1 || got.Messages != before.Messages {
			t.Errorf("%d connections and %d messages while red, want the refused connection only",
				got.Connections-before.Connections, got.Messages-before.Messages)
		}
		if a := w.announcements()[0]; a.Waiting != 3 || a.Failed != 0 {
			t.Errorf("counts %+v, want all three waiting", a.Counts)
		}
		w.server.FailLogins(0, nil)
		time.Sleep(57 * time.Minute)
		for i, p := range people {
			if count(p, "Una notizia.") != 1 {
				t.Errorf("phone %d: shown %d times, want once", i, count(p, "Una notizia."))
			}
		}
	})
}

// A log-out keeps the list and the queue, the daemon stays up, and nobody
// knocks until the phone is paired again.
func TestG7_ALogoutKeepsTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		time.Sleep(time.Minute)
		w.server.Unlink(comune)
		time.Sleep(time.Minute)
		before := w.server.Stats()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(24 * time.Hour)
		if got := w.server.Stats(); got.Connections != before.Connections || got.Messages != before.Messages {
			t.Errorf("%d connections after the log-out, want none", got.Connections-before.Connections)
		}
		if l := w.link(); l.State != "logged_out" || l.Code != 401 {
			t.Errorf("got link %+v, want logged out with its code", l)
		}
		if a := w.announcements()[0]; a.Waiting != 1 || a.Failed != 0 {
			t.Errorf("counts %+v, want it waiting", a.Counts)
		}
		w.stop()
		w.pair()
		w.start()
		w.await(p, "Una notizia.")
	})
}
