package inbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/inbox"
	"banditore/bot/message"
	"banditore/store"
)

// What is held is told whole, of who is on the list and of who is only asked
// something; the outbox holds no copy of what is told.
func TestWhatIsHeldIsTold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ words, want string }{
		"a subscriber":                {registers, "Nome: Mario|Cognome: Rossi|Comune di residenza: Saronno|«" + registers + "»|Iscrizione: attiva|Versione"},
		"an unfinished registration":  {"Attiva Notizie Mario Rossi", "Nome: Mario|Cognome: Rossi|in attesa dei dati|«Attiva Notizie Mario Rossi»"},
		"somebody who wrote and left": {"Disattiva Notizie", "nessuna"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, mario := newRoom(t), someone(1)
				r.say(mario, test.words)
				time.Sleep(time.Minute)
				r.expect(r.say(mario, "I miei dati"), "my_data")
				given := r.record(mario).Answers
				if kept := given[len(given)-1]; kept.Text != "" {
					t.Errorf("the outbox keeps a copy: %s", kept.Text)
				}
				text, err := r.MyData(t.Context(), message.PersonOf(mario))
				r.must(err)
				for want := range strings.SplitSeq(test.want+"|"+mario.Number+"|"+mario.LID, "|") {
					if !strings.Contains(text, want) {
						t.Errorf("%q is missing in\n%s", want, text)
					}
				}
				if (test.words == registers) != strings.Contains(text, "Iscrizione: attiva") {
					t.Errorf("it says\n%s", text)
				}
			})
		})
	}
}

// What a subscriber has been asked is held beside what is on the list, and told.
func TestAnOpenQuestionOfASubscriberIsTold(t *testing.T) {
	t.Parallel()
	h := inbox.Held(store.Record{
		Subscriber: &store.Subscriber{Details: store.Details{GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"}},
		Question: &store.Question{
			Asked: store.AskedCheck, Details: store.Details{GivenName: "Mario", FamilyName: "Rossini", Comune: "Sarono"}, Words: "Rossini Sarono",
		},
	})
	if h.FamilyName != "Rossi" || h.Pending != "check" || h.Proposed != "Mario Rossini, Sarono" || h.ProposedWords != "Rossini Sarono" {
		t.Errorf("got %+v", h)
	}
	h = inbox.Held(store.Record{Question: &store.Question{Asked: store.AskedDetails, Details: store.Details{FamilyName: "Rossi"}, Words: "Rossi"}})
	if h.FamilyName != "Rossi" || h.Words != "Rossi" || h.Proposed+h.ProposedWords != "" {
		t.Errorf("got %+v", h)
	}
}
