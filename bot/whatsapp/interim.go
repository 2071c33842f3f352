package whatsapp

// What stands in for the methods of a colleague until they are merged.

import "context"

// Prove connects with the keys of the link and returns nil when WhatsApp has let us in.
func (c *Client) Prove(ctx context.Context) error {
	if err := c.Connect(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, proofLimit)
	defer cancel()
	return c.await(ctx, func() bool { return c.state.State == StateConnected })
}

// Unlink logs out, so that the phone's list of linked devices loses us.
func (c *Client) Unlink(ctx context.Context) error {
	l := c.current()
	if l == nil {
		return &StateError{c.State()}
	}
	if err := c.Prove(ctx); err != nil {
		return err
	}
	if err := l.lib.Logout(ctx); err != nil {
		return clean(err)
	}
	c.mu.Lock()
	c.link = nil
	c.mu.Unlock()
	c.setState(StateChange{State: StateUnpaired})
	return nil
}

// Version tells by which version we introduce ourselves.
func (c *Client) Version() Version { return Version{} }
