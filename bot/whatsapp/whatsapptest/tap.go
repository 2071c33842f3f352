package whatsapptest

import (
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// tap is what a test listens with.
type tap struct {
	stanza  func(*waBinary.Node)
	content func(to *Phone, id string, message *waE2E.Message)
}

// Tap lets a test compare what clients send: stanza is called with every stanza of a linked client as it came over the
// wire, and content with every message that a phone could decrypt, as it was before anything was taken out of it. They are
// called one at a time each, on the server's goroutines, and may keep what they get. Nil hears nothing.
func (s *Server) Tap(stanza func(*waBinary.Node), content func(to *Phone, id string, message *waE2E.Message)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.tap = tap{stanza, content}
}

func (c *conn) tapStanza(node *waBinary.Node) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if hear := c.s.faults.tap.stanza; hear != nil && c.device != nil {
		hear(node)
	}
}

func (p *Phone) tapContent(d *delivery, message *waE2E.Message) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if hear := p.s.faults.tap.content; hear != nil {
		hear(p, d.id, proto.Clone(message).(*waE2E.Message))
	}
}
