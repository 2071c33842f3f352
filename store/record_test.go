package store

import (
	"errors"
	"testing"
	"time"
)

func TestRecordIsAllThatIsHeld(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := Person{number, lid}
	nothing, err := tw.Record(t.Context(), p)
	must(t, err)
	equal(t, "nothing", nothing.Nothing(), true)
	tw.handle(p, noon(), func(i *Inbox) error {
		return errors.Join(i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{Words: "Attiva"}), i.Answer(Confirmation, "Benvenuto"))
	})
	tw.publish(announcement("1.txt"))
	r, err := tw.Record(t.Context(), Person{Number: number})
	must(t, err)
	equal(t, "person", r.Person, p)
	equal(t, "words", r.Subscriber.Words, "Attiva")
	equal(t, "deliveries", r.Deliveries[0].Announcement, "1.txt")
	equal(t, "answers", r.Answers[0].Text, "Benvenuto")
	equal(t, "texts", len(r.Handled), 1)
	equal(t, "to be forgotten", r.Forgotten, time.Time{})
	tw.leave(p, noon())
	r, err = tw.Record(t.Context(), p)
	must(t, err)
	equal(t, "on the list", r.Subscriber == nil, true)
	equal(t, "to be forgotten", r.Forgotten.IsZero(), false)
	gone, err := tw.DueErasures(t.Context(), r.Forgotten)
	must(t, err)
	equal(t, "was on the list", len(gone) == 1 && gone[0].UnsubscribedAt.Equal(noon()), true)
}

// What is told of a person says what each message was for: not every row is a piece
// of news.
func TestRecordTellsCorrectionsAndDeletions(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	a := tw.publish(flyer("a.txt", 2))
	tw.upload(noon())
	tw.sendAt(noon())
	tw.publish(correction(a, noon()))
	tw.sendAt(noon())
	tw.withdraw(a.ID, noon())
	r, err := tw.Record(t.Context(), Person{Number: number})
	must(t, err)
	var got []Form
	for _, d := range r.Deliveries {
		got = append(got, d.Form)
		equal(t, "known when it left", d.Sent.IsZero(), d.State != "sent")
	}
	if len(got) < 4 || got[0] != News || got[1] != News || r.Deliveries[1].Part != 1 || got[2] != Edit || got[3] != Revoke {
		t.Errorf("forms %v of %+v", got, r.Deliveries)
	}
}
