package bot

import (
	"context"
	"time"

	"banditore/bot/pace"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// deliver sends whatever may leave, one message after the other: answers
// first, then urgent announcements, then ordinary ones. In between it sleeps
// until the next due time or a ring of the bell.
func (b *Bot) deliver(ctx context.Context) {
	for ctx.Err() == nil {
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
	if err := b.watchClock(ctx, now); err != nil {
		return nil, time.Time{}, err
	}
	ready := b.line().Ready()
	if ready {
		if err := b.watchGap(ctx, now); err != nil {
			return nil, time.Time{}, err
		}
	}
	due, err := b.nextDue(ctx, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	quiet := earliest(b.nextErasure(due.Erasure), due.Expiring, due.Uncapped, b.purgeNext)
	if !ready {
		return nil, quiet, nil
	}
	if err := b.timeOut(ctx, due, now); err != nil {
		return nil, time.Time{}, err
	}
	answers, announcements := b.brake.opens()
	full, err := b.answersFull(ctx, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	if answers = latest(answers, full); !answers.After(now) {
		if o, ok, err := b.store.ClaimAnswer(ctx, now); err != nil || ok {
			return &o, time.Time{}, err
		}
	}
	state, err := b.paceState(ctx, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	state.Red = latest(announcements, b.gap.until)
	o, wake, err := b.claimDelivery(ctx, now, due, state)
	return o, earliest(wake, later(due.Answer, answers), quiet), err
}

// answersFull is when the next answer may leave, after as many as a minute may
// have; zero: at once. What waits keeps its turn.
func (b *Bot) answersFull(ctx context.Context, now time.Time) (time.Time, error) {
	nth, err := b.store.NthLastAnswer(ctx, b.cfg.Answers.PerMinute, time.Minute, now)
	if err != nil || nth.IsZero() {
		return time.Time{}, err
	}
	return nth.Add(time.Minute), nil
}

// claimDelivery takes the next message of an announcement that may leave now,
// the urgent ones first. An ordinary one does not overtake an urgent one that
// only waits for its pace.
func (b *Bot) claimDelivery(ctx context.Context, now time.Time, due store.Due, state pace.State) (_ *store.Outgoing, wake time.Time, err error) {
	var urgent time.Time
	for class := store.Urgent; class >= store.Ordinary; class-- {
		at := later(due.Delivery[class], b.pace.Next(now, state, kindOf(class)))
		switch {
		case class == store.Urgent && !due.Delivery[class].After(now):
			urgent = at
		case class != store.Urgent && !at.IsZero():
			at = latest(at, urgent)
		}
		if !at.IsZero() && !at.After(now) {
			if o, ok, err := b.store.ClaimDelivery(ctx, now, class, whatsapp.EditWindow); err != nil || ok {
				return &o, time.Time{}, err
			}
		}
		wake = earliest(wake, at)
	}
	return nil, wake, nil
}

func kindOf(c store.Priority) pace.Kind {
	return [...]pace.Kind{store.Ordinary: pace.Ordinary, store.Released: pace.Released, store.Urgent: pace.Urgent}[c]
}

func (b *Bot) paceState(ctx context.Context, now time.Time) (pace.State, error) {
	last, nth, err := b.store.LastSends(ctx, b.pace.DailyLimit, now)
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
