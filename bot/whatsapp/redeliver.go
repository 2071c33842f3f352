package whatsapp

import "time"

const (
	redeliverPause   = 30 * time.Second
	undeliveredLimit = 200 // texts; most of them are words about calls and unreadable messages, without a body
)

// deliverLater keeps what OnText did not take and WhatsApp will not hand over again: a call, or an unreadable message. It is tried
// again until it is taken or the process ends; then it is lost, and what is lost with it is an answer at most, since the
// phones of citizens send again by themselves what we could not read, and our own tells it in a [noticeResend].
func (c *Client) deliverLater(text Text) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.undelivered) >= undeliveredLimit {
		c.log.Error("too many texts wait to be recorded: one is given up", "text", text)
		return
	}
	c.undelivered = append(c.undelivered, text)
	c.redeliverSoon()
}

// redeliverSoon must be called with c.mu held.
func (c *Client) redeliverSoon() {
	if c.redeliverTimer == nil && !c.closed {
		c.redeliverTimer = time.AfterFunc(redeliverPause, c.redeliver)
	}
}

// redeliver tries once what waits, in the order of arrival, up to the first failure.
func (c *Client) redeliver() {
	if !c.enter() {
		return
	}
	defer c.hands.Done()
	for {
		c.mu.Lock()
		if len(c.undelivered) == 0 {
			c.undelivered, c.redeliverTimer = nil, nil
			c.mu.Unlock()
			return
		}
		text := c.undelivered[0]
		c.mu.Unlock()
		err := c.handText(text)
		c.mu.Lock()
		if err != nil {
			c.redeliverTimer = nil
			c.redeliverSoon()
			c.mu.Unlock()
			return
		}
		c.undelivered = c.undelivered[1:]
		c.mu.Unlock()
	}
}
