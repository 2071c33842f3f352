package whatsapp

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"
)

// Screen is where pairing shows itself to the person at the terminal. Functions may be nil. What is shown is secret
// (a code links a device) or personal (a number): it belongs on a terminal and in no log.
type Screen struct {
	Code       func(code string, valid time.Duration) // a new code, to be drawn with DrawQR; it replaces the one before
	WrongPhone func(number string)                    // a phone with another number (E.164) was refused; codes go on
	Trouble    func(error)                            // WhatsApp could not be reached or gave up; it is tried again
	Linked     func()                                 // the right phone has scanned and the link works
	// Again asks for one more scan: WhatsApp has changed the secret of the code, as it does since July 2026, and the code that
	// Code is given next carries the new one.
	Again func()
	// Declined tells that the person has refused the link on the phone; codes go on.
	Declined func()
	// LinkCode asks to link by eight characters instead of a picture, if it is set: they are typed on the phone. Code is not
	// called then.
	LinkCode func(code string, valid time.Duration)
	// Passkey asks for what the account's passkey says to WhatsApp's challenge, made in a browser and pasted as text. It returns
	// when a person has pasted it, or with an error (ctx's, too) when nobody will. It is called again, with what was wrong, while
	// there is time. nil: a passkey ends the pairing with ErrPasskey.
	Passkey func(ctx context.Context, challenge Passkey) (answer string, err error)
	// PasskeyCode shows the code that must be the one on the phone, and says whether a person has compared them.
	PasskeyCode func(ctx context.Context, code string) bool
}

// Passkey is WhatsApp's question for a passkey.
type Passkey struct {
	Line    string    // one line of JavaScript for the console of a desktop browser on WhatsApp's page; its result is the answer
	Expires time.Time // when an answer comes too late
	Problem error     // what was wrong with the answer before; nil at first
}

// ErrPaired says that the data directory is linked already.
var ErrPaired = errors.New("a phone is linked already: unlink it there first (Linked devices)")

// ErrPasskey says that WhatsApp asks the phone's owner for a passkey, which a terminal cannot give.
var ErrPasskey = errors.New("whatsapp asks for a passkey to link this account: remove the passkey on the phone " +
	"(Settings, Account, Passkeys) and pair again")

const (
	firstCodeValid = 60 * time.Second // as WhatsApp Web shows them: the first for a minute, the others for 20 seconds
	nextCodeValid  = 20 * time.Second
	pairPause      = 5 * time.Second // between two connections for codes
	pairPauseLimit = 2 * time.Minute // it doubles up to here while WhatsApp cannot be reached
	reconnectLimit = 30 * time.Second
	proofLimit     = time.Minute
)

// Pair shows codes until the configured phone has scanned one and returns nil when the link is proven: logged in with
// the new keys and still connected, so that Connect has nothing more to do. A code lasts a minute or 20 seconds; when
// WhatsApp's codes run out new ones are fetched, without haste, until ctx ends.
func (c *Client) Pair(ctx context.Context, screen Screen) error {
	if c.Paired() {
		return ErrPaired
	}
	pause := pairPause
	for {
		scanned, err := c.scan(ctx, screen)
		switch {
		case scanned:
			return c.prove(ctx, screen)
		case ctx.Err() != nil:
			return ctx.Err()
		case isOutdated(err):
			if err := c.newerVersion(ctx, screen, err); err != nil {
				return err
			}
			continue
		case errors.Is(err, ErrPasskey), isStateError(err):
			return err
		case err != nil:
			c.log.Warn("pairing is tried again", "error", err)
			show(screen.Trouble, err)
			pause = min(2*pause, pairPauseLimit)
		default:
			pause = pairPause
		}
		if err := c.rest(ctx, pause); err != nil {
			return err
		}
	}
}

func isStateError(err error) bool {
	var state *StateError
	return errors.As(err, &state)
}

func isOutdated(err error) bool {
	var state *StateError
	return errors.As(err, &state) && state.State == StateOutdated
}

// newerVersion returns nil when there is a version to try after WhatsApp has refused the present one, and the refusal when
// WhatsApp's page knows none. While the page fails it is asked again.
func (c *Client) newerVersion(ctx context.Context, screen Screen, refusal error) error {
	c.versions.refuse()
	tried, since := c.versions.tried(), time.Now()
	for pause := pairPause; ; pause = min(2*pause, pairPauseLimit) {
		fresh, err := c.lookUpVersion(ctx)
		switch {
		case fresh && tried == 1:
			return nil
		case fresh:
			return c.rest(ctx, time.Until(since.Add(versionKnock(tried))))
		case err == nil:
			return refusal
		case ctx.Err() == nil:
			show(screen.Trouble, err)
		}
		if err := c.rest(ctx, pause); err != nil {
			return err
		}
	}
}

