package whatsapptest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/util/keys"
)

// noiseName is exactly 32 bytes, so it is the first hash and chaining key without being
// hashed.
const noiseName = "Noise_XX_25519_AESGCM_SHA256\x00\x00\x00\x00"

// noise is the responder's side of Noise XX up to the two transport keys.
type noise struct {
	hash     []byte
	chaining []byte
	sealer   cipher.AEAD
	count    uint32
}

func newNoise(prologue []byte) (*noise, error) {
	n := &noise{hash: []byte(noiseName), chaining: []byte(noiseName)}
	n.mixHash(prologue)
	var err error
	n.sealer, err = newAEAD([]byte(noiseName))
	return n, err
}

func (n *noise) mixHash(data []byte) {
	sum := sha256.Sum256(join(n.hash, data))
	n.hash = sum[:]
}

// mixKey folds a Diffie-Hellman result into the keys. A peer that offers a point of low order
// is refused.
func (n *noise) mixKey(private *[32]byte, public []byte) error {
	ours, err := ecdh.X25519().NewPrivateKey(private[:])
	if err != nil {
		return err
	}
	theirs, err := ecdh.X25519().NewPublicKey(public)
	if err != nil {
		return err
	}
	secret, err := ours.ECDH(theirs)
	if err != nil {
		return err
	}
	material, err := hkdf.Key(sha256.New, secret, n.chaining, "", 64)
	if err != nil {
		return err
	}
	n.chaining, n.count = material[:32], 0
	n.sealer, err = newAEAD(material[32:])
	return err
}

func (n *noise) seal(plain []byte) []byte {
	sealed := n.sealer.Seal(nil, nonce(n.count), plain, n.hash)
	n.count++
	n.mixHash(sealed)
	return sealed
}

func (n *noise) open(sealed []byte) ([]byte, error) {
	plain, err := n.sealer.Open(nil, nonce(n.count), sealed, n.hash)
	if err != nil {
		return nil, err
	}
	n.count++
	n.mixHash(sealed)
	return plain, nil
}

// split ends the handshake: the first key decrypts what the client sends, the second encrypts
// what it receives.
func (n *noise) split() (in, out cipher.AEAD, err error) {
	material, err := hkdf.Key(sha256.New, nil, n.chaining, "", 64)
	if err != nil {
		return nil, nil, err
	}
	if in, err = newAEAD(material[:32]); err != nil {
		return nil, nil, err
	}
	out, err = newAEAD(material[32:])
	return in, out, err
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func nonce(count uint32) []byte {
	return binary.BigEndian.AppendUint32(make([]byte, 8, 12), count)
}

var errHandshake = errors.New("handshake refused")

// greetClient answers a ClientHello: it returns the three parts of the ServerHello and the
// ephemeral key they use.
func (n *noise) greetClient(hello []byte, static *keys.KeyPair, chain []byte) (ephemeral *keys.KeyPair, sealedStatic, sealedChain []byte, err error) {
	if len(hello) != 32 {
		return nil, nil, nil, fmt.Errorf("%w: ephemeral key of %d bytes", errHandshake, len(hello))
	}
	ephemeral = keys.NewKeyPair()
	n.mixHash(hello)
	n.mixHash(ephemeral.Pub[:])
	if err = n.mixKey(ephemeral.Priv, hello); err != nil {
		return nil, nil, nil, fmt.Errorf("%w: %w", errHandshake, err)
	}
	sealedStatic = n.seal(static.Pub[:])
	if err = n.mixKey(static.Priv, hello); err != nil {
		return nil, nil, nil, fmt.Errorf("%w: %w", errHandshake, err)
	}
	return ephemeral, sealedStatic, n.seal(chain), nil
}

// finish opens the client's last handshake message: the key that proves who it is, and its
// payload.
func (n *noise) finish(sealedStatic, sealedPayload []byte, ephemeral *keys.KeyPair) (static [32]byte, payload []byte, err error) {
	opened, err := n.open(sealedStatic)
	if err != nil || len(opened) != 32 {
		return static, nil, fmt.Errorf("%w: the client's key does not open", errHandshake)
	}
	if err = n.mixKey(ephemeral.Priv, opened); err != nil {
		return static, nil, fmt.Errorf("%w: %w", errHandshake, err)
	}
	if payload, err = n.open(sealedPayload); err != nil {
		return static, nil, fmt.Errorf("%w: the client's payload does not open", errHandshake)
	}
	return [32]byte(opened), payload, nil
}
