package bot

import (
	"context"
	"errors"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// send hands one claimed message to WhatsApp. The end of ctx does not break it
// off at once: a message that is on its way gets [Patience] to be answered.
func (b *Bot) send(ctx context.Context, o store.Outgoing) error {
	hand, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	stopping := context.AfterFunc(ctx, func() {
		patience := time.AfterFunc(Patience, drop)
		context.AfterFunc(hand, func() { patience.Stop() })
	})
	defer stopping()
	_, err := b.line.Send(hand, address(o.To), o.MessageID, o.Text)
	return err
}

// record writes the outcome of a send to the outbox and says how long deliver
// should pause before it tries anything else. It is not cut short by the end
// of ctx: what has happened is recorded. While the database does not take it,
// say on a full disk, nothing else is sent; only the end of ctx gives it up.
// Then the row stays `sending` and is taken up, with its ID, at the next start.
func (b *Bot) record(ctx context.Context, o store.Outgoing, sendErr error) (pause time.Duration) {
	pause, err := b.settle(context.WithoutCancel(ctx), o, sendErr)
	for err != nil {
		b.log.Error("outcome of a message not recorded", "error", err)
		if ctx.Err() != nil {
			return 0
		}
		b.sleep(ctx, nil, time.Now().Add(storeTrouble))
		pause, err = b.settle(context.WithoutCancel(ctx), o, sendErr)
	}
	b.log.Debug("outcome recorded", "message", o)
	b.changed.ring()
	if o.Announcement != 0 {
		b.folder.ring()
	}
	return pause
}

// sessionTrouble is the pause before anything else is sent, after a send that
// failed because of the link or whose outcome is unknown.
const sessionTrouble = 5 * time.Second

func (b *Bot) settle(ctx context.Context, o store.Outgoing, sendErr error) (pause time.Duration, err error) {
	now := time.Now() // not the server's time: that counts in seconds, and the pace is kept by this clock
	if sendErr == nil {
		return 0, b.store.Sent(ctx, o, now)
	}
	var failure *whatsapp.SendError
	if !errors.As(sendErr, &failure) {
		failure = &whatsapp.SendError{Outcome: whatsapp.Uncertain, Err: sendErr}
	}
	log := b.log.With("outcome", failure.Outcome, "fault", failure.Fault, "code", failure.Code)
	switch {
	case failure.Outcome != whatsapp.Uncertain && failure.Fault == whatsapp.FaultSession:
		log.Warn("message waits for the link")
		return sessionTrouble, b.store.PutBack(ctx, o)
	case failure.Fault == whatsapp.FaultRecipient, failure.Fault == whatsapp.FaultMessage:
		log.Warn("message cannot reach its recipient")
		return 0, b.store.Fail(ctx, o, now, store.Unreachable)
	case o.Attempts+1 >= MaxAttempts:
		log.Warn("message given up")
		return 0, b.store.Fail(ctx, o, now, store.GivenUp)
	default:
		log.Warn("message will be tried again with its ID", "attempt", o.Attempts+1)
		return sessionTrouble, b.store.Retry(ctx, o, now.Add(nextAttempt(o, failure)), store.Unanswered)
	}
}

// nextAttempt is the pause before a message is tried again. What WhatsApp has
// refused for the time being is not asked for again within the hour.
func nextAttempt(o store.Outgoing, failure *whatsapp.SendError) time.Duration {
	pause := Backoff(o.Attempts + 1)
	if failure.Fault == whatsapp.FaultTemporary {
		return max(pause, time.Hour)
	}
	return pause
}
