package bot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
)

// The main story: three citizens subscribe, an announcement reaches each of
// them once and nobody else, one leaves and gets no more.
func TestG1G2_SubscribersGetTheAnnouncementOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		stranger := w.citizen(99)

		w.drop("da_inviare", "mercato.txt", "Il mercato è spostato.\r\n")
		for _, p := range people {
			w.await(p, "Il mercato è spostato.")
		}
		w.write(people[0], "Disattiva Notizie")
		w.await(people[0], "cancellat")
		w.drop("", "neve.txt", "Scuole chiuse per neve.")
		for _, p := range people[1:] {
			w.await(p, "Scuole chiuse per neve.")
		}
		time.Sleep(time.Hour)

		for _, p := range people {
			if got := count(p, "Il mercato è spostato."); got != 1 {
				t.Errorf("shown %d times, want once", got)
			}
			if p.Repeats() != 0 {
				t.Errorf("%d repeats, want none", p.Repeats())
			}
		}
		if got := count(people[0], "Scuole chiuse per neve."); got != 0 {
			t.Error("an announcement reached somebody who had left")
		}
		if got := len(stranger.Messages()); got != 0 {
			t.Errorf("somebody who never wrote got %d messages", got)
		}
	})
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.citizen(1)
		for _, step := range []struct{ text, answer string }{
			{"Buongiorno, quando aprite?", "112"},
			{"Disattiva Notizie", "non risulta iscritto"},
			{"Attiva Notizie", "Attiva Notizie Mario Rossi Saronno"},
			{"Attiva Notizie Ermenegilda Quaglia Saronno", "Iscrizione attiva"},
			{"attiva notizie Ermenegilda Quaglia Uboldo", "già"},
			{"DISATTIVA NOTIZIE", "cancellat"},
		} {
			got := w.say(p, step.text)
			if len(got) != 1 || !strings.Contains(got[0], step.answer) {
				t.Errorf("to %q came %q, want %q in it", step.text, got, step.answer)
			}
		}
		w.secrets = append(w.secrets, "Ermenegilda", "Quaglia")
	})
}

// One person is one person, whichever address a text comes from.
func TestOnePerson(t *testing.T) {
	t.Parallel()
	for _, direction := range []string{"LID then number", "number then LID"} {
		t.Run(direction, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				p := w.citizen(1)
				first, second := p.ByLID, p.ByNumber
				if direction == "number then LID" {
					first, second = second, first
				}
				first()
				w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
				w.await(p, "Iscrizione attiva")
				second()
				w.write(p, "Disattiva Notizie")
				w.await(p, "cancellat")
				w.drop("da_inviare", "a.txt", "Una notizia.")
				time.Sleep(time.Hour)
				if count(p, "Una notizia.") != 0 {
					t.Error("the cancellation from the other address did not count")
				}
			})
		})
	}
}

// Between announcement messages lies sending.every and not an instant less,
// whatever WhatsApp's clock says, which counts in whole seconds.
func TestG7_PaceHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) {
			c.Sending.Every = 6 * time.Second
			c.Spool.Scan = 5900 * time.Millisecond // the first message leaves late in a second
		})
		people := w.subscribe(5)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		times := w.arrivals(people, "Una notizia.")
		for i := 1; i < len(times); i++ {
			if gap := times[i].Sub(times[i-1]); gap < 6*time.Second || gap > 6500*time.Millisecond {
				t.Errorf("message %d came %v after the one before, want 6s", i, gap)
			}
		}
	})
}

// Urgent messages keep their own pace though ordinary ones may leave faster.
func TestG7_UrgentMessagesKeepTheirPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.UrgentEvery = 10 * time.Second })
		people := w.subscribe(3)
		w.drop("da_inviare", "a.txt", "Ordinario.")
		w.drop("urgenti", "b.txt", "Urgente.")
		times := w.arrivals(people, "Urgente.")
		for i := 1; i < len(times); i++ {
			if gap := times[i].Sub(times[i-1]); gap < 10*time.Second {
				t.Errorf("urgent message %d came %v after the one before, want 10s", i, gap)
			}
		}
		for _, at := range w.arrivals(people, "Ordinario.") {
			if at.Before(times[len(times)-1]) {
				t.Error("an ordinary message overtook an urgent one")
			}
		}
	})
}

