package inbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/store"
)

// dialogue is said in a bubble, a minute between two texts; after "…" comes a pause
// that is given instead.
func dialogue(t *testing.T, r *room, words ...string) string {
	t.Helper()
	var got []string
	for _, w := range words {
		if pause, err := time.ParseDuration(w); err == nil {
			time.Sleep(pause)
			continue
		}
		got = append(got, r.say(someone(1), w))
		time.Sleep(time.Minute)
	}
	return strings.Join(got, " ")
}

// A registration of which something is not certain is carried out after a yes, and
// not before.
func TestG1_WhatIsDoubtfulNeedsAYes(t *testing.T) {
	t.Parallel()
	const doubtful = "Attiva Notizie Elena Castelli, Borgofelice"
	for _, test := range []struct {
		name, want string
		words      []string
		comune     string // on the list; "" for nobody
	}{
		{"yes", "opt_in confirmation+card", []string{doubtful, "Sì"}, "Borgofelice"},
		{"no", "opt_in help", []string{doubtful, "No"}, ""},
		{"another Comune", "opt_in confirmation+card", []string{doubtful, "Saronno"}, "Saronno"},
		{"its label", "opt_in confirmation+card", []string{doubtful, "Comune: Uboldo"}, "Uboldo"},
		{"something else", "opt_in opt_in confirmation+card", []string{doubtful, "Che bella idea", "Sì"}, "Borgofelice"},
		{"too late", "opt_in other", []string{doubtful, "49h", "Sì"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				r.expect(dialogue(t, r, test.words...), test.want)
				s := r.record(someone(1)).Subscriber
				if (s != nil) != (test.comune != "") || s != nil && s.Comune != test.comune {
					t.Errorf("on the list: %+v, want %q", s, test.comune)
				}
			})
		})
	}
}

// Who may want to leave is asked, each time; a yes lets them go, a no keeps them.
func TestG3_WhoMayWantToLeaveIsAsked(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, want string
		words      []string
		stays      bool
	}{
		{"yes", "leaving goodbye", []string{"Non mi interessa", "Sì"}, false},
		{"no", "leaving help", []string{"Non mi interessa", "no grazie"}, true},
		{"the command", "leaving goodbye", []string{"Non mi interessa", "Disattiva Notizie"}, false},
		{"again", "leaving leaving goodbye", []string{"Non mi interessa", "vi blocco", "sì"}, false},
		{"nothing that answers", "leaving leaving goodbye", []string{"Non mi interessa", "Allora?", "sì"}, false},
		{"to stay after all", "leaving already", []string{"Non mi interessa", "Attiva Notizie"}, true},
		{"too late", "leaving other", []string{"Non mi interessa", "49h", "sì"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				r.say(someone(1), registers)
				r.expect(dialogue(t, r, test.words...), test.want)
				if got := r.onList(someone(1)); got != test.stays {
					t.Errorf("on the list: %v, want %v", got, test.stays)
				}
			})
		})
	}
}

// Modes are kept with the entry, and a pause ends at a midnight.
func TestModes(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]func(time.Time) time.Time{
		"Solo urgenti":     func(time.Time) time.Time { return store.Never() },
		"Tutte le notizie": func(time.Time) time.Time { return time.Time{} },
		"Riprendi":         func(time.Time) time.Time { return time.Time{} },
		"Pausa":            func(now time.Time) time.Time { return now.Truncate(24*time.Hour).AddDate(0, 0, 30) },
		"Pausa 7 giorni":   func(now time.Time) time.Time { return now.Truncate(24*time.Hour).AddDate(0, 0, 7) },
		"Grazie":           func(now time.Time) time.Time { return now.Truncate(24*time.Hour).AddDate(0, 0, 2) },
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				dialogue(t, r, registers, "Pausa 2 giorni", words)
				if got := r.record(someone(1)).Subscriber.NewsFrom; !got.Equal(want(time.Now())) {
					t.Errorf("ordinary news from %v, want %v", got, want(time.Now()))
				}
			})
		})
	}
}

// A new registration of who is on the list keeps their mode, and leaving ends it.
func TestAModeEndsWithTheEntry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		dialogue(t, r, registers, "Solo urgenti", "Attiva Notizie Mario Rossi Uboldo")
		if got := r.record(someone(1)).Subscriber.NewsFrom; !got.Equal(store.Never()) {
			t.Errorf("ordinary news from %v after new details", got)
		}
		dialogue(t, r, "Disattiva Notizie", registers)
		if got := r.record(someone(1)).Subscriber.NewsFrom; !got.IsZero() {
			t.Errorf("ordinary news from %v after coming back", got)
		}
	})
}

// A correction by its label is carried out, the proof of consent keeps the words,
// and what was not named stays.
func TestCorrections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.expect(dialogue(t, r, registers, "Il mio cognome è sbagliato", "Cognome: Verdi", "Il mio nuovo comune è Uboldo"), "confirmation+card help already already")
		s := r.record(someone(1)).Subscriber
		if s.Details != (store.Details{GivenName: "Mario", FamilyName: "Verdi", Comune: "Uboldo"}) {
			t.Errorf("got %+v", s.Details)
		}
		if want := registers + "\nCognome: Verdi\nIl mio nuovo comune è Uboldo"; s.Words != want {
			t.Errorf("the proof is %q, want %q", s.Words, want)
		}
	})
}

// A correction that comes late does not undo a newer registration.
func TestG3_AnOlderCorrectionUndoesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		dialogue(t, r, registers)
		old := r.text(someone(1), "Cognome: Verdi")
		time.Sleep(time.Minute)
		dialogue(t, r, registers)
		r.take(old)
		if got := r.record(someone(1)).Subscriber.FamilyName; got != "Rossi" {
			t.Errorf("the family name is %q", got)
		}
	})
}

// G9: whoever calls for help is answered with 112, however many answers they have
// had, until only a machine could have called so often.
func TestG9_HelpIsNamedBeyondTheQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		for range 30 {
			r.say(someone(1), "I miei dati")
		}
		r.expect(r.say(someone(1), "I miei dati", "C'è un incendio in casa"), "- emergency")
		named := 0
		for range 200 {
			if r.say(someone(1), "Aiuto, non respira") == "emergency" {
				named++
			}
		}
		if named != 79 {
			t.Errorf("112 was named %d times more, want 79", named)
		}
		if len(r.record(someone(1)).Deliveries) > 0 || r.onList(someone(1)) {
			t.Error("a call for help has changed something")
		}
	})
}
