package outbox

import (
	"context"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// Capping takes WhatsApp's word about the chats that we begin. The first warning is
// only shown. From the second on the store keeps back what is for people who never
// wrote to us, until WhatsApp takes it back or its month is over: all others have
// written first, and answers begin no chat. It has a deadline of its own, as
// [Outbox.ReachoutLock].
func (x *Outbox) Capping(c whatsapp.Capping) {
	ctx, cancel := context.WithTimeout(x.Life, 5*time.Second)
	defer cancel()
	noted := store.Capping{State: string(c.State), Used: c.Used, Quota: c.Quota, Ends: c.Ends}
	if err := x.Store.SetCapping(ctx, noted, time.Now()); err != nil {
		x.Log.Warn("limit of new chats not noted", "error", err)
	}
	x.Outgoing.Ring()
	x.Changed.Ring()
}
