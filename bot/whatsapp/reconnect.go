package whatsapp

import "time"

const (
	banWithoutEnd  = time.Hour        // WhatsApp names the end of a suspension, as a rule
	banMargin      = 5 * time.Second  // our clock and WhatsApp's are not the same
	knockPause     = 55 * time.Second // so that a cause which is gone is noticed within a minute
	knocksQuick    = 60               // refusals in a row, about an hour, after which we knock less often
	knockPauseLong = 10 * time.Minute
	knocksLong     = 200 // refusals in a row, about a day, after which we knock hardly ever
	knockPauseDay  = time.Hour
	versionPause   = 15 * time.Second // between a refusal and the first login by another version
	outdatedPause  = 2 * time.Hour    // where the pauses between logins by a refused version end
	replacedPause  = 90 * time.Second
	replacedMemory = time.Hour // a second replacement within this is somebody's, not an accident
)

// nextConnection says how long after a refusal the next connection may be made, when it was the nth such refusal in a
// row, and whether one may be made at all without a person. It is the whole policy: nothing else connects again after
// WhatsApp has ended the link.
func nextConnection(change StateChange, n int, now time.Time) (pause time.Duration, allowed bool) {
	switch change.State {
	case StateBanned:
		if change.Until.IsZero() {
			return banWithoutEnd, true
		}
		return max(change.Until.Add(banMargin).Sub(now), knockPause), true
	case StateReplaced:
		return replacedPause, n <= 1
	case StateOutdated:
		return knockOutdated(n), true
	case StateRefused:
		return knock(n), true
	}
	return 0, false
}

func knock(n int) time.Duration {
	switch {
	case n > knocksLong:
		return knockPauseDay
	case n > knocksQuick:
		return knockPauseLong
	}
	return knockPause
}

// knockOutdated is the pause before a login by a version that was refused: WhatsApp may have changed its mind, but each one
// looks like the others. A login by another version does not wait so long (see seek).
func knockOutdated(n int) time.Duration {
	pause := knockPause
	for range n - 1 {
		if pause = 2 * pause; pause >= outdatedPause {
			return outdatedPause
		}
	}
	return pause
}

// refusals counts how often in a row WhatsApp has ended the link in the same way.
type refusals struct {
	state State
	n     int
	first time.Time
	last  time.Time
}

// add counts one more. A login ends a row, except one of replacements: there the login is what provokes the next.
func (r *refusals) add(state State, now time.Time) int {
	if r.state != state || (state == StateReplaced && now.Sub(r.last) > replacedMemory) {
		r.n, r.first = 0, now
	}
	r.state, r.last = state, now
	r.n++
	return r.n
}

func (r *refusals) loggedIn() {
	if r.state != StateReplaced {
		*r = refusals{}
	}
}

// connectAgain obeys the policy after WhatsApp has ended the link l.
func (c *Client) connectAgain(l *link, change StateChange) {
	c.mu.Lock()
	n := c.refusals.add(change.State, time.Now())
	pause, allowed := nextConnection(change, n, time.Now())
	if allowed {
		c.knockIn(l, pause)
	}
	l.begun.Store(allowed)
	c.mu.Unlock()
	c.log.Warn("whatsapp has ended the link", "state", string(change.State), "code", change.Code, "in_a_row", n,
		"again", allowed, "pause", pause.Round(time.Second))
	if change.State == StateOutdated {
		c.versions.refuse()
		c.seek(l)
	}
}

// knockIn must be called with c.mu held.
func (c *Client) knockIn(l *link, pause time.Duration) {
	c.stopTimer(&c.knockTimer)
	if !c.closed {
		c.knockTimer = time.AfterFunc(pause, func() { c.knock(l) })
	}
}

// knock makes one connection. It keeps the state: until WhatsApp lets us in, the light is red.
func (c *Client) knock(l *link) {
	if !c.enter() {
		return
	}
	defer c.hands.Done()
	if c.current() != l {
		return
	}
	l.wire.cut() // the server should have ended the old connection long ago
	if left := c.logins.left(time.Now()); left > 0 {
		c.mu.Lock()
		c.knockIn(l, left)
		c.mu.Unlock()
		return
	}
	if err := c.dial(c.stopping, l.lib); err != nil && c.stopping.Err() == nil {
		c.log.Warn("connection not made", "error", clean(err))
		c.mu.Lock()
		c.knockIn(l, knockPause)
		c.mu.Unlock()
	}
}

// waits tells whether what was known when the last process ended forbids to connect now, and sees to it that we do
// when it no longer does.
func (c *Client) waits(l *link) bool {
	last := c.options.Last
	pause, allowed := nextConnection(last.StateChange, 1, last.Since)
	left := time.Until(last.Since.Add(pause))
	if !allowed || left <= 0 {
		return false
	}
	c.mu.Lock()
	c.refusals.add(last.State, last.Since)
	c.knockIn(l, left)
	c.mu.Unlock()
	c.setState(last.StateChange)
	return true
}
