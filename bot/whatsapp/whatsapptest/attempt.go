package whatsapptest

import (
	"errors"
	"fmt"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// ErrDeclined is what a link ends with when the person refused it on the phone.
var ErrDeclined = errors.New("the person declined the link")

// attempt is a phone on its way to link a client. Guarded by the server's lock.
type attempt struct {
	link     *pairing
	phone    *Phone
	owner    *keys.KeyPair // the identity of the phone
	entered  *entered      // of a link by characters: what the phone knows
	ceremony *ceremony     // of a link with a passkey: how far it is
	since    time.Time     // when the client had its last word from the phone
	secret   []byte        // what the device's identity is authenticated with
	half     *waAdv.ADVSignedDeviceIdentity
	device   *linked    // set when the phone has vouched
	result   chan error // gets one value, then the attempt is over
}

// DeclineLink lets the person tap Cancel when this phone asks whether to link a device: an attempt that waits, for a passkey
// or for the client's half of a link by characters, ends at once; when there is none, the next one does. The phone's call
// returns [ErrDeclined], the client hears nothing, and what it shows stays good.
func (p *Phone) DeclineLink() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	for c := range p.s.conns {
		if link := c.pairing; link != nil && link.attempt != nil && link.attempt.phone == p && link.attempt.device == nil {
			link.giveUpLocked(ErrDeclined)
			return
		}
	}
	p.declines = true
}

// declinesLocked reports whether the person refuses what begins now.
func (p *Phone) declinesLocked() bool {
	declines := p.declines
	p.declines = false
	return declines
}

// tryLink begins to link a client and waits until that is over.
func (p *Phone) tryLink(begin func() (*attempt, error)) error {
	if p.id != 0 {
		return errors.New("whatsapptest: only the main phone can link a device")
	}
	a, err := begin()
	if err != nil {
		return fmt.Errorf("whatsapptest: %w", err)
	}
	for {
		select {
		case err = <-a.result:
		case <-time.After(pairingTime):
			if !p.s.abandon(a) {
				continue
			}
			err = errNoAnswer
		}
		if err != nil {
			return fmt.Errorf("whatsapptest: pairing: %w", err)
		}
		return nil
	}
}

// abandon ends an attempt that the client leaves without an answer, and reports whether it did: for a passkey a person has
// some minutes, and who is late shall hear it. The codes stay good unless the phone has vouched already.
func (s *Server) abandon(a *attempt) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting := a.ceremony != nil && a.device == nil && time.Now().Before(a.ceremony.expires.Add(pairingTime))
	if len(a.result) > 0 || waiting || time.Since(a.since) < pairingTime {
		return false
	}
	if a.link.attempt == a && a.device == nil {
		a.link.attempt = nil
	}
	return true
}

// trustLocked goes on with a secret that only the phone and the client know: to a passkey, if the account has one, or at once
// to the link.
func (a *attempt) trustLocked(secret []byte) error {
	a.secret = secret
	if a.phone.passkey {
		return a.askPasskeyLocked()
	}
	return a.vouchLocked()
}

// vouchLocked sends the client the identity that the phone vouches for, authenticated with the secret of the attempt.
func (a *attempt) vouchLocked() error {
	link, acct := a.link, a.phone.acct
	s := acct.phone.s
	acct.links++
	half, err := vouch(a.owner, link.identity, acct.links, time.Now())
	if err != nil {
		return err
	}
	container, err := seal(half, a.secret)
	if err != nil {
		return err
	}
	a.half, a.since, link.successID = half, time.Now(), s.newIDLocked()
	a.device = &linked{
		acct: acct, id: acct.nextDevice(), noise: link.noise, identity: link.identity, registration: link.registration,
		keys: prekeys{signed: link.signed}, asked: map[retryKey]int{}, tokens: map[string][]byte{},
		pairTime: time.Now().Unix(), keyIndex: acct.links,
	}
	link.conn.send(waBinary.Node{
		Tag:   "iq",
		Attrs: waBinary.Attrs{"from": types.ServerJID, "type": "set", "id": link.successID, "xmlns": "md", "t": time.Now().Unix()},
		Content: []waBinary.Node{{Tag: "pair-success", Content: []waBinary.Node{
			{Tag: "device-identity", Content: container},
			{Tag: "device", Attrs: waBinary.Attrs{
				"jid": a.device.jid(types.DefaultUserServer), "lid": a.device.jid(types.HiddenUserServer),
			}},
			{Tag: "platform", Attrs: waBinary.Attrs{"name": "android"}},
		}}},
	})
	return nil
}

// goOnLocked takes the next step, unless the attempt is over. A step that fails ends it.
func (a *attempt) goOnLocked(step func() error) {
	if a.link.attempt != a {
		return
	}
	if err := step(); err != nil {
		a.link.giveUpLocked(err)
	}
}

// giveUpLocked ends an attempt, and the codes stay good.
func (link *pairing) giveUpLocked(err error) {
	if link.attempt != nil {
		link.attempt.result <- err
		link.attempt = nil
	}
}
