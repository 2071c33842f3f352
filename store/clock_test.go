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
