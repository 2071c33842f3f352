package inbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/inbox"
	"banditore/bot/whatsapp"
)

func three(o *inbox.Options) { o.PerPersonHour = 3 }

// G9: whoever has had as many answers as an hour may have gets none, from either
// identity, until that hour is over. The hour begins with the first answer.
func TestG9_AnHourHasSoManyAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, mario := newRoom(t, three), someone(1)
		r.expect(r.say(mario, "Comandi"), "help")
		time.Sleep(50 * time.Minute)
		r.expect(r.say(mario, "Comandi", "Comandi", "Comandi", "I miei dati", "Attiva Notizie", "Quando apre la biblioteca?"), "help help - - - -")
		if r.record(mario).Question != nil {
			t.Error("what was not asked waits for an answer")
		}
		r.expect(r.say(whatsapp.Address{Number: mario.Number}, "Comandi"), "-")
		r.expect(r.say(whatsapp.Address{LID: mario.LID}, "Comandi"), "-")
		r.expect(r.say(someone(2), "Comandi"), "help")
		time.Sleep(11 * time.Minute)
		r.expect(r.say(mario, "Comandi", "Comandi", "Comandi", "Comandi"), "help help help -")
	})
}

// G3: what changes the list is carried out all the same. That somebody was put on
// it they are told when the hour is over.
func TestG3_SilenceCarriesOutWhatIsAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, mario, maria := newRoom(t, three), someone(1), someone(2)
		r.say(maria, registers)
		time.Sleep(time.Second)
		for _, p := range []whatsapp.Address{mario, maria} {
			r.say(p, "Comandi", "Comandi", "Comandi")
		}
		r.leave()
		r.expect(r.say(mario, registers), "confirmation+card")
		r.expect(r.say(maria, "Disattiva Notizie"), "-")
		if !r.onList(mario) || r.onList(maria) {
			t.Error("silence has kept the list from being changed")
		}
		time.Sleep(59 * time.Minute)
		if got := r.leave(); got != "" {
			t.Errorf("%q left within the hour", got)
		}
		time.Sleep(2 * time.Minute)
		if got := r.leave(); got != "confirmation card" {
			t.Errorf("%q left after the hour", got)
		}
	})
}

// A restart does not give anybody new answers.
func TestG9_ARestartKeepsTheCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, mario := newRoom(t, three), someone(1)
		r.say(mario, "Comandi", "Comandi")
		time.Sleep(30 * time.Minute)
		r.restart()
		r.expect(r.say(mario, "Comandi", "Comandi"), "help -")
		time.Sleep(31 * time.Minute)
		r.expect(r.say(mario, "Comandi"), "help")
	})
}

// Every answer counts, whatever it says, but for the card, which follows another.
func TestG9_EveryAnswerCounts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		words []string
		want  string
	}{
		"registrations": {[]string{registers, registers, registers, "Comandi"}, "confirmation+card already already -"},
		"cancellations": {[]string{"Disattiva Notizie", "Disattiva Notizie", "Disattiva Notizie", "Disattiva Notizie"}, "not_registered not_registered not_registered -"},
		"questions":     {[]string{"Attiva Notizie", "Attiva Notizie Mario", "I miei dati", "I miei dati"}, "incomplete incomplete my_data -"},
		"talk":          {[]string{"Quando apre la biblioteca?", "Comandi", "Comandi", "Comandi"}, "other help help -"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t, three)
				var got []string
				for _, words := range test.words {
					got = append(got, r.say(someone(1), words))
					time.Sleep(time.Second)
				}
				r.expect(strings.Join(got, " "), test.want)
			})
		})
	}
}
