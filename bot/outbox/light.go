package outbox

import (
	"context"
	"time"

	"banditore/store"
)

// turnRed notes that a light is red, for other processes and for the next
// start, and gives back what was charged before that was known.
func (x *Outbox) turnRed(ctx context.Context, v verdict) error {
	r := x.brake.light(v.changed)
	if err := x.Store.SetRedLight(ctx, r); err != nil {
		return err
	}
	x.Log.Warn("sending waits", "light", v.changed, "code", r.Code, "tries", r.Tries, "pause", time.Until(r.Until).Round(time.Second))
	if len(v.uncharge) > 0 {
		if err := x.Store.Uncharge(ctx, v.uncharge, r.Until); err != nil {
			return err
		}
	}
	if v.changed == store.LightFailing && r.Tries%renewEvery == 0 {
		x.Line().Renew()
	}
	return nil
}

// renewEvery is after how many probes in vain a session that looks sound is
// made anew: operators of other services report that this cures it.
const renewEvery = 5

// turnGreen notes that lights are green again.
func (x *Outbox) turnGreen(ctx context.Context, lights []store.Light) error {
	for _, l := range lights {
		if err := x.Store.ClearRedLight(ctx, l); err != nil {
			return err
		}
		x.Log.Info("sending goes on", "light", l)
	}
	return nil
}

// ReachoutLock takes WhatsApp's word about first messages. It has a deadline
// of its own: WhatsApp's handlers must not hang on a full disk.
func (x *Outbox) ReachoutLock(active bool, until time.Time) {
	ctx, cancel := context.WithTimeout(x.Life, 5*time.Second)
	defer cancel()
	r, red := x.brake.told(active, until, time.Now())
	var err error
	if red {
		err = x.Store.SetRedLight(ctx, r)
	} else {
		err = x.Store.ClearRedLight(ctx, store.LightLocked)
	}
	if err != nil {
		x.Log.Warn("restriction of first messages not noted", "error", err)
	}
	x.Outgoing.Ring()
	x.Changed.Ring()
}

// timeOut clears a lock whose time is over, by WhatsApp's own word, and the
// lights for which nothing has waited for long.
func (x *Outbox) timeOut(ctx context.Context, due store.Due, now time.Time) error {
	var green []store.Light
	if x.brake.over(now) {
		green = append(green, store.LightLocked)
	}
	if due.Answer.IsZero() && due.Delivery == [len(due.Delivery)]time.Time{} {
		green = append(green, x.brake.idle(now)...)
	}
	if len(green) == 0 {
		return nil
	}
	x.Changed.Ring()
	return x.turnGreen(ctx, green)
}
