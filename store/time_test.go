package store

import (
	"testing"
	"time"
)

// The clock ran a week ahead and was put back: nothing waits for the week.
func TestRewind(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	const holdback = time.Minute
	ahead, now := noon(), noon().Add(-7*24*time.Hour)

	plain := announcement("subito.txt")
	plain.NotBefore = ahead.Add(holdback)
	dated := announcement("dal.txt")
	dated.NotBefore = ahead.Add(time.Hour)
	a, b := tw.publish(plain), tw.publish(dated)
	retried := tw.claim(ahead.Add(holdback))
	must(t, tw.Retry(t.Context(), retried, ahead.Add(2*time.Minute), Unanswered))
	tw.handle(citizen(0), ahead, func(i *Inbox) error { return i.Answer(Other, "Qui nessuno legge") })

	must(t, tw.Rewind(t.Context(), now, holdback))
	equal(t, "answer", tw.claimAnswer(now).Text, "Qui nessuno legge")
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "the one tried again", due.Delivery[Ordinary], now)
	equal(t, "claimed", tw.claim(now).MessageID, retried.MessageID)
	due, err = tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "the other waits for the holdback", due.Delivery[Ordinary], now.Add(holdback))
	got := tw.look(a.ID)
	equal(t, "accepted", got.AcceptedAt, now)
	equal(t, "not before", got.NotBefore, now.Add(holdback))
	equal(t, "a date that staff wrote", tw.look(b.ID).NotBefore, dated.NotBefore)

	must(t, tw.Rewind(t.Context(), now.Add(time.Hour), holdback))
	equal(t, "accepted, on an hour later", tw.look(a.ID).AcceptedAt, now)
}

// What a clock that ran ahead noted of when a message left is believed as little as
// the rest: WhatsApp takes no edit and no deletion for longer than it does.
func TestRewindOfWhatHasLeft(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	ahead, now := noon(), noon().Add(-7*24*time.Hour)
	a := tw.publish(announcement("a.txt"))
	tw.sendAt(ahead)
	must(t, tw.Rewind(t.Context(), now, 0))
	late := now.Add(deleteWindow)
	c := tw.publish(correction(tw.look(a.ID), late))
	equal(t, "form", tw.sendAt(late).Form, Correction)
	equal(t, "too old", tw.withdraw(a.ID, late).Withdrawal.TooOld, 1)
	equal(t, "the correction is not", tw.look(c.ID).Withdrawal.Asked, 1)
}

// An answer that is to leave later, and was written before now, keeps its time.
func TestRewindLeavesWhatIsNotAheadOfTheClock(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	due := noon().Add(10 * time.Minute)
	tw.handle(citizen(0), noon(), func(i *Inbox) error { return i.AnswerLater(Other, "Qui nessuno legge", due) })
	must(t, tw.Rewind(t.Context(), noon().Add(time.Minute), time.Hour))
	next, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due", next.Answer, due)
}
