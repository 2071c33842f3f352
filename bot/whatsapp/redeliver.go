package whatsapp

import (
	"time"
)

const (
	owedPause = 30 * time.Second
	owedLimit = 200 // texts; most of them are words about calls and unreadable messages, without a body
)

// owe keeps what OnText did not take and WhatsApp will not hand over again: a call, or an unreadable message. It is tried
// again until it is taken or the process ends; then it is lost, and what is lost with it is an answer at most, since the
// phones of citizens send again by themselves what we could not read, and our own tells it in a [noticeResend].
func (c *Client) owe(text Text) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.owed) >= owedLimit {
		c.log.Error("too many texts wait to be recorded: one is given up", "text", text)
		return
	}
	c.owed = append(c.owed, text)
	c.payLater()
}

// payLater must be called with c.mu held.
func (c *Client) payLater() {
	if c.owedTimer == nil && !c.closed {
		c.owedTimer = time.AfterFunc(owedPause, c.pay)
	}
}

// pay tries once what is owed, in the order of arrival, up to the first failure.
func (c *Client) pay() {
	if !c.enter() {
		return
	}
	defer c.hands.Done()
	for {
		c.mu.Lock()
		if len(c.owed) == 0 {
			c.owed, c.owedTimer = nil, nil
			c.mu.Unlock()
			return
		}
		text := c.owed[0]
		c.mu.Unlock()
		err := c.handText(text)
		c.mu.Lock()
		if err != nil {
			c.owedTimer = nil
			c.payLater()
			c.mu.Unlock()
			return
		}
		c.owed = c.owed[1:]
		c.mu.Unlock()
	}
}
