package bot_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
)

// A share that is not mounted looks like a spool from which everything has been
// taken away. It must not stop what is being sent, nor keep citizens from being
// heard.
func TestG3_AnEmptySpoolAtTheStartStopsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = time.Hour })
		people := w.subscribe(2)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(30 * time.Second) // one has it, the other waits
		w.stop()

		share := w.cfg.SpoolDir + ".unmounted"
		if err := os.Rename(w.cfg.SpoolDir, share); err != nil {
			t.Fatal(err)
		}
		w.start()
		late := w.citizen(3)
		w.write(late, "Attiva Notizie Carla Neri Saronno")
		w.await(late, "Iscrizione attiva")
		time.Sleep(time.Minute)
		if entries, err := os.ReadDir(w.cfg.SpoolDir); len(entries) > 0 {
			t.Errorf("created in its place: %v, %v", entries, err)
		}
		if err := errors.Join(os.RemoveAll(w.cfg.SpoolDir), os.Rename(share, w.cfg.SpoolDir)); err != nil {
			t.Fatal(err)
		}
		w.drop("urgenti", "b.txt", "Un'altra.")
		w.await(late, "Un'altra.")
		for _, p := range people {
			w.await(p, "Una notizia.")
		}
	})
}

// Staff see what is wrong with the folder, as far as a page can be written, and
// have the page again when they have deleted it.
func TestG8_TheFolderInTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, often, func(c *config.Config) { c.Sending.Every = time.Hour })
		people := w.subscribe(2)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(people[0], "Una notizia.")
		sending := filepath.Join(w.cfg.SpoolDir, "in_invio")
		if err := os.Rename(sending, sending+".via"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		w.expectStatus("Attenzione", "La cartella in_invio non c'è più", "crea una cartella vuota")
		if err := errors.Join(os.Rename(sending+".via", sending), os.Remove(filepath.Join(w.cfg.SpoolDir, "stato.html"))); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		w.expectStatus("Tutto a posto")
		if err := os.Remove(filepath.Join(w.cfg.SpoolDir, "stato.html")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		w.expectStatus("Tutto a posto")
		w.await(people[1], "Una notizia.")
	})
}
