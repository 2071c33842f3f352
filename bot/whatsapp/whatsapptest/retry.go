package whatsapptest

import (
	"encoding/binary"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// repeat answers a client's retry receipt: the phone encrypts the message again, in a new
// session if the receipt brought keys. It runs on the phones' worker.
func (p *Phone) repeat(l *linked, receipt *waBinary.Node) {
	retry := receipt.GetChildByTag("retry")
	id, count := attrString(&retry, "id"), attrInt(&retry, "count")
	if id == "" || count < 1 {
		p.s.offend(Malformed, "a retry receipt without id or count")
		return
	}
	var keys *bundle
	if shown, present := receipt.GetOptionalChildByTag("keys"); present {
		var ok bool
		if keys, ok = p.readKeys(l, receipt, &shown); !ok {
			return
		}
	}
	p.s.mu.Lock()
	again, ours := p.written[id]
	waits := p.waitLocked(id, func() { again(l, count, keys) })
	p.s.mu.Unlock()
	if ours && !waits {
		again(l, count, keys)
	}
}

// readKeys reads the new keys in a retry receipt, which must be the registered device's.
func (p *Phone) readKeys(l *linked, receipt, shown *waBinary.Node) (*bundle, bool) {
	signed, ok := readPrekey(shown.GetChildByTag("skey"))
	signature := contentBytes(shown.GetChildByTag("skey", "signature"))
	if !ok || !verify(l.identity, signature, []byte(signedKeyPrefix), signed.public[:]) {
		p.s.offend(BadSignature, "the signed prekey of a retry receipt")
		return nil, false
	}
	if string(contentBytes(shown.GetChildByTag("identity"))) != string(l.identity[:]) ||
		!sameIdentity(l.adv, contentBytes(shown.GetChildByTag("device-identity"))) {
		p.s.offend(BadIdentity, "a retry receipt with another identity")
		return nil, false
	}
	registration := contentBytes(receipt.GetChildByTag("registration"))
	if len(registration) != 4 {
		p.s.offend(Malformed, "a retry receipt without registration")
		return nil, false
	}
	b := &bundle{registration: binary.BigEndian.Uint32(registration), identity: l.identity, signed: signedKey{signed, signature}}
	if key, ok := readPrekey(shown.GetChildByTag("key")); ok {
		b.oneTime = &key
	}
	return b, true
}

// AskAgain sends a retry receipt for a message that was shown, without new keys: what comes is encrypted in the session
// that there is, and counts as a repeat. An unknown ID is ignored.
func (p *Phone) AskAgain(id string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	for _, message := range p.shown {
		author := p.s.accounts[digits(message.From)]
		if message.ID != id || author == nil {
			continue
		}
		for _, l := range author.linkedDevices() {
			p.s.postRetryLocked(l, waBinary.Node{Tag: "receipt",
				Attrs: waBinary.Attrs{"from": p.acct.jid(types.HiddenUserServer, p.id), "id": id, "t": time.Now().Unix(), "type": "retry"},
				Content: []waBinary.Node{
					{Tag: "retry", Attrs: waBinary.Attrs{"count": 1, "id": id, "t": message.At.Unix(), "v": 1}},
				},
			}, retryKey{id, p.acct.number, p.id})
		}
		return
	}
}
