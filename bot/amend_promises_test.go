package bot_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// departures lists when messages of announcements left, in the last day.
func (w *town) departures() []time.Time {
	w.t.Helper()
	db, err := store.OpenExisting(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	list, _, err := db.RecentSends(w.t.Context(), 1000, time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// Edits and deletions keep the pace, each its own, and count for the daily ceiling.
func TestG7_EditsAndDeletionsKeepThePace(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) {
			c.Sending.Every, c.Sending.UrgentEvery = 30*time.Second, 10*time.Second
			c.Sending.DailyLimit = 16 // four confirmations and cards are eight
		})
		began := time.Now()
		people := w.subscribe(4)
		w.drop("da_inviare", "a.txt", "Alle 9.")
		w.arrivals(people, "Alle 9.")
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10.")
		time.Sleep(10 * time.Minute)
		if _, edited, _ := states(people, "Alle 10."); edited != 4 {
			t.Fatalf("%d of 4 phones show the edit", edited)
		}
		edits := w.departures()[12:]
		w.move("a.txt", "inviati", "ritirare")
		time.Sleep(10 * time.Hour)
		if _, _, deleted := states(people, ""); deleted != 0 {
			t.Errorf("%d phones deleted it above the ceiling", deleted)
		}
		time.Sleep(15 * time.Hour)
		if _, _, deleted := states(people, ""); deleted != 4 {
			t.Errorf("%d of 4 phones deleted it", deleted)
		}
		deletions := w.departures()
		deletions = deletions[len(deletions)-4:]
		if deletions[0].Sub(began) < 24*time.Hour {
			t.Errorf("the first deletion left after %v, above the ceiling", deletions[0].Sub(began))
		}
		for i := 1; i < 4; i++ {
			if gap := edits[i].Sub(edits[i-1]); gap < 30*time.Second {
				t.Errorf("edit %d left %v after the one before", i, gap)
			}
			if gap := deletions[i].Sub(deletions[i-1]); gap < 10*time.Second {
				t.Errorf("deletion %d left %v after the one before", i, gap)
			}
		}
	})
}

// In the night an ordinary correction waits for the morning, over the change of the
// clock and a restart, and is a new message then; a deletion leaves at once.
func TestG6_CorrectionsKeepToTheHours(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Hours, c.Forget.DeliveriesDays = "08:00-20:00", 365 })
		p := w.subscribe(1)[0]
		rome := w.cfg.Sending.Location
		w.stop()
		time.Sleep(time.Until(time.Date(2000, 3, 25, 19, 40, 0, 0, rome))) // the clock skips an hour that night
		w.start()
		w.drop("da_inviare", "a.txt", "Alle 9.")
		w.await(p, "Alle 9.")
		w.drop("da_inviare", "b.txt", "Altro.")
		w.await(p, "Altro.")
		time.Sleep(time.Until(time.Date(2000, 3, 25, 20, 0, 0, 0, rome)))
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10.")
		w.move("b.txt", "inviati", "ritirare")
		time.Sleep(15 * time.Minute)
		if _, edited, deleted := states([]*whatsapptest.Phone{p}, "Alle 10."); edited != 0 || deleted != 1 {
			t.Errorf("in the night %d edits and %d deletions, want none and one", edited, deleted)
		}
		w.restart(time.Hour)
		m := w.await(p, "Alle 10.")
		if want := time.Date(2000, 3, 26, 8, 0, 0, 0, rome); m.Text != "*Rettifica*\n\nAlle 10." || m.At.Before(want) || m.At.Sub(want) > time.Minute {
			t.Errorf("%q came at %v, want the correction at %v", m.Text, m.At, want)
		}
	})
}

// Before the launch nothing ordinary is corrected either.
func TestG6_NoCorrectionBeforeTheLaunch(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Service.Launch = time.Date(2000, 1, 3, 0, 0, 0, 0, c.Sending.Location) })
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "a.txt", "Alle 9.")
		time.Sleep(time.Hour)
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10.")
		time.Sleep(time.Until(w.cfg.Service.Launch.Add(time.Hour)))
		got := w.shown(p, 1)
		if len(got) != 1 || got[0].Text != "Alle 10." || got[0].At.Before(w.cfg.Service.Launch) {
			t.Errorf("shown %q, first at %v", kinds(got), got[0].At)
		}
	})
}

