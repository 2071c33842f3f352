package outbox

import (
	"context"
	"errors"
	"time"

	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// send hands one claimed message to WhatsApp. The end of ctx does not break it
// off at once: a message that is on its way gets [Patience] to be answered.
func (x *Outbox) send(ctx context.Context, o store.Outgoing) error {
	hand, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	stopping := context.AfterFunc(ctx, func() {
		patience := time.AfterFunc(Patience, drop)
		context.AfterFunc(hand, func() { patience.Stop() })
	})
	defer stopping()
	o, err := x.askFirst(hand, o)
	if err != nil {
		return err
	}
	content, err := x.Composer.Content(hand, o)
	if _, senseless := errors.AsType[*whatsapp.ContentError](err); senseless {
		return &whatsapp.SendError{Outcome: whatsapp.Refused, Fault: whatsapp.FaultMessage, Err: err}
	}
	if err != nil {
		return &whatsapp.SendError{Outcome: whatsapp.NotSent, Fault: whatsapp.FaultLink, Err: err} // our own disk
	}
	x.brake.sending(o.MessageID)
	_, err = x.Line().Send(hand, message.AddressOf(o.To), o.MessageID, content)
	return err
}

// record writes the outcome of a send to the outbox and says how long deliver
// should pause before it tries anything else. It is not cut short by the end
// of ctx: what has happened is recorded. While the database does not take it,
// say on a full disk, nothing else is sent; only the end of ctx gives it up.
// Then the row stays `sending` and is taken up, with its ID, at the next start.
func (x *Outbox) record(ctx context.Context, o store.Outgoing, sendErr error) (pause time.Duration) {
	r := x.judge(o, sendErr, time.Now()) // not the server's time: that counts in seconds, and the pace is kept by this clock
	pause, err := x.settle(context.WithoutCancel(ctx), r)
	for err != nil {
		x.Log.Error("outcome of a message not recorded", "error", err)
		if ctx.Err() != nil {
			return 0
		}
		loop.Sleep(ctx, nil, time.Now().Add(loop.StoreTrouble))
		pause, err = x.settle(context.WithoutCancel(ctx), r)
	}
	x.Log.Debug("outcome recorded", "message", o)
	x.Changed.Ring()
	if r.failure == nil && o.Answer != "" && o.Answer.Command() && o.RepliesTo != "" {
		x.markRead(ctx, o)
	}
	if o.Announcement != 0 {
		x.Folder.Ring()
	}
	return pause
}

// markRead takes a command that has been answered off the list of unread
// messages on the Comune's phone: what is left there is for a person to read.
// It is a courtesy, and not tried again.
func (x *Outbox) markRead(ctx context.Context, o store.Outgoing) {
	if err := x.Line().MarkRead(ctx, message.AddressOf(o.To), o.RepliesTo); err != nil {
		x.Log.Debug("message not marked read", "error", err)
	}
}

// result is one attempt that has ended, as the brake judged it.
type result struct {
	store.Outgoing
	at      time.Time
	failure *whatsapp.SendError // nil: WhatsApp's server took it
	green   []store.Light       // that it turned green
	verdict
}

// judge asks the brake, once for each attempt.
func (x *Outbox) judge(o store.Outgoing, sendErr error, now time.Time) result {
	failure := sendError(sendErr)
	if sendErr == nil || failure.Outcome == whatsapp.Uncertain && x.brake.heard() {
		return result{Outgoing: o, at: now, green: x.brake.passed(o, now)}
	}
	r := result{Outgoing: o, at: now, failure: failure, verdict: x.brake.failed(o, failure, now)}
	x.Log.Warn("message not sent", "outcome", failure.Outcome, "fault", failure.Fault, "code", failure.Code,
		"attempt", o.Attempts+1, "light", r.changed)
	return r
}

// linkTrouble is the pause before anything else is sent, after a send that
// failed because of the link or was not answered.
const linkTrouble = 5 * time.Second

// settle writes down how an attempt ended. A message that is not to blame is
// charged nothing and waits for the light. It may be called again when it
// failed.
func (x *Outbox) settle(ctx context.Context, r result) (pause time.Duration, err error) {
	if r.failure == nil {
		if err := x.turnGreen(ctx, r.green); err != nil {
			return 0, err
		}
		return 0, x.Store.Sent(ctx, r.Outgoing, r.at) // last: it counts a departure each time
	}
	if r.changed != "" {
		if err := x.turnRed(ctx, r.verdict); err != nil {
			return 0, err
		}
	}
	if r.spared {
		return 0, x.Store.Postpone(ctx, r.Outgoing, x.brake.light(r.changed).Until)
	}
	return x.charge(ctx, r)
}

// charge ends an attempt of a message that has only itself, its recipient or
// the link to blame.
func (x *Outbox) charge(ctx context.Context, r result) (pause time.Duration, err error) {
	reason, limit := store.Rejected, MaxAttempts
	switch {
	case r.failure.Fault == whatsapp.FaultLink && r.failure.Outcome != whatsapp.Uncertain:
		return linkTrouble, x.Store.PutBack(ctx, r.Outgoing)
	case r.failure.Fault == whatsapp.FaultUnwanted:
		return 0, x.Store.PutBack(ctx, r.Outgoing) // it may have gone; what was stopped becomes cancelled
	case r.failure.Fault == whatsapp.FaultRecipient:
		return 0, x.Store.Fail(ctx, r.Outgoing, r.at, store.Unreachable)
	case r.failure.Fault == whatsapp.FaultMessage:
		return 0, x.Store.Fail(ctx, r.Outgoing, r.at, store.Unacceptable)
	case r.failure.Fault == whatsapp.FaultStranger, r.failure.Fault == whatsapp.FaultMoved:
		reason, limit = store.NoToken, strangerAttempts
	case r.failure.Outcome == whatsapp.Uncertain:
		reason, pause = store.Unanswered, linkTrouble
	case r.failure.Fault == whatsapp.FaultSession:
		pause = linkTrouble
	}
	if r.Attempts+1 >= limit {
		return 0, x.Store.Fail(ctx, r.Outgoing, r.at, reason)
	}
	return pause, x.Store.Retry(ctx, r.Outgoing, r.at.Add(nextAttempt(r.Outgoing, r.failure)), reason)
}

// strangerAttempts is how often, a day apart, we try to write to somebody who
// has to write first.
const strangerAttempts = 3

// nextAttempt is the pause before a message is tried again. What WhatsApp has
// refused for the time being is not asked for again within the hour, and who
// has to write first not within the day.
func nextAttempt(o store.Outgoing, failure *whatsapp.SendError) time.Duration {
	pause := Backoff(o.Attempts + 1)
	switch failure.Fault {
	case whatsapp.FaultTemporary:
		return max(pause, time.Hour)
	case whatsapp.FaultStranger, whatsapp.FaultMoved:
		return 24 * time.Hour
	}
	return pause
}
