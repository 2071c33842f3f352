package store

import (
	"errors"
	"testing"
	"time"
)

const (
	number    = Number("+393331234567")
	newNumber = Number("+393337654321")
	lid       = LID("123456789012345")
	otherLID  = LID("987654321098765")
)

func TestG3_IncomingTextIsHandledOnce(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	calls := 0
	handle := func(id string, from Person, at time.Time) bool {
		fresh, err := tw.Handle(t.Context(), Incoming{ID: id, From: from, At: at}, at, tw.newID, func(i *Inbox) error {
			calls++
			return i.Answer(Other, "ciao")
		})
		must(t, err)
		return fresh
	}
	equal(t, "first time", handle("A", Person{Number: number, LID: lid}, noon()), true)
	equal(t, "again", handle("A", Person{Number: number, LID: lid}, noon()), false)
	equal(t, "again, number only", handle("A", Person{Number: number}, noon()), false)
	equal(t, "again, LID only", handle("A", Person{LID: lid}, noon()), false)
	equal(t, "same ID of another sender", handle("A", Person{LID: otherLID}, noon()), true)
	equal(t, "other ID", handle("B", Person{LID: lid}, noon()), true)
	equal(t, "after 30 days", handle("A", Person{LID: lid}, noon().Add(31*24*time.Hour)), true)
	equal(t, "decisions", calls, 4)
	equal(t, "answers", tw.rows("answers"), 4)
	equal(t, "remembered", tw.rows("handled"), 1)
}

func TestG3_ErrorUndoesEverything(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	in := Incoming{ID: "A", From: Person{Number: number}, At: noon()}
	boom := errors.New("boom")
	decide := func(fail error) func(*Inbox) error {
		return func(i *Inbox) error {
			if err := i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}); err != nil {
				return err
			}
			if err := i.Answer(Confirmation, "ciao"); err != nil {
				return err
			}
			return fail
		}
	}
	fresh, err := tw.Handle(t.Context(), in, noon(), tw.newID, decide(boom))
	if fresh || !errors.Is(err, boom) {
		t.Fatalf("got %v, %v", fresh, err)
	}
	for _, table := range []string{"subscribers", "answers", "handled", "erasures"} {
		equal(t, table, tw.rows(table), 0)
	}
	fresh, err = tw.Handle(t.Context(), in, noon(), tw.newID, decide(nil))
	must(t, err)
	equal(t, "fresh", fresh, true)
	equal(t, "number", tw.only().Number, number)
	equal(t, "since", tw.only().Since, noon())
}

func TestHandleRefusesNobody(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, in := range []Incoming{{ID: "A"}, {From: Person{LID: lid}}, {ID: "A", From: Person{Number: "333"}}} {
		_, err := tw.Handle(t.Context(), in, noon(), tw.newID, func(*Inbox) error { t.Error("decided"); return nil })
		if err == nil {
			t.Errorf("%v: no error", in.ID)
		}
	}
}

// Two texts make one registration; the proof holds both, and when the
// confirmation was taken.
func TestRegistrationInTwoMessages(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := Person{number, lid}
	ask := Question{Asked: AskedDetails, Details: Details{GivenName: "Eva"}, Words: "Attiva Notizie Eva"}
	tw.handle(p, noon(), func(i *Inbox) error { return errors.Join(i.Ask(ask, time.Hour), i.Answer(Incomplete, "Ci manca")) })
	equal(t, "to be forgotten", len(tw.due(noon().Add(time.Hour))), 1)
	equal(t, "not before", len(tw.due(noon().Add(time.Hour-time.Second))), 0)
	look := func(from Person, at time.Time) (q Question, ok bool) {
		tw.handle(from, at, func(i *Inbox) (err error) {
			q, ok, err = i.Question()
			return errors.Join(err, i.Answer(Help, "?"))
		})
		return q, ok
	}
	got, ok := look(Person{LID: lid}, noon().Add(59*time.Minute))
	equal(t, "waits", ok, true)
	ask.Since = noon()
	equal(t, "what is known", got, ask)
	_, ok = look(p, noon().Add(time.Hour))
	equal(t, "worth nothing after an hour", ok, false)

	tw.handle(p, noon().Add(time.Minute), func(i *Inbox) error {
		return errors.Join(i.Subscribe(Details{"Eva", "Rossi", "Saronno"}, Evidence{Words: "Attiva Notizie Eva\nRossi Saronno", Wording: "v"}),
			i.Answer(Confirmation, "Fatto"), i.Answer(Card, ""))
	})
	equal(t, "questions", tw.rows("questions"), 0)
	equal(t, "erasures", tw.rows("erasures"), 0)
	equal(t, "confirmed", tw.only().Confirmed, time.Time{})
	for range 4 { // the help and the question come first
		must(t, tw.Sent(t.Context(), tw.claimAnswer(noon().Add(2*time.Hour)), noon().Add(2*time.Hour)))
	}
	equal(t, "confirmed", tw.only().Confirmed, noon().Add(2*time.Hour))
	equal(t, "words", tw.only().Words, "Attiva Notizie Eva\nRossi Saronno")
}

// A text may come after others that were written later. What was said since by
// the same person counts, and small talk does not.
func TestSuperseded(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.NoteWish(WishOut) })
	tw.handle(Person{number, lid}, noon().Add(time.Hour), func(i *Inbox) error { return i.Answer(Other, "?") })
	for at, want := range map[time.Time]bool{noon().Add(-time.Second): true, noon(): false, noon().Add(time.Second): false} {
		_, err := tw.Handle(t.Context(), Incoming{ID: "H", From: Person{LID: lid}, At: at}, noon(), tw.newID, func(i *Inbox) error {
			got, err := i.Superseded(WishIn, WishOut)
			equal(t, "superseded", got, want)
			other, err2 := i.Superseded(WishIn)
			equal(t, "superseded by another wish", other, false)
			return errors.Join(err, err2)
		})
		must(t, err)
	}
}