// A red light stops uploads, edits and deletions, and none of them is charged.
func TestG7_ARedLightStopsCorrections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		people := w.subscribe(4)
		w.drop("da_inviare", "a.txt", "Alle 9.")
		w.drop("da_inviare", "b.txt", "Altro.")
		w.arrivals(people, "Alle 9.")
		w.arrivals(people, "Altro.")
		w.server.SetRefuser(func(*whatsapptest.Phone, string) int { return 429 })
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10.")
		time.Sleep(40 * time.Second)
		before := w.server.Stats()
		w.move("b.txt", "inviati", "ritirare")
		w.drop("urgenti", "festa.jpg", picture(t, 3))
		time.Sleep(30 * time.Minute)
		after := w.server.Stats()
		if n := after.Uploads - before.Uploads; n != 0 {
			t.Errorf("%d uploads", n)
		}
		if n := after.Messages - before.Messages; n > 35 {
			t.Errorf("%d messages were tried in half an hour", n)
		}
		if c := w.condition(); c.State != "limited" {
			t.Errorf("condition %+v", c)
		}
		for _, a := range w.announcements() {
			if a.Failed != 0 || a.Withdrawal != nil && a.Withdrawal.Failed != 0 {
				t.Errorf("charged: %+v", a)
			}
		}
		w.server.SetRefuser(nil)
		time.Sleep(10 * time.Minute)
		for _, p := range people {
			pictures := 0
			for _, m := range p.Messages() {
				if m.Kind == "image" {
					pictures++
				}
			}
			if count(p, "*Rettifica*\n\nAlle 10.") != 1 || count(p, "Altro.") != 0 || pictures != 1 {
				t.Errorf("shown: %q", kinds(p.Messages()))
			}
		}
	})
}

// told is what a phone shows, the goodbye excepted.
func told(p *whatsapptest.Phone) string {
	var b strings.Builder
	for _, m := range p.Messages() {
		if !strings.Contains(m.Text, "cancellat") {
			fmt.Fprintf(&b, "%s %t %t %q; ", m.Kind, m.Edited, m.Deleted, m.Text)
		}
	}
	return b.String()
}

// Nothing of who leaves stays in any file while what he has got is corrected and
// withdrawn, and he gets neither. Nor is anything of anybody in the log when that,
// and uploads, fail.
func TestG1G5_WhoLeavesBetweenAMessageAndItsCorrection(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling, func(c *config.Config) { c.Sending.Every, c.Sending.UrgentEvery = 10*time.Second, 5*time.Second })
		const all = 12
		people := make([]*whatsapptest.Phone, all)
		for n := range people {
			given, family := neighbourName(n)
			people[n] = w.citizen(n + 1).Named(given + " " + family)
			w.write(people[n], fmt.Sprintf("Attiva Notizie %s %s Saronno", given, family))
			w.secrets = append(w.secrets, given, family)
		}
		for _, p := range people {
			w.await(p, "Iscrizione attiva")
		}
		var had []string // of who has left
		leave := func(n int) {
			leavers := people[len(had):][:n]
			for _, p := range leavers {
				w.write(p, "Disattiva Notizie")
			}
			time.Sleep(2 * time.Second)
			for _, p := range leavers {
				had = append(had, told(p))
			}
		}
		w.drop("da_inviare", "a.txt", "Alle 9.")
		w.drop("da_inviare", "a.jpg", picture(t, 3))
		w.arrivals(people, "Alle 9.")
		leave(2) // between the message and its correction
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10.")
		time.Sleep(45 * time.Second)
		leave(3) // while it leaves
		for _, p := range people[:len(had)] {
			for _, m := range p.Messages() {
				p.AskAgain(m.ID)
			}
		}
		w.server.FailUploads(503)
		w.drop("urgenti", "b.jpg", picture(t, 5))
		refused := people[all-1]
		w.refuse(479, refused)
		time.Sleep(2 * time.Minute)
		w.move("a.txt", "inviati", "ritirare")
		time.Sleep(25 * time.Second)
		leave(3) // while it is deleted
		time.Sleep(6 * time.Minute)
		for name, content := range w.everyByte() {
			for n, p := range people[:len(had)] {
				for _, form := range forms(p, n) {
					if bytes.Contains(content, form) {
						t.Errorf("%s still holds %q of citizen %d", name, form, n)
					}
				}
			}
			if name == "log" && (bytes.Contains(content, []byte("mmg")) || bytes.Contains(content, []byte("auth="))) {
				t.Errorf("the log tells where files are:\n%s", content)
			}
		}
		for n, p := range people[:len(had)] {
			if now := told(p); now != had[n] {
				t.Errorf("citizen %d, after he had left: %s, before: %s", n, now, had[n])
			}
		}
		if _, _, deleted := states(people[len(had):], ""); deleted != all-len(had)-1 {
			t.Errorf("%d of %d who stayed have it deleted", deleted, all-len(had)-1)
		}
	})
}

// A number that was taken out of the configuration gets no preview any more, nor the
// deletion of one that it has got.
func TestG1_APreviewNumberThatWasTakenOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) {
			c.Sending.Preview, c.Sending.UrgentEvery = []string{"+393990000500", "+393990000501"}, 5*time.Minute
		})
		officer := w.citizen(500)
		other := w.citizen(501)
		w.drop("prova", "a.txt", "Una notizia.")
		w.await(officer, "Una notizia.")
		w.stop()
		w.cfg.Sending.Preview = nil
		w.start()
		time.Sleep(time.Hour)
		w.move("a.txt", "inviati", "ritirare")
		time.Sleep(time.Hour)
		if got := officer.Messages(); len(got) != 1 || got[0].Deleted || len(other.Messages()) != 0 {
			t.Errorf("after they had been taken out: %q, %q", kinds(got), kinds(other.Messages()))
		}
		w.expectReport("ritirare", "a.txt", "resta sui telefoni")
	})
}
