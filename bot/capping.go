package bot

import (
	"context"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// capping takes WhatsApp's word about the chats that we begin. The first warning is
// only shown. From the second on the store keeps back what is for people who never
// wrote to us, until WhatsApp takes it back or its month is over: all others have
// written first, and answers begin no chat. It has a deadline of its own, as
// [Bot.reachoutLock].
func (b *Bot) capping(c whatsapp.Capping) {
	ctx, cancel := context.WithTimeout(b.life, 5*time.Second)
	defer cancel()
	noted := store.Capping{State: string(c.State), Used: c.Used, Quota: c.Quota, Ends: c.Ends}
	if err := b.store.SetCapping(ctx, noted, time.Now()); err != nil {
		b.log.Warn("limit of new chats not noted", "error", err)
	}
	b.outgoing.Ring()
	b.changed.Ring()
}
