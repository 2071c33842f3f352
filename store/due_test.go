package store

import (
	"testing"
	"time"
)

// What waits for its first try, what has failed and is tried again, and what has
// only a message in hand.
func TestNextTries(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(citizen(0))
	tries := func() map[int64]time.Time {
		t.Helper()
		m, err := tw.NextTries(t.Context())
		must(t, err)
		return m
	}
	a := tw.publish(announcement("festa.txt"))
	equal(t, "not before", tries()[a.ID], noon())
	o := tw.claim(noon())
	equal(t, "in hand", len(tries()), 0)
	must(t, tw.Retry(t.Context(), o, noon().Add(24*time.Hour), NoToken))
	equal(t, "tried again", tries()[a.ID], noon().Add(24*time.Hour))
}
