package whatsapptest

import (
	"crypto/sha256"
	"slices"

	"go.mau.fi/libsignal/protocol"
	"go.mau.fi/whatsmeow/store"
)

// A client that encrypts twice with one key of a session breaks it: a phone drops the second message, and who listens can
// compare the two. A phone sees only that a key is used up, which is the same when a frame comes twice. So the server looks
// at the payloads themselves, each of which names its key.

// keptCounters is how many payloads for one device are remembered.
const keptCounters = 256

// usedCounter is one payload for a device.
type usedCounter struct {
	key [8]byte // of what names the key: the sender's ratchet key, and the counter
	sum [8]byte // of the payload
}

// countLocked judges whether a payload was encrypted with a key that another was encrypted with. The client's own phone is
// left out, see [Stats.LostCopies].
func (c *conn) countLocked(m *sent, e envelope) {
	if e.device.acct == c.device.acct {
		return
	}
	name, ok := counterOf(e)
	if !ok {
		return // the phone says what is wrong with it
	}
	this := usedCounter{key: [8]byte(name[:8])}
	sum := sha256.Sum256(e.ciphertext)
	copy(this.sum[:], sum[:])
	d := e.device
	switch i := slices.IndexFunc(d.counters, func(u usedCounter) bool { return u.key == this.key }); {
	case i < 0 && len(d.counters) < keptCounters:
		d.counters = append(d.counters, this)
	case i < 0:
		d.counters = append(d.counters[1:], this)
	case d.counters[i] != this:
		c.s.offendLocked(CounterReused, "message %s, whose key another had", m.id)
	}
}

// counterOf names the key of a payload.
func counterOf(e envelope) (name [32]byte, ok bool) {
	serializer := store.SignalProtobufSerializer
	if e.prekey {
		opening, err := protocol.NewPreKeySignalMessageFromBytes(e.ciphertext, serializer.PreKeySignalMessage, serializer.SignalMessage)
		if err != nil {
			return name, false
		}
		return nameCounter(opening.WhisperMessage()), true
	}
	message, err := protocol.NewSignalMessageFromBytes(e.ciphertext, serializer.SignalMessage)
	if err != nil {
		return name, false
	}
	return nameCounter(message), true
}

func nameCounter(message *protocol.SignalMessage) [32]byte {
	ratchet := message.SenderRatchetKey().PublicKey()
	return sha256.Sum256(append(ratchet[:], number(message.Counter())...))
}
