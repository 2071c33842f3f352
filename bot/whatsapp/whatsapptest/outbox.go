package whatsapptest

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// text is something that a phone wrote.
type text struct {
	id       string
	to       *account
	words    string         // of most messages all there is; then content is nil, which saves much memory
	content  *waE2E.Message // else
	at       time.Time
	place    Place    // empty: for the recipient alone
	garbled  *garbled // nil: encrypted well
	withheld *string  // nil: for linked devices as well; else the reason why not
}

// Text writes to an account, given by its number in E.164: to each of its linked devices,
// encrypted, to its main phone, and to this account's other devices. It returns the message's
// ID at once. A device that is away gets it later, and a phone that is offline sends it when
// it is online. A number without an account is a mistake of the test and panics.
func (p *Phone) Text(to, body string) (id string) {
	return p.leave(text{words: body}, to)
}

// TextAs is [Phone.Text] under an ID of the sender's own choice: the server takes any, also one that
// somebody else has used.
func (p *Phone) TextAs(id, to, body string) {
	p.leave(text{id: id, words: body}, to)
}

// Write is [Phone.Text] for any content: a quoted text, a sticker, a message that disappears.
func (p *Phone) Write(to string, content *waE2E.Message) (id string) {
	return p.leave(text{content: proto.Clone(content).(*waE2E.Message)}, to)
}

// leave gives a message its ID, and sends it when the phone is online.
func (p *Phone) leave(t text, to string) (id string) {
	t, offline := p.prepare(t, to)
	if !offline {
		p.transmit(t)
	}
	return t.id
}

// prepare completes a message; that of a phone that is offline waits in it.
func (p *Phone) prepare(t text, to string) (ready text, offline bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	t.to = p.s.mustFindLocked(to)
	p.counter++
	sum := sha256.Sum256([]byte(p.hand.name + "/message/" + number(p.counter)))
	t.id, t.at = cmp.Or(t.id, fmt.Sprintf("3A%X", sum[:9])), time.Now()
	if t.garbled != nil {
		if p.garbled == nil {
			p.garbled = map[string]*garbled{}
		}
		p.garbled[t.id] = t.garbled
	}
	p.keepLocked(t.id, func(l *linked, count int, keys *bundle) { p.sendTo(l, t, count, keys) })
	if p.offline {
		p.unsent = append(p.unsent, func() { p.transmit(t) })
	}
	return t, p.offline
}

// keepLocked remembers how to send a message once more, for clients that could not decrypt it.
func (p *Phone) keepLocked(id string, again resend) {
	if p.written == nil {
		p.written = map[string]resend{}
	}
	p.written[id] = again
}

// resend encrypts a message for a client once more; count is that of the retry, and keys are
// those that came with it.
type resend func(l *linked, count int, keys *bundle)

// transmit sends a text to every device that is to have it.
func (p *Phone) transmit(t text) {
	p.s.mu.Lock()
	recipients := t.to.order()
	if t.place == "" {
		p.giveTokenLocked(t.to) // first, so that an answer can carry it
		if p.fileChatLocked(t, t.to, true); t.to != p.acct {
			recipients = append(recipients, p.acct.order()...)
		}
	}
	for _, d := range recipients {
		if d.phone != nil && d.phone != p {
			p.s.giveLocked(d.phone, func() { d.phone.file(p, t) })
		}
	}
	p.s.mu.Unlock()
	for _, d := range recipients {
		if d.linked != nil {
			p.sendTo(d.linked, t, 0, nil)
		}
	}
}

// file keeps and shows what another simulated handset wrote; between handsets nothing is encrypted.
func (p *Phone) file(author *Phone, t text) {
	message, _ := p.s.read(t.message())
	message.ID, message.At = t.id, t.at
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	message.From, message.FromLID = author.Number(), author.acct.lid
	own, other := author.acct == p.acct, author.acct
	if t.garbled != nil && t.garbled.deaf && !own {
		return
	}
	if own {
		message.To, other = "+"+t.to.number, t.to
	}
	if t.place != "" {
		p.fileChatLocked(t, other, own)
		return
	}
	if p.fileLocked(message, own) {
		p.fileChatLocked(t, other, own)
		p.changedLocked()
	}
}

// sendTo encrypts a text for a real client and posts it; count is that of a retry, and keys
// are those that came with it.
func (p *Phone) sendTo(l *linked, t text, count int, keys *bundle) {
	if t.place != "" {
		p.sendIn(l, t, count, keys)
		return
	}
	if t.withheld != nil && l.acct != p.acct {
		p.sendNotice(l, t)
		return
	}
	content := t.message()
	if l.acct == p.acct {
		p.s.mu.Lock()
		to := t.to.jid(types.HiddenUserServer, 0).String()
		p.s.mu.Unlock()
		content = &waE2E.Message{
			DeviceSentMessage:  &waE2E.DeviceSentMessage{DestinationJID: &to, Message: content},
			MessageContextInfo: content.GetMessageContextInfo(),
		}
	}
	p.encrypt(l, content, keys, func() { p.sendTo(l, t, count, keys) }, func(enc waBinary.Node) waBinary.Node {
		attrs := messageAttrs(p.acct, p.id, p.space(), t.id, t.at)
		dress(attrs, enc.Attrs, content, count)
		p.addressLocked(attrs, l, t.to)
		if t.garbled != nil && count == 0 {
			enc.Content = spoil(contentBytes(enc))
		}
		return waBinary.Node{Tag: "message", Attrs: attrs, Content: []waBinary.Node{enc}}
	})
}

