package upkeep

import (
	"context"
	"time"

	"banditore/bot/loop"
	"banditore/store"
)

// Due does what is due at now, and tells what to wait for next. Until until,
// unless it is zero, nobody is forgotten: history may hold older texts of who has
// just left.
func (u *Upkeep) Due(ctx context.Context, now, until time.Time) (store.Due, error) {
	if err := u.purge(ctx, now); err != nil {
		return store.Due{}, err
	}
	due, err := u.o.Store.NextDue(ctx, now)
	if err != nil {
		return due, err
	}
	forget, expire := u.mayForget(due.Erasure, now, until), !due.Expiring.IsZero() && !due.Expiring.After(now)
	if !forget && !expire {
		return due, nil
	}
	if forget {
		u.forget(ctx)
	}
	if expire {
		if err := u.expire(ctx, now); err != nil {
			return due, err
		}
	}
	return u.o.Store.NextDue(ctx, now)
}

// purgeLook is how often old rows are looked for. They go once a day.
const purgeLook = time.Hour

// purge deletes the delivery rows that nobody needs any more, and what is known
// of who left long ago.
func (u *Upkeep) purge(ctx context.Context, now time.Time) error {
	if u.purgeNext.After(now) {
		return nil
	}
	deleted, err := u.o.Store.Purge(ctx, now, now.AddDate(0, 0, -u.o.Forget.DeliveriesDays))
	if err != nil {
		return err
	}
	if err := u.o.Forgotten.Prune(now.AddDate(0, 0, -u.o.Forget.RememberDays)); err != nil {
		return err
	}
	u.purgeNext = now.Add(purgeLook)
	if deleted > 0 {
		u.o.Log.Info("old delivery rows deleted", "count", deleted)
	}
	return nil
}

// expire ends what has become pointless.
func (u *Upkeep) expire(ctx context.Context, now time.Time) error {
	expired, err := u.o.Store.Expire(ctx, now)
	if err != nil {
		return err
	}
	if expired {
		u.o.Log.Info("what has not left of an announcement has expired")
		u.o.Changed.Ring()
		u.o.Folder.Ring()
	}
	return nil
}

// Next is when there is something to do here again, given what [Upkeep.Due] told
// and until when nobody is forgotten; zero: not before something changes.
func (u *Upkeep) Next(due store.Due, until time.Time) time.Time {
	return loop.Earliest(u.nextErasure(due.Erasure, until), due.Expiring, due.Uncapped, u.purgeNext)
}

// WatchClock notices that the clock was put back since the last look, or since
// the last process noted something, and that what it noted lies ahead.
func (u *Upkeep) WatchClock(ctx context.Context, now time.Time) error {
	wall := now.Round(0) // without the monotonic clock, which is never put back
	if !u.looked.IsZero() && !wall.Before(u.looked) {
		u.looked = wall
		return nil
	}
	if err := u.o.Store.Rewind(ctx, now, u.o.Holdback); err != nil {
		return err
	}
	if !u.looked.IsZero() {
		u.o.Log.Warn("the clock was put back", "by", u.looked.Sub(wall))
	}
	u.looked = wall
	return nil
}
