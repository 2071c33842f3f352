package outbox

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// Receipts notes what phones say of messages they got, in one commit.
func (x *Outbox) Receipts(ctx context.Context, receipts []whatsapp.Receipt) error {
	x.Log.Debug("receipts came", "receipts", len(receipts))
	said, ids := make([]store.Receipt, len(receipts)), make([]string, 0, len(receipts))
	for i, r := range receipts {
		said[i] = store.Receipt{IDs: r.IDs, State: store.Delivered, At: r.At}
		if r.Read {
			said[i].State = store.Read
		}
		ids = append(ids, r.IDs...)
	}
	if err := x.Store.Receipts(ctx, said...); err != nil {
		return fmt.Errorf("note receipts: %w", err)
	}
	if green := x.brake.proved(ids, time.Now()); len(green) > 0 {
		if err := x.turnGreen(ctx, green); err != nil {
			return err
		}
		x.Outgoing.Ring()
	}
	x.Log.Debug("receipts noted", "messages", len(ids))
	x.Changed.Ring()
	return nil
}

// Resend gives the content of a message that a phone could not decrypt.
func (x *Outbox) Resend(ctx context.Context, messageID string) (whatsapp.Content, bool) {
	o, ok, err := x.Store.ForRetry(ctx, messageID, time.Now())
	if err != nil {
		x.Log.Error("message for a retry not found", "error", err)
		return whatsapp.Content{}, false
	}
	if !ok {
		return whatsapp.Content{}, false
	}
	if o.Answer == store.MyData {
		if o, err = x.dataSheet(ctx, o, o.To); err != nil {
			x.Log.Error("message for a retry not written anew", "error", err)
			return whatsapp.Content{}, false
		}
	}
	content, err := x.Composer.Content(ctx, o)
	if err != nil {
		x.Log.Error("message for a retry not put together", "error", err)
	}
	return content, err == nil
}

// Wanted is asked about the message in hand just before it is encrypted: its
// recipient may have left, or somebody stopped it, while WhatsApp was asked for
// devices and keys.
func (x *Outbox) Wanted(ctx context.Context, messageID string) bool {
	wanted, err := x.Store.Wanted(ctx, messageID, time.Now())
	if err != nil {
		x.Log.Error("message in hand not found", "error", err)
		return true
	}
	return wanted
}
