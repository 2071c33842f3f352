package whatsapp

import (
	"context"
	"runtime"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// WatchMessages lets a test see the messages of a client as its library does.
func (c *Client) WatchMessages(watch func(*events.Message)) {
	c.current().lib.AddEventHandler(func(event any) {
		if message, ok := event.(*events.Message); ok {
			watch(message)
		}
	})
}

// watched is a store of sessions that tells when many are loaded.
type watched struct {
	store.SessionStore
	watch func()
}

func (w watched) GetManySessions(ctx context.Context, addresses []string) (map[string][]byte, error) {
	w.watch()
	return w.SessionStore.GetManySessions(ctx, addresses)
}

// WatchSessions lets a test do something whenever the sessions of many people are loaded; in a batch that is in the
// middle of its transaction.
func (c *Client) WatchSessions(watch func()) {
	sessions := c.current().sessions
	sessions.SessionStore = watched{sessions.SessionStore, watch}
}

// ForgetAtOnce is the part of Forget that keeps everybody else out: what comes before it reads session.db, and so cannot
// begin in the middle of a transaction.
func (c *Client) ForgetAtOnce(ctx context.Context, who Address) error {
	people := []types.JID{who.numberJID(), who.lidJID()}
	return c.people.forget(people, func() error { return c.erase(ctx, people) })
}

// AwaitForget returns when somebody is being forgotten, or waits to be.
func (c *Client) AwaitForget() {
	for c.people.mu.TryRLock() {
		c.people.mu.RUnlock()
		runtime.Gosched()
	}
}

// Doubt puts a number in doubt, as a message does that shows it alone.
func (c *Client) Doubt(who Address) { c.people.doubts.raise(who.numberJID(), false, time.Now()) }

// LookUp asks the library's memory for the LID of a number.
func (c *Client) LookUp(ctx context.Context, who Address) error {
	_, err := c.people.lids.GetLIDForPN(ctx, who.numberJID())
	return err
}

// EndLine and HearEnd are the end of a line, and the library's word that it has noticed.
func (c *Client) EndLine() { c.lineEnded(false) }

// HearEnd see EndLine.
func (c *Client) HearEnd() { c.endIsHeard() }

// PairWithin reads, within a transaction of session.db, somebody's number by their LID, and the LID by their number, alone and
// among many. What happens meanwhile happens before.
func (c *Client) PairWithin(ctx context.Context, who Address, meanwhile func()) (number, lid, many string, err error) {
	ctx, release := c.people.hold(ctx)
	defer release()
	err = c.wrapped.DoTxn(ctx, nil, func(ctx context.Context) error {
		meanwhile()
		ofLID, err := c.people.GetPNForLID(ctx, who.lidJID())
		if err != nil {
			return err
		}
		ofNumber, err := c.people.GetLIDForPN(ctx, who.numberJID())
		if err != nil {
			return err
		}
		all, err := c.people.GetManyLIDsForPNs(ctx, []types.JID{who.numberJID()})
		number, lid, many = addressOf(ofLID).Number, ofNumber.User, all[who.numberJID()].User
		return err
	})
	return number, lid, many, err
}
