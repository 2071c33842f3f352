package whatsapptest

import (
	"fmt"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// garbled is a message that real clients cannot read at first. Guarded by the server's lock.
type garbled struct {
	deaf    bool // the author does not answer who asks for it again
	waiting []func()
}

// Garble writes a text that no real client can decrypt. A client asks for it again: when it heals the phone answers, and
// the recipient's main phone has it as well. Else nobody can help until [Phone.Heal].
func (p *Phone) Garble(to, body string, heals bool) (id string) {
	return p.leave(text{words: body, garbled: &garbled{deaf: !heals}}, to)
}

// Heal lets a text of [Phone.Garble] be read after all: the phone answers who has asked for it so far, and who will. An
// unknown ID is ignored.
func (p *Phone) Heal(id string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	g := p.garbled[id]
	if g == nil {
		return
	}
	g.deaf = false
	for _, task := range g.waiting {
		p.s.giveLocked(p, task)
	}
	g.waiting = nil
}

// Withhold writes a message that the recipient's linked devices do not get, only the word that there is one: they can
// ask the account's own phone for it. The reason is empty, or "view_once" for what only a phone may show.
func (p *Phone) Withhold(to, reason string, content *waE2E.Message) (id string) {
	return p.leave(text{content: content, withheld: &reason}, to)
}

// Tell says whether this phone answers linked devices that ask for a message they could not read, which it does at first.
func (p *Phone) Tell(answers bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.silent = !answers
}

// Asked returns how often linked devices have asked this phone for a message that they could not read.
func (p *Phone) Asked(id string) int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.asked[id]
}

// sendNotice posts the word that there is a message.
func (p *Phone) sendNotice(l *linked, t text) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	attrs := messageAttrs(p.acct, p.id, p.space(), t.id, t.at)
	dress(attrs, waBinary.Attrs{}, t.message(), 0)
	p.addressLocked(attrs, l, t.to)
	p.s.postLocked(l, waBinary.Node{Tag: "message", Attrs: attrs, Content: []waBinary.Node{
		{Tag: "unavailable", Attrs: waBinary.Attrs{"type": *t.withheld}},
	}})
}

// spoil makes a ciphertext one that fails its authentication.
func spoil(ciphertext []byte) []byte {
	spoilt := append([]byte(nil), ciphertext...)
	spoilt[len(spoilt)-8] ^= 0xFF // the authentication ends a message, and in one that opens a session two short numbers follow it
	return spoilt
}

// waitLocked keeps what answers a retry receipt while the author is deaf, and reports whether it is.
func (p *Phone) waitLocked(id string, task func()) bool {
	g := p.garbled[id]
	if g == nil || !g.deaf {
		return false
	}
	g.waiting = append(g.waiting, task)
	return true
}

// peerWord takes out of a peer message what a linked device has to say to its own phone. Some clients wrap that like the
// copy of a message, as if it had gone to the account itself, and phones understand it. It returns nil for an offence.
func (p *Phone) peerWord(d *delivery, content *waE2E.Message) *waE2E.ProtocolMessage {
	if wrapped := content.GetDeviceSentMessage(); wrapped != nil {
		if wrapped.GetDestinationJID() != d.to.String() {
			p.s.offend(WrongCopy, "the wrapping of peer message %s names another recipient", d.id)
			return nil
		}
		content = wrapped.GetMessage()
	}
	word := content.GetProtocolMessage()
	if word == nil {
		p.s.offend(BadPlaintext, "peer message %s is no protocol message", d.id)
	}
	return word
}

// answerPeer deals with what a linked device asks its own phone for. Only requests for messages have an answer.
func (p *Phone) answerPeer(d *delivery, content *waE2E.Message) {
	word := p.peerWord(d, content)
	request := word.GetPeerDataOperationRequestMessage()
	if request.GetPeerDataOperationRequestType() != waE2E.PeerDataOperationRequestType_PLACEHOLDER_MESSAGE_RESEND || request == nil {
		return
	}
	var results []*waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult
	p.s.mu.Lock()
	for _, asked := range request.GetPlaceholderMessageResendRequest() {
		if packed := p.lookUpLocked(asked.GetMessageKey().GetRemoteJID(), asked.GetMessageKey().GetID()); packed != nil {
			results = append(results, &waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult{
				PlaceholderMessageResendResponse: &waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult_PlaceholderMessageResendResponse{WebMessageInfoBytes: packed},
			})
		}
	}
	p.s.mu.Unlock()
	if len(results) == 0 {
		return
	}
	p.sendPeer(d.from, &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE.Enum(),
		PeerDataOperationRequestResponseMessage: &waE2E.PeerDataOperationRequestResponseMessage{
			PeerDataOperationRequestType: waE2E.PeerDataOperationRequestType_PLACEHOLDER_MESSAGE_RESEND.Enum(),
			StanzaID:                     proto.String(d.id),
			PeerDataOperationResult:      results,
		},
	})
}

// lookUpLocked finds a message for a linked device that asks for it, serialised; nil when the phone lacks it or is told
// to keep it to itself.
func (p *Phone) lookUpLocked(chat, id string) []byte {
	if p.asked == nil {
		p.asked = map[string]int{}
	}
	p.asked[id]++
	found, ok := p.chats.find(id)
	if !ok || p.silent {
		return nil
	}
	jid, err := types.ParseJID(chat)
	if err != nil || (found.place == "" && p.s.findLocked(jid) != found.other) || (found.place != "" && jid != found.place.jid()) {
		p.s.offendLocked(WrongAddress, "message %s is asked for in a chat where it is not", id)
		return nil
	}
	packed, err := proto.Marshal(found.web(jid.Server == types.DefaultUserServer))
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err))
	}
	return packed
}
