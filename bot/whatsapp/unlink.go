package whatsapp

import (
	"context"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/store"
)

// Unlink removes us from the phone's linked devices and the link from session.db; the state is StateUnpaired then. When we
// are not connected it connects first, and what was written to us meanwhile stays with WhatsApp. It is no error when there
// is no link, or the phone has ended it. An [*UnreachableError] means that the phone still lists us.
func (c *Client) Unlink(ctx context.Context) error {
	l := c.current()
	if l == nil {
		return nil
	}
	switch err := c.Prove(ctx); {
	case !c.Paired():
		return nil // the phone was first
	case err != nil:
		return err
	}
	if !c.letGo(l) { // nothing that the server says from now on is a misfortune
		return nil
	}
	err := l.lib.Logout(ctx)
	if errors.Is(err, store.ErrDeviceDeleted) {
		err = nil
	}
	if err != nil && !l.lib.Store.Deleted {
		c.mu.Lock()
		if c.link == nil && !c.closed {
			c.link = l
		}
		c.mu.Unlock()
		return fmt.Errorf("unlink: %w", clean(err))
	}
	l.wire.close()
	c.sessionLost(StateChange{State: StateUnpaired})
	return faultOf(c.path, err)
}

// letGo makes us forget the link l, if it is the present one, and not connect it again.
func (c *Client) letGo(l *link) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link != l {
		return false
	}
	c.link = nil
	c.stopTimer(&c.knockTimer)
	c.stopTimer(&c.seekTimer)
	return true
}
