package bot

import (
	"context"
	"time"

	"banditore/store"
)

// nextDue tells what to wait for, after what is due without the network has
// been done.
func (b *Bot) nextDue(ctx context.Context, now time.Time) (store.Due, error) {
	if err := b.purge(ctx, now); err != nil {
		return store.Due{}, err
	}
	due, err := b.store.NextDue(ctx, now)
	if err != nil {
		return due, err
	}
	forget, expire := b.mayForget(due.Erasure, now), !due.Expiring.IsZero() && !due.Expiring.After(now)
	if !forget && !expire {
		return due, nil
	}
	if forget {
		b.forget(ctx)
	}
	if expire {
		if err := b.expire(ctx, now); err != nil {
			return due, err
		}
	}
	return b.store.NextDue(ctx, now)
}

// purgeLook is how often old rows are looked for. They go once a day.
const purgeLook = time.Hour

// purge deletes the delivery rows that nobody needs any more, and what is known
// of who left long ago.
func (b *Bot) purge(ctx context.Context, now time.Time) error {
	if b.purgeNext.After(now) {
		return nil
	}
	deleted, err := b.store.Purge(ctx, now, now.AddDate(0, 0, -b.cfg.Forget.DeliveriesDays))
	if err != nil {
		return err
	}
	if err := b.forgotten.Prune(now.AddDate(0, 0, -b.cfg.Forget.RememberDays)); err != nil {
		return err
	}
	b.purgeNext = now.Add(purgeLook)
	if deleted > 0 {
		b.log.Info("old delivery rows deleted", "count", deleted)
	}
	return nil
}

// expire ends what has become pointless.
func (b *Bot) expire(ctx context.Context, now time.Time) error {
	expired, err := b.store.Expire(ctx, now)
	if err != nil {
		return err
	}
	if expired {
		b.log.Info("what has not left of an announcement has expired")
		b.changed.Ring()
		b.folder.Ring()
	}
	return nil
}

// watchClock notices that the clock was put back since the last look, or since
// the last process noted something, and that what it noted lies ahead.
func (b *Bot) watchClock(ctx context.Context, now time.Time) error {
	wall := now.Round(0) // without the monotonic clock, which is never put back
	if !b.looked.IsZero() && !wall.Before(b.looked) {
		b.looked = wall
		return nil
	}
	if err := b.store.Rewind(ctx, now, b.cfg.Sending.Holdback); err != nil {
		return err
	}
	if !b.looked.IsZero() {
		b.log.Warn("the clock was put back", "by", b.looked.Sub(wall))
	}
	b.looked = wall
	return nil
}
