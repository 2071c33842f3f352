package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// A number alone does not say who writes: numbers are given to new owners, LIDs are not. The library takes the LID that the
// number had when we learnt it: it decrypts what the new owner writes in the session with the old one, whose identity key
// becomes the new owner's, and answers go where the old one is. So a number that shows itself alone is in doubt, and nobody
// is told which LID it has before WhatsApp has said so anew. While WhatsApp does not answer, its LID is unknown.
//
// WhatsApp is asked about nobody who has not just written, or to whom we are not about to write.
type doubts struct {
	mu     sync.Mutex
	sure   map[types.JID]time.Time // numbers whose LID WhatsApp has said, and when
	doubt  map[types.JID]doubt     // numbers that showed themselves alone since
	alone  []string                // the IDs of the last messages that showed a number alone
	pause  time.Time               // until when WhatsApp is not asked, since it did not answer
	settle func(ctx context.Context, number types.JID) types.JID
	token  func(ctx context.Context, jid types.JID) (*store.PrivacyToken, error) // see tokenOf
}

// doubt is one about a number.
type doubt struct {
	since time.Time
	wrote bool // its owner, so that WhatsApp may be asked; else only a token of theirs came, which as a rule a text follows
}

const (
	// sureFor is how long WhatsApp's word about a number is taken. A number stays unused for weeks before it is given away.
	sureFor = 10 * time.Minute
	// doubtFor is how long a doubt is kept that could not be settled, in memory: what is still to be sent to the number is
	// asked about in any case.
	doubtFor = time.Hour
	// doubtTime bounds the question, since nothing else is received meanwhile; without an answer WhatsApp is not asked again
	// for doubtPause.
	doubtTime  = 10 * time.Second
	doubtPause = time.Minute
)

// raise puts a number in doubt, unless WhatsApp has just said whose it is.
func (d *doubts) raise(number types.JID, wrote bool, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.prune(now)
	if _, sure := d.sure[number]; sure || number.IsEmpty() {
		return
	}
	before, known := d.doubt[number]
	if !known {
		before.since = now
	}
	d.doubt[number] = doubt{before.since, before.wrote || wrote}
}

// dispel notes that WhatsApp has said whose a number is.
func (d *doubts) dispel(number types.JID, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.prune(now)
	delete(d.doubt, number)
	d.sure[number], d.pause = now, time.Time{}
}

// forget drops what is known of a number.
func (d *doubts) forget(number types.JID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.doubt, number)
	delete(d.sure, number)
}

// prune must be called with d.mu held.
func (d *doubts) prune(now time.Time) {
	if d.sure == nil {
		d.sure, d.doubt = make(map[types.JID]time.Time), make(map[types.JID]doubt)
	}
	for number, since := range d.sure {
		if now.Sub(since) >= sureFor {
			delete(d.sure, number)
		}
	}
	for number, doubt := range d.doubt {
		if now.Sub(doubt.since) >= doubtFor {
			delete(d.doubt, number)
		}
	}
}

// about tells whether a number is in doubt.
func (d *doubts) about(number types.JID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, doubtful := d.doubt[number]
	return doubtful
}

// any tells whether any number is in doubt.
func (d *doubts) any() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.doubt) > 0
}

// rememberedAlone is more than the library holds of messages that were not handed over yet.
const rememberedAlone = 4096

// noteAlone notes that a message showed a number alone; wasAlone tells so when it has been read.
func (d *doubts) noteAlone(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.alone) >= rememberedAlone {
		d.alone = slices.Delete(d.alone, 0, rememberedAlone/2)
	}
	d.alone = append(d.alone, id)
}

func (d *doubts) wasAlone(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Contains(d.alone, id)
}

// isSure tells whether WhatsApp has said lately whose a number is.
func (d *doubts) isSure(number types.JID, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	since, sure := d.sure[number]
	return sure && now.Sub(since) < sureFor
}

// mayAsk tells whether WhatsApp is to be asked about a number in doubt; if it did not answer, noAnswer ends that for a while.
func (d *doubts) mayAsk(number types.JID, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.doubt[number].wrote && !now.Before(d.pause)
}

func (d *doubts) noAnswer(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pause = now.Add(doubtPause)
}

// overhearNumber notes who shows a number alone, before the library looks for what it has of them.
func (c *Client) overhearNumber(node *binary.Node, wrote bool) {
	attrs := node.AttrGetter()
	from := attrs.OptionalJIDOrEmpty("from")
	if from.Server == types.HostedServer {
		from.Server = types.DefaultUserServer
	}
	if from.Server == types.DefaultUserServer && isDigits(from.User) && attrs.OptionalString("sender_lid") == "" && "+"+from.User != c.options.Number {
		c.people.doubts.raise(from.ToNonAD(), wrote, time.Now())
		c.people.doubts.noteAlone(attrs.OptionalString("id"))
	}
}

// whose asks WhatsApp which LID a number in doubt has; empty when it has none, or WhatsApp does not answer.
func (c *Client) whose(ctx context.Context, number types.JID) types.JID {
	l := c.current()
	if l == nil || c.State().State != StateConnected || !c.people.doubts.mayAsk(number, time.Now()) || !c.enter() {
		return types.EmptyJID
	}
	defer c.hands.Done()
	ctx, cancel := context.WithTimeout(ctx, doubtTime)
	defer cancel()
	defer context.AfterFunc(c.stopping, cancel)()
	lid, err := c.askLID(ctx, l, number)
	if failure, ok := errors.AsType[*SendError](err); ok && failure.Fault != FaultRecipient {
		c.people.doubts.noAnswer(time.Now())
		c.log.Warn("whatsapp did not say whose a number is by now; its writer counts as unknown", "error", clean(err))
	}
	return lid
}

// tokenOf is the trust token that somebody gave under this identity. The library would take one that came under their number
// as well, which may be its new owner's.
func (c *Client) tokenOf(ctx context.Context, jid types.JID) (*store.PrivacyToken, error) {
	token := &store.PrivacyToken{User: jid.ToNonAD()}
	var at, sent sql.NullInt64
	err := c.wrapped.QueryRow(ctx, `SELECT token, timestamp, sender_timestamp FROM whatsmeow_privacy_tokens WHERE their_jid = ?
		ORDER BY timestamp DESC LIMIT 1`, token.User.String()).Scan(&token.Token, &at, &sent)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	token.Timestamp = time.Unix(at.Int64, 0)
	if sent.Valid {
		token.SenderTimestamp = time.Unix(sent.Int64, 0)
	}
	return token, err
}
