package whatsapp

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/types"
)

const (
	// SendDeadline bounds every Send. The library waits up to 75 seconds for an answer, after a reconnect without end.
	SendDeadline = time.Minute
	// sendGrace is what a send gets beyond its deadline to tell how it ended, before it is given up as Uncertain.
	sendGrace = 2 * time.Second
)

// Outcome is what is known about a message that was not acknowledged.
type Outcome string

const (
	NotSent   Outcome = "not_sent"  // it never left; try again whenever you like
	Refused   Outcome = "refused"   // WhatsApp said no, or nobody could have read it: see Fault
	Uncertain Outcome = "uncertain" // it may have arrived; repeat it with the same ID
)

// FaultKind says whose fault a failed send was, and so what to do with the queue.
type FaultKind string

const (
	FaultLink      FaultKind = "link"      // no connection, it broke, or our own disk: wait for the link, charge nobody
	FaultLimit     FaultKind = "limit"     // WhatsApp says that it is too much: send nothing to anybody for a while
	FaultSession   FaultKind = "session"   // the link stands, but WhatsApp does not do what it should: when it goes on, send to nobody
	FaultStranger  FaultKind = "stranger"  // WhatsApp does not let us write first to this person, or, when it says so of several, to anybody
	FaultMoved     FaultKind = "moved"     // this person has a new account, by WhatsApp's word: they must write first, and nobody else is concerned
	FaultRecipient FaultKind = "recipient" // this person cannot be reached on WhatsApp
	FaultMessage   FaultKind = "message"   // this message is not acceptable to anybody
	FaultUnwanted  FaultKind = "unwanted"  // Options.Wanted said no: nothing was sent
	FaultTemporary FaultKind = "temporary" // this person cannot be reached now: try again in hours, not in seconds
)

// SendError tells how a send failed. Its text names neither the recipient nor the message.
type SendError struct {
	Outcome Outcome
	Fault   FaultKind
	Code    int // WhatsApp's error code, 0 when there was none
	Err     error
}

// Error is one line that names nobody.
func (e *SendError) Error() string {
	text := fmt.Sprintf("message %s (%s)", strings.ReplaceAll(string(e.Outcome), "_", " "), e.Fault)
	if e.Code != 0 {
		text += fmt.Sprintf(", code %d", e.Code)
	}
	if e.Err != nil {
		text += ": " + redact(e.Err.Error())
	}
	return text
}

// Unwrap gives what the library, the disk or a deadline said.
func (e *SendError) Unwrap() error { return e.Err }

var (
	errNoAccount = errors.New("there is no such account")
	errNoDevices = errors.New("the recipient has no devices")
	errNoKeys    = errors.New("none of the recipient's devices has keys")
	errNotAsked  = errors.New("the recipient's keys could not be asked for")
	errNotLinked = errors.New("not logged in")
)

// MessageIDPrefix begins the IDs in the form of WhatsApp Web's; 18 random hexadecimal digits in upper case follow.
const MessageIDPrefix = whatsmeow.WebMessageIDPrefix

// NewMessageID makes such an ID, to be stored before the message is sent with it.
func NewMessageID() string {
	random := make([]byte, 9)
	rand.Read(random) // never fails
	return MessageIDPrefix + fmt.Sprintf("%X", random)
}

// Send sends content under an ID made by NewMessageID and waits for the server's answer, at most SendDeadline. The LID is
// used when it is known; a number without a known LID is asked about. nil means that the server took the message, that
// at least one device of the recipient can decrypt it, and sentAt is the server's time. Any other end is a *SendError. An
// edit and a deletion are messages too, with an ID of their own; nobody tells whether the phone could carry them out.
// One message is in flight at a time, as the library wants it; more callers wait for their turn, within their deadline.
func (c *Client) Send(ctx context.Context, to Address, id string, content Content) (sentAt time.Time, err error) {
	if err := content.check(); err != nil {
		return time.Time{}, &SendError{Outcome: Refused, Fault: FaultMessage, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, SendDeadline)
	defer cancel()
	defer context.AfterFunc(c.stopping, cancel)()
	l := c.current()
	if l == nil || c.State().State != StateConnected || !c.enter() {
		return time.Time{}, &SendError{Outcome: NotSent, Fault: FaultLink, Err: errNotLinked}
	}
	defer c.hands.Done()
	attempt := &attempt{client: c, link: l, id: id, content: content, ended: make(chan struct{})}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return time.Time{}, &SendError{Outcome: NotSent, Fault: blame(ctx.Err()), Err: ctx.Err()}
	}
	go func() { // not counted: the library may hold it back until the connection goes
		defer func() { <-c.turn }()
		defer close(attempt.ended)
		err := c.guarded(func() error {
			attempt.sentAt, attempt.err = attempt.run(ctx, to)
			return nil
		})
		if err != nil {
			attempt.err = &SendError{Outcome: Uncertain, Fault: FaultSession, Err: err}
		}
	}()
	return attempt.await(ctx)
}

// attempt is one message on its way.
type attempt struct {
	client  *Client
	link    *link
	id      string
	content Content
	message *waE2E.Message // the content for this recipient
	entered atomic.Bool    // the library may have put it on the wire
	moved   atomic.Bool    // its acknowledgement said that the LID is stale

	redirected bool // it has been sent once more for that
	again      bool // it has left before, and nobody is asked whether it is wanted

	ended  chan struct{} // closed when sentAt and err are final
	sentAt time.Time
	err    error
}

func (a *attempt) await(ctx context.Context) (time.Time, error) {
	select {
	case <-a.ended:
		return a.sentAt, a.err
	case <-ctx.Done():
	}
	// The library notices the deadline by itself, unless it still waits for its own lock.
	select {
	case <-a.ended:
		return a.sentAt, a.err
	case <-time.After(sendGrace):
	}
	outcome := NotSent
	if a.entered.Load() {
		outcome = Uncertain
	}
	return time.Time{}, &SendError{Outcome: outcome, Fault: blame(ctx.Err()), Err: ctx.Err()}
}

