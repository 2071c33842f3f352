package store

import (
	"testing"
	"time"
)

// How fast messages leave is told by those of the last minute, of each kind apart.
func TestReached(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(30)
	at := noon()
	// leave lets messages of a priority leave in waves, each a pause after the last.
	leave := func(priority Priority, waves, each int, pause time.Duration) {
		t.Helper()
		for range waves {
			at = at.Add(pause)
			list, err := tw.ClaimDeliveries(t.Context(), at, priority, time.Minute, each)
			must(t, err)
			must(t, tw.Together(t.Context(), func(b *Batch) error {
				for _, o := range list {
					if err := b.Sent(o, at); err != nil {
						return err
					}
				}
				return nil
			}))
		}
	}
	look := func() (ordinary, urgent Reached, last time.Time) {
		t.Helper()
		ordinary, urgent, last, err := tw.Reached(t.Context())
		must(t, err)
		return ordinary, urgent, last
	}
	ordinary, urgent, _ := look()
	equal(t, "nothing has left", [2]Reached{ordinary, urgent}, [2]Reached{})

	alert := announcement("allerta.txt")
	alert.Urgent = true
	tw.publish(announcement("festa.txt"))
	leave(Ordinary, 20, 1, 6*time.Second)
	ordinary, _, last := look()
	equal(t, "one by one", ordinary, Reached{From: at.Add(-54 * time.Second), To: at, Moments: 9, Messages: 9, Average: 6 * time.Second})
	equal(t, "the last", last, at)

	before := at
	tw.publish(alert)
	leave(Urgent, 3, 10, 100*time.Millisecond)
	ordinary, urgent, _ = look()
	equal(t, "in waves", urgent, Reached{From: at.Add(-200 * time.Millisecond), To: at, Moments: 2, Messages: 20, Average: 200 * time.Millisecond / 29})
	equal(t, "the others as before", ordinary, Reached{From: before.Add(-54 * time.Second), To: before, Moments: 9, Messages: 9, Average: 6 * time.Second})

	until := at
	leave(Ordinary, 2, 1, time.Second)
	ordinary, _, _ = look()
	equal(t, "without those that overtook", ordinary, Reached{From: until.Add(time.Second), To: at, Moments: 1, Messages: 1, Average: (at.Sub(noon()) - 6*time.Second) / 21})

	at = at.Add(25 * time.Hour)
	leave(Ordinary, 1, 1, 0)
	_, urgent, _ = look()
	equal(t, "a day later", urgent, Reached{To: until, Average: 200 * time.Millisecond / 29})
}
