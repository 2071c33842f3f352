package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/store"
)

// What has not left when an announcement expires does not leave, and the report
// says so. What may not leave yet waits for its time.
func TestDalAndScade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = time.Minute })
		people := w.subscribe(5)
		until := time.Now().Add(150 * time.Second)
		from := time.Now().Add(3 * time.Hour)
		at := func(when time.Time) string { return when.In(w.cfg.Sending.Location).Format("2006-01-02 15:04") }
		until = until.Truncate(time.Minute)
		w.drop("da_inviare", "oggi.txt", fmt.Sprintf("---\nscade: %s\n---\nSolo per oggi.", at(until)))
		w.drop("da_inviare", "dopo.txt", fmt.Sprintf("---\r\nDal: %s\r\n---\r\nPer dopo.", at(from)))
		time.Sleep(time.Hour)
		have := 0
		for _, p := range people {
			have += count(p, "Solo per oggi.")
			if n := count(p, "Per dopo."); n != 0 {
				t.Error("it left before its time")
			}
		}
		var today store.Announcement
		for _, a := range w.announcements() {
			if a.Name == "oggi.txt" {
				today = a
			}
		}
		if have == 0 || have == 5 || today.Sent != have || today.Expired != 5-have || today.Waiting != 0 || today.LastSent.After(until) {
			t.Errorf("%d people have it, counts %+v", have, today.Counts)
		}
		report := w.report("inviati", "oggi.txt")
		for _, want := range []string{"SCADUTO", fmt.Sprintf("Scaduti: %d", 5-have), fmt.Sprintf("Inviati: %d", have)} {
			if !strings.Contains(report, want) {
				t.Errorf("the report does not say %q:\n%s", want, report)
			}
		}
		for _, p := range people {
			if m := w.await(p, "Per dopo."); m.At.Before(from.Truncate(time.Minute)) {
				t.Errorf("came at %v, before %v", m.At, from)
			}
		}
	})
}

// During an election ordinary announcements wait, urgent ones do not, and one
// that is released by hand leaves. After it the others leave by themselves.
func TestElection(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) {
			day := func(d int) time.Time { return time.Date(2000, 1, d, 0, 0, 0, 0, c.Sending.Location) }
			c.Sending.Election = config.Days{First: day(1), Last: day(3)}
		})
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "fiera.txt", "La fiera.")
		w.drop("da_inviare", "acqua.txt", "L'acqua manca.")
		w.drop("urgenti", "neve.txt", "La neve.")
		w.await(p, "La neve.")
		time.Sleep(12 * time.Hour)
		if n := count(p, "La fiera.") + count(p, "L'acqua manca."); n != 0 {
			t.Fatal("an ordinary announcement left during the election")
		}
		w.release("acqua.txt")
		w.await(p, "L'acqua manca.")
		time.Sleep(12 * time.Hour)
		if count(p, "La fiera.") != 0 {
			t.Fatal("releasing one released another")
		}
		time.Sleep(24 * time.Hour)
		if m := w.await(p, "La fiera."); m.At.Before(w.cfg.Sending.Election.End()) {
			t.Errorf("came at %v, within the election", m.At)
		}
	})
}

// release is what `banditore announcements release` does during an election.
func (w *town) release(name string) {
	w.t.Helper()
	db, err := store.Open(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	defer w.soon()
	for _, a := range w.announcements() {
		if a.Name == name {
			if err := db.Release(w.t.Context(), a.ID, true); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// The report says for which reason some did not get it.
func TestTheReportSaysWhy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		w.stop()
		people[0].Gone()
		w.start()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(people[2], "Una notizia.")
		time.Sleep(time.Minute)
		report := w.report("inviati", "a.txt")
		if !strings.Contains(report, "Non riusciti: 1") || !strings.Contains(report, "il numero non è su WhatsApp, o nessun suo telefono può leggere: 1") {
			t.Errorf("the report does not say why:\n%s", report)
		}
		if got := w.announcements()[0].Reasons[store.Unreachable]; got != 1 {
			t.Errorf("%d unreachable, want 1", got)
		}
	})
}

// Somebody whom we may not write first gets what waited as soon as he writes,
// and holds up nobody meanwhile.
func TestAStrangerGetsItWhenHeWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		stranger := people[0]
		w.refuse(463, stranger)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(people[1], "Una notizia.")
		w.await(people[2], "Una notizia.")
		time.Sleep(time.Hour)
		if n := w.server.Stats().Refused; n != 1 {
			t.Errorf("%d refusals within the hour, want one", n)
		}
		if c := w.condition(); c.State != "connected" {
			t.Errorf("condition %+v", c)
		}
		w.refuse(0, nil)
		wrote := time.Now()
		w.write(stranger, "A che ora apre la biblioteca?")
		if m := w.await(stranger, "Una notizia."); m.At.Sub(wrote) > time.Minute {
			t.Errorf("came %v after he wrote", m.At.Sub(wrote))
		}
	})
}

// Who never writes again is given up after some days, with the reason.
func TestAStrangerIsGivenUp(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(2)
		w.refuse(463, people[0])
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(3 * 24 * time.Hour)
		if a := w.announcements()[0]; a.State != store.Finished || a.Reasons[store.NoToken] != 1 || a.Sent != 1 {
			t.Errorf("state %s, counts %+v, reasons %v", a.State, a.Counts, a.Reasons)
		}
		if n := w.server.Stats().Refused; n != 3 {
			t.Errorf("%d refusals, want three, a day apart", n)
		}
	})
}

// Somebody whose cancellation arrives while WhatsApp is asked for his devices
// gets nothing more, though his message is in hand.
func TestWhoCancelsWhileHisMessageIsInHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Spool.Scan = 3 * time.Second })
		p := w.subscribe(1)[0]
		w.stop()
		w.start() // the devices are not known any more
		time.Sleep(time.Minute)
		asked := w.server.Stats().Asked[p.LID()]
		w.server.SetRoundTrip(6 * time.Second)
		w.write(p, "Disattiva Notizie") // arrives in six seconds
		time.Sleep(time.Second)
		w.drop("da_inviare", "a.txt", "Una notizia.") // claimed within three, his devices are known six later
		w.await(p, "cancellat")
		time.Sleep(time.Minute)
		if n := w.server.Stats().Asked[p.LID()] - asked; n == 0 {
			t.Error("nobody asked for his devices: this test looks at the wrong moment")
		}
		if n := count(p, "Una notizia."); n != 0 {
			t.Error("he got it after his cancellation had been carried out")
		}
		if a := w.announcements()[0]; a.State != store.Finished || a.Unsubscribed != 1 {
			t.Errorf("state %s, counts %+v", a.State, a.Counts)
		}
	})
}
