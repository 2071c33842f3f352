package upkeep

import (
	"context"
	"time"
)

// WatchClock notices that the clock was put back since the last look, or since
// the last process noted something, and that what it noted lies ahead.
func (u *Upkeep) WatchClock(ctx context.Context, now time.Time) error {
	wall := now.Round(0) // without the monotonic clock, which is never put back
	if !u.looked.IsZero() && !wall.Before(u.looked) {
		u.looked = wall
		return nil
	}
	if err := u.store.Rewind(ctx, now, u.holdback); err != nil {
		return err
	}
	if !u.looked.IsZero() {
		u.log.Warn("the clock was put back", "by", u.looked.Sub(wall))
	}
	u.looked = wall
	return nil
}
