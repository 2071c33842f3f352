package loop

import (
	"context"
	"time"
)

// A Bell wakes one loop. Rings that come while it is already ringing are one
// ring: the loop looks at everything anyway. Its copies are the same bell.
type Bell chan struct{}

// NewBell returns a bell that is silent.
func NewBell() Bell { return make(Bell, 1) }

// Ring wakes the loop, now or at its next pause. It never waits.
func (b Bell) Ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// StoreTrouble is how long a loop waits after the database failed, say on a
// full disk, before it tries again.
const StoreTrouble = 15 * time.Second

// Sleep waits for the bell, for wake or for the end of ctx. A nil bell never
// rings, and a zero wake never comes.
func Sleep(ctx context.Context, bell Bell, wake time.Time) {
	var alarm <-chan time.Time
	if !wake.IsZero() {
		timer := time.NewTimer(time.Until(wake))
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-ctx.Done():
	case <-bell:
	case <-alarm:
	}
}
