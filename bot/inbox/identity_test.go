package inbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// twoFaced is a room with somebody on the list under a LID alone, who has asked to
// leave under a number alone.
func twoFaced(t *testing.T) (r *room, person, number, lid whatsapp.Address) {
	t.Helper()
	r, person = newRoom(t), someone(1)
	number, lid = whatsapp.Address{Number: person.Number}, whatsapp.Address{LID: person.LID}
	r.expect(r.say(lid, registers), "confirmation+card")
	r.leave()
	time.Sleep(time.Minute)
	r.expect(r.say(number, "Disattiva Notizie"), "not_registered")
	time.Sleep(time.Minute)
	return r, person, number, lid
}

// G3: when WhatsApp says that two identities are one person's, what was asked under
// one of them is carried out under both.
func TestG3_ARevealedPersonIsTakenOffTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, person, _, lid := twoFaced(t)
		r.must(r.Identified(t.Context(), whatsapp.Address{Number: "+39", LID: lid.LID}, "")) // no number: nothing is known
		if !r.onList(lid) {
			t.Fatal("off the list before anything was revealed")
		}
		for range 2 {
			r.must(r.Identified(t.Context(), person, ""))
		}
		if r.onList(lid) {
			t.Error("who has asked to leave is on the list")
		}
		if got := r.leave(); got != "goodbye" {
			t.Errorf("%q left", got)
		}
	})
}

// A text that shows both identities reveals as much, unless it says otherwise
// itself. What else it asks for is not answered beside the goodbye.
func TestG3_ATextRevealsWhoHasLeft(t *testing.T) {
	t.Parallel()
	for words, test := range map[string]struct {
		answers string
		list    bool
	}{
		"Aiuto":             {"goodbye", false},
		"Attiva Notizie":    {"goodbye+incomplete", false},
		"Disattiva Notizie": {"goodbye", false},
		registers:           {"already", true},
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, person, _, _ := twoFaced(t)
				r.expect(r.say(person, words), test.answers)
				if got := r.onList(person); got != test.list {
					t.Errorf("on the list: %v, want %v", got, test.list)
				}
			})
		})
	}
	for _, kind := range []whatsapp.Kind{whatsapp.KindCall, whatsapp.KindUnreadable} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, person, _, _ := twoFaced(t)
				text := r.text(person, "")
				text.Kind = kind
				r.expect(r.take(text), "goodbye")
			})
		})
	}
}

// Who is on the list is asked nothing: a question that waited under the other
// identity is not answered by what they say now.
func TestAQuestionToWhoIsOnTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, person := newRoom(t), someone(1)
		r.expect(r.say(whatsapp.Address{LID: person.LID}, registers), "confirmation+card")
		r.expect(r.say(whatsapp.Address{Number: person.Number}, "Attiva Notizie"), "incomplete")
		time.Sleep(time.Minute)
		r.must(r.Identified(t.Context(), person, ""))
		if r.record(person).Question == nil {
			t.Fatal("no question waits")
		}
		r.expect(r.say(person, "Ada Quaglia Uboldo"), "help")
		if got := r.record(person).Subscriber.GivenName; got != "Mario" {
			t.Errorf("the list has %q", got)
		}
	})
}

// A person whose LID has changed keeps their place on the list under the new one.
func TestANewLIDKeepsThePlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, before := newRoom(t), someone(1)
		after := whatsapp.Address{Number: before.Number, LID: someone(2).LID}
		r.expect(r.say(whatsapp.Address{LID: before.LID}, registers), "confirmation+card")
		r.must(r.Identified(t.Context(), after, before.LID))
		if s := r.record(whatsapp.Address{LID: after.LID}).Subscriber; s == nil || s.LID != store.LID(after.LID) || s.GivenName != "Mario" {
			t.Errorf("under the new LID stands %+v", s)
		}
	})
}
