package bot

import (
	"context"
	"time"

	"banditore/bot/loop"
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
		loop.Sleep(ctx, b.outgoing, wake)
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
		loop.Sleep(ctx, nil, time.Now().Add(loop.StoreTrouble))
		return time.Time{}, true
	}
	if out == nil {
		return wake, false
	}
	b.log.Debug("message claimed", "message", *out)
	err = b.send(ctx, *out)
	b.log.Debug("attempt ended", "message", *out, "taken", err == nil)
	if pause := b.record(ctx, *out, err); pause > 0 {
		loop.Sleep(ctx, nil, time.Now().Add(pause))
	}
	return time.Time{}, true
}

// claim takes the next message that may leave now, or says when to look again.
func (b *Bot) claim(ctx context.Context) (*store.Outgoing, time.Time, error) {
	now := time.Now()
	if err := b.upkeep.WatchClock(ctx, now); err != nil {
		return nil, time.Time{}, err
	}
	ready := b.keeper.Line().Ready()
	if ready {
		if _, err := b.inbox.WatchHistory(ctx, now); err != nil {
			return nil, time.Time{}, err
		}
	}
	due, err := b.upkeep.Due(ctx, now, b.inbox.Until())
	if err != nil {
		return nil, time.Time{}, err
	}
	quiet := b.upkeep.Next(due, b.inbox.Until())
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
	if answers = loop.Latest(answers, full); !answers.After(now) {
		if o, ok, err := b.store.ClaimAnswer(ctx, now); err != nil || ok {
			return &o, time.Time{}, err
		}
	}
	state, err := b.paceState(ctx, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	state.Red = loop.Latest(announcements, b.inbox.Until())
	o, wake, err := b.claimDelivery(ctx, now, due, state)
	return o, loop.Earliest(wake, loop.Later(due.Answer, answers), quiet), err
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
	for priority := store.Urgent; priority >= store.Ordinary; priority-- {
		at := loop.Later(due.Delivery[priority], b.pace.Next(now, state, priority))
		switch {
		case priority == store.Urgent && !due.Delivery[priority].After(now):
			urgent = at
		case priority != store.Urgent && !at.IsZero():
			at = loop.Latest(at, urgent)
		}
		if !at.IsZero() && !at.After(now) {
			if o, ok, err := b.store.ClaimDelivery(ctx, now, priority, whatsapp.EditWindow); err != nil || ok {
				return &o, time.Time{}, err
			}
		}
		wake = loop.Earliest(wake, at)
	}
	return nil, wake, nil
}

func (b *Bot) paceState(ctx context.Context, now time.Time) (pace.State, error) {
	last, nth, err := b.store.LastSends(ctx, b.pace.DailyLimit, now)
	return pace.State{Started: b.started, LastAnnouncement: last, NthLast: nth}, err
}
