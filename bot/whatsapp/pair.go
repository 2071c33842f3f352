package whatsapp

import (
	"context"
	"errors"
	"time"
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
	// Declined tells that the person has refused the link on the phone; codes go on. WhatsApp lets us know only when an answer
	// of the passkey comes too late for it.
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

// ErrPairing says that another Pair of the same Client is at work.
var ErrPairing = errors.New("a pairing is under way already")

const (
	pairPause      = 5 * time.Second  // between two connections for codes
	pairPauseLimit = 2 * time.Minute  // it doubles up to here while WhatsApp cannot be reached, or ends each connection
	briefCodes     = 30 * time.Second // a connection for codes that ends sooner went wrong; codes last for minutes
)

// Pair shows codes until the configured phone has scanned one and returns nil when the link is proven: logged in with
// the new keys and still connected, so that Connect has nothing more to do. A code lasts a minute or 20 seconds; when
// WhatsApp's codes run out new ones are fetched, without haste, until ctx ends. What goes wrong meanwhile is told to
// Screen.Trouble; Pair gives up with a *StateError when WhatsApp refuses us, and with [ErrPasskey] or [ErrPasskeyDeclined].
func (c *Client) Pair(ctx context.Context, screen Screen) error {
	if !c.pairing.TryLock() {
		return ErrPairing
	}
	defer c.pairing.Unlock()
	if c.Paired() {
		return ErrPaired
	}
	var pauses pairPauses
	for {
		began := time.Now()
		scanned, err := c.scan(ctx, screen)
		switch {
		case scanned:
			return c.proveLink(ctx, screen)
		case ctx.Err() != nil:
			return ctx.Err()
		case isOutdated(err):
			if err := c.newerVersion(ctx, screen, err); err != nil {
				return err
			}
			continue
		case errors.Is(err, ErrPasskey), errors.Is(err, ErrPasskeyDeclined), errors.Is(err, ErrClosed), isStateError(err):
			return err
		case err != nil:
			c.log.Warn("pairing is tried again", "cause", string(CauseOf(err)), "error", clean(err))
			show(screen.Trouble, err)
		}
		if err := c.rest(ctx, pauses.after(err, time.Since(began))); err != nil {
			return err
		}
	}
}

// pairPauses are the pauses between two connections for codes: longer while nothing goes right, and much longer when WhatsApp
// says that it was asked for too many codes.
type pairPauses struct{ trouble, many time.Duration }

func (p *pairPauses) after(err error, lived time.Duration) time.Duration {
	switch {
	case errors.Is(err, ErrTooManyCodes):
		p.many = min(max(2*p.many, manyCodesPause), manyCodesLimit)
		return p.many
	case err != nil, lived < briefCodes:
		p.trouble = min(2*max(p.trouble, pairPause), pairPauseLimit)
		return p.trouble
	}
	p.trouble = 0
	return pairPause
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

func show[T any](on func(T), what T) {
	if on != nil {
		on(what)
	}
}

func show0(on func()) {
	if on != nil {
		on()
	}
}
