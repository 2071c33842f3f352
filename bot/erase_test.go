package bot_test

import (
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/store"
)

// A command that reads the list while somebody is erased delays the erasure of
// the last bytes. When it has ended they go, though nothing else happens.
func TestG5_AReaderOnlyDelaysTheErasure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Spool.Scan = time.Hour })
		w.subscribe(3)
		p := w.citizen(77)
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.await(p, "Iscrizione attiva")

		db, err := store.OpenExisting(t.Context(), w.cfg.DataDir)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		next, end := iter.Pull2(db.Subscribers(t.Context()))
		defer end()
		if _, err, ok := next(); err != nil || !ok {
			t.Fatalf("the list cannot be read: %v", err)
		}
		w.write(p, "Disattiva Notizie")
		w.await(p, "cancellat")
		time.Sleep(30 * time.Second)
		words := []string{p.Number()[1:], p.LID(), "Ermenegilda", "Quaglia"}
		if len(w.traces(words...)) == 0 {
			t.Fatal("the reader did not hinder the erasure: this test looks at the wrong thing")
		}
		end()
		time.Sleep(4*time.Minute + 30*time.Second)
		if where := w.traces(words...); len(where) > 0 {
			t.Errorf("after five minutes still there: %q", where)
		}
	})
}
