package whatsapptest

import (
	"crypto/sha256"
	"strconv"
	"sync"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/libsignal/logger"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCert"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// trustOnce is a variable of the package because what it guards are variables of two
// libraries.
var trustOnce sync.Once

// TrustRoot makes every client of this process accept the certificates of this package instead
// of WhatsApp's, for good. [NewServer] and [Dial] call it. It also silences libsignal, which
// otherwise prints the phones' failed decryptions to standard output; a program that wants
// libsignal's voice sets its logger later.
func TrustRoot() {
	trustOnce.Do(func() {
		whatsmeow.WACertPubKey = RootKey()
		var quiet logger.Loggable = silence{}
		logger.Setup(&quiet)
	})
}

// RootKey is the public key that signs the server's certificates. It is the same in every
// process.
func RootKey() [32]byte { return *seededKey("root").Pub }

// seededKey derives a key pair from words, so that processes agree on it and phones need not
// store theirs.
func seededKey(label string) *keys.KeyPair {
	return keys.NewKeyPairFromPrivateKey(clamp(sha256.Sum256([]byte("banditore/whatsapptest/" + label))))
}

func clamp(private [32]byte) [32]byte {
	private[0] &= 248
	private[31] = private[31]&127 | 64
	return private
}

// sign makes an XEdDSA signature. It is randomised: verify signatures, never compare them.
func sign(pair *keys.KeyPair, parts ...[]byte) []byte {
	signature := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*pair.Priv), join(parts...))
	return signature[:]
}

// verify reports whether signature is what the owner of the public key made over the parts.
func verify(public [32]byte, signature []byte, parts ...[]byte) bool {
	if len(signature) != 64 {
		return false
	}
	return ecc.VerifySignature(ecc.NewDjbECPublicKey(public), join(parts...), [64]byte(signature))
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// certificates makes the chain that a client verifies during the handshake. The clock decides
// the dates, which in a synctest bubble is the bubble's.
func certificates(static *keys.KeyPair, now time.Time) ([]byte, error) {
	middle := seededKey("intermediate")
	intermediate, err := certificate(seededKey("root"), 1, 0, middle.Pub[:], now)
	if err != nil {
		return nil, err
	}
	leaf, err := certificate(middle, 2, 1, static.Pub[:], now)
	if err != nil {
		return nil, err
	}
	return proto.Marshal(&waCert.CertChain{Intermediate: intermediate, Leaf: leaf})
}

func certificate(issuer *keys.KeyPair, serial, issuerSerial uint32, key []byte, now time.Time) (*waCert.CertChain_NoiseCertificate, error) {
	details, err := proto.Marshal(&waCert.CertChain_NoiseCertificate_Details{
		Serial:       proto.Uint32(serial),
		IssuerSerial: proto.Uint32(issuerSerial),
		Key:          key,
		NotBefore:    proto.Uint64(uint64(now.AddDate(0, 0, -1).Unix())),
		NotAfter:     proto.Uint64(uint64(now.AddDate(20, 0, 0).Unix())),
	})
	if err != nil {
		return nil, err
	}
	return &waCert.CertChain_NoiseCertificate{Details: details, Signature: sign(issuer, details)}, nil
}

// silence is a logger for libsignal that says nothing.
type silence struct{}

// Debug drops a line.
func (silence) Debug(_, _ string) {}

// Info drops a line.
func (silence) Info(_, _ string) {}

// Warning drops a line.
func (silence) Warning(_, _ string) {}

// Error drops a line.
func (silence) Error(_, _ string) {}

// Configure has nothing to configure.
func (silence) Configure(string) {}

// number prints a counter for a seed or an attribute.
func number[T ~int | ~int64 | ~uint16 | ~uint32](n T) string { return strconv.FormatInt(int64(n), 10) }
