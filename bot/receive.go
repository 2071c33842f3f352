package bot

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

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
