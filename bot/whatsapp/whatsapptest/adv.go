package whatsapptest

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"time"

	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// The prefixes that keep WhatsApp's signatures apart.
const (
	accountPrefix   = "\x06\x00"
	devicePrefix    = "\x06\x01"
	keyIndexPrefix  = "\x06\x02"
	signedKeyPrefix = "\x05"
)

// vouch makes the phone's half of a linked device's identity: the account's signature over the
// device's identity key.
func vouch(phone *keys.KeyPair, device [32]byte, keyIndex uint32, now time.Time) (*waAdv.ADVSignedDeviceIdentity, error) {
	details, err := proto.Marshal(&waAdv.ADVDeviceIdentity{
		RawID:       proto.Uint32(1),
		Timestamp:   proto.Uint64(uint64(now.Unix())),
		KeyIndex:    proto.Uint32(keyIndex),
		AccountType: waAdv.ADVEncryptionType_E2EE.Enum(),
		DeviceType:  waAdv.ADVEncryptionType_E2EE.Enum(),
	})
	if err != nil {
		return nil, err
	}
	return &waAdv.ADVSignedDeviceIdentity{
		Details:             details,
		AccountSignatureKey: phone.Pub[:],
		AccountSignature:    sign(phone, []byte(accountPrefix), details, device[:]),
	}, nil
}

// seal wraps the identity for the client, authenticated with the secret that only its QR code
// told.
func seal(identity *waAdv.ADVSignedDeviceIdentity, secret []byte) ([]byte, error) {
	details, err := proto.Marshal(identity)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(details)
	return proto.Marshal(&waAdv.ADVSignedDeviceIdentityHMAC{Details: details, HMAC: mac.Sum(nil)})
}

var errDeviceSignature = errors.New("the device's signature does not verify")

// complete checks the client's half of its identity, as it answered, against the phone's half,
// and returns the whole.
func complete(half *waAdv.ADVSignedDeviceIdentity, device [32]byte, answer []byte) (*waAdv.ADVSignedDeviceIdentity, error) {
	var signed waAdv.ADVSignedDeviceIdentity
	if err := proto.Unmarshal(answer, &signed); err != nil {
		return nil, err
	}
	if !verify(device, signed.GetDeviceSignature(), []byte(devicePrefix), half.Details, device[:], half.AccountSignatureKey) {
		return nil, errDeviceSignature
	}
	whole := proto.Clone(half).(*waAdv.ADVSignedDeviceIdentity)
	whole.DeviceSignature = signed.DeviceSignature
	return whole, nil
}

// sameIdentity reports whether the bytes beside a prekey message are the identity that was
// registered.
func sameIdentity(registered *waAdv.ADVSignedDeviceIdentity, shown []byte) bool {
	var identity waAdv.ADVSignedDeviceIdentity
	return proto.Unmarshal(shown, &identity) == nil && proto.Equal(&identity, registered)
}
