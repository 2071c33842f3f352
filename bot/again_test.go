package bot_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/desk"
	phonelink "banditore/bot/link" // link is a function of these tests
	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// pairBeside does what `banditore pair` does while the daemon runs.
func (w *town) pairBeside() {
	w.t.Helper()
	p, err := phonelink.OpenPairing(w.t.Context(), w.cfg, slog.New(slog.NewTextHandler(w.log, nil)), w.server.HTTPClient())
	if err != nil {
		w.t.Fatalf("turn at the link: %v", err)
	}
	if p.Paired() {
		w.t.Error("a link that has ended is taken for one")
	}
	err = p.Pair(w.t.Context(), whatsapp.Screen{Code: func(code string, _ time.Duration) {
		go func() {
			if err := w.phone.ScanQR(code); err != nil {
				w.t.Errorf("scan: %v", err)
			}
		}()
	}})
	if err != nil {
		w.t.Fatalf("pair: %v", err)
	}
	if err := p.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// state is what the store says of the link.
func (w *town) state() store.Link {
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

func (w *town) awaitState(state whatsapp.State, within time.Duration) {
	w.t.Helper()
	for end := time.Now().Add(within); w.state().State != string(state); time.Sleep(time.Second) {
		if time.Now().After(end) {
			w.t.Fatalf("after %v the link is %s, want %s", within, w.state().State, state)
		}
	}
}

func (w *town) shownPage() string {
	w.t.Helper()
	html, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "stato.html"))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(html)
}

// What befalls a town in a bad year: 300 subscribers, a suspension in the middle of an
// announcement, the link lost with 40 messages of the next one left. Twenty people write
// while nobody listens. The phone is linked again beside the running daemon, which reads
// what they wrote and then goes on where it was: figures and phones agree, and nothing
// is shown twice.
func TestG2G3G7G10_LinkedAgainBesideTheDaemon(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const remaining, leave, join = 40, 8, 12
		subscribers := size(300, 60)
		w := raise(t, func(c *config.Config) { c.Sending.Every = 6 * time.Second })
		people := w.subscribe(subscribers)

		w.drop("da_inviare", "prima.txt", "La prima notizia.")
		time.Sleep(5 * time.Minute)
		w.server.FailLogins(402, map[string]string{"code": "101", "expire": "7200"})
		w.server.DropConnections()
		w.awaitState(whatsapp.StateBanned, 5*time.Minute)
		sent := w.server.Stats().Messages
		time.Sleep(time.Hour)
		if n := w.server.Stats().Messages; n != sent {
			t.Errorf("G7: %d messages left during a suspension", n-sent)
		}
		w.server.FailLogins(0, nil)
		w.arrivals(people, "La prima notizia.")

		w.drop("da_inviare", "seconda.txt", "La seconda notizia.")
		time.Sleep(time.Minute)
		for w.announcements()[0].Waiting > remaining {
			time.Sleep(time.Second)
		}
		w.server.Unlink(comune)
		w.awaitState(whatsapp.StateLoggedOut, time.Minute)
		// Of who leaves, half have the announcement already, and half still wait for it.
		slices.SortStableFunc(people, func(x, y *whatsapptest.Phone) int {
			return count(y, "La seconda notizia.") - count(x, "La seconda notizia.")
		})
		leavers, stayers := slices.Concat(people[:leave/2], people[subscribers-leave/2:]), people[leave/2:subscribers-leave/2]
		joined := w.aGap(leavers, join)

		began := time.Now()
		w.pairBeside()
		w.awaitState(whatsapp.StateConnected, 10*time.Second)
		t.Logf("linked and taken over within %v", time.Since(began))
		time.Sleep(2 * time.Hour)

		if l := w.state(); l.State != "connected" {
			t.Fatalf("the link is %+v", l)
		}
		shown := 0
		for _, p := range leavers {
			shown += count(p, "La seconda notizia.")
		}
		if shown != leave/2 {
			t.Errorf("%d of those who left were shown the announcement, want %d", shown, leave/2)
		}
		for i, p := range stayers {
			n := count(p, "La seconda notizia.")
			if n != 1 {
				t.Errorf("G2: person %d was shown the announcement %d times", i, n)
			}
			shown += n
		}
		if a := w.announcements()[0]; a.State != store.Finished || a.Sent != shown || a.Sent+a.Unsubscribed != subscribers || a.Failed != 0 {
			t.Errorf("%d phones show it, but the store says %+v", shown, a.Counts)
		}
		if n := len(w.list()); n != subscribers-leave+join {
			t.Errorf("%d on the list, want %d", n, subscribers-leave+join)
		}
		w.drop("da_inviare", "terza.txt", "La terza notizia.")
		w.arrivals(slices.Concat(stayers, joined), "La terza notizia.")
		time.Sleep(time.Hour)
		for i, p := range leavers {
			if count(p, "La terza notizia.") != 0 {
				t.Errorf("G3: person %d left while nobody listened, and got an announcement", i)
			}
			if traces := w.traces(p.LID(), p.Number()[1:]); len(traces) > 0 {
				t.Errorf("G5: who left is still in %v", traces)
			}
		}
	})
}

