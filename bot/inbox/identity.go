package inbox

import (
	"context"
	"time"

	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Identified takes WhatsApp's word that a number and a LID are one person's, who had
// the LID former before, if it is not empty. Somebody may be on the list under one
// and have asked to leave under the other: when Identified returns, that
// cancellation has been carried out, and messages to them are not wanted any more.
//
// Receive never asks for such a pair. The deliver loop does, before it says what
// might be false otherwise, and whatever it sends makes known a pair that was not
// known ([whatsapp.Options].OnIdentity). It may be told the same pair again.
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
