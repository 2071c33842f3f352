package whatsapp

import (
	"maps"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// A phone that could not decrypt a message asks for it with a retry receipt, which anybody can send about any ID. The
// library would answer at once: past the pace, the ceiling and every red light. So it is let answer nothing by itself. Who
// may have the message is noted (Options.OnRepeat), the receipt is acknowledged, and the message leaves by Repeat, when
// whoever owns all that leaves says so. A receipt must not stay unacknowledged for as long as that takes: WhatsApp cuts the
// line of a client that acknowledges nothing.

const (
	heardRepeats = 1024 // stanzas that are kept for Repeat, with the keys that the device showed
	// AnyDevice is the device of a repeat for whichever has not got the message.
	AnyDevice = -1
)

// Repeat is the wish that a message leave once more.
type Repeat struct {
	ID      string    // of the message
	From    Sender    // who asks; of our own devices: to whom the message went, as they say
	Device  int       // which of their devices, or [AnyDevice]
	Space   string    // the server of the address that asked; empty: a device of our own account
	Count   int       // which time it asks, from 1
	Stamped time.Time // the message's own time, as the device says
}

// repeats are the wishes that have come, and the answers that may leave.
type repeats struct {
	mu    sync.Mutex
	heard map[repeatKey]*binary.Node
	kept  map[repeatKey]*binary.Node
	pass  *pass // what Repeat lets the library answer; nil: nothing
}

// repeatKey is a message and the device that asks for it.
type repeatKey struct {
	id, user, server string
	device           uint16
}

// pass is one answer that may leave.
type pass struct {
	receipt *events.Receipt
	content Content
	used    bool
}

func newRepeats() *repeats {
	return &repeats{heard: make(map[repeatKey]*binary.Node), kept: make(map[repeatKey]*binary.Node)}
}

func repeatKeyOf(id string, jid types.JID) repeatKey {
	person := deviceOwner(jid)
	return repeatKey{id, person.User, person.Server, jid.Device}
}

// hear keeps the stanza of a retry receipt until the library asks what to do about it.
func (r *repeats) hear(node *binary.Node) {
	retry := node.GetChildByTag("retry")
	id := retry.AttrGetter().OptionalString("id")
	keep(r, r.heard, repeatKeyOf(id, node.AttrGetter().OptionalJIDOrEmpty("from")), node)
}

func keep(r *repeats, in map[repeatKey]*binary.Node, key repeatKey, node *binary.Node) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(in) >= heardRepeats {
		clear(in) // without its stanza a repeat leaves with keys that are asked for
	}
	in[key] = node
}

func (r *repeats) take(in map[repeatKey]*binary.Node, key repeatKey) *binary.Node {
	r.mu.Lock()
	defer r.mu.Unlock()
	node := in[key]
	delete(in, key)
	return node
}

// forget drops what these people's devices have asked for.
func (r *repeats) forget(identities []types.JID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	theirs := func(key repeatKey, _ *binary.Node) bool {
		return slices.Contains(identities, types.NewJID(key.user, key.server))
	}
	maps.DeleteFunc(r.heard, theirs)
	maps.DeleteFunc(r.kept, theirs)
}

// let allows one answer, until done is called, which tells whether it was made use of.
func (r *repeats) let(receipt *events.Receipt, content Content) (done func() (used bool)) {
	p := &pass{receipt: receipt, content: content}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pass = p
	return func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.pass = nil
		return p.used
	}
}

// passing gives the content of the answer that may leave, if it is that one.
func (r *repeats) passing(is func(*pass) bool) (Content, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pass == nil || !is(r.pass) {
		return Content{}, false
	}
	return r.pass.content, true
}

