package whatsapp

import (
	"context"
	"errors"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// identifyTime bounds the question which LID a number has.
const identifyTime = 20 * time.Second

// Identify completes the address of somebody who has written to us or is on the list, as far as it can be: WhatsApp is
// asked which LID a number has, but it tells nobody the number of a LID, which is known or not. An address that cannot be
// completed comes back as it was. When there is no answer the error is a *SendError, as if something was to be sent.
func (c *Client) Identify(ctx context.Context, a Address) (Address, error) {
	if a.Number != "" && a.LID != "" {
		return a, nil
	}
	known := a
	if a.LID != "" || c.people.doubts.isSure(a.numberJID(), time.Now()) {
		known = c.people.address(ctx, a.numberJID(), a.lidJID())
	}
	if _, stale, err := c.staleLID(ctx, known.lidJID()); err != nil {
		return a, &SendError{Outcome: NotSent, Fault: blame(err), Err: clean(err)}
	} else if stale && a.LID == "" {
		known.LID = ""
	}
	if known.LID != "" || known.numberJID().IsEmpty() {
		return known, nil
	}
	ctx, cancel := context.WithTimeout(ctx, identifyTime)
	defer cancel()
	l := c.current()
	if l == nil || c.State().State != StateConnected || !c.enter() {
		return a, &SendError{Outcome: NotSent, Fault: FaultLink, Err: errNotLinked}
	}
	defer c.hands.Done()
	defer context.AfterFunc(c.stopping, cancel)()
	lid, err := c.askLID(ctx, l, known.numberJID())
	if failure, ok := errors.AsType[*SendError](err); ok && failure.Fault == FaultRecipient {
		return a, nil // there is no LID to know
	}
	if err != nil {
		return a, err
	}
	known.LID = lid.User
	return known, nil
}

// askLID asks WhatsApp which LID a number has. The library keeps the pair. An error is a *SendError.
func (c *Client) askLID(ctx context.Context, l *link, number types.JID) (types.JID, error) {
	found, err := l.lib.GetUserInfo(asked(ctx), []types.JID{number})
	if err != nil {
		return types.EmptyJID, unasked(err)
	}
	lid := found[number].LID.ToNonAD()
	if lid.IsEmpty() {
		return types.EmptyJID, &SendError{Outcome: Refused, Fault: FaultRecipient, Err: errNoAccount}
	}
	c.people.doubts.dispel(number, time.Now())
	return lid, nil
}

// lidOf finds the LID to which a message goes, and tells of the pair that the caller did not know.
func (a *attempt) lidOf(ctx context.Context, to Address) (types.JID, error) {
	c := a.client
	shown, number := to.lidJID(), to.numberJID()
	if shown.IsEmpty() && number.IsEmpty() {
		return types.EmptyJID, &SendError{Outcome: Refused, Fault: FaultRecipient, Err: errNoAccount}
	}
	lid := shown
	if lid.IsEmpty() {
		lid = c.people.other(asked(ctx), number)
	}
	switch moved, is, err := c.staleLID(ctx, lid); {
	case err != nil:
		return types.EmptyJID, &SendError{Outcome: NotSent, Fault: blame(err), Err: clean(err)}
	case is:
		return a.follow(ctx, to, lid, moved)
	case shown.IsEmpty() && !c.people.doubts.isSure(number, time.Now()):
		return a.askAgain(ctx, to, lid)
	}
	if lid.IsEmpty() {
		var err error
		if lid, err = c.askLID(ctx, a.link, number); err != nil {
			return types.EmptyJID, err
		}
	}
	if number.IsEmpty() {
		number = c.people.other(ctx, lid)
	}
	if known := addressOf(number, lid); known != to && known.Number != "" {
		return lid, a.identified(ctx, known, types.EmptyJID)
	}
	return lid, nil
}

// askAgain finds the LID of a number alone, which may have another than it had when we learnt it, if we did.
func (a *attempt) askAgain(ctx context.Context, to Address, before types.JID) (types.JID, error) {
	fresh, err := a.client.askLID(ctx, a.link, to.numberJID())
	switch {
	case err != nil:
		return types.EmptyJID, err
	case !before.IsEmpty() && before != fresh:
		return a.passOn(ctx, to, to.numberJID(), before, fresh, stale{})
	}
	return fresh, a.identified(ctx, addressOf(to.numberJID(), fresh), types.EmptyJID)
}

// identified tells that a number and a LID are the same person's, who had another LID before if former is not empty. It
// must be known before the message leaves: it may show that this person does not want it.
func (a *attempt) identified(ctx context.Context, known Address, former types.JID) error {
	if a.client.options.OnIdentity == nil {
		return nil
	}
	err := a.client.guarded(func() error { return a.client.options.OnIdentity(ctx, known, former.User) })
	if err != nil {
		return &SendError{Outcome: NotSent, Fault: FaultLink, Err: clean(err)} // as with our own disk
	}
	return nil
}
