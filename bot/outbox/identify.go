package outbox

import (
	"context"
	"errors"
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

// askFirst completes the identity of who asked for an answer that says what the list
// holds of him, and returns the message as it is to be sent. An error is a
// [*whatsapp.SendError]: without an answer from WhatsApp the message waits, as if it
// could not be sent.
func (x *Outbox) askFirst(ctx context.Context, o store.Outgoing) (store.Outgoing, error) {
	if o.Answer != store.NotRegistered && o.Answer != store.MyData {
		return o, nil
	}
	known, err := x.Line().Identify(ctx, message.AddressOf(o.To))
	if err != nil {
		return o, err
	}
	mine := func(err error) error { // our own disk's fault
		return &whatsapp.SendError{Outcome: whatsapp.NotSent, Fault: whatsapp.FaultLink, Err: err}
	}
	if known != message.AddressOf(o.To) {
		if err := x.Identified(ctx, known, ""); err != nil {
			return o, mine(err)
		}
		if wanted, err := x.Store.Wanted(ctx, o.MessageID, time.Now()); err != nil {
			return o, mine(err)
		} else if !wanted {
			return o, unwanted() // the goodbye has taken its place
		}
	}
	if o.Answer == store.MyData {
		if o, err = x.dataSheet(ctx, o, message.PersonOf(known)); err != nil {
			return o, mine(err)
		}
	}
	if o.Text == "" {
		if err := x.Store.EndQuestion(ctx, o, time.Now()); err != nil {
			return o, mine(err)
		}
		return o, unwanted()
	}
	return o, nil
}

// dataSheet fills in what is held on somebody. It is written when it leaves, and each
// time it leaves again: the outbox keeps no copy of it.
func (x *Outbox) dataSheet(ctx context.Context, o store.Outgoing, p store.Person) (store.Outgoing, error) {
	text, err := x.MyData(ctx, p)
	o.Text = text
	return o, err
}

var errUnwanted = errors.New("there is nothing to say any more")

func unwanted() error {
	return &whatsapp.SendError{Outcome: whatsapp.NotSent, Fault: whatsapp.FaultUnwanted, Err: errUnwanted}
}