// rest waits, and returns nil when it has done so to the end.
func (c *Client) rest(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-c.stopping.Done():
		return ErrClosed
	}
}

// scan holds one connection for codes. It returns true when the right phone has linked us, false when the connection is
// spent: no code was scanned, or by the wrong phone.
func (c *Client) scan(ctx context.Context, screen Screen) (bool, error) {
	lib, wire := c.newLibrary(c.container.NewDevice())
	configurePairing(lib)
	happened := make(chan any)
	over := make(chan struct{})
	lib.AddEventHandler(func(event any) {
		select {
		case happened <- event:
		case <-over:
		}
	})
	// In this order: first the handler stops waiting for us, then the connection goes.
	defer wire.close()
	defer close(over)
	if err := c.dial(ctx, lib); err != nil {
		return false, clean(err)
	}
	return c.showCodes(ctx, screen, happened)
}

func (c *Client) showCodes(ctx context.Context, screen Screen, happened <-chan any) (bool, error) {
	var codes []string // the one on the screen is not among them any more
	shown, valid, until := "", firstCodeValid, time.Time{}
	expired := time.NewTimer(firstCodeValid) // also bounds the wait for the first codes
	defer expired.Stop()
	linked := false
	for {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-c.stopping.Done():
			return false, ErrClosed
		case event := <-happened:
			switch e := event.(type) {
			case *events.QR:
				codes, valid = e.Codes, firstCodeValid
			case *events.RotateADVSecret:
				for i, code := range codes {
					codes[i] = strings.Replace(code, e.OldSecret, e.NewSecret, 1)
				}
				if shown != "" {
					shown = strings.Replace(shown, e.OldSecret, e.NewSecret, 1)
					if screen.Again != nil {
						screen.Again()
					}
					rest := max(time.Until(until), nextCodeValid)
					until = time.Now().Add(rest)
					showCode(screen, shown, rest)
					expired.Reset(rest)
				}
				continue
			case *events.PairSuccess:
				linked, codes = true, nil
				expired.Reset(reconnectLimit) // the server now cuts this connection, and says so with 515
				continue
			case *events.ManualLoginReconnect:
				return true, nil
			default:
				if over, err := pairingOver(event, screen); over {
					return linked, err
				}
				continue
			}
		case <-expired.C:
		}
		if linked || len(codes) == 0 {
			return linked, nil
		}
		shown, codes, until = codes[0], codes[1:], time.Now().Add(valid)
		showCode(screen, shown, valid)
		expired.Reset(valid)
		valid = nextCodeValid
	}
}

// pairingOver tells whether an event ends this connection without a link, and how.
func pairingOver(event any, screen Screen) (bool, error) {
	switch e := event.(type) {
	case *events.PairError:
		if errors.Is(e.Error, whatsmeow.ErrPairRejectedLocally) {
			show(screen.WrongPhone, "+"+e.ID.User)
			return true, nil
		}
		return true, clean(e.Error)
	case *events.PairPasskeyRequest, *events.PairPasskeyError:
		return true, ErrPasskey
	case *events.Disconnected:
		return true, nil
	case *events.ClientOutdated:
		return true, &StateError{StateChange{State: StateOutdated, Code: int(events.ConnectFailureClientOutdated)}}
	case *events.TemporaryBan:
		return true, &StateError{StateChange{State: StateBanned, Code: int(e.Code), Until: time.Now().Add(e.Expire)}}
	case *events.ConnectFailure:
		return true, &StateError{StateChange{State: StateRefused, Code: int(e.Reason)}}
	}
	return false, nil
}

// prove logs in with the keys just made.
func (c *Client) prove(ctx context.Context, screen Screen) error {
	if err := c.loadLink(ctx); err != nil {
		return err
	}
	if err := c.Connect(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, proofLimit)
	defer cancel()
	if err := c.await(ctx, func() bool { return c.state.State == StateConnected }); err != nil {
		return err
	}
	if screen.Linked != nil {
		screen.Linked()
	}
	return nil
}

func showCode(screen Screen, code string, valid time.Duration) {
	if screen.Code != nil {
		screen.Code(code, valid)
	}
}

func show[T any](on func(T), what T) {
	if on != nil {
		on(what)
	}
}
