package link

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Pairing is a command's turn at the link, beside a running daemon or without one.
// While it lasts no other process is the linked device; a daemon that has lost its
// link takes the new one over when it is closed. It hears no citizen: what they
// write stays with WhatsApp.
type Pairing struct {
	cfg    config.Config
	hold   *store.DirLock
	store  *store.Store
	client *whatsapp.Client
}

// holdPatience is how long a daemon may take that looks at the link just now.
const holdPatience = 3 * time.Second

// OpenPairing takes the turn for service.number. While another process has it the
// error is a [*store.LockedError]: the daemon, whose link stands or comes back by
// itself, or another command. A list or a link of another number is an
// [*OtherNumberError].
func OpenPairing(ctx context.Context, cfg config.Config, log *slog.Logger, transport *http.Client) (*Pairing, error) {
	return openPairing(ctx, cfg, log, transport, func(p *Pairing) (string, error) {
		return cfg.Service.Number, Settle(ctx, cfg, p.store)
	})
}

// OpenUnpairing takes the turn for the number that is linked, whatever the
// configuration says.
func OpenUnpairing(ctx context.Context, cfg config.Config, log *slog.Logger, transport *http.Client) (*Pairing, error) {
	return openPairing(ctx, cfg, log, transport, func(p *Pairing) (string, error) {
		linked, paired, err := whatsapp.PairedNumber(ctx, cfg.DataDir)
		if err != nil || !paired {
			linked = cfg.Service.Number
		}
		return linked, nil
	})
}

func openPairing(ctx context.Context, cfg config.Config, log *slog.Logger, transport *http.Client, whose func(*Pairing) (string, error)) (_ *Pairing, err error) {
	p := &Pairing{cfg: cfg}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.hold, err = awaitSession(ctx, cfg.DataDir); err != nil {
		return nil, err
	}
	if p.store, err = store.Open(ctx, cfg.DataDir); err != nil {
		return nil, err
	}
	number, err := whose(p)
	if err != nil {
		return nil, err
	}
	last, err := lastLink(ctx, p.store)
	if err != nil {
		return nil, err
	}
	mark, err := p.store.SessionMark(ctx)
	if err != nil {
		return nil, err
	}
	p.client, err = whatsapp.Open(ctx, whatsapp.Options{
		Dir: cfg.DataDir, Number: number, Device: cfg.Service.Name, Logger: log, HTTPClient: transport,
		Last: last, Mark: mark, KeepMark: p.store.SetSessionMark,
	})
	if err != nil {
		return nil, err
	}
	if now := p.client.State(); !p.client.Paired() && (now.Cause != "" || now.State == whatsapp.StateLoggedOut) && now != last.StateChange {
		err = NoteState(ctx, p.store, Of(now, time.Now())) // the keys were parked just now, or lost before
	}
	return p, err
}

// awaitSession takes the lock on session.db, for which a daemon may need a moment.
func awaitSession(ctx context.Context, dir string) (*store.DirLock, error) {
	patience := time.NewTimer(holdPatience)
	defer patience.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		hold, err := store.LockSession(dir)
		if _, held := errors.AsType[*store.LockedError](err); !held {
			return hold, err
		}
		select {
		case <-patience.C:
			return nil, err
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

// Lost is how the link was lost, if there was one; there is none when there is a
// link, or there never was.
func (p *Pairing) Lost() (l store.Link, lost bool) {
	now := p.client.State()
	if p.client.Paired() || now.Cause == "" && now.State != whatsapp.StateLoggedOut {
		return store.Link{}, false
	}
	return Of(now, time.Time{}), true
}

// Paired tells whether a phone is linked, as far as is known without asking WhatsApp.
func (p *Pairing) Paired() bool { return p.client.Paired() }

// Prove asks WhatsApp whether the link is good: see [whatsapp.Client.Prove].
func (p *Pairing) Prove(ctx context.Context) error {
	err := p.client.Prove(ctx)
	if !p.client.Paired() { // the phone has ended it while nobody listened
		err = errors.Join(err, NoteState(context.WithoutCancel(ctx), p.store, Of(p.client.State(), time.Now())))
	}
	return err
}

// Pair links a phone: see [whatsapp.Client.Pair].
func (p *Pairing) Pair(ctx context.Context, screen whatsapp.Screen) error {
	if err := p.client.Pair(ctx, screen); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if err := p.store.BelongTo(ctx, p.cfg.Service.Number); err != nil {
		return err
	}
	return NoteState(ctx, p.store, Of(whatsapp.StateChange{State: whatsapp.StateDisconnected}, time.Now()))
}

// Unpair ends the link, so that the phone's list of linked devices loses it.
func (p *Pairing) Unpair(ctx context.Context) error {
	if err := p.client.Unlink(ctx); err != nil {
		return err
	}
	return NoteState(context.WithoutCancel(ctx), p.store, Of(whatsapp.StateChange{State: whatsapp.StateUnpaired, Cause: whatsapp.CauseUnlinked}, time.Now()))
}

// Close gives the turn back. It may be called twice.
func (p *Pairing) Close() error {
	var errs []error
	if p.client != nil {
		errs = append(errs, p.client.Close())
	}
	if p.store != nil {
		errs = append(errs, p.store.Close())
	}
	if p.hold != nil {
		errs = append(errs, p.hold.Unlock())
	}
	p.client, p.store, p.hold = nil, nil, nil
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("let go of the link: %w", err)
	}
	return nil
}
