package whatsapptest

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/types"
)

var (
	errPairingCut     = errors.New("the client went away")
	errPairingRefused = errors.New("the client refused this phone")
	errUnknownCode    = errors.New("no client shows this code")
	errNoAnswer       = errors.New("the client did not answer")
)

// pairingTime is how long a phone waits for the client to accept it.
const pairingTime = 20 * time.Second

// pairing is a client that shows QR codes. Guarded by the server's lock.
type pairing struct {
	conn         *conn
	noise        [32]byte
	identity     [32]byte
	registration uint32
	signed       signedKey
	offerID      string
	offered      time.Time // when the refs were sent
	aging        bool      // whether they grow old
	refs         []string
	dead         map[string]bool // secrets that no code links with any more
	rotations    int
	attempt      *attempt // nil: no phone has scanned, or it gave up
	hello        *hello   // nil: the client has not asked for the phone of a number
	successID    string
}

// offerPairing checks the keys of a client that is not registered and sends it the refs for
// six QR codes.
func (c *conn) offerPairing(data *waWa6.ClientPayload_DevicePairingRegistrationData, static [32]byte) bool {
	s := c.s
	p := &pairing{conn: c, noise: static, dead: map[string]bool{}}
	if !p.readKeys(data) {
		s.offend(BadSignature, "pairing data of a new client")
		c.finish(waBinary.Node{Tag: "failure", Attrs: waBinary.Attrs{"reason": "400", "location": "test"}})
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.pairing = p
	p.offerID, p.offered, p.aging = s.newIDLocked(), time.Now(), s.faults.aging
	children := make([]waBinary.Node, 6)
	for i := range children {
		ref := "2@" + base64.StdEncoding.EncodeToString([]byte(p.offerID+"/"+number(i)))
		p.refs = append(p.refs, ref)
		s.pairings[ref] = p
		children[i] = waBinary.Node{Tag: "ref", Content: []byte(ref)}
	}
	c.send(waBinary.Node{
		Tag:     "iq",
		Attrs:   waBinary.Attrs{"from": types.ServerJID, "type": "set", "id": p.offerID, "xmlns": "md"},
		Content: []waBinary.Node{{Tag: "pair-device", Content: children}},
	})
	if p.aging {
		s.wg.Go(func() { s.endOfCodes(p) })
	}
	return true
}

// readKeys takes over what the client says about itself, if its signed prekey is truly its
// own.
func (p *pairing) readKeys(data *waWa6.ClientPayload_DevicePairingRegistrationData) bool {
	if len(data.GetEIdent()) != 32 || len(data.GetERegid()) != 4 || len(data.GetESkeyID()) != 3 || len(data.GetESkeyVal()) != 32 {
		return false
	}
	p.identity = [32]byte(data.GetEIdent())
	p.registration = binary.BigEndian.Uint32(data.GetERegid())
	p.signed = signedKey{
		prekey:    prekey{id: threeBytes(data.GetESkeyID()), public: [32]byte(data.GetESkeyVal())},
		signature: data.GetESkeySig(),
	}
	return verify(p.identity, p.signed.signature, []byte(signedKeyPrefix), p.signed.public[:])
}

// qrCode is what a client shows: where to reach it, and three keys that only who sees the
// screen knows.
type qrCode struct {
	ref                     string
	noise, identity, secret []byte
}

func readQR(code string) (qrCode, error) {
	_, fields, found := strings.Cut(code, "#")
	if !found {
		fields = code
	}
	parts := strings.Split(fields, ",")
	if len(parts) < 4 {
		return qrCode{}, fmt.Errorf("whatsapptest: a code of %d fields", len(parts))
	}
	qr := qrCode{ref: parts[0]}
	for i, target := range []*[]byte{&qr.noise, &qr.identity, &qr.secret} {
		key, err := base64.StdEncoding.DecodeString(parts[i+1])
		if err != nil || len(key) != 32 {
			return qrCode{}, fmt.Errorf("whatsapptest: key %d of the code is not 32 bytes", i+1)
		}
		*target = key
	}
	return qr, nil
}

// ScanQR links the client that shows the code to this phone's account. It returns when the
// client has accepted the phone and its signature was verified, or with an error when nobody
// shows the code, the code is dead ([ErrCodeDead]), the person refuses ([Phone.DeclineLink]), or
// the client refuses or goes away. The client then connects again by itself and logs in. With a
// passkey ([Phone.SetPasskey]) all that takes until the client has answered.
func (p *Phone) ScanQR(code string) error {
	qr, err := readQR(code)
	if err != nil {
		return err
	}
	return p.tryLink(func() (*attempt, error) { return p.s.beginLink(p, qr) })
}

// beginLink is the scan: what server and phone make of a code.
func (s *Server) beginLink(p *Phone, qr qrCode) (*attempt, error) {
	owner := p.hand.identityKey()
	s.mu.Lock()
	defer s.mu.Unlock()
	link := s.pairings[qr.ref]
	if link == nil || link.attempt != nil {
		return nil, errUnknownCode
	}
	if [32]byte(qr.noise) != link.noise || [32]byte(qr.identity) != link.identity {
		s.offendLocked(BadSignature, "the keys of the code are not those of the connection")
		return nil, errUnknownCode
	}
	if link.expiredLocked(qr.ref) {
		return nil, ErrCodeDead
	}
	if p.declinesLocked() {
		return nil, ErrDeclined
	}
	if link.rotateLocked(qr.secret) {
		return nil, ErrCodeDead
	}
	link.attempt = &attempt{link: link, phone: p, owner: owner, since: time.Now(), result: make(chan error, 1)}
	return link.attempt, link.attempt.trustLocked(qr.secret)
}

// handlePairing deals with the client's answers to the two pairing requests and reports
// whether the stanza was one.
func (c *conn) handlePairing(node *waBinary.Node) bool {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	p, id := c.pairing, attrString(node, "id")
	switch {
	case p == nil || id == "":
		return false
	case id == p.offerID:
		return true
	case id != p.successID || p.attempt == nil || p.attempt.device == nil:
		return false
	case attrString(node, "type") == "error":
		failure := node.GetChildByTag("error")
		s.endPairingLocked(p, fmt.Errorf("%w (%s %s)", errPairingRefused, attrString(&failure, "code"), attrString(&failure, "text")))
		return true
	}
	cut := s.faults.pairingCut
	s.faults.pairingCut = 0
	if cut == CutBeforeLink {
		c.cutLocked()
		return true
	}
	a := p.attempt
	whole, err := complete(a.half, p.identity, contentBytes(node.GetChildByTag("pair-device-sign", "device-identity")))
	if err != nil {
		s.offendLocked(BadSignature, "pairing: %v", err)
		c.finish(streamError("401", ""))
		s.endPairingLocked(p, err)
		return true
	}
	l := a.device
	l.adv = whole
	d := &device{acct: l.acct, id: l.id, keyIndex: l.keyIndex, linked: l}
	l.acct.devices[l.id] = d
	s.announceLocked(d, "add", a.owner)
	if cut == CutAfterLink {
		c.cutLocked()
	} else {
		c.finish(streamError("515", ""))
	}
	s.endPairingLocked(p, nil)
	return true
}

// endPairingLocked makes the codes worthless and tells a phone that waits.
func (s *Server) endPairingLocked(p *pairing, err error) {
	for _, ref := range p.refs {
		delete(s.pairings, ref)
	}
	p.refs, p.conn.pairing = nil, nil
	p.giveUpLocked(err)
}
