package upkeep

import (
	"context"
	"time"

	"banditore/bot/loop"
	"banditore/store"
)

// Due does what is due at now, and tells what to wait for next. Nobody is forgotten
// before notBefore, which is zero unless the phone's history is waited for: it may
// hold older texts of who has just left.
func (u *Upkeep) Due(ctx context.Context, now, notBefore time.Time) (store.Due, error) {
	if err := u.purge(ctx, now); err != nil {
		return store.Due{}, err
	}
	if err := u.complete(ctx, now); err != nil {
		return store.Due{}, err
	}
	u.sweep(ctx, now, notBefore)
	u.clear(ctx, now)
	due, err := u.store.NextDue(ctx, now)
	if err != nil {
		return due, err
	}
	forget, expire := u.mayForget(due.Erasure, now, notBefore), !due.Expiring.IsZero() && !due.Expiring.After(now)
	if !forget && !expire {
		return due, nil
	}
	if forget {
		u.forget(ctx, now)
	}
	if expire {
		if err := u.expire(ctx, now); err != nil {
			return due, err
		}
	}
	return u.store.NextDue(ctx, now)
}

// Next is when there is something to do here again, given what [Upkeep.Due] told
// and its notBefore; zero: not before something changes.
func (u *Upkeep) Next(due store.Due, notBefore time.Time) time.Time {
	return loop.Earliest(u.nextErasure(due.Erasure, notBefore), u.nextOwed(), u.nextSweep(notBefore), u.nextClearing(), due.Expiring, due.Uncapped, u.purgeNext)
}

// purgeLook is how often old rows are looked for. They go once a day.
const purgeLook = time.Hour

// purge deletes the delivery rows that nobody needs any more, and what is known
// of who left long ago.
func (u *Upkeep) purge(ctx context.Context, now time.Time) error {
	if u.purgeNext.After(now) {
		return nil
	}
	deleted, err := u.store.Purge(ctx, now, now.AddDate(0, 0, -u.keep.DeliveriesDays))
	if err != nil {
		return err
	}
	if err := u.forgotten.Prune(now.AddDate(0, 0, -u.keep.RememberDays)); err != nil {
		return err
	}
	u.purgeNext = now.Add(purgeLook)
	if deleted > 0 {
		u.log.Info("old delivery rows deleted", "count", deleted)
	}
	return nil
}

// expire ends what has become pointless.
func (u *Upkeep) expire(ctx context.Context, now time.Time) error {
	expired, err := u.store.Expire(ctx, now)
	if err != nil {
		return err
	}
	if expired {
		u.log.Info("what has not left of an announcement has expired")
		u.changed.Ring()
		u.folder.Ring()
	}
	return nil
}
