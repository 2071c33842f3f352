package bot_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/store"
)

// While no device was linked somebody registered, then asked by e-mail to be
// erased. The history that comes with the next link tells of the registration
// only, and must not carry it out.
func TestG1_ErasedInTheGap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		key := filepath.Join(t.TempDir(), "forget.key")
		if err := os.WriteFile(key, []byte("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"), 0o600); err != nil {
			t.Fatal(err)
		}
		w := raise(t, func(c *config.Config) { c.Forget.KeyFile = key })
		stays := w.subscribe(1)[0]
		gone, joins := w.citizen(10), w.citizen(11)
		w.unlinked(func() {
			w.write(gone, "Attiva Notizie Ermenegilda Brambilla Saronno")
			w.write(joins, "Attiva Notizie Isotta Brambilla Saronno")
			time.Sleep(time.Hour)
			w.erase(store.Person{Number: store.Number(gone.Number())})
		})
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.start()
		w.await(stays, "Una notizia.")
		w.await(joins, "Una notizia.")
		time.Sleep(10 * time.Minute)
		if got := len(gone.Messages()); got != 0 {
			t.Errorf("who was erased got %d messages", got)
		}
		if got := len(w.list()); got != 2 {
			t.Errorf("%d on the list, want 2", got)
		}
		w.write(gone, "Attiva Notizie Ermenegilda Brambilla Saronno") // and may come back
		w.await(gone, "Iscrizione attiva")
	})
}

// erase does what the command does where no daemon runs.
func (w *town) erase(p store.Person) {
	w.t.Helper()
	db, err := store.Open(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	now := time.Now()
	if _, err := db.Forget(w.t.Context(), p, now, now); err != nil {
		w.t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		w.t.Fatal(err)
	}
	b := w.open()
	if err := b.Forget(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		w.t.Fatal(err)
	}
}
