package whatsapptest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

var (
	// ErrNoLinkCode is what a phone says to characters while no client has asked for its number.
	ErrNoLinkCode = errors.New("nobody asked to link a device to this number")
	// ErrWrongLinkCode is what a phone says to other characters than the client shows. The client gets no word of it.
	ErrWrongLinkCode = errors.New("wrong code")
)

// linkCodeTries is how often characters may be typed for one request.
const linkCodeTries = 3

// hello is a client that shows eight characters for the phone of a number. Guarded by the server's lock.
type hello struct {
	acct    *account
	ref     string
	wrapped []byte // the client's ephemeral key, under the characters
	tries   int
}

// entered is what a phone knows when a person has typed the characters.
type entered struct {
	ephemeral *keys.KeyPair
	companion []byte // the client's ephemeral key: another one when the characters are wrong
}

// browserName is how a client must call itself: the real server answers 400 to other names, as "Browser (System)".
var browserName = regexp.MustCompile(`^(Chrome|Firefox|Edge|Safari|Opera|IE) \((Windows|Mac OS|Linux|macOS|Ubuntu|Android)\)$`)

// takeLinkCode deals with both stages of a link by characters that a client begins.
func (c *conn) takeLinkCode(query *waBinary.Node) answer {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.pairing == nil {
		return refusal(400, "bad-request")
	}
	request := query.GetChildren()[0]
	switch attrString(&request, "stage") {
	case "companion_hello":
		return c.pairing.greetLocked(request)
	case "companion_finish":
		return c.pairing.finishLocked(request)
	}
	c.s.offendLocked(Malformed, "a link by characters in stage %q", attrString(&request, "stage"))
	return refusal(400, "bad-request")
}

// greetLocked notes for which number's phone a client shows characters. Another request replaces the one before.
func (link *pairing) greetLocked(request waBinary.Node) answer {
	s := link.conn.s
	part := func(tag string) []byte { return contentBytes(request.GetChildByTag(tag)) }
	wrapped := part("link_code_pairing_wrapped_companion_ephemeral_pub")
	if len(wrapped) != 80 || len(part("companion_platform_id")) == 0 || len(part("link_code_pairing_nonce")) == 0 {
		s.offendLocked(Malformed, "a link by characters without its parts")
		return refusal(400, "bad-request")
	}
	if !bytes.Equal(part("companion_server_auth_key_pub"), link.noise[:]) {
		s.offendLocked(BadIdentity, "a link by characters with another key than that of the connection")
		return refusal(400, "bad-request")
	}
	acct := s.findLocked(attrJID(&request, "jid"))
	if acct == nil || acct.gone || !browserName.Match(part("companion_platform_display")) {
		return refusal(400, "bad-request")
	}
	link.hello = &hello{acct: acct, ref: "4@" + base64.StdEncoding.EncodeToString(randomBytes(16)), wrapped: wrapped}
	acct.phone.changedLocked()
	return result(waBinary.Node{
		Tag: "link_code_companion_reg", Attrs: waBinary.Attrs{"stage": "companion_hello"},
		Content: []waBinary.Node{{Tag: "link_code_pairing_ref", Content: []byte(link.hello.ref)}},
	})
}

// EnterCode links the client that shows these eight characters for the number of this phone, with or without the dash. It
// returns like [Phone.ScanQR], with [ErrNoLinkCode] when no client has asked for this number, with [ErrWrongLinkCode] when
// the client shows others, and with [ErrCodeDead] after three wrong ones.
func (p *Phone) EnterCode(code string) error {
	return p.tryLink(func() (*attempt, error) { return p.s.beginCode(p, strings.ReplaceAll(code, "-", "")) })
}