// Every message counts for the daily ceiling, but only announcements wait for it.
func TestG7_TheDailyCeilingHolds(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) {
			c.Sending.DailyLimit = 5
		})
		began := time.Now()
		people := w.subscribe(2) // two confirmations and two cards of the five messages
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(23 * time.Hour)
		if got := count(people[0], "Una notizia.") + count(people[1], "Una notizia."); got != 1 {
			t.Errorf("%d messages left under a ceiling of five, want 1", got)
		}
		curious := w.citizen(50)
		w.write(curious, "Quando aprite?")
		w.await(curious, "112")
		if last := w.arrivals(people, "Una notizia.")[1].Sub(began); last < 24*time.Hour {
			t.Errorf("the sixth message left after %v", last)
		}
	})
}

// An answer does not wait for the pace of an announcement.
func TestAnswersDoNotWaitForThePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = time.Minute })
		people := w.subscribe(5)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(people[1], "Una notizia.")
		late, wrote := w.citizen(50), time.Now()
		w.write(late, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.await(late, "Iscrizione attiva")
		if took := time.Since(wrote); took > 2*time.Second {
			t.Errorf("the answer took %v behind an announcement", took)
		}
	})
}

func TestG6_OrdinaryWaitsForTheMorningUrgentDoesNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rome, err := time.LoadLocation("Europe/Rome")
		if err != nil {
			t.Fatal(err)
		}
		w := raise(t, func(c *config.Config) { c.Sending.Hours = "08:00-20:00" })
		p := w.subscribe(1)[0]
		now := time.Now().In(rome) // a bubble begins at midnight UTC: 01:00 in Rome
		if now.Hour() >= 8 {
			t.Fatalf("the bubble begins at %v; this test wants the night", now)
		}
		w.drop("da_inviare", "ordinario.txt", "Ordinario.")
		w.drop("urgenti", "urgente.txt", "Urgente.")
		if at := w.await(p, "Urgente.").At.In(rome); at.Hour() >= 8 {
			t.Errorf("the urgent one came at %v", at)
		}
		at := w.await(p, "Ordinario.").At.In(rome)
		if at.Hour() != 8 || at.Minute() != 0 || at.Day() != now.Day() {
			t.Errorf("the ordinary one came at %v, want 08:00", at)
		}
	})
}

func TestG6_NothingOrdinaryBeforeTheLaunch(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) {
			c.Service.Launch = time.Date(2000, 1, 4, 0, 0, 0, 0, c.Sending.Location)
			c.Spool.Scan = time.Hour
		})
		launch := w.cfg.Service.Launch
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "a.txt", "Una notizia.")
		ctx, cancel := contextFor(t, 20*24*time.Hour)
		defer cancel()
		m, err := p.AwaitText(ctx, "Una notizia.")
		if err != nil {
			t.Fatal(err)
		}
		if m.At.Before(launch) {
			t.Errorf("came at %v, before the launch", m.At)
		}
	})
}

func TestHoldbackAndGrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) {
			c.Sending.Holdback = 2 * time.Minute
			c.Sending.Grace = 10 * time.Minute
		})
		started := time.Now()
		p := w.subscribe(1)[0]
		if took := time.Since(started); took > time.Minute {
			t.Errorf("the confirmation waited %v for the grace period", took)
		}
		w.drop("da_inviare", "a.txt", "Una notizia.")
		if waited := w.await(p, "Una notizia.").At.Sub(started); waited < 9*time.Minute {
			t.Errorf("came after %v, within the grace period", waited)
		}
		dropped := time.Now()
		w.drop("da_inviare", "b.txt", "Un'altra.")
		if waited := w.await(p, "Un'altra.").At.Sub(dropped); waited < 2*time.Minute {
			t.Errorf("came after %v, want a holdback of 2m", waited)
		}
	})
}

