package whatsapptest

import (
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
)

// handleReceipt takes a receipt from a client: it acknowledges the message, may report it to its author, or ask for it again.
func (c *conn) handleReceipt(node *waBinary.Node) {
	s := c.s
	id, to, kind := attrString(node, "id"), attrJID(node, "to"), attrString(node, "type")
	if id == "" || to.User == "" {
		s.offend(Malformed, "a receipt without id or to")
		return
	}
	ids := []string{id}
	list := node.GetChildByTag("list")
	for _, item := range list.GetChildren() {
		ids = append(ids, attrString(&item, "id"))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, each := range ids {
		c.acknowledgeLocked(func(p *pending) bool { return p.node.Tag == "message" && p.id == each && p.user == to.User })
	}
	attrs := waBinary.Attrs{"class": "receipt", "id": id, "from": to, "t": time.Now().Unix()}
	if kind != "" {
		attrs["type"] = kind
	}
	c.send(waBinary.Node{Tag: "ack", Attrs: attrs})
	acct := s.findLocked(to)
	if acct == nil {
		s.offendLocked(WrongAddress, "a receipt to an account that does not exist")
		return
	}
	d := acct.devices[to.Device]
	if d == nil || d.phone == nil {
		return
	}
	l := c.device
	switch kind {
	case "retry":
		retry := *node
		s.enqueueLocked(func() { d.phone.repeat(l, &retry) })
	case "", "inactive", "read":
		s.enqueueLocked(func() { d.phone.noteReceipt(ids) })
	}
}

// receiptLocked tells all linked devices of an account what a handset did with a message: "" is delivered, "read" is read.
func (s *Server) receiptLocked(p *Phone, author *account, space, id, kind string) {
	for _, l := range author.linkedDevices() {
		attrs := waBinary.Attrs{"from": p.acct.jid(space, p.id), "id": id, "t": time.Now().Unix()}
		if kind != "" {
			attrs["type"] = kind
		}
		s.postLocked(l, waBinary.Node{Tag: "receipt", Attrs: attrs})
	}
}

// askAgainLocked sends a retry receipt: the handset could not decrypt and shows new keys.
func (s *Server) askAgainLocked(p *Phone, d *delivery, count int, b *bundle) {
	l := d.from
	l.asked[retryKey{d.id, p.acct.number, p.id}]++
	attrs := waBinary.Attrs{"from": p.acct.jid(d.to.Server, p.id), "id": d.id, "t": time.Now().Unix(), "type": "retry"}
	if p.acct == l.acct {
		attrs["recipient"] = d.to
	}
	s.postLocked(l, waBinary.Node{Tag: "receipt", Attrs: attrs, Content: []waBinary.Node{
		{Tag: "retry", Attrs: waBinary.Attrs{"count": count, "id": d.id, "t": d.at.Unix(), "v": 1}},
		b.registrationNode(),
		{Tag: "keys", Content: b.nodes()},
	}})
}
