package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// State is how we stand with WhatsApp.
type State string

const (
	StateUnpaired     State = "unpaired"     // no phone has linked us: Pair
	StateConnecting   State = "connecting"   // the first connection is being made
	StateConnected    State = "connected"    // logged in; the backlog may still be arriving (see AwaitReady)
	StateDisconnected State = "disconnected" // the connection is lost or mute; it is made again by itself
	StateLoggedOut    State = "logged_out"   // the phone or WhatsApp removed the link: a person must pair again
	StateReplaced     State = "replaced"     // somebody else connected with our keys: a person must look
	StateBanned       State = "banned"       // WhatsApp suspended the number until StateChange.Until
	StateOutdated     State = "outdated"     // WhatsApp no longer accepts this version of the program
	StateRefused      State = "refused"      // WhatsApp refused the login for another reason (StateChange.Code)
)

// Paired tells whether the keys of the link are still good in this state.
func (s State) Paired() bool { return s != "" && s != StateUnpaired && s != StateLoggedOut }

// Permanent tells whether WhatsApp has ended the link, so that waiting for it is no use. A person must do something, or
// time must pass: after a suspension, an update or a refusal the Client tries again by itself, rarely.
func (s State) Permanent() bool {
	switch s {
	case StateUnpaired, StateLoggedOut, StateReplaced, StateBanned, StateOutdated, StateRefused:
		return true
	}
	return false
}

// StateChange is a new State with what WhatsApp said about it.
type StateChange struct {
	State State
	Until time.Time // end of a suspension; zero when not suspended or when WhatsApp named no end
	Cause Cause     // why no connection could be made, with StateDisconnected and StateConnecting; empty when none was refused
	Code  int       // WhatsApp's reason for a logout (401 unlinked, 403 account locked, 406 banned), a ban (101-106) or a refusal; 0 when it gave none
}

// Cause is why a connection could not be made, as far as our side of the line can tell.
type Cause string

// The causes that a connection tells of. Those of a link that is gone are [CauseOldCopy] and the following.
const (
	CauseName        Cause = "name"        // WhatsApp's name is not found: no DNS, or no network
	CauseRefused     Cause = "refused"     // nobody takes the connection: a firewall, a wrong proxy
	CauseProxy       Cause = "proxy"       // the proxy wants a password, or does not let us through
	CauseCertificate Cause = "certificate" // not WhatsApp's certificate: a firewall that inspects TLS, or a wrong clock
	CauseTimeout     Cause = "timeout"     // no answer
	CauseOther       Cause = "other"
)

// StateError says that something was asked of WhatsApp that this state does not allow.
type StateError struct{ StateChange }

// Error names the state, and the code if WhatsApp gave one.
func (e *StateError) Error() string {
	if e.Code != 0 {
		return fmt.Sprintf("whatsapp is %s (code %d)", e.State, e.Code)
	}
	return fmt.Sprintf("whatsapp is %s", e.State)
}

// backlogLimit is how long AwaitReady waits after a login for WhatsApp's word that the backlog is over. The word has
// always come within seconds; were it to fail, the service must not stand still for ever.
const backlogLimit = time.Minute

// State returns the present state.
func (c *Client) State() StateChange {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// AwaitReady returns nil as soon as we are logged in and everything that citizens wrote while we were away has been
// handed to OnText: before that, a cancellation may still be on its way. A session that never announces the end of its
// backlog counts as ready one minute after its login. A state that only a person can end is returned as *StateError.
func (c *Client) AwaitReady(ctx context.Context) error {
	return c.await(ctx, func() bool { return c.state.State == StateConnected && c.backlogOver })
}

// await blocks until done, called with c.mu held, is true.
func (c *Client) await(ctx context.Context, done func() bool) error {
	for {
		c.mu.Lock()
		ok, state, changed := done(), c.state, c.changed
		c.mu.Unlock()
		if ok {
			return nil
		}
		if state.State.Permanent() {
			return &StateError{state}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-c.stopping.Done():
			return ErrClosed
		}
	}
}

// setState records the state, wakes who waits for it, and reports it; reports keep the order of the changes.
func (c *Client) setState(change StateChange) {
	c.reporting.Lock()
	defer c.reporting.Unlock()
	c.mu.Lock()
	c.state = change
	c.wake()
	c.mu.Unlock()
	c.log.Info("whatsapp state", "state", string(change.State), "code", change.Code, "cause", string(change.Cause))
	c.report(change)
}

// report must be called with c.reporting held. A panic of OnState must not end the process in a way that prints it.
func (c *Client) report(change StateChange) {
	if c.options.OnState != nil {
		_ = c.guarded(func() error {
			c.options.OnState(change)
			return nil
		})
	}
}

// wake must be called with c.mu held.
func (c *Client) wake() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// sessionBegan notes a login. The end of its backlog has been announced already or comes later.
func (c *Client) sessionBegan() {
	c.mu.Lock()
	c.refusals.loggedIn()
	c.versions.accepted()
	c.stopTimer(&c.knockTimer)
	c.stopTimer(&c.seekTimer)
	c.stopTimer(&c.backlogTimer)
	if !c.backlogOver && !c.closed {
		c.waitForBacklog()
	}
	c.mu.Unlock()
	c.setState(StateChange{State: StateConnected})
}

// waitForBacklog must be called with c.mu held.
func (c *Client) waitForBacklog() {
	var timer *time.Timer
	timer = time.AfterFunc(backlogLimit, func() {
		if !c.enter() {
			return
		}
		defer c.hands.Done()
		c.mu.Lock()
		mine := c.backlogTimer == timer // not stopped in the last moment: the session may be another one
		c.mu.Unlock()
		if mine {
			c.log.Warn("whatsapp never said that the backlog is over; going on without its word")
			c.backlogEnded()
		}
	})
	c.backlogTimer = timer
}

// backlogEnded notes that everything that waited for us has been handed over, and says so to who watches OnState
// instead of waiting in AwaitReady.
func (c *Client) backlogEnded() {
	c.reporting.Lock()
	defer c.reporting.Unlock()
	c.mu.Lock()
	c.backlogOver = true
	c.stopTimer(&c.backlogTimer)
	state := c.state
	c.wake()
	c.mu.Unlock()
	c.report(state)
}

// Ready tells whether AwaitReady would return nil at once. OnState is called when it becomes true.
func (c *Client) Ready() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.State == StateConnected && c.backlogOver
}

// disconnected notes that the line is down. Why it cannot be made again is known before, when it never was.
func (c *Client) disconnected() {
	c.mu.Lock()
	cause := c.state.Cause
	c.mu.Unlock()
	c.sessionLost(StateChange{State: StateDisconnected, Cause: cause})
}

// unreachable notes why the link l cannot be connected, until it is.
func (c *Client) unreachable(l *link, err error) {
	if errors.Is(err, context.Canceled) || !c.enter() {
		return
	}
	defer c.hands.Done()
	c.mu.Lock()
	change, cause := c.state, CauseOf(err)
	news := c.link == l && !change.State.Permanent() && change.State != StateConnected && change.Cause != cause
	c.mu.Unlock()
	if news {
		change.Cause = cause
		c.setState(change)
	}
}

// sessionLost notes that the next login starts a new backlog.
func (c *Client) sessionLost(change StateChange) {
	c.mu.Lock()
	c.backlogOver = false
	c.stopTimer(&c.backlogTimer)
	c.mu.Unlock()
	c.setState(change)
}

func (c *Client) stopTimer(timer **time.Timer) {
	if *timer != nil {
		(*timer).Stop()
		*timer = nil
	}
}
