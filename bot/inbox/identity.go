package inbox

import (
	"context"
	"time"

	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// WhatsApp shows a person under a number, under a LID, or under both. Somebody may
// be on the list under one and write from the other, and only the answer to a
// question tells that the two are one person's. Receive asks nobody; deliver asks
// before it says what would be false otherwise, and whatever it sends makes known
// the pair it did not know ([whatsapp.Options].OnIdentity). Then what that person
// has asked for under the other identity is carried out.

// Identified takes WhatsApp's answer that a number and a LID are one person's, who
// had another LID before if former is not empty. When it returns, a cancellation
// that this has revealed is carried out, and the message in hand is not wanted any
// more.
func (i *Inbox) Identified(ctx context.Context, known whatsapp.Address, former string) error {
	p := message.PersonOf(known)
	if p.Number == "" || p.LID == "" {
		return nil // digits that can be no telephone number
	}
	now := time.Now()
	left, err := i.store.Identify(ctx, p, store.LID(former), i.texts.Goodbye(now), now, whatsapp.NewMessageID)
	if err != nil {
		return err
	}
	if left {
		i.log.Info("somebody who had asked to leave under another identity was taken off the list")
	}
	i.outgoing.Ring()
	i.changed.Ring()
	return nil
}
