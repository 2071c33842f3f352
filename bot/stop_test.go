package bot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/desk"
)

// The message in hand is answered and recorded before the daemon ends: nothing
// is left uncertain, and nothing is sent twice.
func TestG2_AStopFinishesTheMessageInHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		p.GoOffline() // else its receipt would prove that the message arrived
		w.server.SetRoundTrip(2 * time.Second)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		before := w.server.Stats().Messages
		for w.server.Stats().Messages == before {
			time.Sleep(50 * time.Millisecond)
		}
		w.stop()
		if a := w.announcements()[0]; a.Sent != 1 || a.Waiting != 0 {
			t.Errorf("counts %+v, want it recorded as sent", a.Counts)
		}
		w.server.SetRoundTrip(0)
		w.start()
		time.Sleep(time.Hour)
		p.GoOnline()
		w.await(p, "Una notizia.")
		time.Sleep(time.Minute)
		if p.Repeats() != 0 {
			t.Errorf("%d repeats, want none", p.Repeats())
		}
	})
}

// The last page says that the service has stopped.
func TestTheLastPageSaysThatItIsOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.subscribe(1)
		time.Sleep(time.Minute)
		page := func() string {
			html, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "stato.html"))
			if err != nil {
				t.Fatal(err)
			}
			return string(html)
		}
		stopped := desk.Stopped().Sentence
		if strings.Contains(page(), stopped) {
			t.Error("the page says that the service has stopped while it runs")
		}
		w.stop()
		if !strings.Contains(page(), stopped) {
			t.Error("the page does not say that the service has stopped")
		}
	})
}

// Of an announcement that was under way, nobody gets it who left while the
// daemon was down, even if theirs are the next messages.
func TestG3_TheBacklogComesBeforeWhatWasUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = time.Minute })
		people := w.subscribe(12)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(30 * time.Second)
		w.stop()
		time.Sleep(time.Hour)
		for _, p := range people {
			w.write(p, "Disattiva Notizie")
		}
		w.server.SetRoundTrip(500 * time.Millisecond) // the backlog takes its time
		w.start()
		shown := 0
		for _, p := range people {
			w.await(p, "cancellat")
			shown += count(p, "Una notizia.")
		}
		if shown != 1 {
			t.Errorf("shown to %d people, want the one who had it before the stop", shown)
		}
	})
}

// Receipts turn into numbers, in the status and in the report beside the file.
func TestReadReceiptsAreCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		for _, p := range people {
			w.await(p, "Una notizia.")
		}
		people[0].Read(w.await(people[0], "Una notizia.").ID)
		time.Sleep(time.Minute)
		if a := w.announcements()[0]; a.Sent != 3 || a.Delivered != 3 || a.Read != 1 {
			t.Errorf("counts %+v, want 3 sent, 3 delivered, 1 read", a.Counts)
		}
		report, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "inviati", "a.txt.esito.txt"))
		if want := "Letto almeno da: 1"; err != nil || !strings.Contains(string(report), want) {
			t.Errorf("no %q in the report, %v:\n%s", want, err, report)
		}
	})
}
