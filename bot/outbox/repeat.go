package outbox

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/pace"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// What a phone could not decrypt leaves once more by the same door as everything else:
// it is noted when the phone asks, claimed when the pace, the ceiling and the lights
// allow a message of its kind, counted among what has left, and judged by the brake. It
// goes after answers and before announcements. Hours do not hold it back, see
// [pace.Policy.Repeat]. A restart does not lose it.

// Resend gives the content of a message that a phone could not decrypt, if it went to
// whom that phone is. Otherwise the wish is counted.
func (x *Outbox) Resend(ctx context.Context, messageID string, from whatsapp.Sender) (whatsapp.Content, bool) {
	o, ok, err := x.Store.ForRetry(ctx, messageID, time.Now())
	if err != nil {
		x.Log.Error("message for a retry not found", "error", err)
	}
	if err != nil || !ok {
		return whatsapp.Content{}, false
	}
	if !from.Is(message.AddressOf(o.To)) {
		if err := x.countStrays(ctx, store.StrayRepeat, 1); err != nil {
			x.Log.Error("message for a retry not counted", "error", err)
		}
		return whatsapp.Content{}, false
	}
	content, err := x.contentAgain(ctx, o)
	if err != nil {
		x.Log.Error("message for a retry not put together", "error", err)
	}
	return content, err == nil
}

// contentAgain is what a message shows that has left before.
func (x *Outbox) contentAgain(ctx context.Context, o store.Outgoing) (_ whatsapp.Content, err error) {
	if o.Answer == store.MyData {
		if o, err = x.dataSheet(ctx, o, o.To); err != nil {
			return whatsapp.Content{}, &whatsapp.SendError{Outcome: whatsapp.NotSent, Fault: whatsapp.FaultLink, Err: err} // our own disk
		}
	}
	return x.content(ctx, o)
}

// AskedAgain notes that a device of its recipient's, or of our own account, asks for a
// message that Resend has given.
func (x *Outbox) AskedAgain(ctx context.Context, r whatsapp.Repeat) error {
	noted, err := x.Store.AskRepeat(ctx, r.ID, store.Repeat{Device: r.Device, Space: r.Space, Count: r.Count, Stamped: r.Stamped}, time.Now())
	if err != nil {
		return fmt.Errorf("note the wish for a repeat: %w", err)
	}
	if !noted {
		x.Log.Info("a device asks for a message, or its owner for messages, too often")
		return nil
	}
	x.Log.Debug("repeat asked for")
	x.Outgoing.Ring()
	return nil
}

// claimRepeat takes the next repeat that may leave now, or says when to look again.
func (x *Outbox) claimRepeat(ctx context.Context, now, answers time.Time, state pace.State) (r store.Repeat, ok bool, wake time.Time, err error) {
	answer, ordinary, urgent, err := x.Store.RepeatsDue(ctx)
	if err != nil {
		return r, false, wake, err
	}
	for kind, at := range []time.Time{
		store.RepeatAnswer:   loop.Later(answer, answers),
		store.RepeatUrgent:   loop.Later(urgent, x.Pace.Repeat(now, state, store.Urgent)),
		store.RepeatOrdinary: loop.Later(ordinary, x.Pace.Repeat(now, state, store.Ordinary)),
	} {
		if !at.IsZero() && !at.After(now) {
			if r, ok, err = x.Store.ClaimRepeat(ctx, store.RepeatKind(kind), now); err != nil || ok {
				return r, ok, wake, err
			}
			at = now.Add(time.Second) // what was due has been dropped
		}
		wake = loop.Earliest(wake, at)
	}
	return r, false, wake, nil
}

// sendRepeat sends a message once more, and has the brake judge how that ended. What
// becomes of the message itself does not depend on it.
func (x *Outbox) sendRepeat(ctx context.Context, r store.Repeat) (pause time.Duration) {
	x.Log.Debug("repeat claimed", "message", r.Outgoing)
	left := time.Now()
	err := x.handRepeat(ctx, r)
	v, green := verdict{}, []store.Light(nil)
	failure := sendError(err)
	if now := time.Now(); err == nil {
		green = x.brake.passed(r.Outgoing, left, now)
	} else {
		v = x.brake.failed(r.Outgoing, failure, left, now)
		x.Log.Warn("repeat not sent", "outcome", failure.Outcome, "fault", failure.Fault, "code", failure.Code, "light", v.changed)
		pause = linkTrouble
	}
	settle := context.WithoutCancel(ctx)
	for x.settleRepeat(settle, r, err, v, green) != nil && ctx.Err() == nil {
		x.Log.Error("outcome of a repeat not recorded")
		loop.Sleep(ctx, nil, time.Now().Add(loop.StoreTrouble))
	}
	x.Log.Debug("repeat ended", "message", r.Outgoing, "taken", err == nil)
	x.Changed.Ring()
	return pause
}

// handRepeat hands a repeat to WhatsApp.
func (x *Outbox) handRepeat(ctx context.Context, r store.Repeat) error {
	hand, drop := patient(ctx)
	defer drop()
	content, err := x.contentAgain(hand, r.Outgoing)
	if err != nil {
		return err
	}
	return x.Line().Repeat(hand, message.AddressOf(r.To),
		whatsapp.Repeat{ID: r.MessageID, Device: r.Device, Space: r.Space, Count: r.Count, Stamped: r.Stamped}, content)
}

// settleRepeat writes down how a repeat ended. What has not left, or may not have, waits
// for another attempt; what WhatsApp takes from nobody is given up.
func (x *Outbox) settleRepeat(ctx context.Context, r store.Repeat, sendErr error, v verdict, green []store.Light) error {
	if sendErr == nil {
		if err := x.turnGreen(ctx, green); err != nil {
			return err
		}
		return x.Store.Repeated(ctx, r)
	}
	if v.changed != "" {
		if err := x.turnRed(ctx, v); err != nil {
			return err
		}
	}
	failure, now := sendError(sendErr), time.Now()
	switch {
	case v.spared:
		return x.Store.PostponeRepeat(ctx, r, x.brake.light(v.waits).Until, failure.Outcome == whatsapp.Uncertain)
	case failure.Fault == whatsapp.FaultLink && failure.Outcome != whatsapp.Uncertain:
		return x.Store.PostponeRepeat(ctx, r, now.Add(linkTrouble), false)
	case failure.Outcome == whatsapp.Refused && failure.Fault != whatsapp.FaultTemporary, failure.Fault == whatsapp.FaultMoved:
		return x.Store.Repeated(ctx, r)
	}
	return x.Store.PostponeRepeat(ctx, r, now.Add(nextAttempt(r.Outgoing, failure)), true)
}