// aGap is a day without a link: people write, the page says what to do and names no
// time, and nothing leaves. It returns who joins.
func (w *town) aGap(leavers []*whatsapptest.Phone, join int) (joined []*whatsapptest.Phone) {
	t := w.t
	t.Helper()
	sent := w.server.Stats().Messages
	for i, p := range leavers {
		w.write(p, []string{"Disattiva Notizie", "disattiva notizie"}[i%2])
	}
	for i := range join {
		p := w.citizen(1000 + i)
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		joined = append(joined, p)
	}
	time.Sleep(24 * time.Hour)
	if n := w.server.Stats().Messages; n != sent {
		t.Errorf("%d messages left without a link", n-sent)
	}
	db, err := store.OpenExisting(t.Context(), w.cfg.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if spans, err := desk.Forecast(t.Context(), w.cfg, db, w.announcements(), time.Now()); err != nil || len(spans) != 0 {
		t.Errorf("a forecast for what nobody can know: %v, %v", spans, err)
	}
	html := w.shownPage()
	for _, words := range []string{"banditore pair", "in attesa del collegamento"} {
		if !strings.Contains(html, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if strings.Contains(html, "finisce ") {
		t.Error("the page names a time for what nobody can know")
	}
	return joined
}

// Without a link, too, who leaves is forgotten within five minutes, also in keys that
// were put aside.
func TestG5_ForgottenWithoutALink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(2)[0]
		w.write(p, "Disattiva Notizie")
		w.await(p, "cancellat")
		w.server.Unlink(comune)
		w.awaitState(whatsapp.StateLoggedOut, time.Minute)
		parked := filepath.Join(w.cfg.DataDir, "session.db.parked")
		if err := os.WriteFile(parked, []byte(p.LID()), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
		if traces := w.traces(p.LID(), p.Number()[1:]); len(traces) > 0 {
			t.Errorf("who left is still in %v", traces)
		}
		if _, err := os.Stat(parked); err == nil {
			t.Error("the keys that were put aside are still there")
		}
	})
}

// Keys that were put aside are not kept for ever, though nobody leaves and nobody links
// a phone.
func TestG5_ParkedKeysGoAfterAWeek(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.server.Unlink(comune)
		w.awaitState(whatsapp.StateLoggedOut, time.Minute)
		parked := filepath.Join(w.cfg.DataDir, "session.db.parked")
		if err := os.WriteFile(parked, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		since := time.Now().Add(-7*24*time.Hour + 10*time.Minute)
		if err := os.Chtimes(parked, since, since); err != nil {
			t.Fatal(err)
		}
		time.Sleep(9 * time.Minute)
		if _, err := os.Stat(parked); err != nil {
			t.Errorf("gone before its time: %v", err)
		}
		time.Sleep(2 * time.Minute)
		if _, err := os.Stat(parked); err == nil {
			t.Error("still there after a week")
		}
	})
}
