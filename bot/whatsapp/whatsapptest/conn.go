package whatsapptest

import (
	"crypto/cipher"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// hangUpTime is how long a client has to hang up by itself before its stream is ended.
// whatsmeow races with a server that is faster, and loses a goroutine to a frame that arrives
// while it hangs up.
const hangUpTime = 2 * time.Second

// conn is one websocket of a real client. One goroutine reads and handles stanzas, another
// writes them.
type conn struct {
	s       *Server
	ws      *websocket.Conn
	host    string // by which the client reached the server
	in, out cipher.AEAD
	received,
	sent uint32

	breaks   *Break               // nil: the session lives
	device   *linked              // set by the login; guarded by s.mu
	pairing  *pairing             // set while the client shows a code; guarded by s.mu
	owed     map[string]time.Time // notifications that a client has to acknowledge before its login, and since when; guarded by s.mu
	active   bool                 // the offline queue has been sent; guarded by s.mu
	lastAck  time.Time
	mute     atomic.Bool // see MuteConnections
	cutOnce  sync.Once
	done     chan struct{} // closed when the connection is to end
	queueMu  sync.Mutex    // guards queue; taken after s.mu
	queue    []outgoing
	inFlight int           // taken from the queue, not yet written
	filled   chan struct{} // holds a token when the queue may have something
}

// outgoing is a stanza that leaves at a time; a nil node ends the stream.
type outgoing struct {
	node *waBinary.Node
	due  time.Time
}

// send queues a stanza, which leaves after the round trip time. The order is kept. The stanza
// must not be changed afterwards.
func (c *conn) send(node waBinary.Node) { c.push(&node) }

func (c *conn) push(node *waBinary.Node) {
	if c.mute.Load() {
		return
	}
	due := time.Now().Add(time.Duration(c.s.faults.roundTrip.Load()))
	c.queueMu.Lock()
	c.queue = append(c.queue, outgoing{node, due})
	c.queueMu.Unlock()
	select {
	case c.filled <- struct{}{}:
	default:
	}
}

// finish queues the last stanzas and the end of the stream; then the client may hang up or is
// cut.
func (c *conn) finish(last ...waBinary.Node) {
	for _, node := range last {
		c.push(&node)
	}
	c.push(nil)
}

// unsent counts the stanzas that have not been written.
func (c *conn) unsent() int {
	c.queueMu.Lock()
	defer c.queueMu.Unlock()
	return len(c.queue) + c.inFlight
}

func (c *conn) pop() (outgoing, bool) {
	c.queueMu.Lock()
	defer c.queueMu.Unlock()
	if len(c.queue) == 0 {
		return outgoing{}, false
	}
	next := c.queue[0]
	c.queue = c.queue[1:]
	c.inFlight = 1
	return next, true
}

// writeLoop writes until the connection ends. It is the only one who seals frames, so their
// counter needs no lock.
func (c *conn) writeLoop() {
	defer c.cut()
	for {
		next, ok := c.pop()
		if !ok {
			select {
			case <-c.filled:
				continue
			case <-c.done:
				return
			}
		}
		if !c.sleep(time.Until(next.due)) {
			return
		}
		if next.node == nil {
			if c.sleep(hangUpTime) {
				_ = c.write(waBinary.Node{Tag: "xmlstreamend"})
			}
			return
		}
		if err := c.write(*next.node); err != nil {
			return
		}
		if c.breaks != nil && c.breaks.Stanza == next.node.Tag {
			return
		}
		c.written()
	}
}

func (c *conn) written() {
	c.queueMu.Lock()
	c.inFlight = 0
	idle := len(c.queue) == 0
	c.queueMu.Unlock()
	if idle {
		c.s.mu.Lock()
		c.s.changedLocked()
		c.s.mu.Unlock()
	}
}

// sleep reports false when the connection ended meanwhile.
func (c *conn) sleep(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.done:
		return false
	}
}

func (c *conn) write(node waBinary.Node) error {
	content, err := waBinary.Marshal(node)
	if err != nil {
		return err
	}
	sealed := c.out.Seal(nil, nonce(c.sent), content, nil)
	c.sent++
	return c.ws.Write(c.s.ctx, websocket.MessageBinary, frame(sealed))
}

// cut ends the connection without a word.
func (c *conn) cut() {
	c.cutOnce.Do(func() { close(c.done) })
	_ = c.ws.CloseNow()
}

// cutLocked is cut for a caller that holds the server's lock and must not wait.
func (c *conn) cutLocked() {
	c.cutOnce.Do(func() { close(c.done) })
}

// readLoop handles stanzas until the connection breaks or the client sends something that is
// no stanza.
func (c *conn) readLoop(f *frames) {
	for {
		sealed, err := f.next(c.s.ctx)
		if errors.Is(err, errFrame) {
			c.s.offend(BadFrame, "%v", err)
		}
		if err != nil {
			return
		}
		content, err := c.in.Open(nil, nonce(c.received), sealed, nil)
		c.received++
		if err != nil {
			c.s.offend(BadFrame, "a frame that does not decrypt")
			return
		}
		node, err := decode(content)
		if err != nil {
			c.s.offend(BadFrame, "%v", err)
			return
		}
		if !c.handle(node) {
			return
		}
	}
}

// handle deals with one stanza and reports whether the connection goes on.
func (c *conn) handle(node *waBinary.Node) bool {
	select {
	case <-c.done:
		return false
	default:
	}
	if c.mute.Load() {
		return true
	}
	c.tapStanza(node)
	switch node.Tag {
	case "iq":
		c.handleIQ(node)
	case "xmlstreamend":
		return false
	case "ib", "presence", "chatstate": // telemetry and typing: no answer
	case "message", "receipt", "ack", "call":
		c.handleRouted(node)
	default:
		c.s.offend(UnknownStanza, "%q", node.Tag)
	}
	return true
}

// handleRouted deals with the stanzas that only a logged-in device may send.
func (c *conn) handleRouted(node *waBinary.Node) {
	if c.device == nil {
		if node.Tag == "ack" && c.takeEarlyAck(node) {
			return
		}
		c.s.offend(Malformed, "%s before the login", node.Tag)
		return
	}
	switch node.Tag {
	case "message":
		c.handleMessage(node)
	case "receipt":
		c.handleReceipt(node)
	case "ack":
		c.handleAck(node)
	case "call":
		c.handleCall(node)
	}
}

// attrString reads an attribute that a client may have written as a number, a string or an
// address.
func attrString(node *waBinary.Node, key string) string {
	value, _ := node.Attrs[key].(string)
	return value
}

func attrJID(node *waBinary.Node, key string) types.JID {
	value, _ := node.Attrs[key].(types.JID)
	return value
}

// contentBytes reads a content, which arrives as a string when the client packed it as one.
func contentBytes(node waBinary.Node) []byte {
	if content, ok := node.Content.(string); ok {
		return []byte(content)
	}
	content, _ := node.Content.([]byte)
	return content
}

func attrInt(node *waBinary.Node, key string) int { return node.AttrGetter().OptionalInt(key) }