// forRetry makes a message again that a phone could not decrypt. The library has it only while it is among the last ones.
func (c *Client) forRetry(lib *whatsmeow.Client) func(from, chat types.JID, id types.MessageID) *waE2E.Message {
	return func(from, chat types.JID, id types.MessageID) *waE2E.Message {
		content, ok := c.repeats.passing(func(p *pass) bool { return p.receipt.Sender == from && p.receipt.MessageIDs[0] == id })
		if !ok {
			if content, ok = c.againFor(from, chat, id); !ok {
				c.repeats.take(c.repeats.heard, repeatKeyOf(id, from))
				return nil
			}
		}
		if lid := c.people.other(c.life, chat); chat.Server == types.DefaultUserServer && !lid.IsEmpty() {
			chat = lid // where the message was sent, and so what an edit or a deletion in it names
		}
		return content.message(lib, chat)
	}
}

// asking is the person whose message a device may have: its owner, or for our own devices whom we wrote to.
func (c *Client) asking(from, chat types.JID) types.JID {
	if l := c.current(); l != nil && c.isOwn(l, deviceOwner(from)) {
		return chat
	}
	return from
}

// againFor asks for the content of a message that a device asks for. What is said in a group or a list is nobody's: the
// library would make keys for that place.
func (c *Client) againFor(from, chat types.JID, id types.MessageID) (Content, bool) {
	person := c.asking(from, chat)
	if !isPerson(types.MessageSource{Chat: chat, Sender: from, IsFromMe: person != from}) {
		return Content{}, false
	}
	return c.again(id, person)
}

// again asks for the content of a message that may be repeated to somebody.
func (c *Client) again(id types.MessageID, to types.JID) (content Content, ok bool) {
	if c.options.Resend == nil {
		return Content{}, false
	}
	err := c.guarded(func() error {
		sender, err := c.senderOf(c.life, to)
		if err != nil {
			return err
		}
		content, ok = c.options.Resend(c.life, id, sender)
		return nil
	})
	if err != nil || !ok {
		return Content{}, false
	}
	if err := content.check(); err != nil {
		c.log.Error("a message cannot be repeated", "error", err)
		return Content{}, false
	}
	return content, true
}

// allowRetry is asked before each answer to a retry receipt: only what Repeat sends may leave. It asks also when the library
// still remembers the message: it may have been cancelled since, its recipient may have another LID, and the library
// compares nobody with anybody.
func (c *Client) allowRetry(receipt *events.Receipt, id types.MessageID, count int, _ *waE2E.Message) bool {
	used := func(p *pass) bool {
		p.used = p.receipt == receipt
		return p.used
	}
	if _, ok := c.repeats.passing(used); ok {
		return true
	}
	node := c.repeats.take(c.repeats.heard, repeatKeyOf(id, receipt.Sender))
	if !isPerson(receipt.MessageSource) {
		return false
	}
	sender := deviceOwner(receipt.Sender)
	if _, stale, err := c.staleLID(c.life, sender); stale && sender.Server == types.HiddenUserServer || err != nil {
		return false
	}
	person := c.asking(receipt.Sender, receipt.Chat)
	if _, ok := c.again(id, person); !ok || c.options.OnRepeat == nil {
		return ok
	}
	r := Repeat{ID: id, Device: int(receipt.Sender.Device), Space: sender.Server, Count: count, Stamped: receipt.Timestamp}
	if person != receipt.Sender {
		r.Space = ""
	}
	if node != nil {
		keep(c.repeats, c.repeats.kept, r.key(sender), node)
		retry := node.GetChildByTag("retry")
		r.Stamped = retry.AttrGetter().UnixTime("t")
	}
	c.noteRepeat(r, person)
	return false
}

// key is that of a wish of somebody's, or of our own account's, whichever of its addresses asks.
func (r Repeat) key(person types.JID) repeatKey {
	person.Device = uint16(r.Device)
	key := repeatKeyOf(r.ID, person)
	if r.Space == "" {
		key.user, key.server = "", ""
	}
	return key
}

// noteRepeat hands a wish over. One that could not be recorded is lost: the device asks again, as often as it could not
// decrypt the message.
func (c *Client) noteRepeat(r Repeat, person types.JID) {
	err := c.guarded(func() (err error) {
		if r.From, err = c.senderOf(c.life, person); err != nil {
			return err
		}
		return c.options.OnRepeat(c.life, r)
	})
	if err != nil {
		c.log.Error("the wish for a repeat could not be recorded", "error", clean(err))
	}
}
