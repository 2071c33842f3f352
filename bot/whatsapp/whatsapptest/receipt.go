package whatsapptest

import (
	"maps"
	"slices"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// handleReceipt takes a receipt from a client: it acknowledges the message, may report it to
// its author, or ask for it again.
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
		c.acknowledgeLocked(func(p *pending) bool {
			// What is said beside it of a peer message, as that its history is being read, leaves it on the server.
			return p.node.Tag == "message" && p.id == each && p.user == to.User && (!p.peer() || kind == "peer_msg")
		})
	}
	attrs := waBinary.Attrs{"class": "receipt", "id": id, "from": to, "t": time.Now().Unix()}
	if kind != "" {
		attrs["type"] = kind
	}
	c.send(waBinary.Node{Tag: "ack", Attrs: attrs})
	author := to
	if isPlace(to) {
		author = attrJID(node, "participant")
	}
	switch {
	case to.Server == types.NewsletterServer, s.stale[author.User] != nil: // nobody wants to know, or is there any more
	case s.findLocked(author) == nil:
		s.offendLocked(WrongAddress, "a receipt to an account that does not exist")
	default:
		c.passLocked(kind, author, ids, attrs, node)
	}
}

// passLocked gives a receipt to whom it concerns.
func (c *conn) passLocked(kind string, author types.JID, ids []string, ack waBinary.Attrs, node *waBinary.Node) {
	switch kind {
	case "retry":
		c.s.passRetryLocked(c.device, author, ids[0], node)
	case "", "inactive":
		c.s.passReceiptLocked(c.device, author, ids, ack)
	case "read", "read-self":
		c.s.markReadLocked(c.device, author, ids, ack)
	case "sender", "peer_msg", "hist_sync", "played", "server-error": // nothing that a test could want to see
	default:
		c.s.offendLocked(Malformed, "a receipt of type %q", kind)
	}
}

// passReceiptLocked tells the author's devices that a client has got or read a message.
func (s *Server) passReceiptLocked(reader *linked, to types.JID, ids []string, ack waBinary.Attrs) {
	author := s.findLocked(to)
	for _, d := range author.order() {
		switch {
		case author == reader.acct: // a copy among own devices is nobody's business
		case d.phone != nil:
			read := ack["type"] == "read"
			s.enqueueLocked(func() { d.phone.noteReceipt(ids, read) })
		default:
			for _, id := range ids {
				attrs := maps.Clone(ack)
				delete(attrs, "class")
				attrs["from"], attrs["id"] = reader.jid(to.Server), id
				s.postLocked(d.linked, waBinary.Node{Tag: "receipt", Attrs: attrs})
			}
		}
	}
}

// passRetryLocked asks the device that sent a message to encrypt it again for a client.
func (s *Server) passRetryLocked(reader *linked, to types.JID, id string, receipt *waBinary.Node) {
	d := s.findLocked(to).devices[to.Device]
	switch {
	case d == nil: // unlinked meanwhile
	case d.phone != nil:
		retry := *receipt
		s.giveLocked(d.phone, func() { d.phone.repeat(reader, &retry) })
	default:
		attrs := maps.Clone(receipt.Attrs)
		delete(attrs, "to")
		attrs["from"], attrs["t"] = reader.jid(to.Server), time.Now().Unix()
		s.postRetryLocked(d.linked, waBinary.Node{Tag: "receipt", Attrs: attrs, Content: receipt.Content}, retryKey{id, reader.acct.number, reader.id})
	}
}

// receiptLocked tells all linked devices of an account what a handset did with messages: ""
// is delivered, "read" is read.
func (s *Server) receiptLocked(p *Phone, author *account, space, kind string, ids ...string) {
	for _, l := range author.linkedDevices() {
		attrs := waBinary.Attrs{"from": p.acct.jid(space, p.id), "id": ids[0], "t": time.Now().Unix()}
		if kind != "" {
			attrs["type"] = kind
		}
		node := waBinary.Node{Tag: "receipt", Attrs: attrs}
		if len(ids) > 1 {
			var items []waBinary.Node
			for _, id := range ids[1:] {
				items = append(items, waBinary.Node{Tag: "item", Attrs: waBinary.Attrs{"id": id}})
			}
			node.Content = []waBinary.Node{{Tag: "list", Content: items}}
		}
		s.postLocked(l, node)
	}
}

// senderReceiptLocked tells the device that sent a message that this other device of its account has the copy. It is the
// sign of life of an account's own phone.
func (s *Server) senderReceiptLocked(p *Phone, d *delivery) {
	s.postLocked(d.from, waBinary.Node{Tag: "receipt", Attrs: waBinary.Attrs{
		"from": p.acct.jid(d.to.Server, p.id), "recipient": d.to.ToNonAD(), "id": d.id, "t": time.Now().Unix(), "type": "sender",
	}})
}

// Confirm sends one receipt for messages of one sender that were shown: read, or else that they
// arrived, which phones say by themselves and may say again. It comes from the LID, or from the
// number after [Phone.ByNumber]. Unknown IDs are left out.
func (p *Phone) Confirm(read bool, ids ...string) {
	kind := ""
	if read {
		kind = "read"
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	var known []string
	var author *account
	for _, message := range p.shown {
		if slices.Contains(ids, message.ID) {
			known, author = append(known, message.ID), p.s.accounts[digits(message.From)]
		}
	}
	if author != nil {
		p.s.receiptLocked(p, author, p.space(), kind, known...)
	}
}

// KeepQuiet lets the phone send no receipt by itself, as one whose receipts are late.
func (p *Phone) KeepQuiet() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.quiet = true
}

// askAgainLocked sends a retry receipt: the handset could not decrypt and shows new keys.
func (s *Server) askAgainLocked(p *Phone, d *delivery, count int, b *bundle) {
	l := d.from
	attrs := waBinary.Attrs{"from": p.acct.jid(d.to.Server, p.id), "id": d.id, "t": time.Now().Unix(), "type": "retry"}
	if p.acct == l.acct {
		attrs["recipient"] = d.to
	}
	passOn(attrs, "edit", d.edit)
	s.postRetryLocked(l, waBinary.Node{Tag: "receipt", Attrs: attrs, Content: []waBinary.Node{
		{Tag: "retry", Attrs: waBinary.Attrs{"count": count, "id": d.id, "t": d.at.Unix(), "v": 1}},
		b.registrationNode(),
		{Tag: "keys", Content: b.nodes()},
	}}, retryKey{d.id, p.acct.number, p.id})
}
