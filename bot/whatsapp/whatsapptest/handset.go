package whatsapptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/libsignal/keys/identity"
	signalbundle "go.mau.fi/libsignal/keys/prekey"
	"go.mau.fi/libsignal/protocol"
	"go.mau.fi/libsignal/session"
	"go.mau.fi/libsignal/util/optional"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/util/keys"
)

// handset is the Signal side of a simulated device. Its private keys are derived from its name
// whenever they are needed, so ten thousand handsets cost little: only counters, used keys and
// serialised sessions are kept.
type handset struct {
	name string

	mu         sync.Mutex // guards the rest, and the order in which messages are encrypted and posted
	generation int        // how often it was set up again
	first      uint32     // the first one-time prekey of this generation
	next       uint32     // the next one to hand out
	used       []usedKey
	sessions   map[string][]byte // by device
	identity   *keys.KeyPair     // made at first use
}

// usedKey remembers which session a one-time prekey went into.
type usedKey struct {
	id   uint32
	base []byte
}

var (
	errIdentity   = errors.New("an identity other than the registered one")
	errPrekeyUsed = errors.New("a one-time prekey that was used before")
	errNoPrekey   = errors.New("a one-time prekey that was never handed out")
	errForgotten  = errors.New("a one-time prekey of a forgotten session")
)

func newHandset(name string) handset { return handset{name: name, first: 1, next: 1} }

func (h *handset) key(label string) *keys.KeyPair {
	return seededKey("phone/" + h.name + "/" + number(h.generation) + "/" + label)
}

func (h *handset) identityKey() *keys.KeyPair {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.identityLocked()
}

func (h *handset) identityLocked() *keys.KeyPair {
	if h.identity == nil {
		h.identity = h.key("identity")
	}
	return h.identity
}

func (h *handset) registration() uint32 { return uint32(h.identityLocked().Pub[0])<<4 + 1 }

// signedID names the one signed prekey of a generation.
func (h *handset) signedID() uint32 { return uint32(h.generation) + 1 }

// bundle hands out the keys for one new session. adv is nil for a main phone.
func (h *handset) bundle(adv []byte) *bundle {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.bundleLocked(adv)
}

func (h *handset) bundleLocked(adv []byte) *bundle {
	pair := h.key("signed")
	signed := signedKey{
		prekey:    prekey{id: h.signedID(), public: *pair.Pub},
		signature: sign(h.identityLocked(), []byte(signedKeyPrefix), pair.Pub[:]),
	}
	b := &bundle{registration: h.registration(), identity: *h.identityLocked().Pub, signed: signed, adv: adv}
	b.oneTime = &prekey{id: h.next, public: *h.key("prekey/" + number(h.next)).Pub}
	h.next++
	return b
}

// forget drops all sessions, as a restored backup does.
func (h *handset) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sessions = nil
}

// reinstall makes a new identity and new prekeys, and drops all sessions.
func (h *handset) reinstall() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.generation++
	h.first, h.used, h.sessions, h.identity = h.next, nil, nil, nil
}

// address names a real client's device towards libsignal. It never goes over the wire.
func address(l *linked) *protocol.SignalAddress {
	return protocol.NewSignalAddress(l.acct.lid, uint32(l.id))
}

func (h *handset) builder(l *linked, opening *protocol.PreKeySignalMessage) (*session.Builder, *protocol.SignalAddress) {
	to := address(l)
	return session.NewBuilderFromSignal(&vault{h: h, peer: l, opening: opening}, to, store.SignalProtobufSerializer), to
}

// hasSessionLocked reports whether the handset can write to a device without its prekeys.
func (h *handset) hasSessionLocked(l *linked) bool { return h.sessions[address(l).String()] != nil }

// encryptLocked encrypts for a real client, in a new session when a bundle is given.
func (h *handset) encryptLocked(ctx context.Context, l *linked, b *bundle, padded []byte) (ciphertext []byte, opens bool, err error) {
	builder, to := h.builder(l, nil)
	if b != nil {
		if err = builder.ProcessBundle(ctx, b.signal(uint32(l.id))); err != nil {
			return nil, false, err
		}
	}
	message, err := session.NewCipher(builder, to).Encrypt(ctx, padded)
	if err != nil {
		return nil, false, err
	}
	return message.Serialize(), message.Type() == protocol.PREKEY_TYPE, nil
}

// decrypt opens what a real client sent to this handset. After an error the sessions are as
// before.
func (h *handset) decrypt(ctx context.Context, l *linked, ciphertext []byte, opens bool) (padded []byte, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			padded, err = nil, fmt.Errorf("decryption panicked: %v", caught)
		}
	}()
	h.mu.Lock()
	defer h.mu.Unlock()
	serializer := store.SignalProtobufSerializer
	if !opens {
		message, err := protocol.NewSignalMessageFromBytes(ciphertext, serializer.SignalMessage)
		if err != nil {
			return nil, err
		}
		builder, from := h.builder(l, nil)
		return session.NewCipher(builder, from).Decrypt(ctx, message)
	}
	message, err := protocol.NewPreKeySignalMessageFromBytes(ciphertext, serializer.PreKeySignalMessage, serializer.SignalMessage)
	if err != nil {
		return nil, err
	}
	if message.IdentityKey().PublicKey().PublicKey() != l.identity || message.RegistrationID() != l.registration {
		return nil, errIdentity
	}
	builder, from := h.builder(l, message)
	return session.NewCipher(builder, from).DecryptMessage(ctx, message)
}

// checkPrekeyLocked says whether a session may be opened with a one-time key of ours.
func (h *handset) checkPrekeyLocked(id uint32, base []byte) error {
	switch {
	case id >= h.next:
		return errNoPrekey
	case id < h.first:
		return errForgotten
	}
	for _, u := range h.used {
		if u.id == id && bytes.Equal(u.base, base) {
			return errForgotten
		} else if u.id == id {
			return errPrekeyUsed
		}
	}
	return nil
}

// signal turns a bundle into libsignal's own.
func (b *bundle) signal(device uint32) *signalbundle.Bundle {
	id, public := optional.NewEmptyUint32(), ecc.ECPublicKeyable(nil)
	if b.oneTime != nil {
		id, public = optional.NewOptionalUint32(b.oneTime.id), ecc.NewDjbECPublicKey(b.oneTime.public)
	}
	return signalbundle.NewBundle(b.registration, device, id, b.signed.id, public,
		ecc.NewDjbECPublicKey(b.signed.public), [64]byte(b.signed.signature),
		identity.NewKey(ecc.NewDjbECPublicKey(b.identity)))
}

func baseOf(message *protocol.PreKeySignalMessage) []byte {
	if message == nil {
		return nil
	}
	return message.BaseKey().Serialize()[:9]
}
