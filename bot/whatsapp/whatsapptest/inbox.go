package whatsapptest

import (
	"bytes"
	"errors"

	"go.mau.fi/libsignal/signalerror"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// maxRetries is how often a phone asks for the same message again.
const maxRetries = 5

// delivery is an encrypted payload on its way to one handset.
type delivery struct {
	*sent
	envelope
}

// deliverLocked hands a payload to a handset, or keeps it until the handset is online.
func (s *Server) deliverLocked(p *Phone, d *delivery) {
	s.giveLocked(p, func() { p.receive(d) })
}

func (s *Server) giveLocked(p *Phone, task func()) {
	if p.offline {
		p.backlog = append(p.backlog, task)
		return
	}
	s.enqueueLocked(task)
}

// receive decrypts a payload, shows the message once and sends the receipt. It runs on the
// phones' worker.
func (p *Phone) receive(d *delivery) {
	padded, err := p.hand.decrypt(p.s.ctx, d.from, d.ciphertext, d.envelope.prekey)
	switch {
	case errors.Is(err, signalerror.ErrOldCounter):
		p.ignore(d)
		return
	case err != nil:
		p.complain(d, err)
		return
	}
	message, err := unpad(padded)
	if err != nil {
		p.s.offend(BadPadding, "message %s: %v", d.id, err)
		return
	}
	content := &waE2E.Message{}
	if err = proto.Unmarshal(message, content); err != nil {
		p.s.offend(BadPlaintext, "message %s is no protobuf", d.id)
		return
	}
	p.tapContent(d, content)
	if d.peer {
		p.answerPeer(d, content)
		return
	}
	if content = p.unwrap(d, content); content != nil {
		p.show(d, content)
	}
}

// ignore confirms a ciphertext whose key is used up. Usually it is the identical one that came
// again; a client that used a counter for two messages has lost the second, as it would with a
// real phone.
func (p *Phone) ignore(d *delivery) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	switch {
	case p.seen["+"+d.from.acct.number+" "+d.id] != 0:
		p.repeats++
	case d.from.acct == p.acct: // the library may do so while its phone writes to it; nobody misses the copy
		p.s.stats.LostCopies++
		p.missLocked(d)
	default:
		p.s.offendLocked(CounterReused, "message %s is lost", d.id)
	}
	p.confirmLocked(d)
}

// unpad takes off the padding. WhatsApp's own clients and whatsmeow add up to 15 bytes, other
// clients 16.
func unpad(padded []byte) ([]byte, error) {
	count := 0
	if len(padded) > 0 {
		count = int(padded[len(padded)-1])
	}
	if count < 1 || count > 16 || !bytes.HasSuffix(padded, bytes.Repeat([]byte{byte(count)}, count)) {
		return nil, errors.New("the padding is not 1 to 16 bytes of their number")
	}
	return padded[:len(padded)-count], nil
}

func pad(message []byte) []byte {
	count := len(message)%15 + 1
	return append(message, bytes.Repeat([]byte{byte(count)}, count)...)
}

// unwrap takes the copy of the sender's own devices out of its wrapping, and compares what the
// devices got. It returns nil for an offence.
func (p *Phone) unwrap(d *delivery, content *waE2E.Message) *waE2E.Message {
	wrapped := content.GetDeviceSentMessage()
	own := d.from.acct == p.acct
	switch {
	case own && wrapped == nil:
		p.s.offend(WrongCopy, "message %s reached the own phone without its wrapping", d.id)
		return nil
	case !own && wrapped != nil:
		p.s.offend(BadPlaintext, "message %s has the wrapping for own devices", d.id)
		return nil
	case own && wrapped.GetDestinationJID() != d.to.String():
		p.s.offend(WrongCopy, "the copy of %s names another recipient", d.id)
		return nil
	case own:
		content = wrapped.GetMessage()
	}
	if content == nil {
		p.s.offend(BadPlaintext, "message %s is empty", d.id)
		return nil
	}
	if d.count == 0 && !d.copies.agrees(content) {
		p.s.offend(WrongCopy, "recipient and own phone got different messages under %s", d.id)
	}
	return content
}

