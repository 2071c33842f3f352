package whatsapptest

import (
	"errors"
	"slices"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// ErrCodeDead is what a phone says of a code that a client shows but that links nothing any more: its secret was retired, or
// it is too old. The client gets no word of the scan.
var ErrCodeDead = errors.New("couldn't link device: the code is dead")

const (
	firstRefTime = 60 * time.Second // how long the first code is good, from the moment the refs are sent
	nextRefTime  = 20 * time.Second // how much longer each of the others is
	// streamTime is how long a connection that shows codes lasts. Somebody measured it on the real server, which then ends the
	// stream without a reason.
	streamTime = 210 * time.Second
)

// RotateSecrets makes the first scans on each connection fail, as WhatsApp does since July 2026: the phone says [ErrCodeDead],
// the secret in the code is dead for good, and the client is told to take another one (companion_reg_refresh). A code with
// another secret and the same keys then links, unless the connection has times rotations to go. Zero ends it.
func (s *Server) RotateSecrets(times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.rotations = times
}

// AgeCodes lets the codes of connections that open from now on grow old: the first is good for a minute, each of the others
// until 20 seconds after the one before, and then the server ends the stream, unless a phone is about to link.
func (s *Server) AgeCodes(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.aging = on
}

// rotateLocked judges the secret of a code that a phone has scanned, and reports whether it is dead.
func (link *pairing) rotateLocked(secret []byte) bool {
	s := link.conn.s
	dead := link.dead[string(secret)]
	if !dead && link.rotations < s.faults.rotations {
		dead, link.dead[string(secret)] = true, true
		link.rotations++
		link.notifyLocked("companion_reg_refresh", waBinary.Node{Tag: "companion_reg_refresh"})
	}
	if dead {
		s.stats.DeadScans++
	}
	return dead
}

// expiredLocked reports whether a ref is too old to be scanned.
func (link *pairing) expiredLocked(ref string) bool {
	s := link.conn.s
	age := firstRefTime + time.Duration(slices.Index(link.refs, ref))*nextRefTime
	if !link.aging || time.Since(link.offered) <= age {
		return false
	}
	s.stats.DeadScans++
	return true
}

// endOfCodes ends the stream of a client that showed its codes in vain. One whom a phone is about to link is left alone.
func (s *Server) endOfCodes(link *pairing) {
	timer := time.NewTimer(streamTime)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-link.conn.done:
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if link.attempt == nil && link.refs != nil {
		link.conn.finish()
	}
}

// notifyLocked sends a notification to a client that is not linked yet. It is not repeated on another connection, but it is
// to be acknowledged.
func (link *pairing) notifyLocked(kind string, child waBinary.Node) {
	id := link.conn.s.newIDLocked()
	if link.conn.owed == nil {
		link.conn.owed = map[string]time.Time{}
	}
	link.conn.owed[id] = time.Now()
	link.conn.send(waBinary.Node{
		Tag:     "notification",
		Attrs:   waBinary.Attrs{"from": types.ServerJID, "type": kind, "id": id, "t": time.Now().Unix()},
		Content: []waBinary.Node{child},
	})
}

// takeEarlyAck takes the acknowledgement of what a client was told before it logged in, and reports whether it was one.
func (c *conn) takeEarlyAck(node *waBinary.Node) bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	id := attrString(node, "id")
	_, owed := c.owed[id]
	if !owed || attrString(node, "class") != "notification" {
		return false
	}
	delete(c.owed, id)
	return true
}

// judgeEarlyLocked records what a client that was not logged in left unacknowledged when its connection ends.
func (c *conn) judgeEarlyLocked() {
	for id, since := range c.owed {
		if age := time.Since(since); age > patience {
			c.s.offendLocked(NotAcknowledged, "notification %s before the login after %v", id, age.Round(time.Millisecond))
		}
	}
	c.owed = nil
}
