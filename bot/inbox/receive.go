package inbox

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Receive carries out what a citizen sent and writes the answer to the outbox, in
// one transaction. An error means that nothing has happened, and that the text must
// be handed over again.
func (i *Inbox) Receive(ctx context.Context, t whatsapp.Text) error {
	if err := i.noteLink(ctx); err != nil {
		return err
	}
	return i.handle(ctx, &reply{Inbox: i, text: t}, time.Now())
}

// handle carries out one text, whether it came by itself or with the history.
func (i *Inbox) handle(ctx context.Context, r *reply, now time.Time) error {
	t := r.text
	i.log.Debug("text arrived", "text", t)
	in := store.Incoming{ID: t.ID, From: message.PersonOf(t.From), At: t.At, Unreadable: t.Kind == whatsapp.KindUnreadable}
	if in.ID == "" || in.From == (store.Person{}) {
		i.log.Warn("a text that nobody could be answered for is passed over", "text", t)
		return nil
	}
	r.now, r.silentUntil, r.exhausted = now, i.quota.silentUntil(in.From, now), i.quota.exhausted(in.From, now)
	fresh, err := i.store.Handle(ctx, in, now, whatsapp.NewMessageID, func(tx *store.Inbox) error {
		r.tx, r.answers, r.was = tx, 0, false
		if r.history {
			return r.carryOutLate()
		}
		return r.carryOut()
	})
	if err != nil {
		return fmt.Errorf("handle an incoming text: %w", err)
	}
	i.log.Debug("text carried out", "text", t, "fresh", fresh)
	if fresh {
		i.quota.answered(in.From, r.answers, now)
		i.outgoing.Ring()
		i.changed.Ring()
	}
	return nil
}
