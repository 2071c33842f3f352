package whatsapptest

import (
	"context"
	"fmt"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// call is a phone that rings.
type call struct {
	id       string
	from     *Phone
	to       *account
	creator  types.JID // the caller's address, as the offer names it
	rejected int
	over     bool
}

// Call rings an account, given by its number in E.164: its linked devices get an offer, without keys and sound. It rings
// until it is rejected or [Phone.HangUp]. A call to a client that is away waits for it like a message. A number without
// an account is a mistake of the test and panics.
func (p *Phone) Call(to string) (callID string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	s := p.s
	acct := s.mustFindLocked(to)
	p.counter++
	c := &call{id: fmt.Sprintf("%032X", p.counter) + s.newIDLocked(), from: p, to: acct, creator: p.acct.jid(p.space(), p.id)}
	if s.calls == nil {
		s.calls = map[string]*call{}
	}
	s.calls[c.id] = c
	s.ringLocked(c, waBinary.Node{Tag: "offer", Content: []waBinary.Node{
		{Tag: "audio", Attrs: waBinary.Attrs{"enc": "opus", "rate": "16000"}},
		{Tag: "net", Attrs: waBinary.Attrs{"medium": "3"}},
		{Tag: "encopt", Attrs: waBinary.Attrs{"keygen": "2"}},
	}})
	return c.id
}

// HangUp ends a call that this phone has made. An unknown or ended one is ignored.
func (p *Phone) HangUp(callID string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if c := p.s.calls[callID]; c != nil && c.from == p {
		p.s.endCallLocked(c, "")
	}
}

// Rejected counts how often linked devices have rejected a call that this phone made.
func (p *Phone) Rejected(callID string) int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if c := p.s.calls[callID]; c != nil {
		return c.rejected
	}
	return 0
}

// AwaitRejected waits until a call that this phone made is rejected. The error wraps the context's.
func (p *Phone) AwaitRejected(ctx context.Context, callID string) error {
	if err := p.await(ctx, func() bool { c := p.s.calls[callID]; return c != nil && c.rejected > 0 }); err != nil {
		return fmt.Errorf("whatsapptest: call %s is not rejected: %w", callID, err)
	}
	return nil
}

// ringLocked posts a word about a call to the linked devices of who is called.
func (s *Server) ringLocked(c *call, word waBinary.Node) {
	attrs := waBinary.Attrs{"call-id": c.id, "call-creator": c.creator}
	if word.Attrs != nil {
		attrs["reason"] = word.Attrs["reason"]
	}
	switch c.from.style {
	case byLID:
		attrs["caller_pn"] = c.from.acct.jid(types.DefaultUserServer, 0)
	case byNumber:
		attrs["caller_lid"] = c.from.acct.jid(types.HiddenUserServer, 0)
	}
	word.Attrs = attrs
	for _, l := range c.to.linkedDevices() {
		s.postLocked(l, waBinary.Node{Tag: "call", Attrs: waBinary.Attrs{
			"from": c.creator, "id": s.newIDLocked(), "t": time.Now().Unix(), "platform": "android", "version": "2.26.30.70", "notify": c.from.name,
		}, Content: []waBinary.Node{word}})
	}
}

// endCallLocked tells the linked devices that it rings no more.
func (s *Server) endCallLocked(c *call, reason string) {
	if c.over {
		return
	}
	c.over = true
	s.ringLocked(c, waBinary.Node{Tag: "terminate", Attrs: waBinary.Attrs{"reason": reason}})
}

// handleCall takes what a client says about a call: only that it does not take it.
func (c *conn) handleCall(node *waBinary.Node) {
	s := c.s
	id, to, from := attrString(node, "id"), attrJID(node, "to"), attrJID(node, "from")
	children := node.GetChildren()
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" || to.User == "" || len(children) != 1 {
		s.offendLocked(Malformed, "a call stanza without id or to, or with %d children", len(children))
		return
	}
	if children[0].Tag != "reject" {
		s.offendLocked(UnknownStanza, "call %s", children[0].Tag)
		return
	}
	c.send(waBinary.Node{Tag: "ack", Attrs: waBinary.Attrs{"class": "call", "id": id, "from": to, "type": "reject", "t": time.Now().Unix()}})
	callID, creator := attrString(&children[0], "call-id"), attrJID(&children[0], "call-creator")
	ringing := s.calls[callID]
	switch {
	case ringing == nil || ringing.to != c.device.acct:
		s.offendLocked(Malformed, "a rejection of a call that nobody made to this account")
	case to.ToNonAD() != ringing.creator.ToNonAD() || creator.ToNonAD() != ringing.creator.ToNonAD():
		s.offendLocked(WrongAddress, "a rejection to, or with the call-creator of, somebody who does not call")
	case from.User != "" && s.findLocked(from) != c.device.acct:
		s.offendLocked(WrongAddress, "a rejection in the name of another account")
	default:
		ringing.rejected++
		ringing.from.changedLocked()
		s.endCallLocked(ringing, "rejected_elsewhere")
	}
}
