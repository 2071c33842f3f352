package whatsapp

import (
	"context"
	"errors"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"
)

// reconnectLimit is how long the server may take to cut the connection of a phone that has linked us.
const reconnectLimit = 30 * time.Second

// offer is one connection that is not registered: it shows codes until a phone has taken one, or they are spent. What the
// library tells and what people answer meets in its loop, which alone touches its fields.
type offer struct {
	c      *Client
	lib    *whatsmeow.Client
	screen Screen

	ctx      context.Context // ends with the connection
	happened chan any        // events of the library, and what functions bring that run beside the loop
	keeper   *keeper

	codes    qrCodes
	next     *time.Timer        // when something must have happened: another code, or the end
	linked   bool               // WhatsApp has taken the phone's word
	passkey  context.CancelFunc // ends the dialogue about a passkey; nil while there is none
	dialogue context.Context    // lasts as long as the last dialogue
}

// ended is what is left of an offer.
type ended struct {
	linked bool
	err    error
}

// scan holds one connection for codes. It returns true when the right phone has linked us, false when the connection is
// spent: no code was scanned, or by the wrong phone.
func (c *Client) scan(ctx context.Context, screen Screen) (bool, error) {
	device := c.container.NewDevice()
	keeper := &keeper{c: c, base: c.container, kept: make(chan struct{})}
	device.Container = keeper
	lib, wire := c.newLibrary(device)
	configurePairing(lib)
	alive, cancel := context.WithCancel(ctx)
	o := &offer{c: c, lib: lib, screen: screen, ctx: alive, happened: make(chan any), keeper: keeper, next: time.NewTimer(firstCodeValid)}
	lib.AddEventHandler(func(event any) {
		keeper.heard(event)
		o.tell(event)
	})
	// In this order: first nobody waits for us any more, then the connection goes, then what the library was storing is stored.
	defer keeper.wait()
	defer wire.close()
	defer cancel()
	defer o.next.Stop()
	if err := c.dial(ctx, lib); err != nil {
		return false, clean(err)
	}
	end := o.watch()
	return end.linked, end.err
}

// tell hands something to the loop, unless it has ended.
func (o *offer) tell(what any) {
	select {
	case o.happened <- what:
	case <-o.ctx.Done():
	}
}

func (o *offer) watch() ended {
	for {
		var end *ended
		select {
		case <-o.ctx.Done():
			return ended{err: o.ctx.Err()}
		case <-o.c.stopping.Done():
			return ended{err: ErrClosed}
		case what := <-o.happened:
			end = o.take(what)
		case <-o.next.C:
			end = o.timeIsUp()
		}
		if end != nil {
			return *end
		}
	}
}

// take deals with what has happened, and says whether it is the end.
func (o *offer) take(what any) *ended {
	switch e := what.(type) {
	case *events.QR:
		return o.offered(e.Codes)
	case *events.RotateADVSecret:
		o.codes.rotate(e.OldSecret, e.NewSecret)
		if o.codes.shown != "" && o.passkey == nil {
			show0(o.screen.Again)
			o.showAgain()
		}
	case linkCode:
		return o.showLinkCode(e)
	case *events.PairPasskeyRequest:
		return o.passkeyAsked(e.PublicKey)
	case *events.PairPasskeyConfirmation:
		o.passkeyCode(e.Code)
	case *events.PairPasskeyError:
		return &ended{err: &passkeyError{ErrPasskeyFailed, clean(e.Error)}}
	case passkeyOutcome:
		return o.passkeyTold(e)
	case *events.PairSuccess:
		o.endPasskey()
		o.linked, o.codes = true, qrCodes{}
		o.next.Reset(reconnectLimit) // the server now cuts this connection, and says so with 515
	case *events.ManualLoginReconnect:
		return &ended{linked: true}
	default:
		return o.over(what)
	}
	return nil
}

// over tells whether an event ends this connection without more, and how.
func (o *offer) over(event any) *ended {
	switch e := event.(type) {
	case *events.PairError:
		if errors.Is(e.Error, whatsmeow.ErrPairRejectedLocally) {
			show(o.screen.WrongPhone, "+"+e.ID.User)
			return &ended{}
		}
		return &ended{err: clean(e.Error)}
	case *events.Disconnected:
		if o.passkey != nil {
			return &ended{err: &passkeyError{ErrPasskeyFailed, errLineLost}}
		}
		return &ended{linked: o.linked}
	case events.PermanentDisconnect:
		return &ended{err: &StateError{changeOf(e)}}
	}
	return nil
}

var errLineLost = errors.New("the connection was lost")

// timeIsUp shows the next code, or ends what has lasted long enough.
func (o *offer) timeIsUp() *ended {
	switch {
	case o.passkey != nil:
		return &ended{err: ErrPasskeyExpired}
	case o.linked:
		return &ended{linked: true}
	case !o.codes.advance():
		return &ended{}
	}
	o.showCode()
	return nil
}

// offered begins to show codes.
func (o *offer) offered(codes []string) *ended {
	o.codes = qrCodes{remaining: codes, until: time.Now()}
	if o.screen.LinkCode != nil {
		o.next.Reset(o.codes.lifetime())
		go o.askLinkCode(o.codes.lifetime())
		return nil
	}
	return o.timeIsUp()
}

// showAgain replaces the code on the screen by the same one with another secret, for what is left of its time. When that is
// too little for a second scan it shows the next one.
func (o *offer) showAgain() {
	if time.Until(o.codes.until) < scanTime {
		o.codes.advance()
	}
	o.showCode()
}

func (o *offer) showCode() {
	valid := time.Until(o.codes.until)
	if o.screen.Code != nil {
		o.screen.Code(o.codes.shown, valid)
	}
	o.next.Reset(time.Until(o.codes.until))
}

// changeOf maps what the library does not come back from.
func changeOf(event events.PermanentDisconnect) StateChange {
	switch e := event.(type) {
	case *events.LoggedOut:
		return StateChange{State: StateLoggedOut, Code: int(e.Reason)}
	case *events.TemporaryBan:
		change := StateChange{State: StateBanned, Code: int(e.Code)}
		if e.Expire > 0 {
			change.Until = time.Now().Add(e.Expire)
		}
		return change
	case *events.StreamReplaced:
		return StateChange{State: StateReplaced}
	case *events.ClientOutdated:
		return StateChange{State: StateOutdated, Code: int(events.ConnectFailureClientOutdated)}
	case *events.ConnectFailure:
		return StateChange{State: StateRefused, Code: int(e.Reason)}
	}
	return StateChange{State: StateRefused}
}
