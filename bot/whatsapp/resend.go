package whatsapp

import (
	"context"
	"errors"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// repeatPatience is how long the acknowledgement of a repeat is waited for.
const repeatPatience = 20 * time.Second

// Repeat sends a message once more to the device that asked for it, with the keys that it showed, or with those that
// WhatsApp has of it; or, for [AnyDevice], to all of the recipient's, which show an ID once. It ends as Send does.
func (c *Client) Repeat(ctx context.Context, to Address, r Repeat, content Content) error {
	if err := content.check(); err != nil {
		return &SendError{Outcome: Refused, Fault: FaultMessage, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, SendDeadline)
	defer cancel()
	defer context.AfterFunc(c.stopping, cancel)()
	l := c.current()
	if l == nil || c.State().State != StateConnected || !c.enter() {
		return &SendError{Outcome: NotSent, Fault: FaultLink, Err: errNotLinked}
	}
	defer c.hands.Done()
	if r.Device == AnyDevice {
		return c.repeatToAll(ctx, l, to, r.ID, content)
	}
	var ended error
	if err := c.inTurn(ctx, func() error {
		ended = c.guarded(func() error { return c.repeat(ctx, l, to, r, content) })
		return nil
	}); err != nil {
		return &SendError{Outcome: NotSent, Fault: blame(err), Err: err}
	}
	return ended
}

// repeatToAll does without the question whether the message is wanted: it has left already.
func (c *Client) repeatToAll(ctx context.Context, l *link, to Address, id string, content Content) error {
	a := &attempt{client: c, link: l, id: id, content: content, again: true, ended: make(chan struct{})}
	err := c.inTurn(ctx, func() error {
		_, a.err = a.run(ctx, to)
		return nil
	})
	if err != nil {
		return &SendError{Outcome: NotSent, Fault: blame(err), Err: err}
	}
	return a.err
}

var errUnderWay = errors.New("the message itself is still under way")

var errNotRepeated = errors.New("the library does not repeat it any more")

// repeat lets the library answer one retry receipt, as it would have when it came.
func (c *Client) repeat(ctx context.Context, l *link, to Address, r Repeat, content Content) error {
	device := c.deviceOf(ctx, l, to, r)
	if device.IsEmpty() {
		return &SendError{Outcome: Refused, Fault: FaultRecipient, Err: errNoDevices}
	}
	node := c.repeats.take(c.repeats.kept, r.key(device))
	if node == nil {
		node = r.stanza(device, c.chatOf(ctx, to))
	}
	//lint:ignore SA1019 nothing else in the library answers one
	inside := l.lib.DangerousInternals()
	receipt, _, err := inside.ParseReceipt(node)
	if err != nil {
		return &SendError{Outcome: Refused, Fault: FaultMessage, Err: clean(err)}
	}
	receipt.MessageIDs = []types.MessageID{r.ID}
	if c.awaits(r.ID) { // the acknowledgement that is still to come is that of the message itself
		return &SendError{Outcome: NotSent, Fault: FaultLink, Err: errUnderWay}
	}
	done := c.repeats.let(receipt, content)
	answer := inside.WaitResponse(r.ID)
	defer awaitNoMore(l.lib, r.ID)
	err = inside.HandleRetryReceipt(ctx, receipt, node)
	switch used := done(); {
	case err != nil:
		return classify(err)
	case !used:
		return &SendError{Outcome: Refused, Fault: FaultMessage, Err: errNotRepeated}
	}
	return acknowledgedRepeat(ctx, answer)
}

func acknowledgedRepeat(ctx context.Context, answer <-chan *binary.Node) error {
	select {
	case ack := <-answer:
		if ack == nil || ack.Tag != "ack" {
			return &SendError{Outcome: Uncertain, Fault: FaultLink}
		}
		if code := ack.AttrGetter().OptionalInt("error"); code != 0 {
			return &SendError{Outcome: Refused, Fault: faultOfCode(code), Code: code}
		}
		return nil
	case <-ctx.Done():
		return &SendError{Outcome: Uncertain, Fault: blame(ctx.Err()), Err: ctx.Err()}
	case <-time.After(repeatPatience):
		return &SendError{Outcome: Uncertain, Fault: FaultSession, Err: context.DeadlineExceeded}
	}
}

// awaitNoMore ends the wait for an answer. Told to end it, the library would also close the channel, which its reader may be
// writing the answer to at that moment: a race, and a panic that ends the line. It is given another to close.
func awaitNoMore(lib *whatsmeow.Client, id string) {
	//lint:ignore SA1019 nothing else in the library ends one
	lib.DangerousInternals().CancelResponse(id, make(chan *binary.Node))
}

// awaits tells whether a message of that ID is on its way itself.
func (c *Client) awaits(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inHand[id] != nil
}

// deviceOf is the address of the device that asked.
func (c *Client) deviceOf(ctx context.Context, l *link, to Address, r Repeat) types.JID {
	var jid types.JID
	switch r.Space {
	case "":
		jid = l.ownLID
	case types.DefaultUserServer, types.HostedServer:
		if jid = to.numberJID(); jid.IsEmpty() {
			jid = c.people.other(ctx, to.lidJID())
		}
	default:
		if jid = to.lidJID(); jid.IsEmpty() {
			jid = c.people.other(ctx, to.numberJID())
		}
	}
	if jid.IsEmpty() {
		return jid
	}
	jid.Device = uint16(r.Device)
	return jid
}

// chatOf is where a message to somebody was sent.
func (c *Client) chatOf(ctx context.Context, to Address) types.JID {
	if to.LID != "" {
		return to.lidJID()
	}
	if lid := c.people.other(ctx, to.numberJID()); !lid.IsEmpty() {
		return lid
	}
	return to.numberJID()
}

// stanza is a retry receipt like the one that came to an earlier process. The keys in that one are not kept: from the second
// time on that a device asks, the library asks WhatsApp for some.
func (r Repeat) stanza(device, chat types.JID) *binary.Node {
	at := strconv.FormatInt(r.Stamped.Unix(), 10)
	attrs := binary.Attrs{"from": device, "id": r.ID, "type": "retry", "t": at}
	if r.Space == "" {
		attrs["recipient"] = chat
	}
	return &binary.Node{Tag: "receipt", Attrs: attrs, Content: []binary.Node{
		{Tag: "retry", Attrs: binary.Attrs{"count": strconv.Itoa(max(2, r.Count)), "id": r.ID, "t": at, "v": "1"}},
	}}
}
