package outbox

import (
	"context"
	"time"

	"banditore/bot/loop"
	"banditore/bot/pace"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Run sends whatever may leave, one message, or one wave, after the other: answers
// first, then what leaves once more (repeat.go), then urgent announcements, then ordinary ones. In between it sleeps
// until the next due time or a ring of the bell.
func (x *Outbox) Run(ctx context.Context) {
	x.started = time.Now()
	for ctx.Err() == nil {
		wake, goOn := x.sendNext(ctx)
		if goOn {
			continue
		}
		x.tellFolder()
		loop.Sleep(ctx, x.Outgoing, wake)
	}
	x.land(ctx)
	x.ahead.wait()
}

// sendNext claims and sends what comes next. When there is nothing it says when to
// look again; the zero time means: when the bell rings. After trouble it rests, and
// no bell ends that: what WhatsApp has just refused is not hurried by a file
// that is dropped (G7).
func (x *Outbox) sendNext(ctx context.Context) (wake time.Time, goOn bool) {
	next, wake, err := x.claim(ctx)
	if err != nil {
		if ctx.Err() == nil {
			x.Log.Error("outbox not readable", "error", err)
		}
		loop.Sleep(ctx, nil, time.Now().Add(loop.StoreTrouble))
		return time.Time{}, true
	}
	var pause time.Duration
	switch out := next.out; {
	case next.again != nil:
		pause = x.land(ctx) // else its acknowledgement might be that of the message itself
		pause = max(pause, x.sendRepeat(ctx, *next.again))
	case len(out) > 1:
		pause = x.sendWave(ctx, out)
	case len(out) == 1:
		pause = x.sendOne(ctx, out[0])
		pause = max(pause, x.land(ctx)) // however many answers follow, a refusal is heard
	case x.wave != nil:
		pause = x.land(ctx)
	default:
		return wake, false
	}
	if pause > 0 {
		loop.Sleep(ctx, nil, time.Now().Add(pause))
	}
	return time.Time{}, true
}

func (x *Outbox) sendOne(ctx context.Context, o store.Outgoing) (pause time.Duration) {
	x.Log.Debug("message claimed", "message", o)
	left := time.Now()
	err := x.send(ctx, o)
	x.Log.Debug("attempt ended", "message", o, "taken", err == nil)
	return x.record(ctx, x.judge(o, err, left, time.Now()))
}

// turn is what leaves next: messages that leave together, or one that leaves once more.
type turn struct {
	out   []store.Outgoing
	again *store.Repeat
}

// claim takes what may leave now, mostly one message, or says when to look again.
func (x *Outbox) claim(ctx context.Context) (turn, time.Time, error) {
	now := time.Now()
	if err := x.Upkeep.WatchClock(ctx, now); err != nil {
		return turn{}, time.Time{}, err
	}
	ready := x.Line().Ready()
	if ready {
		if _, err := x.History(ctx, now); err != nil {
			return turn{}, time.Time{}, err
		}
	}
	due, quiet, err := x.upkeep(ctx, now)
	if err != nil || !ready {
		return turn{}, quiet, err
	}
	if x.wave != nil && !quiet.IsZero() && !quiet.After(now) { // an erasure is due: the wave lands first
		return turn{}, time.Time{}, nil
	}
	if err := x.timeOut(ctx, due, now); err != nil {
		return turn{}, time.Time{}, err
	}
	answers, announcements := x.brake.opens()
	full, err := x.answersFull(ctx, now)
	if err != nil {
		return turn{}, time.Time{}, err
	}
	if answers = loop.Latest(answers, full); !answers.After(now) {
		if o, ok, err := x.Store.ClaimAnswer(ctx, now); err != nil || ok {
			return turn{out: []store.Outgoing{o}}, time.Time{}, err
		}
	}
	state, err := x.paceState(ctx, now)
	if err != nil {
		return turn{}, time.Time{}, err
	}
	state.Red = loop.Latest(announcements, x.HistoryUntil())
	again, ok, wakeAgain, err := x.claimRepeat(ctx, now, answers, state)
	if err != nil || ok {
		return turn{again: &again}, time.Time{}, err
	}
	list, wake, err := x.claimDeliveries(ctx, now, due, state)
	x.prepareAhead(ctx, list)
	return turn{out: list}, loop.Earliest(wake, wakeAgain, loop.Later(due.Answer, answers), quiet), err
}

// upkeep does what is due without the network, and says when to look again. An erasure
// never overlaps a send: what an answer to a message makes us learn of somebody must
// not come after it.
func (x *Outbox) upkeep(ctx context.Context, now time.Time) (due store.Due, quiet time.Time, err error) {
	notBefore := x.HistoryUntil()
	if x.wave != nil {
		notBefore = now.Add(time.Hour)
	}
	if due, err = x.Upkeep.Due(ctx, now, notBefore); err != nil {
		return due, time.Time{}, err
	}
	return due, x.Upkeep.Next(due, x.HistoryUntil()), nil
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

// claimDeliveries takes the next messages of an announcement that may leave now,
// the urgent ones first. An ordinary one does not overtake an urgent one that
// only waits for its pace.
func (x *Outbox) claimDeliveries(ctx context.Context, now time.Time, due store.Due, state pace.State) (_ []store.Outgoing, wake time.Time, err error) {
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
			most, err := x.atOnce(ctx, now, priority)
			if err != nil || most == 1 && x.wave != nil { // the wave lands before anything else leaves
				return nil, time.Time{}, err
			}
			if list, err := x.Store.ClaimDeliveries(ctx, now, priority, whatsapp.EditWindow, most); err != nil || len(list) > 0 {
				return list, time.Time{}, err
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
