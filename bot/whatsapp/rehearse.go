package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"go.mau.fi/whatsmeow/socket"
)

// Rehearsal is what a new link would meet on its way.
type Rehearsal struct {
	Reached         bool          // WhatsApp has answered, by its own protocol and with its own key
	Cause           Cause         // why it could not be reached
	Version         Version       // by which we introduced ourselves last
	VersionAccepted bool          // WhatsApp has offered codes to it
	Refusal         *StateError   // what WhatsApp said instead, if it said no
	Page            Cause         // why WhatsApp's page could not be read; empty when it was. Only a refused version needs it
	ClockKnown      bool          // ClockOff is measured
	ClockOff        time.Duration // how far our clock is ahead of WhatsApp's, to the second
}

const rehearsalLimit = time.Minute

// Rehearse connects as a new link would, until WhatsApp offers codes, shows none and hangs up. Of o it needs Dir, where the
// version that was found last may be remembered, Number, Logger and HTTPClient. It writes nothing there, and neither touches
// nor needs the link that is there. An error means that it could not be tried.
func Rehearse(ctx context.Context, o Options) (r Rehearsal, err error) {
	kept, err := VersionOf(ctx, o.Dir)
	if err != nil {
		kept = Version{}
	}
	dir, err := os.MkdirTemp("", "banditore-")
	if err != nil {
		return r, fmt.Errorf("rehearse: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c, err := Open(ctx, Options{Dir: dir, Number: o.Number, Device: o.Device, Logger: o.Logger, HTTPClient: o.HTTPClient})
	if err != nil {
		return r, fmt.Errorf("rehearse: %w", err)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	c.versions = newVersions(kept)
	ctx, cancel := context.WithTimeout(ctx, rehearsalLimit)
	defer cancel()
	r.ClockOff, err = c.clockOff(ctx)
	r.ClockKnown, r.Page = err == nil, CauseOf(err)
	r.connect(ctx, c)
	r.Version = c.Version()
	return r, ctxError(ctx)
}

// connect makes the connection, and once more when another version is wanted.
func (r *Rehearsal) connect(ctx context.Context, c *Client) {
	for range 2 {
		err := c.offerNothing(ctx)
		r.Reached, r.VersionAccepted, r.Cause, r.Refusal = err == nil, err == nil, "", nil
		if err == nil {
			return
		}
		if !errors.As(err, &r.Refusal) {
			r.Cause = CauseOf(err)
			return
		}
		r.Reached, r.VersionAccepted = true, !isOutdated(err)
		if r.VersionAccepted {
			return
		}
		c.versions.refuse()
		if fresh, err := c.lookUpVersion(ctx); !fresh {
			r.Page = CauseOf(err)
			return
		}
	}
}

// offerNothing holds a connection until codes come, and shows none.
func (c *Client) offerNothing(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	offered := false
	_, err := c.scan(ctx, Screen{Code: func(string, time.Duration) {
		offered = true
		cancel()
	}})
	switch {
	case offered:
		return nil
	case err == nil:
		return errLineLost
	}
	return err
}

// clockOff compares our clock with that of WhatsApp's page.
func (c *Client) clockOff(ctx context.Context) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, versionLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, socket.Origin, nil)
	if err != nil {
		return 0, err
	}
	response, err := c.page.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	theirs, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return 0, fmt.Errorf("the page tells no time: %w", err)
	}
	return time.Since(theirs).Truncate(time.Second), nil
}

// ctxError tells that the person has had enough, and not that WhatsApp took too long.
func ctxError(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return nil
}
