package whatsapptest

import (
	"slices"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// sent is a message stanza of a client on its way to the phones. All its copies share it, so
// that the phones can compare.
type sent struct {
	from   *linked
	id     string
	to     types.JID
	kind   string // the stanza's type
	edit   string // the stanza's mark of an edit or a deletion
	at     time.Time
	count  int  // of an answer to a retry, else 0
	peer   bool // for the client's own phone, about the two of them
	strays int  // payloads for devices that were unlinked
	copies *copies
	epoch  int // how often all files had expired
}

// envelope is one encrypted payload of a stanza.
type envelope struct {
	device     *device
	ciphertext []byte
	prekey     bool   // it opens a session
	mediaType  string // empty for words
	onFailure  string // what a device that cannot read it is to do
}

// handleMessage takes a message from a client: it checks the stanza, acks it, and gives each
// device its payload.
func (c *conn) handleMessage(node *waBinary.Node) {
	m := &sent{from: c.device, id: attrString(node, "id"), to: attrJID(node, "to"), at: time.Now(), copies: &copies{}}
	m.kind, m.edit = attrString(node, "type"), attrString(node, "edit")
	m.peer = attrString(node, "category") == "peer"
	code, stalled := c.s.askTest(m)

	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Messages++
	m.epoch = s.epoch
	if m.id == "" || (m.to.Server != types.HiddenUserServer && m.to.Server != types.DefaultUserServer) || m.to.User == "" {
		s.offendLocked(Malformed, "a message without id, or to something that is no person")
		code = 400
	}
	if code == 0 && c.refuseStaleLocked(m) {
		return
	}
	var envelopes []envelope
	attrs := waBinary.Attrs{}
	if code == 0 {
		var ok bool
		if envelopes, ok = c.openLocked(node, m, s.findLocked(m.to), attrs); !ok {
			code = 479
		}
	}
	if code != 0 {
		s.stats.Refused++
		c.ackLocked(m, waBinary.Attrs{"error": code})
		return
	}
	if stalled {
		c.device.withheld = append(c.device.withheld, ackOf(m, attrs))
	} else {
		c.ackLocked(m, attrs) // before the phones may send receipts
	}
	s.noteContactLocked(m)
	m.copies.expect(len(envelopes) > 1)
	for _, e := range envelopes {
		if e.device.phone != nil {
			s.deliverLocked(e.device.phone, &delivery{sent: m, envelope: e})
		} else {
			s.forwardLocked(m, e)
		}
	}
}

// noteContactLocked remembers whom an account wrote to: they hear of each other's new devices.
func (s *Server) noteContactLocked(m *sent) {
	if to := s.findLocked(m.to); to != nil && to != m.from.acct {
		if m.from.acct.wrote == nil {
			m.from.acct.wrote = map[string]bool{}
		}
		m.from.acct.wrote[to.number] = true
	}
}

// askTest asks the functions that a test has set about a message, without the lock, so that
// they may use the server.
func (s *Server) askTest(m *sent) (code int, stalled bool) {
	s.mu.Lock()
	refuse, stall, recipient := s.faults.refuse, s.faults.stall, s.findLocked(m.to)
	s.mu.Unlock()
	if recipient == nil {
		return 0, false
	}
	if refuse != nil {
		if code = refuse(recipient.phone, m.id); code != 0 {
			return code, false
		}
	}
	return 0, stall != nil && stall(recipient.phone, m.id)
}

func (c *conn) ackLocked(m *sent, more waBinary.Attrs) { c.send(ackOf(m, more)) }

// openLocked reads the payloads of a stanza and checks whom they are for. It adds to the
// attributes of the ack.
func (c *conn) openLocked(node *waBinary.Node, m *sent, recipient *account, ack waBinary.Attrs) (list []envelope, ok bool) {
	c.checkAddressesLocked(node, recipient)
	if enc, single := node.GetOptionalChildByTag("enc"); single {
		list, ok = c.openSingleLocked(&enc, node, m, recipient)
	} else {
		list, ok = c.openManyLocked(node, m, recipient)
	}
	if !ok {
		return nil, false
	}
	opens := slices.ContainsFunc(list, func(e envelope) bool { return e.prekey })
	shown, present := node.GetOptionalChildByTag("device-identity")
	if opens != present {
		c.s.offendLocked(BadIdentity, "device-identity beside the payloads: %v, needed: %v", present, opens)
		return nil, false
	}
	if present && !sameIdentity(m.from.adv, contentBytes(shown)) {
		c.s.offendLocked(BadIdentity, "a device-identity other than the registered one")
		return nil, false
	}
	if m.count == 0 && !m.peer {
		if hash := c.s.compareDevicesLocked(m, recipient, list); hash != "" {
			ack["phash"] = hash
		}
	}
	return list, true
}

// checkAddressesLocked checks the number and the trust token that stand beside the address.
func (c *conn) checkAddressesLocked(node *waBinary.Node, recipient *account) {
	if pn := attrJID(node, "peer_recipient_pn"); pn.User != "" && (recipient == nil || pn.User != recipient.number) {
		c.s.offendLocked(WrongAddress, "peer_recipient_pn is not the number of the LID in to")
	}
	token, present := node.GetOptionalChildByTag("tctoken")
	if present && (recipient == nil || string(contentBytes(token)) != string(recipient.tokens[c.device.acct.number])) {
		c.s.offendLocked(BadToken, "a message to an account that gave another token, or none")
	}
}

// openSingleLocked reads a message to the own phone (category peer), or one that a phone asked
// for again.
func (c *conn) openSingleLocked(enc, node *waBinary.Node, m *sent, recipient *account) ([]envelope, bool) {
	if recipient == nil {
		c.s.offendLocked(UnknownDevice, "a single payload for nobody")
		return nil, false
	}
	e, ok := c.openEncLocked(m, enc, recipient, m.to)
	if !ok {
		return nil, false
	}
	if m.peer {
		if recipient != m.from.acct || m.to.Device != 0 {
			c.s.offendLocked(Malformed, "a peer message to somebody else")
			return nil, false
		}
		return []envelope{e}, true
	}
	key := retryKey{m.id, recipient.number, m.to.Device}
	if m.from.asked[key] == 0 {
		c.s.offendLocked(UnaskedRetry, "message %s for one device", m.id)
		return nil, false
	}
	m.from.asked[key]--
	if m.count = attrInt(enc, "count"); m.count < 1 || m.count > maxRetries {
		c.s.offendLocked(Malformed, "a repeated message without the count of the retry")
		return nil, false
	}
	if to := attrJID(node, "recipient"); to.User != "" {
		m.to = to
	}
	return []envelope{e}, true
}

// openManyLocked reads the participants of an ordinary message.
func (c *conn) openManyLocked(node *waBinary.Node, m *sent, recipient *account) ([]envelope, bool) {
	if m.to.Device != 0 {
		c.s.offendLocked(Malformed, "a message to one device with participants")
		return nil, false
	}
	if _, present := node.GetOptionalChildByTag("participants"); !present {
		c.s.offendLocked(Malformed, "a message without payload")
		return nil, false
	}
	var list []envelope
	seen := map[*device]bool{}
	participants := node.GetChildByTag("participants")
	for _, to := range participants.GetChildren() {
		jid := attrJID(&to, "jid")
		acct := c.s.findLocked(jid)
		if to.Tag != "to" || acct == nil || (acct != recipient && acct != m.from.acct) {
			c.s.offendLocked(UnknownDevice, "a payload for an account that is not part of the chat")
			return nil, false
		}
		if acct == m.from.acct && jid.Device == m.from.id {
			c.s.offendLocked(OwnDevice, "message %s", m.id)
			return nil, false
		}
		if acct.devices[jid.Device] == nil && jid.Device <= acct.highest {
			m.strays++ // it was unlinked; phash tells the client
			continue
		}
		enc := to.GetChildByTag("enc")
		e, ok := c.openEncLocked(m, &enc, acct, jid)
		if !ok {
			return nil, false
		}
		if seen[e.device] {
			c.s.offendLocked(Malformed, "two payloads for one device")
			return nil, false
		}
		seen[e.device] = true
		list = append(list, e)
	}
	if own := m.from.acct.phone; !seen[own.device()] && !own.noKeys {
		c.s.offendLocked(MissingCopy, "message %s", m.id)
	}
	return list, true
}

func (c *conn) openEncLocked(m *sent, enc *waBinary.Node, acct *account, jid types.JID) (envelope, bool) {
	d := acct.devices[jid.Device]
	if d == nil {
		c.s.offendLocked(UnknownDevice, "device %d of an account with devices up to %d", jid.Device, acct.highest)
		return envelope{}, false
	}
	kind, ciphertext := attrString(enc, "type"), contentBytes(*enc)
	if enc.Tag != "enc" || attrString(enc, "v") != "2" || (kind != "pkmsg" && kind != "msg") || len(ciphertext) == 0 {
		c.s.offendLocked(Malformed, "a payload of type %q", kind)
		return envelope{}, false
	}
	e := envelope{device: d, ciphertext: ciphertext, prekey: kind == "pkmsg",
		mediaType: attrString(enc, "mediatype"), onFailure: attrString(enc, "decrypt-fail")}
	c.countLocked(m, e)
	return e, true
}

// compareDevicesLocked returns the phash for the ack when the client did not address exactly
// the devices there are, else "".
func (s *Server) compareDevicesLocked(m *sent, recipient *account, list []envelope) string {
	accounts := []*account{m.from.acct}
	if recipient != nil && recipient != m.from.acct && !recipient.gone {
		accounts = append(accounts, recipient)
	}
	all := deviceJIDs(m.to.Server, accounts...)
	if len(all)-1 == len(list) && m.strays == 0 { // each is an existing device other than the sending one, and none comes twice
		return ""
	}
	return participantHash(all)
}

// forwardLocked passes a payload on to another real client.
func (s *Server) forwardLocked(m *sent, e envelope) {
	kind := "msg"
	if e.prekey {
		kind = "pkmsg"
	}
	enc := waBinary.Node{Tag: "enc", Attrs: waBinary.Attrs{"v": "2", "type": kind}, Content: e.ciphertext}
	if m.count > 0 {
		enc.Attrs["count"] = m.count
	}
	passOn(enc.Attrs, "mediatype", e.mediaType)
	passOn(enc.Attrs, "decrypt-fail", e.onFailure)
	node := waBinary.Node{Tag: "message", Attrs: messageAttrs(m.from.acct, m.from.id, m.to.Server, m.id, m.at), Content: []waBinary.Node{enc}}
	if e.prekey {
		node.Content = append(node.GetChildren(), waBinary.Node{Tag: "device-identity", Content: marshalIdentity(m.from.adv)})
	}
	node.Attrs["type"] = m.kind
	passOn(node.Attrs, "edit", m.edit)
	switch {
	case e.device.acct == m.from.acct:
		node.Attrs["recipient"] = m.to
	case m.to.Server == types.HiddenUserServer:
		node.Attrs["addressing_mode"], node.Attrs["sender_pn"] = "lid", m.from.acct.jid(types.DefaultUserServer, 0)
	default:
		node.Attrs["addressing_mode"], node.Attrs["sender_lid"] = "pn", m.from.acct.jid(types.HiddenUserServer, 0)
	}
	s.postLocked(e.device.linked, node)
}

// passOn sets an attribute that a client has set.
func passOn(attrs waBinary.Attrs, key, value string) {
	if value != "" {
		attrs[key] = value
	}
}
