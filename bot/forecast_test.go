package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/store"
)

// What is foretold of an announcement reckons with the deletions and corrections
// that leave first.
func TestForecastBehindDeletionsAndCorrections(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every, c.Sending.UrgentEvery = time.Minute, time.Minute })
		people := w.subscribe(10)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.drop("da_inviare", "c.txt", "Alle 9.")
		w.arrivals(people, "Alle 9.")
		w.arrivals(people, "Una notizia.")
		time.Sleep(time.Hour)
		w.move("a.txt", "inviati", "ritirare")
		w.drop("da_inviare", "b.txt", "Un'altra.")
		time.Sleep(90 * time.Second)
		w.drop("da_inviare", "c RETTIFICA.txt", "Alle 10.")
		time.Sleep(time.Minute)
		db, err := store.OpenExisting(t.Context(), w.cfg.DataDir)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		foretold, err := desk.Forecast(t.Context(), w.cfg, db, w.announcements(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		w.arrivals(people, "Alle 10.")
		w.arrivals(people, "Un'altra.")
		for _, a := range w.announcements() {
			if span, ok := foretold[a.ID]; ok && span.Last.Sub(a.LastSent).Abs() > time.Minute {
				t.Errorf("the last of %s is foretold for %v and came at %v", a.Name, span.Last, a.LastSent)
			}
		}
		if len(foretold) != 2 {
			t.Errorf("%d are foretold", len(foretold))
		}
	})
}