// beginCode answers the client that asked for this phone last.
func (s *Server) beginCode(p *Phone, code string) (*attempt, error) {
	owner, own := p.hand.identityKey(), keys.NewKeyPair()
	salt, iv := randomBytes(32), randomBytes(16)
	wrapped, err := underCode(code, salt, iv, own.Pub[:])
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	link := s.helloLocked(p.acct)
	switch {
	case link == nil || link.attempt != nil:
		return nil, ErrNoLinkCode
	case link.hello.tries >= linkCodeTries:
		return nil, ErrCodeDead
	case p.declinesLocked():
		return nil, ErrDeclined
	}
	h := link.hello
	h.tries++
	companion, err := underCode(code, h.wrapped[:32], h.wrapped[32:48], h.wrapped[48:])
	if err != nil {
		return nil, err
	}
	link.attempt = &attempt{
		link: link, phone: p, owner: owner, since: time.Now(), result: make(chan error, 1),
		entered: &entered{ephemeral: own, companion: companion},
	}
	link.notifyLocked("link_code_companion_reg", waBinary.Node{
		Tag: "link_code_companion_reg", Attrs: waBinary.Attrs{"stage": "primary_hello"},
		Content: []waBinary.Node{
			{Tag: "link_code_pairing_wrapped_primary_ephemeral_pub", Content: join(salt, iv, wrapped)},
			{Tag: "primary_identity_pub", Content: owner.Pub[:]},
			{Tag: "link_code_pairing_ref", Content: []byte(h.ref)},
		},
	})
	return link.attempt, nil
}

// helloLocked finds the client that asked for an account's phone last.
func (s *Server) helloLocked(acct *account) (found *pairing) {
	for c := range s.conns {
		if link := c.pairing; link != nil && link.hello != nil && link.hello.acct == acct && (found == nil || link.offered.After(found.offered)) {
			found = link
		}
	}
	return found
}

// underCode encrypts or decrypts an ephemeral key with the characters.
func underCode(code string, salt, iv, key []byte) ([]byte, error) {
	secret, err := pbkdf2.Key(sha256.New, code, salt, 1<<17, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	other := make([]byte, len(key))
	cipher.NewCTR(block, iv).XORKeyStream(other, key)
	return other, nil
}

// finishLocked passes the client's keys to the phone. The server cannot open them and says yes; a phone where other characters
// were typed cannot either, and says so to its owner alone.
func (link *pairing) finishLocked(request waBinary.Node) answer {
	s, a := link.conn.s, link.attempt
	part := func(tag string) []byte { return contentBytes(request.GetChildByTag(tag)) }
	if link.hello == nil || a == nil || a.entered == nil || string(part("link_code_pairing_ref")) != link.hello.ref {
		s.offendLocked(Malformed, "the end of a link by characters that nobody began")
		return refusal(400, "bad-request")
	}
	number := a.phone.acct.jid(types.DefaultUserServer, 0)
	if !bytes.Equal(part("companion_identity_public"), link.identity[:]) || attrJID(&request, "jid") != number {
		s.offendLocked(BadIdentity, "the end of a link by characters with another key or number")
		return refusal(400, "bad-request")
	}
	secret, err := a.openBundle(part("link_code_pairing_wrapped_key_bundle"))
	a.entered = nil
	return answer{then: func() {
		a.goOnLocked(func() error {
			if err != nil {
				return err
			}
			return a.trustLocked(secret)
		})
	}}
}

// openBundle opens what a client has sent to the phone where its characters were typed, and derives the secret that both know.
func (a *attempt) openBundle(bundle []byte) (secret []byte, err error) {
	shared, err := agree(a.entered.ephemeral, a.entered.companion)
	if err != nil || len(bundle) < 44 {
		return nil, ErrWrongLinkCode
	}
	plain, err := openGCM(expand(shared, bundle[:32], "link_code_pairing_key_bundle_encryption_key"), bundle[32:44], bundle[44:])
	if err != nil || len(plain) != 96 {
		return nil, ErrWrongLinkCode
	}
	if !bytes.Equal(plain[:32], a.link.identity[:]) || !bytes.Equal(plain[32:64], a.owner.Pub[:]) {
		a.phone.s.offendLocked(BadIdentity, "a bundle with other keys than those of client and phone")
		return nil, fmt.Errorf("%w: the keys in the bundle are others", ErrWrongLinkCode)
	}
	identities, err := agree(a.owner, a.link.identity[:])
	if err != nil {
		return nil, err
	}
	return expand(join(shared, identities, plain[64:]), nil, "adv_secret"), nil
}
