package inbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
	"banditore/bot/inbox"
	"banditore/bot/settings"
)

// last is the text of the newest answer to somebody that holds words.
func (r *room) last(words string) string {
	r.t.Helper()
	answers := r.record(someone(1)).Answers
	for n := len(answers) - 1; n >= 0; n-- {
		if strings.Contains(answers[n].Text, words) {
			return answers[n].Text
		}
	}
	r.t.Errorf("no answer holds %q", words)
	return ""
}

// The question whether somebody wants to leave is repeated in its language and with
// its tact, whatever was written in between.
func TestAQuestionIsRepeatedAsItWasPut(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"How do I unsubscribe":          "Do you want to leave",
		"mia madre è morta, toglietela": "Ci dispiace",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				dialogue(t, r, registers, words, "Che bella giornata", "E allora?")
				put := 0
				for _, a := range r.record(someone(1)).Answers {
					if strings.Contains(a.Text, want) {
						put++
					}
				}
				if put != 3 {
					t.Errorf("it was put %d times, want 3", put)
				}
			})
		})
	}
}

// G7: a machine that thanks for each of our messages is not asked for ever.
func TestG7_AQuestionHasAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.say(someone(1), "Attiva Notizie")
		asked := 0
		for range 23 * 6 {
			time.Sleep(10 * time.Minute)
			if r.say(someone(1), "Grazie per averci contattato") == "incomplete" {
				asked++
			}
		}
		if asked != 9 {
			t.Errorf("asked %d times more, want 9", asked)
		}
		r.expect(r.say(someone(1), "Mario Rossi Saronno"), "confirmation+card")
	})
}

// Who asks about the service while a question is open is told, and asked again.
func TestHelpRepeatsTheQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.expect(dialogue(t, r, "Attiva Notizie Mario Rossi", "Comandi", "Saronno"), "incomplete help confirmation+card")
		if got := r.last("Solo urgenti"); !strings.Contains(got, "Cognome: Rossi") {
			t.Errorf("the question is not repeated: %q", got)
		}
	})
}

// Who has said yes to a doubtful registration is not asked about the same again.
func TestAYesIsRemembered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		const doubtful = "Attiva Notizie Elena Castelli, Borgofelice"
		r.expect(dialogue(t, r, doubtful, "Sì", doubtful), "opt_in confirmation+card already")
	})
}

// Without a privacy_url the notice follows the confirmation, and the card both.
func TestTheNoticeFollowsTheConfirmation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg, err := config.Load("../../config.example.yaml", settings.Check)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Service.PrivacyURL = ""
		texts, err := settings.Texts(cfg)
		if err != nil {
			t.Fatal(err)
		}
		r := newRoom(t, func(o *inbox.Options) { o.Texts = texts })
		r.expect(r.say(someone(1), registers), "confirmation+privacy+card")
		if got := r.leave(); got != "confirmation privacy card" {
			t.Errorf("%q left", got)
		}
	})
}

// A pause ends at a midnight of the town.
func TestAPauseEndsAtMidnightInTheTown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rome, err := time.LoadLocation("Europe/Rome")
		if err != nil {
			t.Fatal(err)
		}
		r := newRoom(t, func(o *inbox.Options) { o.Location = rome })
		dialogue(t, r, registers, "Pausa 7 giorni")
		if got := r.record(someone(1)).Subscriber.NewsFrom.In(rome); got.Hour() != 0 || got.Minute() != 0 || got.Day() != 8 {
			t.Errorf("it ends at %v", got)
		}
	})
}

// G3: who may have wanted to leave while no device was linked is asked.
func TestG3_TheHistoryMayHoldAWishToLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		maria := someone(2)
		if got := r.options.Reader.Read("Non mi interessa").Intent; got != citizen.Leaving {
			t.Fatalf("read as %v", got)
		}
		r.part(r.at(began.Add(time.Hour), maria, "Non mi interessa"))
		r.over()
		if q := r.record(maria).Question; q == nil || q.Asked != "leave" {
			t.Errorf("asked: %+v", q)
		}
	})
}
