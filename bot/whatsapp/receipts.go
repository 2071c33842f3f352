package whatsapp

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// When everybody is written to at once, thousands of phones confirm within seconds, and a commit that survives a power cut
// takes milliseconds. So receipts are committed in batches, and each is acknowledged after the commit of its batch, as a
// database does with a group commit.
//
// The library acknowledges a receipt when our handler returns, and hands over nothing meanwhile. So the handler declines each
// receipt, which the library takes as: do not acknowledge. The acknowledgement is made here, by the library's own function,
// from the stanza: the event leaves out some of what must be echoed, as the server of an account that a company hosts. The
// stanza is the ear's. A receipt whose stanza the ear has not heard is committed alone, and the library acknowledges it.
//
// What comes after a receipt is not dealt with before it: who has a message, says so and leaves the list is counted among
// those who have it, and what a phone says at the login is known before anything is sent again.

const (
	foldPause    = 20 * time.Millisecond // how long a receipt waits for others at most, beside the commit before
	foldLimit    = 256                   // receipts of one batch
	foldBacklog  = 1024                  // receipts that may wait for their batch; the next one holds up the library
	heardReceipt = 16 << 10              // stanzas on their way through the library
	ackingTime   = time.Second           // how long Close waits for a line that takes no acknowledgements any more
)

// Receipt is a phone's word about messages it got. Anybody can send one about any ID: the ID says nothing until the
// message turns out to have gone to From.
type Receipt struct {
	From Sender
	IDs  []string
	Read bool // false: it arrived; true: it was read, on phones that tell
	At   time.Time

	Device int // which of theirs

	by types.JID // as the server has stamped it; From is found when the receipt is handed over
}

// receipts are those that have not been handed over.
type receipts struct {
	waiting chan unacknowledged

	mu    sync.Mutex
	heard map[receiptKey]arrival
}

func newReceipts() *receipts {
	return &receipts{waiting: make(chan unacknowledged, foldBacklog), heard: make(map[receiptKey]arrival)}
}

// receiptKey is what a stanza and the library's event about it have in common. Two stanzas with the same key have the
// same acknowledgement.
type receiptKey struct {
	id, user string
	device   uint16
	kind     string
}

// arrival is a stanza, and the connection that it came over.
type arrival struct {
	stanza *binary.Node
	line   context.Context
}

type unacknowledged struct {
	Receipt
	arrival
	link *link
	at   time.Time

	noted chan<- struct{} // no receipt: closed when all before it have been handed over
}

// says tells whether a receipt of this type is about what became of a message, and what.
func says(kind types.ReceiptType) (read, ok bool) {
	switch kind {
	case types.ReceiptTypeDelivered, types.ReceiptTypeInactive:
		return false, true
	case types.ReceiptTypeRead, types.ReceiptTypePlayed:
		return true, true
	}
	return false, false
}

// overhearReceipt keeps the stanza of a receipt until the library hands over what it made of it.
func (c *Client) overhearReceipt(node *binary.Node) {
	attrs := node.AttrGetter()
	kind, id, from := attrs.OptionalString("type"), attrs.OptionalString("id"), attrs.OptionalJIDOrEmpty("from")
	l := c.current()
	if types.ReceiptType(kind) == types.ReceiptTypeRetry {
		c.repeats.hear(node)
		return
	}
	if _, ours := says(types.ReceiptType(kind)); !ours || id == "" || l == nil {
		return
	}
	switch from.Server {
	case types.DefaultUserServer, types.HiddenUserServer, types.HostedServer, types.HostedLIDServer:
		if line := l.wire.present(); line != nil {
			c.receipts.hear(receiptKey{id, from.User, from.Device, kind}, arrival{node, line})
		}
	}
}

func (r *receipts) hear(key receiptKey, a arrival) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.heard) >= heardReceipt {
		clear(r.heard) // the library drops what it has not handled when a connection ends
	}
	r.heard[key] = a
}

// take gives the stanza of an event, once.
func (r *receipts) take(event *events.Receipt) (a arrival, ok bool) {
	if len(event.MessageIDs) == 0 {
		return arrival{}, false
	}
	key := receiptKey{event.MessageIDs[0], event.Sender.User, event.Sender.Device, string(event.Type)}
	r.mu.Lock()
	defer r.mu.Unlock()
	a, ok = r.heard[key]
	delete(r.heard, key)
	return a, ok
}

