package whatsapp

import "time"

// unheardTime is how long the library has to notice that a line has broken. It notices at once, or when its attempt to
// connect ends: the handshake gives up after 20 seconds, the dialling before it after 30.
const unheardTime = time.Minute

// A line may break in the moment between the handshake and the library's readiness to hear of it: then the library takes it
// for connected, says nothing and never connects again. So the end of each line is watched for the library's word: that it
// is disconnected, that an attempt has failed and it goes on trying, or that WhatsApp has ended the link.

// endIsHeard notes that word.
func (c *Client) endIsHeard() { c.endHeard.Store(true) }

// watchEnd is called at the end of each line.
func (c *Client) watchEnd() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopTimer(&c.unheardTimer)
	if l := c.link; l != nil && !c.closed {
		c.unheardTimer = time.AfterFunc(unheardTime, func() { c.endUnheard(l) })
	}
}

// endUnheard connects again if nobody else does.
func (c *Client) endUnheard(l *link) {
	if c.endHeard.Load() || c.current() != l || l.lib.IsConnected() {
		return
	}
	c.log.Warn("the library has not noticed that the line broke; connecting again")
	c.knock(l)
}
