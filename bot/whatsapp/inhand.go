package whatsapp

import (
	"time"

	"go.mau.fi/whatsmeow/types"
)

// inHand are the texts that have been decrypted and not handled yet, by the hash of the ciphertext: whoever wrote one may be
// registering, and no other room knows of them yet. A text whose handler fails stays until it has come again.
type inHand map[[32]byte]hand

type hand struct {
	address string // the Signal address of who wrote
	since   time.Time
}

// longestInHand is how long somebody is spared because of a text that is never handled, nor comes again.
const longestInHand = 24 * time.Hour

func (s *sessionLock) takeInHand(text [32]byte, address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for old, h := range s.inHand {
		if time.Since(h.since) >= longestInHand {
			delete(s.inHand, old)
		}
	}
	s.inHand[text] = hand{address, time.Now()}
}

// writers are those of whom a text is in hand.
func (s *sessionLock) writers() map[types.JID]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[types.JID]bool, len(s.inHand))
	for _, h := range s.inHand {
		if jid, ok := identityOf(formSignal, h.address); ok && time.Since(h.since) < longestInHand {
			all[jid] = true
		}
	}
	return all
}

// awaited are those of whom a word is still to be handed over, decrypted or not. The session lock and c.texting must be held.
func (c *Client) awaited(l *link) map[types.JID]bool {
	all := make(map[types.JID]bool)
	if l != nil {
		all = l.sessions.writers()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range c.undelivered {
		for _, jid := range []types.JID{text.From.numberJID(), text.From.lidJID()} {
			all[jid] = true
		}
	}
	return all
}
