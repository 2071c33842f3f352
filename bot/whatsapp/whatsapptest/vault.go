package whatsapptest

import (
	"context"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/libsignal/keys/identity"
	"go.mau.fi/libsignal/protocol"
	"go.mau.fi/libsignal/state/record"
	signalstore "go.mau.fi/libsignal/state/store"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/util/keys"
)

// vault shows a handset to libsignal for one operation with one peer. The caller holds the
// handset's lock. The embedded interface is nil: what is not implemented here is never called
// for messages between two devices.
type vault struct {
	signalstore.SignalProtocol
	h       *handset
	peer    *linked
	opening *protocol.PreKeySignalMessage // being decrypted, or nil
}

func ecPair(pair *keys.KeyPair) *ecc.ECKeyPair {
	return ecc.NewECKeyPair(ecc.NewDjbECPublicKey(*pair.Pub), ecc.NewDjbECPrivateKey(*pair.Priv))
}

// GetIdentityKeyPair is the handset's identity.
func (v *vault) GetIdentityKeyPair() *identity.KeyPair {
	pair := ecPair(v.h.identityLocked())
	return identity.NewKeyPair(identity.NewKey(pair.PublicKey()), pair.PrivateKey())
}

// GetLocalRegistrationID is the handset's registration number.
func (v *vault) GetLocalRegistrationID() uint32 { return v.h.registration() }

// SaveIdentity keeps nothing: the server knows who is who.
func (v *vault) SaveIdentity(context.Context, *protocol.SignalAddress, *identity.Key) error {
	return nil
}

// IsTrustedIdentity accepts exactly the identity that the peer was paired with.
func (v *vault) IsTrustedIdentity(_ context.Context, _ *protocol.SignalAddress, key *identity.Key) (bool, error) {
	return key.PublicKey().PublicKey() == v.peer.identity, nil
}

// LoadPreKey derives a one-time key, once.
func (v *vault) LoadPreKey(_ context.Context, id uint32) (*record.PreKey, error) {
	if err := v.h.checkPrekeyLocked(id, baseOf(v.opening)); err != nil {
		return nil, err
	}
	return record.NewPreKey(id, ecPair(v.h.key("prekey/"+number(id))), nil), nil
}

// RemovePreKey marks a one-time key as used.
func (v *vault) RemovePreKey(_ context.Context, id uint32) error {
	v.h.used = append(v.h.used, usedKey{id: id, base: baseOf(v.opening)})
	return nil
}

// LoadSignedPreKey derives the signed prekey of this generation, without its signature, which
// only others need; older ones are gone.
func (v *vault) LoadSignedPreKey(_ context.Context, id uint32) (*record.SignedPreKey, error) {
	if id != v.h.signedID() {
		return nil, nil
	}
	return record.NewSignedPreKey(id, 0, ecPair(v.h.key("signed")), [64]byte{}, nil), nil
}

// LoadSession reads a session, or makes an empty one.
func (v *vault) LoadSession(_ context.Context, from *protocol.SignalAddress) (*record.Session, error) {
	serializer := store.SignalProtobufSerializer
	kept := v.h.sessions[from.String()]
	if kept == nil {
		return record.NewSession(serializer.Session, serializer.State), nil
	}
	return record.NewSessionFromBytes(kept, serializer.Session, serializer.State)
}

// StoreSession keeps a session, serialised.
func (v *vault) StoreSession(_ context.Context, to *protocol.SignalAddress, session *record.Session) error {
	if v.h.sessions == nil {
		v.h.sessions = map[string][]byte{}
	}
	v.h.sessions[to.String()] = session.Serialize()
	return nil
}

// ContainsSession reports whether there is a session.
func (v *vault) ContainsSession(_ context.Context, with *protocol.SignalAddress) (bool, error) {
	return v.h.sessions[with.String()] != nil, nil
}
