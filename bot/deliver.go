package bot

import (
	"context"
	"time"

	"banditore/bot/pace"
	"banditore/store"
)

// deliver sends whatever may leave, one message after the other: answers
// first, then urgent announcements, then ordinary ones. In between it sleeps
// until the next due time or a ring of the bell.
func (b *Bot) deliver(ctx context.Context) {
	for ctx.Err() == nil {
		b.forget(ctx)
		wake, goOn := b.sendNext(ctx)
		if goOn {
			continue
		}
		b.sleep(ctx, b.outgoing, wake)
	}
}

// sendNext claims and sends the next message. Without one it says when to look
// again; the zero time means: when the bell rings. After trouble it rests, and
// no bell ends that: what WhatsApp has just refused is not hurried by a file
// that is dropped (G7).
func (b *Bot) sendNext(ctx context.Context) (wake time.Time, goOn bool) {
	out, wake, err := b.claim(ctx)
	if err != nil {
		if ctx.Err() == nil {
			b.log.Error("outbox not readable", "error", err)
		}
		b.sleep(ctx, nil, time.Now().Add(storeTrouble))
		return time.Time{}, true
	}
	if out == nil {
		return wake, false
	}
	b.log.Debug("message claimed", "message", *out)
	err = b.send(ctx, *out)
	b.log.Debug("attempt ended", "message", *out, "taken", err == nil)
	if pause := b.record(ctx, *out, err); pause > 0 {
		b.sleep(ctx, nil, time.Now().Add(pause))
	}
	return time.Time{}, true
}

// storeTrouble is how long a loop waits after the database failed, say on a
// full disk, before it tries again.
const storeTrouble = 15 * time.Second

// claim takes the next message that may leave now, or says when to look again.
func (b *Bot) claim(ctx context.Context) (*store.Outgoing, time.Time, error) {
	now := time.Now()
	due, err := b.store.NextDue(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	erasure := b.nextErasure(due.Erasure)
	if !b.line.Ready() {
		return nil, erasure, nil
	}
	if o, ok, err := b.store.ClaimAnswer(ctx, now); err != nil || ok {
		return &o, time.Time{}, err
	}
	state, err := b.paceState(ctx, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	urgentAt := later(due.Urgent, b.pace.Next(now, state, true))
	ordinaryAt := later(due.Ordinary, b.pace.Next(now, state, false))
	if !due.Urgent.IsZero() && !due.Urgent.After(now) {
		ordinaryAt = later(ordinaryAt, urgentAt) // none overtakes an urgent one that waits for its pace
	}
	for _, class := range []struct {
		at         time.Time
		urgentOnly bool
	}{{urgentAt, true}, {ordinaryAt, false}} {
		if class.at.IsZero() || class.at.After(now) {
			continue
		}
		if o, ok, err := b.store.ClaimDelivery(ctx, now, class.urgentOnly); err != nil || ok {
			return &o, time.Time{}, err
		}
	}
	return nil, earliest(due.Answer, erasure, urgentAt, ordinaryAt), nil
}

func (b *Bot) paceState(ctx context.Context, now time.Time) (pace.State, error) {
	last, nth, err := b.store.Departures(ctx, b.pace.DailyLimit, now)
	return pace.State{Started: b.started, LastAnnouncement: last, NthLast: nth}, err
}

// later is the moment at which something due at due may leave, the pace
// permitting at pace. The zero time stays zero: nothing is due.
func later(due, pace time.Time) time.Time {
	if due.IsZero() || due.After(pace) {
		return due
	}
	return pace
}

// earliest is the first of the given times, the zero ones left out.
func earliest(times ...time.Time) time.Time {
	var first time.Time
	for _, t := range times {
		if first.IsZero() || (!t.IsZero() && t.Before(first)) {
			first = t
		}
	}
	return first
}

// sleep waits for the bell, for wake (if it is not zero) or for the end.
func (b *Bot) sleep(ctx context.Context, bell bell, wake time.Time) {
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
