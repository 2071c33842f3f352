package whatsapp

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// resetDelay is how long a text that could not be committed waits before the connection is renewed to get it again.
const resetDelay = 30 * time.Second

// link is one linked device. A new pairing makes a new one; events of an old one are ignored.
type link struct {
	name     string // see Link
	lib      *whatsmeow.Client
	wire     *wire
	down     chan struct{} // receives when the library has noticed that the connection is gone
	sessions *sessionLock  // the way to the sessions, and to the texts that wait
	ownLID   types.JID

	begun     atomic.Bool // Connect has done its part: the connection is made, or will be by itself
	staleHost atomic.Bool // an upload failed: ask for another host and a new token before the next
}

// loadLink prepares the device of session.db for connecting, if there is one.
func (c *Client) loadLink(ctx context.Context) error {
	devices, err := c.container.GetAllDevices(ctx)
	if err != nil {
		return faultOf(c.path, err)
	}
	if len(devices) == 0 {
		return nil
	}
	device := devices[len(devices)-1] // the newest, should the row of a link that ended still be there
	if "+"+device.ID.User != c.options.Number {
		return ErrOtherNumber
	}
	stores := sqlstore.NewSQLStore(c.container, *device.ID)
	device.SetAllStores(stores)
	c.people.guard(device)
	l := &link{name: linkName(*device.IdentityKey.Pub), ownLID: device.LID.ToNonAD(), down: make(chan struct{}, 1)}
	l.sessions = newSessionLock(stores, stores, func() { c.order.lose(); c.resetSoon(l) })
	l.sessions.kept = c.people.kept
	l.sessions.notices = newNotices(c.wrapped, l.name, *device.ID, l.ownLID)
	device.Sessions, device.EventBuffer = l.sessions, l.sessions
	l.lib, l.wire = c.newLibrary(device)
	l.wire.failed = func(err error) { c.unreachable(l, err) }
	l.wire.logins, l.wire.ended = &c.logins, c.lineEnded
	l.wire.stands = func() {
		l.lib.AutoReconnectErrors = 0 // from here on the floor between logins decides
		c.lineStands()
	}
	l.lib.AddEventHandlerWithSuccessStatus(func(event any) bool { return c.handle(l, event) })
	c.mu.Lock()
	c.link = l
	if c.state = c.options.Last.StateChange; !c.state.State.Permanent() || !c.options.Last.State.Paired() {
		c.state = StateChange{State: StateDisconnected}
	}
	c.mu.Unlock()
	return nil
}

func (c *Client) newLibrary(device *store.Device) (*whatsmeow.Client, *wire) {
	lib := whatsmeow.NewClient(device, ear{newLibraryLog(c.log, c.stopping.Done()), c.overhear})
	return lib, c.configure(lib)
}

// Connect starts the connection and keeps it: when the network is away it is tried for again and again, and OnState and
// AwaitReady tell when it stands. While Options.Last forbids to connect it only sees to it that we do later. ctx bounds the first attempt only. Without a linked phone the error is *StateError; any
// other means that WhatsApp answered, but not as WhatsApp does. Connecting twice is no error.
func (c *Client) Connect(ctx context.Context) error {
	l := c.current()
	if l == nil {
		return &StateError{c.State()}
	}
	c.reader.begin()
	if l.begun.Load() || l.lib.IsConnected() {
		return nil
	}
	if c.waits(l) {
		l.begun.Store(true)
		return nil
	}
	c.setState(StateChange{State: StateConnecting})
	err := c.dial(ctx, l.lib)
	if err != nil && !errors.Is(err, whatsmeow.ErrAlreadyConnected) {
		c.disconnected()
		return clean(err)
	}
	l.begun.Store(true)
	return nil
}

// dial connects with a context that ends with us, and with ctx only as long as the first attempt lasts: the library
// uses one and the same for the attempt and for the life of the connection.
func (c *Client) dial(ctx context.Context, lib *whatsmeow.Client) error {
	life, cancel := context.WithCancel(c.life)
	release := context.AfterFunc(ctx, cancel)
	err := lib.ConnectContext(life)
	if !release() {
		lib.Disconnect()
		return ctx.Err()
	}
	if err != nil {
		cancel()
	}
	return err
}