// dress adds the attributes that tell of the content, to a stanza and its payload, and the count of a retry.
func dress(stanza, enc waBinary.Attrs, content *waE2E.Message, count int) {
	stanza["type"] = stanzaType(content)
	if mark := editMark(content); mark != "" {
		stanza["edit"] = mark
	}
	if kind := mediaType(content); kind != "" {
		enc["mediatype"] = kind
	}
	if hidden(content) {
		enc["decrypt-fail"] = "hide"
	}
	if count > 0 {
		enc["count"] = count
	}
}

// encrypt makes a payload for a client and posts the stanza that wrap makes of it, as one
// step, so that a client gets messages in the order of their counters. While the client has
// uploaded no keys, again is kept for later.
func (p *Phone) encrypt(l *linked, content *waE2E.Message, keys *bundle, again func(), wrap func(waBinary.Node) waBinary.Node) {
	plain, err := proto.Marshal(content)
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err))
	}
	p.hand.mu.Lock()
	defer p.hand.mu.Unlock()
	if keys == nil && !p.hand.hasSessionLocked(l) {
		p.s.mu.Lock()
		if keys = p.s.handOutLocked(l); keys == nil {
			l.deferred = append(l.deferred, again)
			p.s.mu.Unlock()
			return
		}
		p.s.mu.Unlock()
	}
	ciphertext, opens, err := p.hand.encryptLocked(p.s.ctx, l, keys, pad(plain))
	if err != nil {
		p.s.offend(BadSignature, "no session can be opened with a client's keys: %v", err)
		return
	}
	enc := waBinary.Node{Tag: "enc", Attrs: waBinary.Attrs{"v": "2", "type": "msg"}, Content: ciphertext}
	if opens {
		enc.Attrs["type"] = "pkmsg"
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	stanza := wrap(enc)
	if opens && p.adv != nil {
		stanza.Content = append(stanza.GetChildren(), waBinary.Node{Tag: "device-identity", Content: p.adv})
	}
	p.s.postLocked(l, stanza)
}

// messageAttrs are the attributes that every message to a client has.
func messageAttrs(from *account, device uint16, space, id string, at time.Time) waBinary.Attrs {
	return waBinary.Attrs{"from": from.jid(space, device), "id": id, "t": at.Unix(), "type": "text"}
}

// space is the address space that this phone writes from.
func (p *Phone) space() string {
	if p.style == byNumber || p.style == numberOnly {
		return types.DefaultUserServer
	}
	return types.HiddenUserServer
}

// addressLocked adds the attributes that depend on who writes how to whom.
func (p *Phone) addressLocked(attrs waBinary.Attrs, l *linked, to *account) {
	if l.acct == p.acct {
		attrs["recipient"] = to.jid(types.HiddenUserServer, 0)
		attrs["peer_recipient_pn"] = to.jid(types.DefaultUserServer, 0)
		return
	}
	if p.name != "" {
		attrs["notify"] = p.name
	}
	switch p.style {
	case byLID:
		attrs["addressing_mode"], attrs["sender_pn"] = "lid", p.acct.jid(types.DefaultUserServer, 0)
	case byNumber:
		attrs["addressing_mode"], attrs["sender_lid"] = "pn", p.acct.jid(types.HiddenUserServer, 0)
	case lidOnly:
		attrs["addressing_mode"] = "lid"
	case numberOnly:
		attrs["addressing_mode"] = "pn"
	}
}

// giveTokenLocked issues the trust token that goes with the first message to an account.
func (p *Phone) giveTokenLocked(to *account) {
	if to == p.acct || p.acct.tokens[to.number] != nil {
		return
	}
	token := make([]byte, 16)
	_, _ = rand.Read(token) // never fails
	if p.acct.tokens == nil {
		p.acct.tokens = map[string][]byte{}
	}
	p.acct.tokens[to.number] = token
	from, attrs := p.acct.jid(p.space(), 0), waBinary.Attrs{}
	if p.style == byNumber || p.style == byLID {
		from, attrs["sender_lid"] = p.acct.jid(types.DefaultUserServer, 0), p.acct.jid(types.HiddenUserServer, 0)
	}
	for _, l := range to.linkedDevices() {
		p.s.notifyLocked(l, "privacy_token", from, attrs, waBinary.Node{Tag: "tokens", Content: []waBinary.Node{{
			Tag: "token", Attrs: waBinary.Attrs{"type": "trusted_contact", "t": time.Now().Unix()}, Content: token,
		}}})
	}
}

// identityChangedLocked tells the clients of an account that somebody has set their phone up
// again.
func (s *Server) identityChangedLocked(p *Phone, to *account) {
	for _, l := range to.linkedDevices() {
		s.notifyLocked(l, "encrypt", p.acct.jid(types.DefaultUserServer, p.id), nil, waBinary.Node{Tag: "identity"})
	}
}

func marshalIdentity(identity *waAdv.ADVSignedDeviceIdentity) []byte {
	content, err := proto.Marshal(identity)
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // a message of four byte strings always marshals
	}
	return content
}
