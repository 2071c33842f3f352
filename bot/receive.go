package bot

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// receive carries out what a citizen sent and writes the answer to the outbox,
// in one transaction. An error means that nothing has happened and that the
// text must be handed over again.
func (b *Bot) receive(ctx context.Context, t whatsapp.Text) error {
	if err := b.noteLink(ctx); err != nil {
		return err
	}
	return b.handle(ctx, &reply{Bot: b, text: t}, time.Now())
}

// handle carries out one text, whether it came by itself or with the history.
func (b *Bot) handle(ctx context.Context, r *reply, now time.Time) error {
	t := r.text
	b.log.Debug("text arrived", "text", t)
	in := store.Incoming{ID: t.ID, From: message.PersonOf(t.From), At: t.At, Unreadable: t.Kind == whatsapp.KindUnreadable}
	if in.ID == "" || in.From == (store.Person{}) {
		b.log.Warn("a text that nobody could be answered for is passed over", "text", t)
		return nil
	}
	r.now, r.silentUntil = now, b.chatter.silentUntil(in.From, now)
	fresh, err := b.store.Handle(ctx, in, now, whatsapp.NewMessageID, func(i *store.Inbox) error {
		r.in, r.answers = i, 0
		if r.history {
			return r.carryOutLate()
		}
		return r.carryOut()
	})
	if err != nil {
		return fmt.Errorf("handle an incoming text: %w", err)
	}
	b.log.Debug("text carried out", "text", t, "fresh", fresh)
	if fresh {
		b.chatter.answered(in.From, r.answers, now)
		b.outgoing.Ring()
		b.changed.Ring()
	}
	return nil
}

// receipt notes what phones say of messages they got.
func (b *Bot) receipt(ctx context.Context, r whatsapp.Receipt) error {
	state := store.Delivered
	if r.Read {
		state = store.Read
	}
	if err := b.store.Receipt(ctx, r.IDs, state, r.At); err != nil {
		return fmt.Errorf("note a receipt: %w", err)
	}
	if green := b.brake.proved(r.IDs, time.Now()); len(green) > 0 {
		if err := b.turnGreen(ctx, green); err != nil {
			return err
		}
		b.outgoing.Ring()
	}
	b.log.Debug("receipt noted", "messages", len(r.IDs))
	b.changed.Ring()
	return nil
}

// resend gives the content of a message that a phone could not decrypt.
func (b *Bot) resend(ctx context.Context, messageID string) (whatsapp.Content, bool) {
	o, ok, err := b.store.ForRetry(ctx, messageID, time.Now())
	if err != nil {
		b.log.Error("message for a retry not found", "error", err)
		return whatsapp.Content{}, false
	}
	if !ok {
		return whatsapp.Content{}, false
	}
	content, err := b.composer.Content(ctx, o)
	if err != nil {
		b.log.Error("message for a retry not put together", "error", err)
	}
	return content, err == nil
}

// wanted is asked about the message in hand just before it is encrypted: its
// recipient may have left, or somebody stopped it, while WhatsApp was asked for
// devices and keys.
func (b *Bot) wanted(ctx context.Context, messageID string) bool {
	wanted, err := b.store.Wanted(ctx, messageID, time.Now())
	if err != nil {
		b.log.Error("message in hand not found", "error", err)
		return true
	}
	return wanted
}
