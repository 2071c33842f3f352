package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/inbox"
	"banditore/bot/intake"
	"banditore/bot/link"
	"banditore/bot/loop"
	"banditore/bot/outbox"
	"banditore/bot/settings"
	"banditore/bot/spool"
	"banditore/bot/upkeep"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Options are what a daemon needs beside its configuration.
type Options struct {
	Logger *slog.Logger // required

	// HTTPClient carries everything that goes to WhatsApp. Nil, as always in
	// production, is the library's own transport; tests and the demo give that
	// of their in-process server.
	HTTPClient *http.Client

	// ScanOnly does without folder events, as on a share that sends none: the
	// spool is looked at every spool.scan.
	ScanOnly bool

	// Shared says that others live in this process, as in tests and the demo: its freed
	// memory is not overwritten, which takes the longer the more there is.
	Shared bool

	// EraseOnly opens neither a link nor anything else that another process may be
	// using: for [Bot.Forget] alone, whatever number is linked.
	EraseOnly bool
}

// Bot is one town's daemon: one data directory, one spool, one linked device. It
// opens what the rooms share, and starts and stops their loops; what they do is
// theirs.
type Bot struct {
	cfg config.Config
	log *slog.Logger

	lock      *store.DirLock
	store     *store.Store
	forgotten *store.Forgotten // who has left; nil: not asked for

	shared bool // see Options

	keeper *link.Keeper
	inbox  *inbox.Inbox
	intake *intake.Intake
	outbox *outbox.Outbox
	upkeep *upkeep.Upkeep // the outbox calls it
	desk   *desk.Desk
	ring   bells

	life context.Context // ends with Close; for what WhatsApp's callbacks write
	end  context.CancelFunc
}

// Open takes the data directory for this process and opens both databases,
// without touching the network or the spool. It fails with a
// [*store.LockedError] while another process holds the directory. The caller
// must Close the Bot.
func Open(ctx context.Context, cfg config.Config, o Options) (*Bot, error) {
	return open(ctx, cfg, o, func(ctx context.Context, o whatsapp.Options) (link.Line, error) {
		client, err := whatsapp.Open(ctx, o)
		if err != nil {
			return nil, err // not a line that is nil inside
		}
		return client, nil
	})
}

func open(ctx context.Context, cfg config.Config, o Options, phone phone) (_ *Bot, err error) {
	b := &Bot{cfg: cfg, log: o.Logger, shared: o.Shared}
	b.life, b.end = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	if b.lock, err = store.Lock(cfg.DataDir); err != nil {
		return nil, err
	}
	if b.store, err = store.Open(ctx, cfg.DataDir); err != nil {
		return nil, err
	}
	if b.forgotten, err = store.OpenForgotten(cfg.DataDir, cfg.Forget.KeyFile); err != nil {
		return nil, err
	}
	if err = b.furnish(ctx, o, phone); err != nil {
		return nil, err
	}
	if o.EraseOnly {
		return b, b.keeper.BeginBeside(ctx)
	}
	if err := link.Settle(ctx, cfg, b.store); err != nil {
		return nil, err
	}
	if err := b.inbox.Remember(ctx, time.Now()); err != nil {
		return nil, err
	}
	return b, b.keeper.Begin(ctx, b.hears())
}

// Run is the daemon's life: it returns nil after ctx has ended and everything
// in hand is finished and recorded, or an error when it could not start.
func (b *Bot) Run(ctx context.Context) error {
	if err := b.resume(ctx, time.Now()); err != nil {
		return err
	}
	var loops sync.WaitGroup
	defer loops.Wait()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	run := func(name string, room func()) { loops.Go(loop.Guarded(b.log, name, stop, room)) }

	opened := make(chan *spool.Spool, 1)
	run("intake", func() {
		if folder := b.intake.Open(ctx); folder != nil {
			opened <- folder
			b.intake.Run(ctx)
		}
	})
	run("upload", func() { b.outbox.Uploader.Run(ctx) })
	run("deliver", func() { b.outbox.Run(ctx) })
	run("page", func() {
		select {
		case folder := <-opened:
			b.desk.Run(ctx, folder)
		case <-ctx.Done():
		}
	})
	if err := b.keeper.Connect(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	run("link", func() { stop(b.keeper.Run(ctx)) })
	b.log.Info("banditore is running")
	<-ctx.Done()
	b.log.Info("stopping")
	if cause := context.Cause(ctx); errors.Is(cause, loop.ErrPanic) || errors.Is(cause, link.ErrLink) {
		return cause
	}
	return nil
}

// resume takes up what the last run left.
func (b *Bot) resume(ctx context.Context, started time.Time) error {
	b.upkeep.Begin(started)
	n, err := b.store.Recover(ctx, started)
	if err != nil {
		return fmt.Errorf("take up the outbox: %w", err)
	}
	if n > 0 {
		b.log.Info("messages in an uncertain state will be sent again with their ID", "count", n)
	}
	if err := b.intake.Resume(ctx, started); err != nil {
		return fmt.Errorf("see what is too old to be deleted: %w", err)
	}
	if err := b.store.KeepPreviews(ctx, settings.Previews(b.cfg)); err != nil {
		return fmt.Errorf("keep to the preview numbers: %w", err)
	}
	if n, err = b.store.Replay(ctx, b.forgotten, started); err != nil {
		return fmt.Errorf("keep away who has left: %w", err)
	}
	if err := b.inbox.Resume(ctx, started); err != nil {
		return fmt.Errorf("look for what was missed: %w", err)
	}
	if n > 0 {
		b.log.Warn("the list is that of a backup: who has left since was taken off it again", "count", n)
	}
	return nil
}

// Paired tells whether the Comune's phone has linked this data directory, and the
// link is ours to use.
func (b *Bot) Paired() bool { return b.keeper.Line().Paired() }

// LinkedBefore tells whether a phone was ever linked: then the service runs without
// a link too, and waits for a new one.
func (b *Bot) LinkedBefore(ctx context.Context) (bool, error) { return b.keeper.LinkedBefore(ctx) }

// Pair shows codes on the screen until the Comune's phone has scanned one and
// the link is proven. It may take as long as ctx allows. While another process
// links a phone the error is a [*store.LockedError].
func (b *Bot) Pair(ctx context.Context, screen whatsapp.Screen) error {
	return b.keeper.Pair(ctx, screen)
}

// Forget erases everybody whose time has come, without waiting for anything that
// the daemon would wait for. It is for a Bot that does not run.
func (b *Bot) Forget(ctx context.Context) error { return b.upkeep.Forget(ctx) }

// Close ends the link and releases the data directory. It may be called twice,
// and on a Bot that never ran.
func (b *Bot) Close() error {
	var errs []error
	defer b.end()
	if b.keeper != nil {
		errs = append(errs, b.keeper.Close())
	}
	if b.intake != nil {
		errs = append(errs, b.intake.Close())
	}
	if b.store != nil {
		errs = append(errs, b.store.Close())
		b.store = nil
	}
	if b.lock != nil {
		errs = append(errs, b.lock.Unlock())
		b.lock = nil
	}
	return errors.Join(errs...)
}