func (a *attempt) run(ctx context.Context, to Address) (time.Time, error) {
	recipient, devices, err := a.resolve(ctx, to)
	if err != nil {
		return time.Time{}, err
	}
	if !a.wanted(ctx) {
		return time.Time{}, &SendError{Outcome: NotSent, Fault: FaultUnwanted}
	}
	a.message = a.content.message(a.link.lib, recipient)
	a.entered.Store(true)
	response, err := a.hand(ctx, recipient)
	if a.moved.Swap(false) {
		return a.redirect(ctx, to, recipient)
	}
	if err != nil {
		return time.Time{}, classify(err)
	}
	if err := a.readable(ctx, devices); err != nil {
		return time.Time{}, err
	}
	a.include(ctx, recipient, devices)
	return response.Timestamp, nil
}

// redirect sends a message once more that went to a LID which is stale, as its acknowledgement said: with the same ID to
// where that person is now.
func (a *attempt) redirect(ctx context.Context, to Address, former types.JID) (time.Time, error) {
	if err := a.client.noteStale(context.WithoutCancel(ctx), former, to.numberJID(), true); err != nil {
		return time.Time{}, &SendError{Outcome: NotSent, Fault: blame(err), Err: clean(err)}
	}
	if a.redirected {
		return time.Time{}, &SendError{Outcome: NotSent, Fault: FaultMoved, Err: errMoved}
	}
	a.redirected = true
	return a.run(ctx, to)
}

// takeInHand notes that a message waits for its acknowledgement, until letGo is called.
func (c *Client) takeInHand(a *attempt) (letGo func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inHand[a.id] = a
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.inHand, a.id)
	}
}

func (a *attempt) wanted(ctx context.Context) (wanted bool) {
	if a.client.options.Wanted == nil || a.again {
		return true
	}
	err := a.client.guarded(func() error {
		wanted = a.client.options.Wanted(ctx, a.id)
		return nil
	})
	return wanted || err != nil // a bug in the question must not stop the service
}

func (a *attempt) hand(ctx context.Context, recipient types.JID) (whatsmeow.SendResponse, error) {
	defer a.client.takeInHand(a)()
	ctx, end := a.link.sessions.sending(ctx)
	defer end()
	return a.link.lib.SendMessage(ctx, recipient, a.message, whatsmeow.SendRequestExtra{ID: a.id})
}

// resolve finds the recipient's LID and devices. The library would do the same inside SendMessage, but it takes "no
// devices" for success and sends a copy to our own phone only.
func (a *attempt) resolve(ctx context.Context, to Address) (types.JID, []types.JID, error) {
	lid, err := a.lidOf(ctx, to)
	if err != nil {
		return types.EmptyJID, nil, err
	}
	ask := []types.JID{lid}
	if !a.link.ownLID.IsEmpty() {
		ask = append(ask, a.link.ownLID) // SendMessage needs our own devices too: one question instead of two
	}
	devices, err := a.link.lib.GetUserDevices(ctx, ask)
	if err != nil {
		return types.EmptyJID, nil, unasked(err)
	}
	devices = slices.DeleteFunc(devices, func(device types.JID) bool { return device.User != lid.User })
	if len(devices) == 0 {
		return types.EmptyJID, nil, &SendError{Outcome: Refused, Fault: FaultRecipient, Err: errNoDevices}
	}
	return lid, devices, nil
}

// unasked is the end of a send whose question about the recipient was not answered.
func unasked(err error) *SendError {
	e := &SendError{Outcome: NotSent, Fault: blame(err), Err: clean(err)}
	if iq := (*whatsmeow.IQError)(nil); errors.As(err, &iq) {
		e.Code = iq.Code
		if e.Fault = FaultSession; faultOfCode(iq.Code) == FaultLimit {
			e.Fault = FaultLimit
		}
	}
	return e
}

// blame tells trouble on our side of the line from a server that does not answer.
func blame(err error) FaultKind {
	var disk sqlite3.Error
	var cut *whatsmeow.DisconnectedError
	switch {
	case errors.Is(err, whatsmeow.ErrNotLoggedIn), errors.Is(err, whatsmeow.ErrNotConnected), errors.Is(err, socket.ErrSocketClosed),
		errors.Is(err, context.Canceled), errors.As(err, &cut), errors.As(err, &disk):
		return FaultLink
	}
	return FaultSession
}

// classify sorts the errors of SendMessage. What is not certain is Uncertain: repeating costs nothing, since a phone
// shows an ID once.
func classify(err error) *SendError {
	if errors.Is(err, whatsmeow.ErrServerReturnedError) {
		code := serverCode(err)
		return &SendError{Outcome: Refused, Fault: faultOfCode(code), Code: code, Err: clean(err)}
	}
	outcome := Uncertain
	var disk sqlite3.Error
	switch {
	case errors.Is(err, whatsmeow.ErrNotLoggedIn), errors.As(err, &disk):
		outcome = NotSent // neither happens once the frame has left
	case err != whatsmeow.ErrNotConnected && errors.Is(err, whatsmeow.ErrNotConnected),
		err != socket.ErrSocketClosed && errors.Is(err, socket.ErrSocketClosed):
		outcome = NotSent // wrapped, they come from the first try; bare, from the repetition after a reconnect
	case errors.Is(err, socket.ErrFrameTooLarge):
		return &SendError{Outcome: Refused, Fault: FaultMessage, Err: clean(err)}
	}
	return &SendError{Outcome: outcome, Fault: blame(err), Err: clean(err)}
}
