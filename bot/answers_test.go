package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// answers are the texts a phone has shown, contact cards left out.
func answers(p *whatsapptest.Phone) (texts []string) {
	for _, m := range p.Messages() {
		if m.Text != "" {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// say writes one text after the other, a minute apart, and returns what came in
// answer.
func (w *town) say(p *whatsapptest.Phone, texts ...string) []string {
	w.t.Helper()
	before := len(answers(p))
	for _, text := range texts {
		w.write(p, text)
		time.Sleep(time.Minute)
	}
	return answers(p)[before:]
}

// expect holds answers to words that each must contain, in their order.
func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d answers %q, want %d: %q", len(got), got, len(want), want)
	}
	for i, words := range want {
		if !strings.Contains(got[i], words) {
			t.Errorf("answer %d is %q, want %q in it", i+1, got[i], words)
		}
	}
}

// list reads the list of subscribers as `banditore subscribers` does.
func (w *town) list() (all []store.Subscriber) {
	w.t.Helper()
	db, err := store.OpenExisting(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	for s, err := range db.Subscribers(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// The command comes first and the details in a second message; both are the
// proof of consent.
func TestSignUpInTwoMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Forget.IncompleteHours = 2 })
		p := w.citizen(1)
		expect(t, w.say(p, "Attiva Notizie"), "ci manca")
		time.Sleep(110 * time.Minute)
		expect(t, w.say(p, "Ermenegilda Quaglia Saronno"), "Iscrizione attiva")
		got := w.list()
		if len(got) != 1 || got[0].Words != "Attiva Notizie\nErmenegilda Quaglia Saronno" || got[0].Confirmed.IsZero() || got[0].Wording == "" {
			t.Errorf("got %+v", got)
		}
	})
}

// What is said in pieces adds up, and is forgotten when its time has passed.
func TestSignUpInPieces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Forget.IncompleteHours = 2 })
		p := w.citizen(1)
		expect(t, w.say(p, "Attiva Notizie Ermenegilda Quaglia", "Attiva Notizie Saronno"), "il Comune", "Iscrizione attiva")
		late := w.citizen(2)
		expect(t, w.say(late, "Attiva Notizie Ada Quaglia"), "il Comune")
		time.Sleep(130 * time.Minute)
		expect(t, w.say(late, "Saronno"), "scaduta")
		if traces := w.traces("Ada"); len(traces) > 0 {
			t.Errorf("a sign-up that was not completed is still in %v", traces)
		}
		if got := len(w.list()); got != 1 {
			t.Errorf("%d subscribers, want 1", got)
		}
	})
}

// With the second step nobody is on the list before his yes.
func TestG1_DoubleOptIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Service.DoubleOptIn, c.Forget.IncompleteHours = true, 2 })
		yes, no, mute := w.citizen(1), w.citizen(2), w.citizen(3)
		for _, p := range []*whatsapptest.Phone{yes, no, mute} {
			expect(t, w.say(p, "Attiva Notizie Ermenegilda Quaglia Saronno"), "SÌ")
		}
		if got := len(w.list()); got != 0 {
			t.Fatalf("%d on the list before a yes", got)
		}
		expect(t, w.say(yes, "Sì, grazie"), "Iscrizione attiva")
		expect(t, w.say(no, "no grazie"), "non")
		time.Sleep(130 * time.Minute)
		expect(t, w.say(mute, "sì"), "scaduta")
		got := w.list()
		if len(got) != 1 || got[0].Words != "Attiva Notizie Ermenegilda Quaglia Saronno\nSì, grazie" {
			t.Errorf("got %+v", got)
		}
		expect(t, w.say(yes, "Attiva Notizie Ermenegilda Quaglia Uboldo"), "già attiva") // no second question
	})
}

func TestMyDataIsWhatIsHeld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.citizen(1)
		w.say(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		got := w.say(p, "I miei dati")
		expect(t, got, p.Number())
		for _, datum := range []string{"Ermenegilda", "Quaglia", "Saronno", "Attiva Notizie Ermenegilda Quaglia Saronno", p.LID(), "Disattiva Notizie"} {
			if !strings.Contains(got[0], datum) {
				t.Errorf("%q lacks %q", got[0], datum)
			}
		}
		stranger := w.citizen(2)
		if got := w.say(stranger, "I miei dati"); len(got) != 1 || strings.Contains(got[0], "Quaglia") {
			t.Errorf("a stranger is told %q", got)
		}
	})
}

// A remark is answered with where to write, once a day; who asks again is told in
// other words, and thanks, emoji and stickers are not answered.
func TestRemarksAreAnsweredOnceADay(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		expect(t, w.say(p, "Grazie mille 🙏", "👍", "Va bene grazie"))
		expect(t, w.say(p, "C'è una buca in via Piave", "È sempre più grande"), "112")
		expect(t, w.say(p, "Allora?"), "Disattiva Notizie")
		expect(t, w.say(p, "Comandi"), "I miei dati")
		time.Sleep(25 * time.Hour)
		expect(t, w.say(p, "C'è sempre la buca", "Che pazienza"), "112")
		for _, trace := range w.traces("Piave", "buca") {
			if strings.HasPrefix(trace, "store") {
				t.Errorf("what is none of our business is kept in %v", trace)
			}
		}
	})
}

