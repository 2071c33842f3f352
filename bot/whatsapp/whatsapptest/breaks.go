package whatsapptest

import "time"

// Break is when and how a session ends that the server breaks.
type Break struct {
	// Handshake ends it before the client has introduced itself.
	Handshake bool
	// After is its life, from the login on. Without more the line breaks then, without a word.
	After time.Duration
	// Stanza ends it as soon as the server has sent a stanza with that tag, instead: it is in the frame that the client reads last.
	Stanza string
	// Failure answers the login with <failure reason=...>.
	Failure int
	// Code ends it with a stream error.
	Code string
}

// SetBreaker breaks sessions: the function is called with the number of each websocket that a client opens from now on,
// beginning with one; nil lets that session live. A nil function ends it.
func (s *Server) SetBreaker(breaks func(nth int) *Break) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.breaks, s.faults.opened = breaks, 0
}

// nextBreak is what the breaker says of a new connection.
func (s *Server) nextBreak() *Break {
	s.mu.Lock()
	breaks := s.faults.breaks
	s.faults.opened++
	nth := s.faults.opened
	s.mu.Unlock()
	if breaks == nil {
		return nil
	}
	return breaks(nth)
}

// breakLater ends a session that has begun as its break says. It must be called with the server's lock held.
func (c *conn) breakLaterLocked() {
	b := c.breaks
	if b == nil || b.Stanza != "" {
		return
	}
	timer := time.AfterFunc(b.After, func() {
		if b.Code == "" {
			c.cut()
			return
		}
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		c.finish(streamError(b.Code, ""))
	})
	go func() {
		<-c.done
		timer.Stop()
	}()
}
