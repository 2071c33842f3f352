package outbox

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Receipts notes what phones say of messages they got, in one commit. What somebody
// says of a message that went to somebody else is counted, and nothing else.
func (x *Outbox) Receipts(ctx context.Context, receipts []whatsapp.Receipt) error {
	x.Log.Debug("receipts came", "receipts", len(receipts))
	said, ids, strays, err := x.believed(ctx, receipts)
	if err != nil {
		return fmt.Errorf("note receipts: %w", err)
	}
	if err := x.Store.Receipts(ctx, said...); err != nil {
		return fmt.Errorf("note receipts: %w", err)
	}
	if err := x.countStrays(ctx, store.StrayReceipt, strays); err != nil {
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

// believed leaves of what phones say what their owners can know, one message at a time,
// and tells of which messages that is. Of what nobody knows any more, because its
// recipient has left, nothing is left either; but it is no stray.
func (x *Outbox) believed(ctx context.Context, receipts []whatsapp.Receipt) (said []store.Receipt, ids []string, strays int, err error) {
	var all []string
	for _, r := range receipts {
		all = append(all, r.IDs...)
	}
	recipients, err := x.Store.Recipients(ctx, all...)
	if err != nil {
		return nil, nil, 0, err
	}
	for _, r := range receipts {
		s := store.Receipt{State: store.Delivered, At: r.At, Device: r.Device}
		if r.Read {
			s.State = store.Read
		}
		for _, id := range r.IDs {
			switch p, known := recipients[id]; {
			case !known:
			case r.From.Is(message.AddressOf(p)):
				s.IDs = append(s.IDs, id)
			default:
				strays++
			}
		}
		said, ids = append(said, s), append(ids, s.IDs...)
	}
	return said, ids, strays, nil
}

// countStrays counts what was said by whom it does not concern.
func (x *Outbox) countStrays(ctx context.Context, kind store.StrayKind, n int) error {
	if n == 0 {
		return nil
	}
	x.Log.Debug("words about messages of other people dropped", "kind", kind, "messages", n)
	return x.Store.CountStrays(ctx, kind, n, time.Now())
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