// After so many answers there is silence until the hour is over. A cancellation
// is carried out all the same, and somebody who was put on the list hears of it
// when the silence ends.
func TestG9_SilenceForTheRestOfTheHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Answers.PerPersonHour = 5 })
		leaver, joiner, other := w.citizen(1), w.citizen(2), w.citizen(3)
		w.say(leaver, "Attiva Notizie Ermenegilda Quaglia Saronno")
		start := time.Now()
		for range 10 {
			w.write(leaver, "Comandi")
			w.write(joiner, "Comandi")
		}
		time.Sleep(time.Minute)
		if a, b := len(answers(leaver)), len(answers(joiner)); a != 5 || b != 5 {
			t.Errorf("%d and %d answers, want 5 each", a, b)
		}
		expect(t, w.say(leaver, "Disattiva Notizie"))
		if got := len(w.list()); got != 0 {
			t.Error("a cancellation was not carried out")
		}
		expect(t, w.say(joiner, "Attiva Notizie Ada Quaglia Saronno", "Attiva Notizie Ada Quaglia Uboldo"))
		if got := w.list(); len(got) != 1 || got[0].Comune != "Uboldo" {
			t.Errorf("a registration was not carried out: %+v", got)
		}
		expect(t, w.say(other, "Comandi"), "Comandi")
		w.await(joiner, "Uboldo")
		if waited := time.Since(start); waited < 50*time.Minute || waited > 70*time.Minute {
			t.Errorf("the confirmation came after %v, want the rest of an hour", waited)
		}
		time.Sleep(time.Hour)
		expect(t, w.say(leaver, "Comandi"), "Comandi")
		if traces := w.traces("Ermenegilda", leaver.LID()); len(traces) != 1 { // the last question
			t.Logf("traces: %v", traces)
		}
	})
}

// Neither a restart nor an erasure gives two machines a fresh start.
func TestG9_TwoMachinesCannotChat(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		machine := w.citizen(1)
		talk := []string{"Attiva Notizie Robot Parlante Saronno", "Comandi", "I miei dati", "Disattiva Notizie", "Disattiva Notizie", "info"}
		w.secrets = append(w.secrets, "Robot")
		for n := range 60 { // in half an hour, with erasures in between
			w.write(machine, talk[n%len(talk)])
			time.Sleep(30 * time.Second)
			if n == 30 {
				w.stop()
				w.start()
			}
		}
		if got := len(answers(machine)); got > 2*w.cfg.Answers.PerPersonHour || got < w.cfg.Answers.PerPersonHour {
			t.Errorf("%d answers in half an hour with one restart, want %d or few more", got, w.cfg.Answers.PerPersonHour)
		}
	})
}

// No minute has more answers than the ceiling, and none is dropped.
func TestG7_AnswersHaveACeiling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Answers.PerMinute = 10 })
		var people []*whatsapptest.Phone
		for n := range 35 {
			p := w.citizen(n + 1)
			people = append(people, p)
			w.write(p, fmt.Sprintf("Attiva Notizie Gianbattista%d Zanardelli Saronno", n))
		}
		times := w.arrivals(people, "Iscrizione attiva")
		for i := 10; i < len(times); i++ {
			if span := times[i].Sub(times[i-10]); span < 59*time.Second {
				t.Errorf("11 answers within %v", span)
			}
		}
		if took := times[len(times)-1].Sub(times[0]); took > 4*time.Minute {
			t.Errorf("the last answer came after %v", took)
		}
	})
}

// The confirmation is followed by the service's card, to save with one tap.
func TestConfirmationBringsTheCard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		time.Sleep(time.Minute)
		last := p.Messages()[len(p.Messages())-1]
		if len(p.Messages()) != 2 || last.Text != "" {
			t.Fatalf("got %+v, want a confirmation and a card", p.Messages())
		}
	})
}

// Who wrote while nobody listened is told so.
func TestLateAnswerApologises(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		time.Sleep(time.Minute)
		w.stop()
		p := w.citizen(1)
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.secrets = append(w.secrets, "Ermenegilda")
		time.Sleep(2 * 24 * time.Hour)
		w.start()
		if m := w.await(p, "Iscrizione attiva"); !strings.Contains(m.Text, "1 gennaio") && !strings.Contains(m.Text, "1º gennaio") {
			t.Errorf("%q does not say when the citizen wrote", m.Text)
		}
	})
}

// A pause ends at a midnight of the configured time zone.
func TestAPauseEndsAtATownsMidnight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		expect(t, w.say(p, "Pausa 7 giorni"), "8 gennaio")
		if got := w.list()[0].NewsFrom.In(w.cfg.Sending.Location); got.Hour() != 0 || got.Day() != 8 {
			t.Errorf("it ends at %v", got)
		}
	})
}
