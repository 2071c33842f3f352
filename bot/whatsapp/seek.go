package whatsapp

import "time"

// While WhatsApp refuses our version, its page is asked for the one that it wants. A page that fails is asked often at first,
// so that we are back within a minute of its recovery; one that knows nothing newer is asked rarely. Asking costs WhatsApp
// nothing, a login by a refused version looks like an attack.
const (
	seekPause      = 45 * time.Second
	seekPauseLong  = 10 * time.Minute
	seekPauseDay   = time.Hour
	seekQuick      = 2 * time.Hour // since the first refusal
	seekLong       = 24 * time.Hour
	versionAgain   = 10 * time.Minute // between the refusal of a second version and the login by a third
	versionAtLeast = time.Hour        // and so on
)

// nextSeek is the pause before the next look-up, when WhatsApp has refused us for so long.
func nextSeek(refused time.Duration, failed bool) time.Duration {
	switch {
	case refused > seekLong, !failed && refused > seekQuick:
		return seekPauseDay
	case refused > seekQuick, !failed:
		return seekPauseLong
	}
	return seekPause
}

// versionKnock is the least pause between the refusal of the nth version in a row and a login by another one. WhatsApp's
// machines need not agree on the newest.
func versionKnock(n int) time.Duration {
	switch {
	case n <= 1:
		return versionPause
	case n == 2:
		return versionAgain
	}
	return versionAtLeast
}

// seek looks up the version that WhatsApp wants. With one that has not been refused it sees to it that we log in soon;
// otherwise it looks again later.
func (c *Client) seek(l *link) {
	fresh, err := c.lookUpVersion(c.stopping)
	tried := c.versions.tried()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.link != l || c.state.State != StateOutdated {
		return
	}
	c.wake() // for who waits for the answer
	c.stopTimer(&c.seekTimer)
	if fresh {
		c.knockIn(l, max(0, time.Until(c.refusals.last.Add(versionKnock(tried)))))
		return
	}
	c.seekTimer = time.AfterFunc(nextSeek(time.Since(c.refusals.first), err != nil), func() {
		if c.enter() {
			defer c.hands.Done()
			c.seek(l)
		}
	})
}
