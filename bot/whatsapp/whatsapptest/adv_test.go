package whatsapptest

import (
	"errors"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

func TestDeviceIdentity(t *testing.T) {
	t.Parallel()
	phone, device := seededKey("phone"), seededKey("device")
	half, err := vouch(phone, *device.Pub, 3, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if !verify(*phone.Pub, half.AccountSignature, []byte(accountPrefix), half.Details, device.Pub[:]) {
		t.Error("the account's signature does not verify")
	}
	answered := func(signer *keys.KeyPair) []byte {
		return marshalIdentity(&waAdv.ADVSignedDeviceIdentity{
			Details: half.Details, AccountSignature: half.AccountSignature,
			DeviceSignature: sign(signer, []byte(devicePrefix), half.Details, device.Pub[:], phone.Pub[:]),
		})
	}
	whole, err := complete(half, *device.Pub, answered(device))
	if err != nil {
		t.Fatal(err)
	}
	if !sameIdentity(whole, marshalIdentity(whole)) {
		t.Error("the registered identity is not recognised")
	}
	other := proto.Clone(whole).(*waAdv.ADVSignedDeviceIdentity)
	other.DeviceSignature[0] ^= 1
	if sameIdentity(whole, marshalIdentity(other)) || sameIdentity(whole, nil) {
		t.Error("another identity passes for the registered one")
	}
	if _, err = complete(half, *device.Pub, answered(phone)); !errors.Is(err, errDeviceSignature) {
		t.Errorf("got %v for a signature of somebody else, want %v", err, errDeviceSignature)
	}
	if _, err = complete(half, *device.Pub, []byte{0xFF}); err == nil {
		t.Error("got no error for an answer that is no protobuf")
	}
}
