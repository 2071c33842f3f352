package whatsapp

import (
	"cmp"
	"context"
	"errors"
	"time"
)

const (
	proofPatience = 10 * time.Second // a line that is down may come back
	proofLimit    = time.Minute
)

// Prove connects with the link that session.db holds and returns nil when WhatsApp has let us in. A *StateError means that it
// has not: after StateLoggedOut the link is gone, [Client.Paired] is false and Pair can make another. An
// [*UnreachableError] means that nobody could be asked; the connection is tried for further, and Prove may be called again.
func (c *Client) Prove(ctx context.Context) error {
	if c.current() == nil {
		return &StateError{c.State()}
	}
	if err := c.Connect(ctx); err != nil {
		if ctx.Err() != nil || errors.Is(err, ErrClosed) {
			return err
		}
		return &UnreachableError{CauseOf(err), err}
	}
	start := time.Now()
	patience, limit := time.NewTimer(proofPatience), time.NewTimer(proofLimit)
	defer patience.Stop()
	defer limit.Stop()
	for {
		c.mu.Lock()
		state, changed := c.state, c.changed
		c.mu.Unlock()
		waited := time.Since(start)
		switch {
		case state.State == StateConnected:
			return nil
		case state.State == StateOutdated && !c.versions.exhausted() && waited < proofLimit:
			// The version is being looked up.
		case state.State.Permanent():
			return &StateError{state}
		case waited >= proofLimit, state.Cause != "" && waited >= proofPatience:
			return &UnreachableError{cmp.Or(state.Cause, CauseTimeout), errors.New("no login within a minute")}
		}
		select {
		case <-changed:
		case <-patience.C:
		case <-limit.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-c.stopping.Done():
			return ErrClosed
		}
	}
}

// proveLink logs in with the keys that a phone has just vouched for. They are good, so a line that fails is no reason to
// give up.
func (c *Client) proveLink(ctx context.Context, screen Screen) error {
	if err := c.loadLink(ctx); err != nil {
		return err
	}
	for {
		err := c.Prove(ctx)
		var unreachable *UnreachableError
		switch {
		case err == nil:
			show0(screen.Linked)
			return nil
		case errors.As(err, &unreachable), isOutdated(err) && !c.versions.exhausted():
			show(screen.Trouble, err)
		default:
			return err
		}
	}
}
