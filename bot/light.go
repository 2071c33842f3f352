package bot

import (
	"context"
	"time"

	"banditore/store"
)

// turnRed notes that a light is red, for other processes and for the next
// start, and gives back what was charged before that was known.
func (b *Bot) turnRed(ctx context.Context, v verdict) error {
	r := b.brake.light(v.changed)
	if err := b.store.SetRedLight(ctx, r); err != nil {
		return err
	}
	b.log.Warn("sending waits", "light", v.changed, "code", r.Code, "tries", r.Tries, "pause", time.Until(r.Until).Round(time.Second))
	if len(v.refloat) > 0 {
		if err := b.store.Uncharge(ctx, v.refloat, r.Until); err != nil {
			return err
		}
	}
	if v.changed == store.LightFailing && r.Tries%renewEvery == 0 {
		b.keeper.Line().Renew()
	}
	return nil
}

// renewEvery is after how many probes in vain a session that looks sound is
// made anew: operators of other services report that this cures it.
const renewEvery = 5

// turnGreen notes that lights are green again.
func (b *Bot) turnGreen(ctx context.Context, lights []store.Light) error {
	for _, l := range lights {
		if err := b.store.ClearRedLight(ctx, l); err != nil {
			return err
		}
		b.log.Info("sending goes on", "light", l)
	}
	return nil
}

// reachoutLock takes WhatsApp's word about first messages. It has a deadline
// of its own: WhatsApp's handlers must not hang on a full disk.
func (b *Bot) reachoutLock(active bool, until time.Time) {
	ctx, cancel := context.WithTimeout(b.life, 5*time.Second)
	defer cancel()
	r, red := b.brake.told(active, until, time.Now())
	var err error
	if red {
		err = b.store.SetRedLight(ctx, r)
	} else {
		err = b.store.ClearRedLight(ctx, store.LightLocked)
	}
	if err != nil {
		b.log.Warn("restriction of first messages not noted", "error", err)
	}
	b.outgoing.Ring()
	b.changed.Ring()
}

// lights takes up what was red when the last process ended.
func (b *Bot) lights(ctx context.Context) error {
	list, err := b.store.RedLights(ctx)
	if err == nil {
		b.brake.resume(list)
	}
	return err
}

// timeOut clears a lock whose time is over, by WhatsApp's own word, and the
// lights for which nothing has waited for long.
func (b *Bot) timeOut(ctx context.Context, due store.Due, now time.Time) error {
	var green []store.Light
	if b.brake.over(now) {
		green = append(green, store.LightLocked)
	}
	if due.Answer.IsZero() && due.Delivery == [len(due.Delivery)]time.Time{} {
		green = append(green, b.brake.idle(now)...)
	}
	if len(green) == 0 {
		return nil
	}
	b.changed.Ring()
	return b.turnGreen(ctx, green)
}
