package whatsapptest

import (
	"sync"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// copies compares what the recipient's devices got with what the sender's own devices got: it
// must be one message. Phones decrypt at different times, so whoever comes second compares.
type copies struct {
	mu       sync.Mutex // guards the rest
	wanted   bool       // there is more than one to compare
	compared *waE2E.Message
}

func (c *copies) expect(several bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wanted = several
}

// agrees takes what one device decrypted and reports whether it is what the first device got.
func (c *copies) agrees(message *waE2E.Message) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.wanted {
		return true
	}
	if c.compared == nil {
		c.compared = message
		return true
	}
	return proto.Equal(withoutContext(c.compared), withoutContext(message))
}

// withoutContext drops what a client may say to its own devices and to others in different
// words: the device metadata outside of the message itself.
func withoutContext(message *waE2E.Message) *waE2E.Message {
	if message.GetMessageContextInfo() == nil {
		return message
	}
	plain := proto.Clone(message).(*waE2E.Message)
	plain.MessageContextInfo = nil
	return plain
}
