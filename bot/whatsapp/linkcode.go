package whatsapp

import (
	"errors"
	"time"

	"go.mau.fi/whatsmeow"
)

// ErrTooManyCodes says that WhatsApp gives no more codes to type for a while. The picture to scan is not concerned.
var ErrTooManyCodes = errors.New("whatsapp gives no more linking codes for now: too many were asked for")

const (
	manyCodesPause = 2 * time.Minute // it doubles
	manyCodesLimit = 30 * time.Minute

	// stockName is how we introduce ourselves when a code is typed. The server knows the browsers and systems that there are,
	// and some accounts refuse anything else.
	stockName   = "Chrome (Linux)"
	codeTooMany = 429
)

// linkCode is the answer to the question for a code to type.
type linkCode struct {
	code string
	ends time.Time
	err  error
}

// askLinkCode asks for a code to type on the configured phone. It is good while the connection lasts, which is as long as
// codes to scan would be.
func (o *offer) askLinkCode(lifetime time.Duration) {
	ends := time.Now().Add(lifetime)
	code, err := o.lib.PairPhone(o.ctx, o.c.options.Number, true, whatsmeow.PairClientChrome, stockName)
	o.tell(linkCode{code, ends, err})
}

func (o *offer) showLinkCode(answer linkCode) *ended {
	var refused *whatsmeow.IQError
	switch {
	case errors.As(answer.err, &refused) && refused.Code == codeTooMany:
		return &ended{err: ErrTooManyCodes}
	case answer.err != nil:
		return &ended{err: clean(answer.err)}
	}
	o.screen.LinkCode(answer.code, time.Until(answer.ends))
	return nil
}
