package whatsapp

import (
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// phonePause is the least time between two calls of OnPhoneSeen: every message we send brings a receipt of the Comune's phone.
const phonePause = time.Minute

// ofPhone tells whether an event shows that the Comune's own phone was online, and when. It is device 0 of our account: it
// confirms its copies of what we send, passes on what was typed or read on it, sends its history and answers our questions.
// Not everything of our account is its word: other computers may be linked too, and changes of settings name no device.
func ofPhone(event any) (at time.Time, ok bool) {
	var source types.MessageSource
	switch e := event.(type) {
	case *events.Receipt:
		source, at = e.MessageSource, e.Timestamp
	case *events.Message:
		if e.SourceWebMsg != nil { // an old message that the phone repeats for us; the answer that holds it comes by itself
			return time.Time{}, false
		}
		source, at = e.Info.MessageSource, e.Info.Timestamp
	case *events.UndecryptableMessage:
		source, at = e.Info.MessageSource, e.Info.Timestamp
	}
	return at, source.IsFromMe && source.Sender.Device == 0
}

// hear notes what an event says of the Comune's phone. WhatsApp's time counts, since what is received now may have waited.
func (c *Client) hear(event any) {
	at, ok := ofPhone(event)
	if !ok || c.options.OnPhoneSeen == nil {
		return
	}
	if now := time.Now(); at.After(now) {
		at = now
	}
	c.mu.Lock()
	if at.After(c.phoneHeard) {
		c.phoneHeard = at
	}
	if c.phoneTimer != nil || c.closed {
		c.mu.Unlock()
		return
	}
	c.tellPhone()
}

// tellPhone calls OnPhoneSeen if there is news, and not again before phonePause is over. It must be called with c.mu held,
// and releases it.
func (c *Client) tellPhone() {
	at := c.phoneHeard
	news := at.After(c.phoneTold)
	if news {
		c.phoneTold = at
		c.phoneTimer = time.AfterFunc(phonePause, c.phonePauseOver)
	}
	c.mu.Unlock()
	if news {
		_ = c.guarded(func() error {
			c.options.OnPhoneSeen(at)
			return nil
		})
	}
}

func (c *Client) phonePauseOver() {
	if !c.enter() {
		return
	}
	defer c.hands.Done()
	c.mu.Lock()
	c.phoneTimer = nil
	c.tellPhone()
}
