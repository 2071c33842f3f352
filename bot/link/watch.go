package link

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
	"banditore/store/datadir"
)

const (
	linkLook   = 2 * time.Second  // without a link: whether there is a new one
	linkedLook = 10 * time.Second // with one: whether somebody wants to end it
	// unpairTime is how long ending a link may take, unpairWaits how long a wish for
	// it counts: who asked has gone away by then.
	unpairTime  = 30 * time.Second
	unpairWaits = 2 * time.Minute
	// parkedDays is how long a session.db that must not be used is kept at most. It
	// goes before, with the next erasure or when a new link stands.
	parkedDays = 7
)

// ErrLink ends the daemon when WhatsApp answers, but not as WhatsApp does.
var ErrLink = errors.New("connect to WhatsApp")

// Connect begins to use the link, or notes that there is none.
func (k *Keeper) Connect(ctx context.Context) error {
	l := k.Line()
	if l.Paired() {
		if err := l.Connect(ctx); err != nil {
			return fmt.Errorf("%w: %w", ErrLink, err)
		}
		return nil
	}
	last, _, err := k.o.Store.Link(ctx)
	if err != nil {
		return err
	}
	if now := l.State(); k.beside || last.State == string(now.State) && last.Cause == string(now.Cause) {
		k.said.Store(&last) // since when, it knows better
	} else {
		k.LinkChanged(now)
	}
	k.o.Log.Warn("no phone is linked; the service waits for `banditore pair`")
	return nil
}

// Run gives the link up when it has ended, takes a new one over, and ends it
// when somebody asks for that, until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		pause, err := k.watchLink(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrLink):
			return err
		case err != nil:
			k.o.Log.Error("link not looked after; it will be tried again", "error", err)
			pause = loop.StoreTrouble
		}
		loop.Sleep(ctx, k.bell, time.Now().Add(pause))
	}
	return nil
}

func (k *Keeper) watchLink(ctx context.Context) (pause time.Duration, err error) {
	if k.hold != nil {
		if err := k.obeyUnpair(ctx); err != nil {
			return 0, err
		}
		if !k.proven && k.Line().State().State == whatsapp.StateConnected {
			err = errors.Join(k.o.Store.BelongTo(ctx, k.o.Number), whatsapp.RemoveParked(k.o.Dir))
			k.proven = err == nil
		}
	}
	if k.hold != nil && k.Line().Paired() {
		return linkedLook, err
	}
	if k.hold != nil {
		k.o.Log.Warn("the link has ended; the service waits for `banditore pair`")
		err = errors.Join(err, k.hold.Unlock())
		k.hold, k.proven, k.seen = nil, false, k.sessionSeen()
	}
	if since, ok := whatsapp.Parked(k.o.Dir); ok && time.Since(since) > parkedDays*24*time.Hour {
		err = errors.Join(err, whatsapp.RemoveParked(k.o.Dir))
	}
	return linkLook, errors.Join(err, k.takeOver(ctx))
}

// takeOver uses a link that another process has made. It costs little while there
// is none.
func (k *Keeper) takeOver(ctx context.Context) error {
	if _, held, err := store.SessionLockedBy(k.o.Dir); held || err != nil {
		return err
	}
	if k.hold != nil || k.sessionSeen() == k.seen {
		return nil
	}
	if _, paired, err := whatsapp.PairedNumber(ctx, k.o.Dir); err == nil && !paired && !k.beside {
		k.seen = k.sessionSeen()
		return nil
	}
	if err := k.takeLine(ctx); err != nil {
		k.seen = k.sessionSeen() // not again until somebody has changed something
		return err
	}
	if k.beside {
		return nil // somebody was quicker
	}
	return k.Connect(ctx)
}

// sessionSeen changes with the content of session.dk.
func (k *Keeper) sessionSeen() (seen string) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := datadir.Stat(filepath.Join(k.o.Dir, datadir.Session+suffix)); err == nil {
			seen += fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size(), " ")
		}
	}
	return seen
}

// obeyUnpair ends the link when a command has asked for it.
func (k *Keeper) obeyUnpair(ctx context.Context) error {
	asked, err := k.o.Store.UnpairAsked(ctx)
	if err != nil || asked.IsZero() {
		return err
	}
	if time.Since(asked) < unpairWaits {
		limited, cancel := context.WithTimeout(ctx, unpairTime)
		defer cancel()
		if err := k.Line().Unlink(limited); err != nil {
			k.o.Log.Warn("link not ended", "error", err)
		} else {
			k.LinkChanged(whatsapp.StateChange{State: whatsapp.StateUnpaired, Cause: whatsapp.CauseUnlinked})
		}
	}
	return k.o.Store.AskUnpair(ctx, time.Time{})
}
