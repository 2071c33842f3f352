package whatsapptest

import (
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/types"
)

// admit decides about a client that has introduced itself and reports whether its stanzas are
// to be read.
func (c *conn) admit(payload *waWa6.ClientPayload, static [32]byte) bool {
	if c.refuseVersion(payload) {
		return false
	}
	if payload.GetUsername() == 0 {
		c.checkBuildHash(payload)
		return c.offerPairing(payload.GetDevicePairingData(), static)
	}
	return c.login(payload, static)
}

// login lets a paired device in: the Noise key must be the one it was paired with.
func (c *conn) login(payload *waWa6.ClientPayload, static [32]byte) bool {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.breaks != nil && c.breaks.Failure != 0 {
		c.finish(waBinary.Node{Tag: "failure", Attrs: waBinary.Attrs{"reason": number(c.breaks.Failure), "location": "test"}})
		return false
	}
	if s.faults.failure != nil {
		c.finish(waBinary.Node{Tag: "failure", Attrs: s.faults.failure})
		return false
	}
	var l *linked
	if acct := s.accounts[number(int64(payload.GetUsername()))]; acct != nil {
		if d := acct.devices[uint16(payload.GetDevice())]; d != nil {
			l = d.linked
		}
	}
	if l == nil || l.noise != static {
		c.finish(waBinary.Node{Tag: "failure", Attrs: waBinary.Attrs{"reason": "401", "location": "test"}})
		return false
	}
	if other := l.conn; other != nil {
		other.finish(streamError("", "replaced"))
		s.leaveLocked(other)
	}
	c.device, l.conn = l, c
	s.stats.Logins++
	c.breakLaterLocked()
	c.send(waBinary.Node{Tag: "success", Attrs: waBinary.Attrs{
		"t": time.Now().Unix(), "lid": l.jid(types.HiddenUserServer), "location": "test",
		"creation": l.pairTime, "props": "1", "companion_enc_static": "",
	}})
	if !payload.GetPassive() {
		s.activateLocked(c)
	}
	return true
}

// activateLocked sends the offline queue, and from then on everything at once. It comes when
// the client said <active/>.
func (s *Server) activateLocked(c *conn) {
	if c.active || c.device.conn != c {
		return
	}
	c.active = true
	l := c.device
	counts := map[string]int{}
	for _, p := range l.pending {
		counts[p.node.Tag]++
	}
	ib := func(child waBinary.Node) {
		c.send(waBinary.Node{Tag: "ib", Attrs: waBinary.Attrs{"from": types.ServerJID}, Content: []waBinary.Node{child}})
	}
	ib(waBinary.Node{Tag: "offline_preview", Attrs: waBinary.Attrs{
		"count": len(l.pending), "message": counts["message"], "receipt": counts["receipt"],
		"notification": counts["notification"], "appdata": 0, "call": counts["call"],
	}})
	for _, p := range l.pending { // the oldest first: what is new comes after the backlog
		p.deliverLocked(c, true)
	}
	ib(waBinary.Node{Tag: "offline", Attrs: waBinary.Attrs{"count": len(l.pending)}})
	if !l.greeted {
		l.greeted = true
		s.enqueueLocked(func() { l.acct.phone.welcome(l) })
	}
}

// leaveLocked takes a connection away from its device.
func (s *Server) leaveLocked(c *conn) {
	if c.device != nil && c.device.conn == c {
		s.judgeLocked(c, false)
		c.device.conn = nil
	}
	s.changedLocked()
}

// dropConn forgets a connection that has ended.
func (s *Server) dropConn(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	c.judgeEarlyLocked()
	if c.pairing != nil {
		s.endPairingLocked(c.pairing, errPairingCut)
	}
	if !s.closed {
		s.leaveLocked(c)
	}
}
