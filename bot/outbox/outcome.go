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

// send hands one claimed message to WhatsApp.
func (x *Outbox) send(ctx context.Context, o store.Outgoing) error {
	hand, drop := patient(ctx)
	defer drop()
	o, err := x.askFirst(hand, o)
	if err != nil {
		return err
	}
	content, err := x.content(hand, o)
	if err != nil {
		return err
	}
	x.brake.sending(o.MessageID)
	_, err = x.Line().Send(hand, message.AddressOf(o.To), o.MessageID, content)
	return err
}

// patient makes a context that the end of ctx does not break off at once: what is on
// its way gets [Patience] to be answered.
func patient(ctx context.Context) (hand context.Context, drop context.CancelFunc) {
	hand, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stopping := context.AfterFunc(ctx, func() {
		patience := time.AfterFunc(Patience, cancel)
		context.AfterFunc(hand, func() { patience.Stop() })
	})
	return hand, func() {
		stopping()
		cancel()
	}
}

// content is what a message shows. An error is a [*whatsapp.SendError].
func (x *Outbox) content(ctx context.Context, o store.Outgoing) (whatsapp.Content, error) {
	content, err := x.Composer.Content(ctx, o)
	if _, senseless := errors.AsType[*whatsapp.ContentError](err); senseless {
		return content, &whatsapp.SendError{Outcome: whatsapp.Refused, Fault: whatsapp.FaultMessage, Err: err}
	}
	if err != nil {
		return content, &whatsapp.SendError{Outcome: whatsapp.NotSent, Fault: whatsapp.FaultLink, Err: err} // our own disk
	}
	return content, nil
}

// record writes the outcomes of sends to the outbox, all or none, and says how long
// deliver should pause before it tries anything else. It is not cut short by the end
// of ctx: what has happened is recorded. While the database does not take it,
// say on a full disk, nothing else is sent; only the end of ctx gives it up.
// Then the rows stay `sending` and are taken up, with their IDs, at the next start.
func (x *Outbox) record(ctx context.Context, list ...result) (pause time.Duration) {
	pause, err := x.settle(context.WithoutCancel(ctx), list)
	for err != nil {
		x.Log.Error("outcome of a message not recorded", "error", err)
		if ctx.Err() != nil {
			return 0
		}
		loop.Sleep(ctx, nil, time.Now().Add(loop.StoreTrouble))
		pause, err = x.settle(context.WithoutCancel(ctx), list)
	}
	x.Changed.Ring()
	for _, r := range list {
		x.Log.Debug("outcome recorded", "message", r.Outgoing)
		if r.failure == nil && r.Answer != "" && r.Answer.Command() && r.RepliesTo != "" {
			x.markRead(ctx, r.Outgoing)
		}
		x.untold = x.untold || r.Announcement != 0
	}
	if time.Since(x.told) >= untoldFor {
		x.tellFolder()
	}
	return pause
}

// untoldFor is how long the folder is left alone while messages follow each other: each
// look at it costs as much as several of them. It is told at once of the last one.
const untoldFor = time.Second

// tellFolder has the folder looked at, if a message of an announcement has ended since
// it was last.
func (x *Outbox) tellFolder() {
	if x.untold {
		x.untold, x.told = false, time.Now()
		x.Folder.Ring()
	}
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

// judge asks the brake, once for each attempt; left is when the message was handed to
// WhatsApp. Neither time is the server's: that counts in seconds, and the pace is kept
// by this clock.
func (x *Outbox) judge(o store.Outgoing, sendErr error, left, now time.Time) result {
	defer x.brake.ended(o.MessageID)
	failure := sendError(sendErr)
	if sendErr == nil || failure.Outcome == whatsapp.Uncertain && x.brake.heard(o.MessageID) {
		return result{Outgoing: o, at: now, green: x.brake.passed(o, left, now)}
	}
	r := result{Outgoing: o, at: now, failure: failure, verdict: x.brake.failed(o, failure, left, now)}
	x.Log.Warn("message not sent", "outcome", failure.Outcome, "fault", failure.Fault, "code", failure.Code,
		"attempt", o.Attempts+1, "light", r.changed)
	return r
}

// linkTrouble is the pause before anything else is sent, after a send that
// failed because of the link or was not answered.
const linkTrouble = 5 * time.Second

// settle writes down how attempts ended, in one transaction after what they mean for
// the lights. It may be called again when it failed.
func (x *Outbox) settle(ctx context.Context, list []result) (pause time.Duration, err error) {
	for _, r := range list {
		if r.failure == nil {
			err = x.turnGreen(ctx, r.green)
		} else if r.changed != "" {
			err = x.turnRed(ctx, r.verdict)
		}
		if err != nil {
			return 0, err
		}
	}
	err = x.Store.Together(ctx, func(b *store.Batch) error {
		for _, r := range list {
			rest, err := x.end(b, r)
			if err != nil {
				return err
			}
			pause = max(pause, rest)
		}
		return nil
	})
	return pause, err
}

// end writes down how one attempt ended. A message that is not to blame is charged
// nothing and waits for the light.
func (x *Outbox) end(b *store.Batch, r result) (pause time.Duration, err error) {
	switch {
	case r.failure == nil:
		return 0, b.Sent(r.Outgoing, r.at)
	case r.spared:
		return 0, b.Postpone(r.Outgoing, x.brake.light(r.waits).Until)
	}
	return x.charge(b, r)
}

// charge ends an attempt of a message that has only itself, its recipient or
// the link to blame.
func (x *Outbox) charge(b *store.Batch, r result) (pause time.Duration, err error) {
	reason, limit := store.Rejected, MaxAttempts
	switch {
	case r.failure.Fault == whatsapp.FaultLink && r.failure.Outcome != whatsapp.Uncertain:
		return linkTrouble, b.PutBack(r.Outgoing)
	case r.failure.Fault == whatsapp.FaultUnwanted:
		return 0, b.PutBack(r.Outgoing) // it may have gone; what was stopped becomes cancelled
	case r.failure.Fault == whatsapp.FaultRecipient:
		return 0, b.Fail(r.Outgoing, r.at, store.Unreachable)
	case r.failure.Fault == whatsapp.FaultMessage:
		return 0, b.Fail(r.Outgoing, r.at, store.Unacceptable)
	case r.failure.Fault == whatsapp.FaultStranger, r.failure.Fault == whatsapp.FaultMoved:
		reason, limit = store.NoToken, strangerAttempts
	case r.failure.Outcome == whatsapp.Uncertain:
		reason, pause = store.Unanswered, linkTrouble
	case r.failure.Fault == whatsapp.FaultSession:
		pause = linkTrouble
	}
	if r.Attempts+1 >= limit {
		return 0, b.Fail(r.Outgoing, r.at, reason)
	}
	return pause, b.Retry(r.Outgoing, r.at.Add(nextAttempt(r.Outgoing, r.failure)), reason)
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
