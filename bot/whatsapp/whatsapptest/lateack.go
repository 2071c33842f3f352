package whatsapptest

import waBinary "go.mau.fi/whatsmeow/binary"

// ReleaseAcks sends the acks that a staller has withheld ([Server.SetAckStaller]), in order,
// to each client that is connected now, perhaps on another connection than the message came
// by. A client may have given the message up, or sent it again, in the meantime. Acks for a
// client that is away stay withheld.
func (s *Server) ReleaseAcks() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.device == nil || c.device.conn != c {
			continue
		}
		for _, ack := range c.device.withheld {
			c.send(ack)
		}
		c.device.withheld = nil
	}
}

// ackOf is what a client is told of a message that was taken, or refused with an error.
func ackOf(m *sent, more waBinary.Attrs) waBinary.Node {
	attrs := waBinary.Attrs{"class": "message", "id": m.id, "from": m.to, "t": m.at.Unix()}
	for key, value := range more {
		attrs[key] = value
	}
	return waBinary.Node{Tag: "ack", Attrs: attrs}
}
