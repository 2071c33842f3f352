package outbox

import (
	"context"
	"time"

	"banditore/bot/loop"
	"banditore/bot/pace"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Run sends whatever may leave, one message after the other: answers
// first, then urgent announcements, then ordinary ones. In between it sleeps
// until the next due time or a ring of the bell.
func (x *Outbox) Run(ctx context.Context) {
	x.started = time.Now()
	for ctx.Err() == nil {
		wake, goOn := x.sendNext(ctx)
		if goOn {
			continue
		}
		loop.Sleep(ctx, x.Outgoing, wake)
	}
}

// sendNext claims and sends the next message. Without one it says when to look
// again; the zero time means: when the bell rings. After trouble it rests, and
// no bell ends that: what WhatsApp has just refused is not hurried by a file
// that is dropped (G7).
func (x *Outbox) sendNext(ctx context.Context) (wake time.Time, goOn bool) {
	out, wake, err := x.claim(ctx)
	if err != nil {
		if ctx.Err() == nil {
			x.Log.Error("outbox not readable", "error", err)
		}
		loop.Sleep(ctx, nil, time.Now().Add(loop.StoreTrouble))
		return time.Time{}, true
	}
	if out == nil {
		return wake, false
	}
	x.Log.Debug("message claimed", "message", *out)
	err = x.send(ctx, *out)
	x.Log.Debug("attempt ended", "message", *out, "taken", err == nil)
	if pause := x.record(ctx, *out, err); pause > 0 {
		loop.Sleep(ctx, nil, time.Now().Add(pause))
	}
	return time.Time{}, true
}

// claim takes the next message that may leave now, or says when to look again.
func (x *Outbox) claim(ctx context.Context) (*store.Outgoing, time.Time, error) {
	now := time.Now()
	if err := x.Upkeep.WatchClock(ctx, now); err != nil {
		return nil, time.Time{}, err
	}
	ready := x.Line().Ready()
	if ready {
		if _, err := x.History(ctx, now); err != nil {
			return nil, time.Time{}, err
		}
	}
	due, err := x.Upkeep.Due(ctx, now, x.HistoryUntil())
	if err != nil {
		return nil, time.Time{}, err
	}
	quiet := x.Upkeep.Next(due, x.HistoryUntil())
	if !ready {
		return nil, quiet, nil
	}
	if err := x.timeOut(ctx, due, now); err != nil {
		return nil, time.Time{}, err
	}
	answers, announcements := x.brake.opens()
	full, err := x.answersFull(ctx, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	if answers = loop.Latest(answers, full); !answers.After(now) {
		if o, ok, err := x.Store.ClaimAnswer(ctx, now); err != nil || ok {
			return &o, time.Time{}, err
		}
	}
	state, err := x.paceState(ctx, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	state.Red = loop.Latest(announcements, x.HistoryUntil())
	o, wake, err := x.claimDelivery(ctx, now, due, state)
	return o, loop.Earliest(wake, loop.Later(due.Answer, answers), quiet), err
}

// answersFull is when the next answer may leave, after as many as a minute may
// have; zero: at once. What waits keeps its turn.
func (x *Outbox) answersFull(ctx context.Context, now time.Time) (time.Time, error) {
	nth, err := x.Store.NthLastAnswer(ctx, x.AnswersPerMinute, time.Minute, now)
	if err != nil || nth.IsZero() {
		return time.Time{}, err
	}
	return nth.Add(time.Minute), nil
}

// claimDelivery takes the next message of an announcement that may leave now,
// the urgent ones first. An ordinary one does not overtake an urgent one that
// only waits for its pace.
func (x *Outbox) claimDelivery(ctx context.Context, now time.Time, due store.Due, state pace.State) (_ *store.Outgoing, wake time.Time, err error) {
	var urgent time.Time
	for priority := store.Urgent; priority >= store.Ordinary; priority-- {
		at := loop.Later(due.Delivery[priority], x.Pace.Next(now, state, priority))
		switch {
		case priority == store.Urgent && !due.Delivery[priority].After(now):
			urgent = at
		case priority != store.Urgent && !at.IsZero():
			at = loop.Latest(at, urgent)
		}
		if !at.IsZero() && !at.After(now) {
			if o, ok, err := x.Store.ClaimDelivery(ctx, now, priority, whatsapp.EditWindow); err != nil || ok {
				return &o, time.Time{}, err
			}
		}
		wake = loop.Earliest(wake, at)
	}
	return nil, wake, nil
}

func (x *Outbox) paceState(ctx context.Context, now time.Time) (pace.State, error) {
	last, nth, err := x.Store.LastSends(ctx, x.Pace.DailyLimit, now)
	return pace.State{Started: x.started, LastAnnouncement: last, NthLast: nth}, err
}
