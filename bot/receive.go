package bot

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// receive carries out what a citizen wrote and writes the answer to the
// outbox, in one transaction. An error means that nothing has happened and
// that the text must be handed over again.
func (b *Bot) receive(ctx context.Context, t whatsapp.Text) error {
	b.log.Debug("text arrived", "text", t)
	in := store.Incoming{ID: t.ID, From: person(t.From), At: t.At}
	if in.ID == "" || in.From == (store.Person{}) {
		b.log.Warn("a text that nobody could be answered for is passed over", "text", t)
		return nil
	}
	request, now := b.reader.Read(t.Body), time.Now()
	fresh, err := b.store.Handle(ctx, in, now, whatsapp.NewMessageID, func(i *store.Inbox) error {
		return b.carryOut(i, request, now)
	})
	if err != nil {
		return fmt.Errorf("handle an incoming text: %w", err)
	}
	b.log.Debug("text carried out", "text", t, "fresh", fresh)
	if fresh {
		b.outgoing.ring()
		b.changed.ring()
	}
	return nil
}

func (b *Bot) carryOut(in *store.Inbox, r citizen.Request, now time.Time) error {
	_, known, err := in.Subscriber()
	if err != nil {
		return err
	}
	switch r.Intent {
	case citizen.Unsubscribe:
		was, err := in.Cancel()
		if err != nil {
			return err
		}
		if !was {
			return in.Answer(store.NotRegistered, b.texts.NotRegistered(now))
		}
		return in.Answer(store.Goodbye, b.texts.Goodbye(now))
	case citizen.Subscribe:
		if err := in.Subscribe(store.Details{GivenName: r.GivenName, FamilyName: r.FamilyName, Comune: r.Comune}, store.Evidence{}); err != nil {
			return err
		}
		if known {
			return in.Answer(store.Already, b.texts.Already(now, r))
		}
		return in.Answer(store.Confirmation, b.texts.Confirmation(now, r, time.Time{}))
	case citizen.Incomplete:
		return in.Answer(store.Incomplete, b.texts.Incomplete(now, r))
	default:
		return in.Answer(store.Other, b.texts.Other(now))
	}
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
		b.outgoing.ring()
	}
	b.log.Debug("receipt noted", "messages", len(r.IDs))
	b.changed.ring()
	return nil
}

// resend gives the text of a message that a phone could not decrypt.
func (b *Bot) resend(ctx context.Context, messageID string) (string, bool) {
	o, ok, err := b.store.ForRetry(ctx, messageID, time.Now())
	if err != nil {
		b.log.Error("message for a retry not found", "error", err)
		return "", false
	}
	return o.Text, ok
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

// person and address translate between the two rooms that know people.
// Digits that can be no telephone number are left out.
func person(a whatsapp.Address) store.Person {
	number, err := store.ParseNumber(a.Number)
	if err != nil {
		number = ""
	}
	return store.Person{Number: number, LID: store.LID(a.LID)}
}

func address(p store.Person) whatsapp.Address {
	return whatsapp.Address{Number: string(p.Number), LID: string(p.LID)}
}
