package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
)

// ErrPasskey says that WhatsApp asks for the passkey of the account, and that there is nobody to ask.
var ErrPasskey = errors.New("whatsapp asks for the passkey of this account to link it, which only a person at a browser can give")

// What ends a dialogue about a passkey without a link. After all but ErrPasskeyDeclined the pairing goes on with new codes,
// and Screen.Trouble is told.
var (
	ErrPasskeyExpired  = errors.New("whatsapp's question for the passkey has expired")
	ErrPasskeyDeclined = errors.New("the passkey was not given, or its confirmation was declined")
	ErrPasskeyFailed   = errors.New("linking with the passkey has failed")
)

// What can be wrong with an answer, in Passkey.Problem.
var (
	ErrPasskeyAnswer  = errors.New("this is not what the browser printed")
	ErrPasskeyOther   = errors.New("this answers another question, of an earlier line")
	ErrPasskeyRefused = errors.New("whatsapp does not accept this answer")
)

// passkeyError is a failure with what the library says of it.
type passkeyError struct{ what, why error }

// Error is both, the meaning first.
func (e *passkeyError) Error() string { return fmt.Sprintf("%v: %v", e.what, e.why) }

// Unwrap gives both.
func (e *passkeyError) Unwrap() []error { return []error{e.what, e.why} }

// errPasskeyCancelled says that WhatsApp knows of no link that waits for a passkey any more: it was refused on the phone.
var errPasskeyCancelled = errors.New("the link was refused on the phone")

// What WhatsApp may say to an answer other than that it is wrong. Nobody has written these codes down; they are HTTP's.
const (
	passkeyUnknown = 404
	passkeyGone    = 410
)

// passkeyTime is how long WhatsApp waits for an answer.
const passkeyTime = 10 * time.Minute

// passkeyOutcome is what a step of the dialogue came to, done beside the loop.
type passkeyOutcome struct {
	dialogue context.Context // of this dialogue, which may be over
	err      error
}

// passkeyAsked begins the dialogue. The codes on the screen are worthless from now on, and their end means nothing; the
// connection must last.
func (o *offer) passkeyAsked(key *types.WebAuthnPublicKey) *ended {
	if o.screen.Passkey == nil {
		return &ended{err: ErrPasskey}
	}
	o.endPasskey()
	o.codes = qrCodes{}
	expires := time.Now().Add(passkeyTime)
	dialogue, cancel := context.WithDeadline(o.ctx, expires)
	o.passkey, o.dialogue = cancel, dialogue
	o.next.Reset(passkeyTime)
	go func() {
		err := o.askPasskey(dialogue, Passkey{Line: passkeyLine(key), Expires: expires}, key.Challenge)
		o.tell(passkeyOutcome{dialogue, err})
	}()
	return nil
}

// endPasskey ends the dialogue, if there is one, and what people are being asked in it.
func (o *offer) endPasskey() {
	if o.passkey != nil {
		o.passkey()
		o.passkey = nil
	}
}

// askPasskey asks for an answer until WhatsApp has taken one.
func (o *offer) askPasskey(ctx context.Context, question Passkey, challenge []byte) error {
	for {
		text, err := o.screen.Passkey(ctx, question)
		if err != nil {
			return &passkeyError{ErrPasskeyDeclined, err}
		}
		answer, err := readAnswer(text, challenge)
		if err == nil {
			err = o.lib.SendPasskeyResponse(ctx, answer)
		}
		var refused *whatsmeow.IQError
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &refused) && refused.Code == passkeyGone:
			return ErrPasskeyExpired
		case errors.As(err, &refused) && refused.Code == passkeyUnknown:
			return errPasskeyCancelled
		case errors.As(err, &refused), errors.Is(err, whatsmeow.ErrIQTimedOut):
			err = &passkeyError{ErrPasskeyRefused, clean(err)}
		case !errors.Is(err, ErrPasskeyAnswer) && !errors.Is(err, ErrPasskeyOther):
			return &passkeyError{ErrPasskeyFailed, clean(err)}
		}
		question.Problem = err
	}
}

// passkeyCode has a person compare the code, whether or not WhatsApp would do without, and then confirms it.
func (o *offer) passkeyCode(code string) {
	if o.passkey == nil {
		return // nobody has answered
	}
	dialogue := o.dialogue
	go func() {
		var err error
		if o.screen.PasskeyCode == nil || !o.screen.PasskeyCode(dialogue, code) {
			err = ErrPasskeyDeclined
		} else if err = o.lib.SendPasskeyConfirmation(dialogue); err != nil {
			err = &passkeyError{ErrPasskeyFailed, clean(err)}
		}
		o.tell(passkeyOutcome{dialogue, err})
	}()
}

// passkeyTold goes on, or ends, after a step.
func (o *offer) passkeyTold(outcome passkeyOutcome) *ended {
	switch {
	case o.passkey == nil, outcome.dialogue != o.dialogue, outcome.err == nil:
		return nil // of an earlier dialogue, or well; then WhatsApp's word comes next
	case errors.Is(o.dialogue.Err(), context.DeadlineExceeded):
		return &ended{err: ErrPasskeyExpired}
	case errors.Is(outcome.err, errPasskeyCancelled):
		show0(o.screen.Declined)
		return &ended{}
	}
	return &ended{err: outcome.err}
}