// receipted lets a receipt wait for its batch.
func (c *Client) receipted(l *link, event *events.Receipt) bool {
	heard, ok := c.receipts.take(event)
	read, ours := says(event.Type)
	if !ours || event.IsFromMe || !isPerson(event.MessageSource) {
		return true
	}
	if c.options.OnReceipts == nil {
		return false
	}
	receipt := Receipt{IDs: event.MessageIDs, Read: read, At: event.Timestamp, Device: int(event.Sender.Device), by: event.Sender}
	if !ok {
		return c.handReceipts(l, []Receipt{receipt})
	}
	select {
	case c.receipts.waiting <- unacknowledged{Receipt: receipt, arrival: heard, link: l, at: time.Now()}:
	case <-c.stopping.Done(): // it comes again
	}
	return false
}

// noteReceipts returns when all receipts that came so far have been handed over.
func (c *Client) noteReceipts() {
	noted := make(chan struct{})
	select {
	case c.receipts.waiting <- unacknowledged{noted: noted}:
	case <-c.stopping.Done():
		return
	}
	select {
	case <-noted:
	case <-c.stopping.Done():
	}
}

// foldReceipts hands over batches until Close begins, and then the last one.
func (c *Client) foldReceipts() {
	for {
		var batch []unacknowledged
		select {
		case first := <-c.receipts.waiting:
			batch = c.receipts.fold(first, c.stopping.Done())
		case <-c.stopping.Done():
			if batch = c.receipts.rest(nil); len(batch) == 0 {
				return
			}
		}
		c.commit(batch)
	}
}

// fold collects what comes within the pause, unless somebody waits for it.
func (r *receipts) fold(first unacknowledged, stopping <-chan struct{}) []unacknowledged {
	batch := r.rest([]unacknowledged{first})
	over := time.NewTimer(time.Until(first.at.Add(foldPause)))
	defer over.Stop()
	for len(batch) < foldLimit && !slices.ContainsFunc(batch, unacknowledged.ends) {
		select {
		case next := <-r.waiting:
			batch = append(batch, next)
		case <-over.C:
			return r.rest(batch)
		case <-stopping:
			return r.rest(batch)
		}
	}
	return batch
}

func (u unacknowledged) ends() bool { return u.noted != nil }

// rest adds what waits already.
func (r *receipts) rest(batch []unacknowledged) []unacknowledged {
	for len(batch) < foldLimit {
		select {
		case next := <-r.waiting:
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

// commit hands a batch over, and acknowledges it.
func (c *Client) commit(batch []unacknowledged) {
	batch, noted := c.handBatch(batch)
	if !noted {
		return
	}
	l := batch[0].link
	done := make(chan struct{})
	defer context.AfterFunc(c.stopping, func() {
		select {
		case <-time.After(ackingTime):
			l.wire.endLine()
		case <-done:
		}
	})()
	defer close(done)
	for _, u := range batch {
		_ = c.guarded(u.acknowledge)
	}
}

// handBatch hands over the receipts of a batch, and lets go on who waits for that. It gives those that are to be acknowledged.
func (c *Client) handBatch(batch []unacknowledged) (said []unacknowledged, noted bool) {
	var list []Receipt
	for _, u := range batch {
		if u.ends() {
			defer close(u.noted)
			continue
		}
		said, list = append(said, u), append(list, u.Receipt)
	}
	return said, len(said) > 0 && c.handReceipts(said[0].link, list)
}

// acknowledge sends what the library would have sent, unless that would go over another connection: there the receipt
// comes again.
func (u unacknowledged) acknowledge() error {
	if u.line.Err() == nil && u.link.lib.IsConnected() {
		//lint:ignore SA1019 nothing else in the library makes this acknowledgement
		u.link.lib.DangerousInternals().SendAck(u.line, u.stanza, 0)
	}
	return nil
}

// handReceipts tells whether they were recorded. Else the connection is renewed, so that they come again.
func (c *Client) handReceipts(l *link, list []Receipt) bool {
	err := c.guarded(func() (err error) {
		for i := range list {
			if list[i].From, err = c.senderOf(c.life, list[i].by); err != nil {
				return err
			}
		}
		return c.options.OnReceipts(c.life, list)
	})
	if err != nil {
		c.log.Error("receipts could not be recorded and will come again", "receipts", len(list), "error", clean(err))
		c.resetSoon(l)
	}
	return err == nil
}
