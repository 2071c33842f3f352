package store

import (
	"errors"
	"testing"
	"time"
)

// She asked by e-mail: everything goes at once, without a message, whatever she
// is known by.
func TestG5_Forget(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]Person{"number": {Number: ermenegilda().Number}, "LID": {LID: ermenegilda().LID}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.settle(50)
			tw.handle(ermenegilda(), noon(), func(i *Inbox) error { return i.Answer(Other, "Salve, Ermenegilda") })
			was, err := tw.Forget(t.Context(), p, noon(), noon())
			must(t, err)
			equal(t, "was on the list", was, true)
			_, waits, err := tw.ClaimAnswer(t.Context(), noon())
			must(t, err)
			equal(t, "an answer waits", waits, false)
			erased, err := tw.Erased(t.Context(), p)
			must(t, err)
			equal(t, "erased before", erased, false)
			must(t, tw.Erase(t.Context(), tw.due(noon())))
			erased, err = tw.Erased(t.Context(), p)
			must(t, err)
			equal(t, "erased", erased, true)
			for _, trace := range tw.traces() {
				t.Error("left behind:", trace)
			}
			was, err = tw.Forget(t.Context(), p, noon(), noon())
			must(t, err)
			equal(t, "was on the list again", was, false)
			must(t, tw.Erase(t.Context(), tw.due(noon())))
			equal(t, "others", tw.rows("subscribers"), 50)
			equal(t, "erasures", tw.rows("erasures"), 0)
		})
	}
}

// A stranger whose texts came under the LID first, then under both.
func TestForgetFindsEveryIdentity(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := ermenegilda()
	for _, from := range []Person{{LID: p.LID}, p} {
		tw.handle(from, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	}
	was, err := tw.Forget(t.Context(), Person{Number: p.Number}, noon(), noon())
	must(t, err)
	equal(t, "was on the list", was, false)
	gone, err := tw.DueErasures(t.Context(), noon())
	must(t, err)
	for _, e := range gone {
		equal(t, "remembered", e.UnsubscribedAt, noon())
	}
	must(t, tw.Erase(t.Context(), tw.due(noon())))
	for _, trace := range tw.traces() {
		t.Error("left behind:", trace)
	}
}

func TestErasedOwesNoBytes(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(10)
	_, err := tw.Forget(t.Context(), ermenegilda(), noon(), noon())
	must(t, err)
	reader, err := OpenExisting(t.Context(), tw.dir)
	must(t, err)
	defer reader.Close()
	for range reader.Subscribers(t.Context()) {
		if err := tw.Erase(t.Context(), tw.due(noon())); !errors.Is(err, ErrBusy) {
			t.Fatalf("got %v, want %v", err, ErrBusy)
		}
		break
	}
	erased, err := reader.Erased(t.Context(), ermenegilda())
	must(t, err)
	equal(t, "erased while bytes are owed", erased, false)
	must(t, tw.Compact(t.Context()))
	erased, err = reader.Erased(t.Context(), ermenegilda())
	must(t, err)
	equal(t, "erased", erased, true)
}

func TestRecordWhereNothingMayBeWritten(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(3)
	reader, err := OpenExisting(t.Context(), tw.dir)
	must(t, err)
	defer reader.Close()
	for range 3 {
		r, err := reader.Record(t.Context(), Person{Number: ermenegilda().Number})
		must(t, err)
		equal(t, "her LID", r.LID, ermenegilda().LID)
	}
	must(t, tw.Erase(t.Context(), nil)) // no snapshot is left open
	tw.handle(ermenegilda(), noon().Add(time.Hour), cancel)
	r, err := reader.Record(t.Context(), ermenegilda())
	must(t, err)
	equal(t, "on the list", r.Subscriber == nil, true)
}

func TestStrangersAreForgottenAfterADay(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.handle(Person{LID: lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due", due.Erasure, noon().Add(24*time.Hour))
	people, err := tw.DueErasures(t.Context(), noon().Add(24*time.Hour-time.Millisecond))
	must(t, err)
	equal(t, "too early", len(people), 0)
	people, err = tw.DueErasures(t.Context(), noon().Add(24*time.Hour))
	must(t, err)
	equal(t, "people", len(people), 1)
	equal(t, "was on the list", people[0].UnsubscribedAt, time.Time{})

	tw.subscribe(Person{number, lid})
	equal(t, "erasures after a subscription", tw.rows("erasures"), 0)
	tw.handle(Person{LID: lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	equal(t, "erasures of a subscriber", tw.rows("erasures"), 0)
}

// A stranger known by a number turns out to be a subscriber.
func TestG3_IdentifiedSubscriberIsNotForgotten(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{LID: lid})
	tw.handle(Person{Number: number}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	equal(t, "erasures", tw.rows("erasures"), 1)
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	equal(t, "erasures", tw.rows("erasures"), 0)
	equal(t, "subscriber", tw.only().Person, Person{number, lid})
}

// A text that changes nothing leaves no trace, and may be decided upon again;
// of a stranger it is remembered that they are to be forgotten.
func TestG5_NothingIsRememberedOfNothing(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	before := tw.rows("handled")
	write := func(from Person, want bool) {
		t.Helper()
		decided := false
		fresh, err := tw.Handle(t.Context(), Incoming{ID: tw.newID(), From: from, At: noon()}, noon(), tw.newID, func(*Inbox) error { decided = true; return nil })
		must(t, err)
		equal(t, "decided", decided, true)
		equal(t, "fresh", fresh, want)
	}
	write(Person{number, lid}, false)
	equal(t, "handled", tw.rows("handled"), before)
	equal(t, "erasures", tw.rows("erasures"), 0)
	write(Person{LID: otherLID}, true)
	write(Person{LID: otherLID}, false)
	equal(t, "handled", tw.rows("handled"), before+1)
	equal(t, "to be forgotten", len(tw.due(noon().Add(24*time.Hour))), 1)
}

// Who is told that they are not on the list, while they are being forgotten, is
// forgotten no later for that.
func TestG5_AnotherTextDelaysNoErasure(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(ermenegilda())
	due := tw.goodbye(ermenegilda())
	tw.handle(ermenegilda(), noon(), func(i *Inbox) error { return i.Deny("Non risulti nell'elenco") })
	must(t, tw.Sent(t.Context(), tw.claimAnswer(due), due))
	equal(t, "due", len(tw.due(due)), 1)
}
