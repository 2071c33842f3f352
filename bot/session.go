package bot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// One process at a time is the linked device: the one that holds session.lock.
// The daemon holds it from the moment it has a link until that link has ended for
// good. Then `banditore pair`, which holds it meanwhile, may link a phone beside the
// running daemon, and the daemon takes the new link over when it is let go. What
// was waiting goes on where it was.
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

// errLink ends the daemon when WhatsApp answers, but not as WhatsApp does.
var errLink = errors.New("connect to WhatsApp")

// line is the Client in use. Who asks it for more than one thing should ask once.
func (b *Bot) line() line { return *b.client.Load() }

// Paired tells whether the Comune's phone has linked this data directory, and the
// link is ours to use.
func (b *Bot) Paired() bool { return b.line().Paired() }

// Pair shows codes on the screen until the Comune's phone has scanned one and
// the link is proven. It may take as long as ctx allows. While another process
// links a phone the error is a [*store.LockedError].
func (b *Bot) Pair(ctx context.Context, screen whatsapp.Screen) error {
	if b.hold == nil {
		hold, err := store.LockSession(b.cfg.DataDir)
		if err != nil {
			return err
		}
		b.hold = hold
	}
	if err := b.line().Pair(ctx, screen); err != nil {
		return err
	}
	return b.store.BelongTo(ctx, b.cfg.Service.Number)
}

// takeLine opens session.db: as the linked device if there is a link and nobody
// else holds it, else only to erase from it.
func (b *Bot) takeLine(ctx context.Context) error {
	hold, err := store.LockSession(b.cfg.DataDir)
	_, beside := errors.AsType[*store.LockedError](err)
	if err != nil && !beside {
		return err
	}
	l, err := b.openLine(ctx, beside)
	if err != nil {
		if hold != nil {
			err = errors.Join(err, hold.Unlock())
		}
		return err
	}
	b.beside = beside
	if old := b.client.Swap(&l); old != nil {
		err = (*old).Close()
	}
	if l.Paired() {
		b.hold = hold
		return err
	}
	if hold != nil {
		err = errors.Join(err, hold.Unlock())
	}
	b.lookedAt = b.sessionSeen()
	return err
}

func (b *Bot) openLine(ctx context.Context, beside bool) (line, error) {
	last, err := lastLink(ctx, b.store)
	if err != nil {
		return nil, err
	}
	mark, err := b.store.SessionMark(ctx)
	if err != nil {
		return nil, err
	}
	return b.phoneLine(ctx, whatsapp.Options{
		Dir:        b.cfg.DataDir,
		Number:     b.cfg.Service.Number,
		Device:     b.cfg.Service.Name,
		Logger:     b.log,
		HTTPClient: b.http,
		Last:       last,
		Mark:       mark,
		KeepMark:   b.store.SetSessionMark,
		Beside:     beside,
		OnText:     b.receive,
		OnHistory:  b.historyRead,
		OnReceipt:  b.receipt,
		OnState:    b.linkChanged,
		Resend:     b.resend,
		Wanted:     b.wanted,

		OnIdentity:     b.identified,
		OnCapping:      b.capping,
		OnReachoutLock: b.reachoutLock,
		OnPhoneSeen:    b.intake.PhoneSeen,
	})
}

// connect begins to use the link, or notes that there is none.
func (b *Bot) connect(ctx context.Context) error {
	l := b.line()
	if l.Paired() {
		if err := l.Connect(ctx); err != nil {
			return fmt.Errorf("%w: %w", errLink, err)
		}
		return nil
	}
	last, _, err := b.store.Link(ctx)
	if err != nil {
		return err
	}
	if now := l.State(); b.beside || last.State == string(now.State) && last.Cause == string(now.Cause) {
		b.said.Store(&last) // since when, it knows better
	} else {
		b.linkChanged(now)
	}
	b.log.Warn("no phone is linked; the service waits for `banditore pair`")
	return nil
}

// keepLink gives the link up when it has ended, takes a new one over, and ends it
// when somebody asks for that, until ctx ends.
func (b *Bot) keepLink(ctx context.Context) error {
	for ctx.Err() == nil {
		pause, err := b.watchLink(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errLink):
			return err
		case err != nil:
			b.log.Error("link not looked after; it will be tried again", "error", err)
			pause = loop.StoreTrouble
		}
		loop.Sleep(ctx, b.links, time.Now().Add(pause))
	}
	return nil
}

func (b *Bot) watchLink(ctx context.Context) (pause time.Duration, err error) {
	if b.hold != nil {
		if err := b.obeyUnpair(ctx); err != nil {
			return 0, err
		}
		if !b.proven && b.line().State().State == whatsapp.StateConnected {
			err = errors.Join(b.store.BelongTo(ctx, b.cfg.Service.Number), whatsapp.RemoveParked(b.cfg.DataDir))
			b.proven = err == nil
		}
	}
	if b.hold != nil && b.line().Paired() {
		return linkedLook, err
	}
	if b.hold != nil {
		b.log.Warn("the link has ended; the service waits for `banditore pair`")
		err = errors.Join(err, b.hold.Unlock())
		b.hold, b.proven, b.lookedAt = nil, false, b.sessionSeen()
	}
	if since, ok := whatsapp.Parked(b.cfg.DataDir); ok && time.Since(since) > parkedDays*24*time.Hour {
		err = errors.Join(err, whatsapp.RemoveParked(b.cfg.DataDir))
	}
	return linkLook, errors.Join(err, b.takeOver(ctx))
}

// takeOver uses a link that another process has made. It costs little while there
// is none.
func (b *Bot) takeOver(ctx context.Context) error {
	if _, held, err := store.SessionHeld(b.cfg.DataDir); held || err != nil {
		return err
	}
	if b.hold != nil || b.sessionSeen() == b.lookedAt {
		return nil
	}
	if _, paired, err := whatsapp.PairedNumber(ctx, b.cfg.DataDir); err == nil && !paired && !b.beside {
		b.lookedAt = b.sessionSeen()
		return nil
	}
	if err := b.takeLine(ctx); err != nil {
		b.lookedAt = b.sessionSeen() // not again until somebody has changed something
		return err
	}
	if b.beside {
		return nil // somebody was quicker
	}
	return b.connect(ctx)
}

// sessionSeen changes with the content of session.db.
func (b *Bot) sessionSeen() (seen string) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(filepath.Join(b.cfg.DataDir, "session.db"+suffix)); err == nil {
			seen += fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size(), " ")
		}
	}
	return seen
}

// obeyUnpair ends the link when a command has asked for it.
func (b *Bot) obeyUnpair(ctx context.Context) error {
	asked, err := b.store.UnpairAsked(ctx)
	if err != nil || asked.IsZero() {
		return err
	}
	if time.Since(asked) < unpairWaits {
		limited, cancel := context.WithTimeout(ctx, unpairTime)
		defer cancel()
		if err := b.line().Unlink(limited); err != nil {
			b.log.Warn("link not ended", "error", err)
		} else {
			b.linkChanged(whatsapp.StateChange{State: whatsapp.StateUnpaired, Cause: whatsapp.CauseUnlinked})
		}
	}
	return b.store.AskUnpair(ctx, time.Time{})
}
