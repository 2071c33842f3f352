package inbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/inbox"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const registers = "Attiva Notizie Mario Rossi Saronno"

// What a text gets as an answer, by what was said before.
func TestAnswersInADialogue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, want string
		words      []string
	}{
		{"registers", "confirmation+card", []string{registers}},
		{"registers again", "confirmation+card already", []string{registers, registers}},
		{"registers without saying who", "confirmation+card already", []string{registers, "Attiva Notizie"}},
		{"leaves", "confirmation+card goodbye", []string{registers, "Disattiva Notizie"}},
		{"leaves twice", "confirmation+card goodbye not_registered", []string{registers, "Disattiva Notizie", "Disattiva Notizie"}},
		{"comes back", "confirmation+card goodbye confirmation+card", []string{registers, "Disattiva Notizie", registers}},
		{"leaves and was never here", "not_registered", []string{"Disattiva Notizie"}},
		{"gives the details later", "incomplete confirmation+card", []string{"Attiva Notizie", "Mario Rossi Saronno"}},
		{"gives them in pieces", "incomplete incomplete confirmation+card", []string{"Attiva Notizie", "Attiva Notizie Mario Rossi", "Saronno"}},
		{"declines, and then says who", "incomplete help other", []string{"Attiva Notizie", "No grazie", "Mario Rossi Saronno"}},
		{"is no resident", "incomplete incomplete confirmation+card", []string{"Attiva Notizie Mario Rossi", "Non sono residente", "Milano"}},
		{"asks for help", "help help", []string{"Comandi", "Comandi"}},
		{"asks what is held", "my_data", []string{"I miei dati"}},
		{"asks what is not ours", "other again office -", []string{"Buongiorno, quando apre la biblioteca?", "E la piscina?", "E il museo?", "E allora?"}},
		{"thanks", "-", []string{"Grazie!"}},
		{"says yes to nothing", "other -", []string{"sì", "sì"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				var got []string
				for _, w := range test.words {
					got = append(got, r.say(someone(1), w))
					time.Sleep(time.Minute)
				}
				r.expect(strings.Join(got, " "), test.want)
			})
		})
	}
}

// The newest details count, and the answer that told the old ones does not leave
// any more.
func TestTheLastDetailsCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, mario := newRoom(t), someone(1)
		r.say(mario, registers)
		time.Sleep(time.Second)
		r.say(mario, "Attiva Notizie Maria Rossi Cislago")
		time.Sleep(time.Second)
		r.say(mario, "Attiva Notizie Maria Rossi Uboldo")
		if got := r.record(mario).Subscriber.Details; got != (store.Details{GivenName: "Maria", FamilyName: "Rossi", Comune: "Uboldo"}) {
			t.Errorf("got %+v", got)
		}
		if got := r.leave(); got != "already card" {
			t.Errorf("%q left", got)
		}
	})
}

// A second message fills what the first lacks, and a command that names somebody
// else begins anew; what was written over all of them is the proof of consent.
func TestADetailSaidTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, mario := newRoom(t), someone(1)
		r.expect(r.say(mario, "Attiva Notizie Mario Rossi"), "incomplete")
		if got := r.record(mario).Question; got == nil || got.GivenName != "Mario" {
			t.Fatalf("kept %+v", got)
		}
		time.Sleep(time.Minute)
		r.expect(r.say(mario, "Attiva Notizie Carlo, di Saronno"), "incomplete")
		time.Sleep(time.Minute)
		r.expect(r.say(mario, "Rossi"), "confirmation+card")
		s := r.record(mario).Subscriber
		if s.GivenName != "Carlo" || s.FamilyName != "Rossi" || s.Words != "Attiva Notizie Mario Rossi\nAttiva Notizie Carlo, di Saronno\nRossi" {
			t.Errorf("got %+v", s)
		}
	})
}

// A question may be answered as long as it is kept, and no longer.
func TestAQuestionIsKeptForItsTime(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]string{47 * time.Hour: "confirmation+card", 49 * time.Hour: "other"} {
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				r.expect(r.say(someone(1), "Attiva Notizie"), "incomplete")
				time.Sleep(after)
				r.expect(r.say(someone(1), "Mario Rossi Saronno"), want)
			})
		})
	}
}

// With the second step only a yes puts somebody on the list, and a no ends it.
func TestG1_OnlyAYesCounts(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"Sì, grazie": "confirmation+card", "no grazie": "help", "Disattiva Notizie": "not_registered",
		"Grazie": "opt_in", "Ci devo pensare, poi vi dico": "opt_in", registers: "opt_in",
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, mario := newRoom(t, func(o *inbox.Options) { o.DoubleOptIn = true }), someone(1)
				r.expect(r.say(mario, registers), "opt_in")
				time.Sleep(time.Minute)
				r.expect(r.say(mario, answer), want)
				if yes := want == "confirmation+card"; r.onList(mario) != yes {
					t.Errorf("on the list: %v, want %v", !yes, yes)
				}
				asked := want == "opt_in"
				if got := r.record(mario).Question != nil; got != asked {
					t.Errorf("the question is still open: %v, want %v", got, asked)
				}
			})
		})
	}
}