// show keeps a message, once, and sends the receipt.
func (p *Phone) show(d *delivery, content *waE2E.Message) {
	p.checkKind(d, content)
	if word := amendmentIn(content); word != nil {
		p.amend(d, content, word)
		return
	}
	message, fault := p.s.read(content)
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if fault != nil && d.epoch >= fault.since {
		p.s.offendLocked(fault.kind, "message %s: %s", d.id, fault.detail)
	}
	message.ID, message.From, message.FromLID = d.id, "+"+d.from.acct.number, d.from.acct.lid
	key := message.From + " " + d.id
	message.At = p.arrivedLocked(key, d.at)
	if to := p.s.findLocked(d.to); to != nil && d.from.acct == p.acct {
		message.To = "+" + to.number
	}
	if p.fileLocked(message, d.from.acct == p.acct) {
		p.recallLocked(d, content, message.Text)
		p.adoptLocked(key)
		p.changedLocked()
	} else {
		p.repeats++
		if p.seen[key] < 0 {
			p.s.offendLocked(BadEdit, "message %s: a message under the ID of an edit or a deletion", d.id)
		}
	}
	p.confirmLocked(d)
}

// checkKind compares what a stanza says of its content, which some phones go by, with the content.
func (p *Phone) checkKind(d *delivery, content *waE2E.Message) {
	plain := unwrapLayers(content)
	if mark := editMark(content); d.edit != mark {
		p.s.offend(WrongLabel, "message %s has the mark %q for %q", d.id, d.edit, mark)
	}
	if d.onFailure != "" && (d.onFailure != "hide" || !hidden(content)) {
		p.s.offend(WrongLabel, "message %s asks a device that cannot read it to %s it", d.id, d.onFailure)
	}
	switch {
	case plain.Conversation != nil, plain.ExtendedTextMessage != nil, plain.ContactMessage != nil,
		plain.ImageMessage != nil, plain.VideoMessage != nil, plain.DocumentMessage != nil, plain.AudioMessage != nil,
		amendmentIn(content) != nil:
	default:
		return // what our clients do not send
	}
	// The library calls what its own phone asks for again a text, since that is what a wrapped message looks like.
	again := d.count > 0 && d.from.acct == p.acct && d.kind == "text" && d.mediaType == ""
	if (d.kind != stanzaType(content) || d.mediaType != mediaType(content)) && !again {
		p.s.offend(WrongLabel, "message %s is called %s %q and holds %s %q", d.id, d.kind, d.mediaType, stanzaType(content), mediaType(content))
	}
	if plain.ContactMessage != nil {
		if fault := checkCard(plain.ContactMessage); fault != "" {
			p.s.offend(BadPlaintext, "message %s: %s", d.id, fault)
		}
	}
}

// recallLocked keeps what a real client wrote in the history of a phone that may be asked for it: of what its own linked
// device wrote the words only, since an announcement has thousands of copies.
func (p *Phone) recallLocked(d *delivery, content *waE2E.Message, words string) {
	r := &entry{id: d.id, other: d.from.acct, own: d.from.acct == p.acct, content: content, at: d.at}
	if r.own {
		r.other = p.s.findLocked(d.to)
	}
	if r.own && amendmentIn(content) == nil {
		r.content, r.words = nil, words
	}
	if p.id == 0 && p.acct.links > 0 && r.other != nil {
		r.lid = r.other.lid
		p.chats.keep(r)
	}
}

// fileLocked adds a message to those shown, or to the copies, unless its ID is there already.
func (p *Phone) fileLocked(message Message, own bool) bool {
	key := message.From + " " + message.ID
	if p.seen[key] != 0 {
		return false
	}
	list := &p.shown
	if own {
		list = &p.copies
	}
	*list = append(*list, message)
	p.noteLocked(key, len(*list))
	return true
}

// confirmLocked sends the receipt, also for a message that came again.
func (p *Phone) confirmLocked(d *delivery) {
	switch {
	case p.quiet:
	case d.from.acct == p.acct:
		p.s.senderReceiptLocked(p, d)
	default:
		p.s.receiptLocked(p, d.from.acct, d.to.Server, "", d.id)
	}
}

// complain records what a client did wrong, and asks for the message again.
func (p *Phone) complain(d *delivery, err error) {
	switch {
	case errors.Is(err, errPrekeyUsed), errors.Is(err, errNoPrekey):
		p.s.offend(PrekeyReused, "message %s: %v", d.id, err)
	case errors.Is(err, errIdentity), errors.Is(err, signalerror.ErrUntrustedIdentity):
		p.s.offend(BadIdentity, "message %s: %v", d.id, err)
	}
	p.hand.mu.Lock()
	b := p.hand.bundleLocked(p.adv)
	p.hand.mu.Unlock()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.missLocked(d)
	key := d.from.acct.number + ":" + number(d.from.id) + " " + d.id
	if p.retries == nil {
		p.retries = map[string]int{}
	}
	if p.retries[key] >= maxRetries || d.peer { // the library does not repeat peer messages
		return
	}
	p.retries[key]++
	p.s.askAgainLocked(p, d, p.retries[key], b)
}