// G5: within five minutes after the goodbye no file holds number, LID or name.
func TestG5_NothingIsLeftOfWhoLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.subscribe(20)
		p := w.citizen(77)
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.await(p, "Iscrizione attiva")
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(p, "Una notizia.")
		words := []string{p.Number()[1:], p.LID(), "Ermenegilda", "Quaglia"}
		if len(w.traces(words...)) == 0 {
			t.Fatal("no trace of a subscriber at all: this test looks at the wrong thing")
		}
		w.write(p, "Disattiva Notizie")
		w.await(p, "cancellat")
		time.Sleep(5 * time.Minute)
		if where := w.traces(words...); len(where) > 0 {
			t.Errorf("after five minutes still there: %q", where)
		}

		// The phone still has the session we threw away; it must work again.
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Uboldo")
		if _, err := p.AwaitMessages(t.Context(), 6); err != nil { // two confirmations, two cards, the news and the goodbye
			t.Fatal(err)
		}
		w.drop("da_inviare", "b.txt", "Un'altra notizia.")
		w.await(p, "Un'altra notizia.")
	})
}

// G5 for people who only asked something: a day later nothing is known of them.
func TestG5_StrangersAreForgottenADayLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Spool.Scan = time.Hour })
		p := w.citizen(1)
		w.write(p, "A che ora apre l'anagrafe?")
		w.await(p, "112")
		time.Sleep(25 * time.Hour)
		if where := w.traces(p.Number()[1:], p.LID()); len(where) > 0 {
			t.Errorf("a day later still there: %q", where)
		}
	})
}

func TestG8_EveryFileEndsSentOrRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "buono.txt", "Una notizia.")
		w.drop("da_inviare", "volantino.docx", "PK\x03\x04")
		w.await(p, "Una notizia.")
		time.Sleep(time.Minute)
		w.drop("urgenti", "doppio.txt", "Una notizia.")
		time.Sleep(time.Minute)
		for _, want := range []string{
			"inviati/buono.txt", "inviati/buono.txt.esito.txt",
			"scartati/volantino.docx", "scartati/volantino.docx.esito.txt",
			"scartati/doppio.txt", "scartati/doppio.txt.esito.txt", "stato.html", "LEGGIMI.txt",
		} {
			if _, err := os.Stat(filepath.Join(w.cfg.SpoolDir, want)); err != nil {
				t.Error(err)
			}
		}
		if count(p, "Una notizia.") != 1 {
			t.Error("the double was sent")
		}
	})
}

func TestTakingTheFileAwayStopsTheSending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = time.Minute })
		people := w.subscribe(4)
		w.drop("da_inviare", "errore.txt", "Sbagliato.")
		time.Sleep(90 * time.Second) // two have left
		w.take("errore.txt")
		time.Sleep(time.Hour)
		got := 0
		for _, p := range people {
			got += count(p, "Sbagliato.")
		}
		if a := w.announcements()[0]; got != 2 || a.Sent != 2 || a.Cancelled != 2 {
			t.Errorf("%d messages left, counts %+v; want 2 sent and 2 cancelled", got, a.Counts)
		}
		report, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "inviati", "errore.txt.esito.txt"))
		if err != nil || !strings.Contains(string(report), "FERMATO A MANO") || !strings.Contains(string(report), "2 su 4") {
			t.Errorf("report %q, %v", report, err)
		}
	})
}

func TestPreviewGoesToThePreviewNumbersOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Preview = []string{"+393990000500"} })
		people := w.subscribe(2)
		officer := w.citizen(500)
		w.drop("prova", "a.txt", "Una notizia.")
		w.await(officer, "Una notizia.")
		time.Sleep(time.Hour)
		if count(people[0], "Una notizia.") != 0 {
			t.Error("a preview reached a subscriber")
		}
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(people[0], "Una notizia.")
		time.Sleep(time.Minute)
		if count(officer, "Una notizia.") != 1 {
			t.Error("the announcement reached somebody who is no subscriber")
		}
	})
}
