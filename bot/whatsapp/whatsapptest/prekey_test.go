package whatsapptest

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
)

// TestPrekeysAreHandedOutOnce empties a client's keys: each goes out once, the client is asked
// for more once, and sessions go on without. A key that was handed out is not taken back.
func TestPrekeysAreHandedOutOnce(t *testing.T) {
	t.Parallel()
	s := NewServer()
	defer s.Close()
	l := &linked{acct: s.NewPhone("+393343679575").acct}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.handOutLocked(l) != nil {
		t.Error("got a bundle of a client that has uploaded no keys")
	}
	var keys []prekey
	for id := range uint32(lowPrekeys + 2) {
		keys = append(keys, prekey{id: id + 1})
	}
	l.keys.store(signedKey{}, keys)
	seen := map[uint32]bool{}
	for range keys {
		b := s.handOutLocked(l)
		if b == nil || b.oneTime == nil || seen[b.oneTime.id] {
			t.Fatalf("got %+v after %d keys, want another one-time key", b, len(seen))
		}
		seen[b.oneTime.id] = true
	}
	if b := s.handOutLocked(l); b == nil || b.oneTime != nil {
		t.Errorf("got %+v without one-time keys, want a bundle of the signed one", b)
	}
	if len(l.pending) != 1 || attrString(&l.pending[0].node, "type") != "encrypt" {
		t.Errorf("got %d notifications, want one about the keys", len(l.pending))
	}
	l.keys.store(signedKey{}, append(keys, prekey{id: 100}))
	if len(l.keys.oneTime) != 1 || l.keys.oneTime[0].id != 100 {
		t.Errorf("got keys %v after an upload of old and new, want the new one", l.keys.oneTime)
	}
}

func TestHandsetChecksItsPrekeys(t *testing.T) {
	t.Parallel()
	h := newHandset("test")
	first := h.bundle(nil).oneTime.id
	h.used = append(h.used, usedKey{id: first, base: []byte("session")})
	second := h.bundle(nil).oneTime.id
	for name, test := range map[string]struct {
		id   uint32
		base string
		want error
	}{
		"fresh":            {second, "x", nil},
		"used":             {first, "another", errPrekeyUsed},
		"of the same":      {first, "session", errForgotten},
		"never handed out": {second + 1, "x", errNoPrekey},
	} {
		if err := h.checkPrekeyLocked(test.id, []byte(test.base)); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
	before := h.identityKey()
	h.reinstall()
	if err := h.checkPrekeyLocked(second, []byte("x")); !errors.Is(err, errForgotten) {
		t.Errorf("a key of the old installation: got %v, want %v", err, errForgotten)
	}
	if bytes.Equal(before.Pub[:], h.identityKey().Pub[:]) {
		t.Error("got the old identity after setting up again")
	}
}

// TestSeedsAreStable pins what processes must agree on.
func TestSeedsAreStable(t *testing.T) {
	t.Parallel()
	if lidFor("393331234567") != "740097292915543" || lidFor("393331234567") == lidFor("393331234568") {
		t.Error("LIDs are not derived from numbers as they were")
	}
	if got := len(lidFor("1")); got != 15 {
		t.Errorf("got a LID of %d digits, want 15", got)
	}
	if key := RootKey(); hex.EncodeToString(key[:8]) != "2fe6bb59b6c4e305" {
		t.Errorf("the root key has become %x…", key[:8])
	}
	if !tlsKey().Equal(tlsKey()) {
		t.Error("the TLS key is not stable")
	}
}
