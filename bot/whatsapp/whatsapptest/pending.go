package whatsapptest

import (
	"maps"
	"slices"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// patience is how long a connected client may leave a stanza unacknowledged.
const patience = 40 * time.Second

// pending is a stanza for a linked device that the device has not acknowledged. It is sent at
// once when the device is connected, and again at every login.
type pending struct {
	node   waBinary.Node
	id     string
	user   string // the user part of its "from"
	from   types.JID
	kind   string   // the receipt's or notification's type
	retry  retryKey // what it asks for again; none if its ID is empty
	conn   *conn    // the connection it was last delivered on
	sentAt time.Time
}

// postLocked keeps a stanza for a device and delivers it if the device is there.
func (s *Server) postLocked(l *linked, node waBinary.Node) { s.postRetryLocked(l, node, retryKey{}) }

// postRetryLocked posts a retry receipt.
func (s *Server) postRetryLocked(l *linked, node waBinary.Node, key retryKey) {
	if l.gone {
		return
	}
	from := attrJID(&node, "from")
	p := &pending{node: node, id: attrString(&node, "id"), user: from.User, from: from, kind: attrString(&node, "type"), retry: key}
	l.pending = append(l.pending, p)
	if l.conn != nil && l.conn.active {
		p.deliverLocked(l.conn, false)
	}
	s.changedLocked()
}

// deliverLocked sends it. A retry receipt that comes again is one more question: who answered the first, and ended before
// the acknowledgement, knows of no answer.
func (p *pending) deliverLocked(c *conn, offline bool) {
	p.conn, p.sentAt = c, time.Now()
	if p.retry.id != "" {
		c.device.asked[p.retry]++
	}
	node := p.node
	if offline {
		node.Attrs = maps.Clone(node.Attrs) // the map is shared with the stanza that is kept
		node.Attrs["offline"] = "1"
	}
	c.send(node)
}

// peer reports whether it is a message between an account's own devices.
func (p *pending) peer() bool { return attrString(&p.node, "category") == "peer" }

// notifyLocked posts a notification to a device.
func (s *Server) notifyLocked(l *linked, kind string, from types.JID, attrs waBinary.Attrs, child waBinary.Node) {
	all := waBinary.Attrs{"from": from, "type": kind, "id": s.newIDLocked(), "t": time.Now().Unix()}
	maps.Copy(all, attrs)
	node := waBinary.Node{Tag: "notification", Attrs: all}
	if child.Tag != "" {
		node.Content = []waBinary.Node{child}
	}
	s.postLocked(l, node)
}

// handleAck takes a client's <ack> for something that was delivered to it.
func (c *conn) handleAck(node *waBinary.Node) {
	class, id, to := attrString(node, "class"), attrString(node, "id"), attrJID(node, "to")
	if class == "" || id == "" {
		c.s.offend(Malformed, "an ack without class or id")
		return
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.acknowledgeLocked(func(p *pending) bool {
		if p.node.Tag != class || p.id != id || p.user != to.User {
			return false
		}
		// Delivered and read receipts share the message's ID, and so do those of several
		// devices.
		return class != "receipt" || (p.kind == attrString(node, "type") && p.from.Device == to.Device)
	})
}

// acknowledgeLocked removes the oldest stanza that matches from the queue of this connection's
// device.
func (c *conn) acknowledgeLocked(match func(*pending) bool) {
	l := c.device
	i := slices.IndexFunc(l.pending, match)
	if i < 0 {
		return // acknowledged before, as by a receipt and an ack
	}
	if p := l.pending[i]; p.conn == c && p.sentAt.After(c.lastAck) {
		c.lastAck = p.sentAt
	}
	if i == 0 { // clients answer in order, mostly
		l.pending[0], l.pending = nil, l.pending[1:]
	} else {
		l.pending = slices.Delete(l.pending, i, i+1)
	}
	c.s.changedLocked()
}

// judgeLocked records what a connection leaves unacknowledged, when it ends. A client that
// crashed or was cut is not guilty: only what it had for longer than its patience counts. At
// Close a client that is still connected is also guilty of what it skipped, and of what Settle
// waited for in vain.
func (s *Server) judgeLocked(c *conn, closing bool) {
	if c.device == nil || c.device.conn != c {
		return
	}
	for _, p := range c.device.pending {
		if p.conn != c {
			continue
		}
		age := time.Since(p.sentAt)
		if age > patience || (closing && (age >= settleTime || p.sentAt.Before(c.lastAck))) {
			s.offendLocked(NotAcknowledged, "%s %s %s after %v", p.node.Tag, p.kind, p.id, age.Round(time.Millisecond))
		}
	}
}
