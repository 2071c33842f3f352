package bot_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// foretell is what is foretold of the announcement that is leaving.
func (w *town) foretell() desk.Foretold {
	w.t.Helper()
	db, err := store.OpenExisting(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	list := w.announcements()
	foretold, err := desk.Forecast(w.t.Context(), w.cfg, db, list, time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range list {
		if f, is := foretold[a.ID]; is {
			return f
		}
	}
	w.t.Fatal("nothing is foretold")
	return desk.Foretold{}
}

// After a tenth of a send it is known when the last person gets it, within a fifth of
// the time that takes: WhatsApp is 50 ms away, and nothing is configured that is slower.
func TestG8_TheForecastKnowsThePaceReallyReached(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, test := range map[string]struct {
		folder string
		people int
		change func(*config.Config)
	}{
		"urgent, in waves":     {"urgenti", 240, func(c *config.Config) { c.Sending.Window = 2 }},
		"urgent, one by one":   {"urgenti", 100, func(c *config.Config) { c.Sending.Window = 1 }},
		"ordinary":             {"da_inviare", 100, func(*config.Config) {}},
		"slower than the line": {"da_inviare", 100, func(c *config.Config) { c.Sending.Every = 100 * time.Millisecond }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t, test.change)
				people := w.subscribe(test.people)
				w.server.SetRoundTrip(50 * time.Millisecond)
				w.drop(test.folder, "avviso.txt", "Un avviso.")
				for len(taken(people, "Un avviso.")) < len(people)/10 {
					time.Sleep(10 * time.Millisecond)
				}
				now, f := time.Now(), w.foretell()
				w.arrivals(people, "Un avviso.")
				times := taken(people, "Un avviso.")
				truth := times[len(times)-1].Sub(now)
				if got := f.Last.Sub(now); (got-truth).Abs() > truth/5 || f.PerMinute == 0 {
					t.Errorf("after a tenth the last was foretold in %v, at %d a minute; it came in %v", got, f.PerMinute, truth)
				}
			})
		})
	}
}

// While a send is stalled the page does not promise what is past, nor forget the time.
func TestG8_AStalledSendPromisesNothingPast(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling, func(c *config.Config) { c.Sending.Every, c.Spool.Scan = time.Second, time.Hour })
		people := w.subscribe(80)
		w.drop("da_inviare", "avviso.txt", "Un avviso.")
		w.reached(people, "Un avviso.", 70)
		time.Sleep(time.Second)
		w.expectStatus("con l'ultimo destinatario, al ritmo di ")
		w.server.SetAckStaller(func(*whatsapptest.Phone, string) bool { return true })
		promise := regexp.MustCompile(`finisce (oggi|domani) verso le (\d\d:\d\d)`)
		for range 30 {
			time.Sleep(10 * time.Second)
			page := w.status()
			if !strings.Contains(page, "Sta partendo</h2>\n<article") {
				break // a light is red, and nothing is promised
			}
			found := promise.FindStringSubmatch(page)
			if now := time.Now().In(w.cfg.Sending.Location).Add(-time.Second); found == nil || found[2] < now.Format("15:04") {
				t.Fatalf("it is %s, and the page says %q", now.Format("15:04:05"), found)
			}
		}
	})
}

// However fast an announcement leaves, it is filed as soon as it has ended.
func TestG8_TheEndIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(5)
		w.server.SetRoundTrip(50 * time.Millisecond)
		w.drop("da_inviare", "avviso.txt", "Un avviso.")
		w.arrivals(people, "Un avviso.")
		time.Sleep(100 * time.Millisecond)
		w.expectReport("inviati", "avviso.txt", "Inviati: 5")
	})
}