// Who is on the list is not asked again whether they want to be.
func TestWhoHasSaidYesIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, func(o *inbox.Options) { o.DoubleOptIn = true })
		for _, step := range []struct{ words, want string }{{registers, "opt_in"}, {"sì", "confirmation+card"}, {"Attiva Notizie Mario Rossi Uboldo", "already"}} {
			r.expect(r.say(someone(1), step.words), step.want)
			time.Sleep(time.Minute)
		}
	})
}

// What is no command is answered once a day, and each kind of it apart. Stickers
// and reactions are not; a voice note is, though nobody can read it.
func TestOnceADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, mario := newRoom(t), someone(1)
		kind := func(k whatsapp.Kind) whatsapp.Text {
			text := r.text(mario, "")
			text.Kind = k
			return text
		}
		day := func(want string) {
			t.Helper()
			r.expect(r.take(kind(whatsapp.KindSticker), kind(whatsapp.KindSilent), kind(whatsapp.KindAudio), kind(whatsapp.KindImage),
				kind(whatsapp.KindCall), kind(whatsapp.KindCall), kind(whatsapp.KindUnreadable)), want)
		}
		day("- - other - call - unreadable")
		time.Sleep(23 * time.Hour)
		day("- - - - - - -")
		time.Sleep(2 * time.Hour)
		day("- - other - call - unreadable")
	})
}

// A phone has three minutes to send again what could not be decrypted; what comes
// by then is carried out, and nobody is asked to write again.
func TestUnreadableIsGivenTime(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]string{2 * time.Minute: "help", 4 * time.Minute: "unreadable help"} {
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				text := r.text(someone(1), "")
				text.Kind = whatsapp.KindUnreadable
				r.expect(r.take(text), "unreadable")
				left := r.leave()
				time.Sleep(after)
				left += r.leave()
				text.Kind, text.Body = whatsapp.KindText, "Comandi"
				r.expect(r.take(text), "help")
				if got := strings.TrimSpace(left + " " + r.leave()); got != want {
					t.Errorf("%q left, want %q", got, want)
				}
			})
		})
	}
}

// An answer that comes a day late says so, and no other does.
func TestLateAnswersBegPardon(t *testing.T) {
	t.Parallel()
	for age, late := range map[time.Duration]bool{0: false, 23 * time.Hour: false, 24 * time.Hour: true, 9 * 24 * time.Hour: true} {
		t.Run(age.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				text := r.text(someone(1), registers)
				text.At = time.Now().Add(-age)
				r.expect(r.take(text), "confirmation+card")
				if got := strings.Contains(r.record(someone(1)).Answers[0].Text, "ritardo"); got != late {
					t.Errorf("it begs pardon: %v, want %v", got, late)
				}
			})
		})
	}
}

// G3: texts that arrive in the wrong order leave what the newest of them wished.
func TestG3_AnOlderWishUndoesNothing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, newer, older, want string
		list                     bool
	}{
		{"registration after cancellation", "Disattiva Notizie", registers, "not_registered -", false},
		{"cancellation after registration", registers, "Disattiva Notizie", "confirmation+card -", true},
		{"incomplete after registration", registers, "Attiva Notizie", "confirmation+card -", true},
		{"incomplete after cancellation", "Disattiva Notizie", "Attiva Notizie", "not_registered -", false},
		{"registration after registration", registers, "Attiva Notizie Maria Rossi Uboldo", "confirmation+card -", true},
		{"cancellation after an incomplete one", "Attiva Notizie", "Disattiva Notizie", "incomplete -", false},
		{"registration after an incomplete one", "Attiva Notizie", registers, "incomplete confirmation+card", true},
		{"small talk is no wish", "Quando apre la biblioteca?", registers, "other confirmation+card", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, mario := newRoom(t), someone(1)
				older := r.text(mario, test.older)
				time.Sleep(time.Minute)
				r.expect(r.take(r.text(mario, test.newer), older), test.want)
				if got := r.onList(mario); got != test.list {
					t.Errorf("on the list: %v, want %v", got, test.list)
				}
				if s := r.record(mario).Subscriber; s != nil && s.GivenName != "Mario" {
					t.Errorf("the list has the older details: %+v", s.Details)
				}
			})
		})
	}
}

// The words that prove a registration are kept, but not without end.
func TestG9_TheProofHasAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, mario := newRoom(t), someone(1)
		long := "Attiva Notizie" + strings.Repeat("\n", 3000) + "è"
		r.expect(r.say(mario, long), "incomplete")
		time.Sleep(time.Minute)
		r.expect(r.say(mario, "Mario Rossi Saronno"+strings.Repeat(" ", 5000)+"."), "confirmation+card")
		if got := r.record(mario).Subscriber.Words; len(got) != 4096 || !strings.HasPrefix(got, "Attiva Notizie\n") {
			t.Errorf("%d bytes kept, which begin %.20q", len(got), got)
		}
	})
}

// A registration refers to the texts and rules that were in force, and these are
// kept.
func TestTheWordingInForceIsKept(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.say(someone(1), registers)
	version, want := r.options.Texts.Wording()
	if got := r.record(someone(1)).Subscriber.Wording; got != version {
		t.Errorf("it refers to %q, want %q", got, version)
	}
	got, _, ok, err := r.db.Wording(t.Context(), version)
	if err != nil || !ok || got != want {
		t.Errorf("kept: %q, %v, %v", got, ok, err)
	}
}