// handle sorts the events of a link. The answer false means: do not acknowledge, hand it over again.
func (c *Client) handle(l *link, event any) bool {
	if _, ok := event.(*events.Disconnected); ok {
		c.endIsHeard()
		select {
		case l.down <- struct{}{}:
		default:
		}
		c.order.renew()
	}
	if !c.enter() {
		return false
	}
	defer c.hands.Done()
	if c.current() != l {
		return false
	}
	c.hear(event)
	switch e := event.(type) {
	case *events.Message:
		return c.received(l, e)
	case *events.UndecryptableMessage:
		return c.undecryptable(l, e)
	case *events.CallOffer:
		return c.called(l, e.BasicCallMeta)
	case *events.CallOfferNotice:
		return c.noticed(l, e)
	case *events.Receipt:
		return c.receipted(l, e)
	case *events.Connected:
		c.checkHearing() // the word that we are logged in was a stanza
		c.sessionBegan()
	case *events.OfflineSyncCompleted:
		c.noteReceipts()
		c.backlogEnded()
	case *events.KeepAliveRestored:
		c.backlogEnded() // the session is the old one: nothing was missed
		c.sessionBegan()
	case *events.Disconnected:
		c.disconnected()
	case *events.KeepAliveTimeout:
		c.disconnected()
		if e.ErrorCount >= muteLimit {
			l.wire.cut()
		}
	case *events.ManualLoginReconnect:
		l.wire.cut()
	case *events.NotifyAccountReachoutTimelock:
		c.reachoutLock(e)
	case events.PermanentDisconnect:
		c.ended(l, e)
	}
	return true
}

// reachoutLock passes on WhatsApp's word that we may, or may not, write first.
func (c *Client) reachoutLock(e *events.NotifyAccountReachoutTimelock) {
	c.log.Warn("whatsapp restricts first messages", "active", e.IsActive, "until", e.TimeEnforcementEnds.Time)
	if c.options.OnReachoutLock != nil {
		c.options.OnReachoutLock(e.IsActive, e.TimeEnforcementEnds.Time)
	}
}

// Renew cuts the connection, which is then made again by itself: for a session that looks sound and serves nobody.
// Without a connection it does nothing.
func (c *Client) Renew() {
	if l := c.current(); l != nil && c.State().State == StateConnected {
		c.log.Info("renewing a connection that serves nobody")
		l.wire.renew()
	}
}

// hangUp ends the link for good. Its handlers must have returned.
func (l *link) hangUp(endLife func()) {
	select {
	case <-l.down: // of some time ago
	default:
	}
	connected := l.lib.IsConnected()
	l.wire.close()
	if connected {
		select {
		case <-l.down:
		case <-time.After(partingTime):
		}
	}
	endLife() // also ends an attempt to connect, for which the library holds the lock that Disconnect wants
	l.lib.Disconnect()
}

// partingTime is how long the library may take to notice that the line is gone.
const partingTime = 3 * time.Second

// muteLimit is how many keepalives in a row (one every 30 to 40 seconds) may stay unanswered. The library itself would
// wait more than three minutes.
const muteLimit = 2

// ended maps what the library does not come back from. The connection is left to the server to close; whether and when
// there is another is for nextConnection to say.
func (c *Client) ended(l *link, event events.PermanentDisconnect) {
	change := changeOf(event)
	c.endIsHeard()
	c.logins.pardon()
	if change.State == StateLoggedOut {
		c.mu.Lock()
		c.link = nil // the library has deleted the device; its keys are void
		c.mu.Unlock()
	}
	c.sessionLost(change)
	c.tellLine(Line{}) // what ends the link is another problem
	c.connectAgain(l, change)
}

// resetSoon renews the connection after a while, so that the server hands over again what was not acknowledged.
func (c *Client) resetSoon(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.resetTimer != nil {
		return
	}
	c.resetTimer = time.AfterFunc(resetDelay, func() {
		c.mu.Lock()
		c.resetTimer = nil
		stale := c.closed || c.link != l
		c.mu.Unlock()
		if !stale {
			c.log.Info("renewing the connection to receive again what could not be recorded")
			l.wire.renew()
		}
	})
}
