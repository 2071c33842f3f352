package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/inbox"
	"banditore/bot/link"
	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/pace"
	"banditore/bot/settings"
	"banditore/bot/spool"
	"banditore/bot/upkeep"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Patience is how long the message in hand may take once the daemon has been
// told to stop. Up to two seconds to give it up and three to hang up follow;
// systemd is promised an end within ten.
const Patience = 4 * time.Second

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

	// EraseOnly opens neither a link nor anything else that another process may be
	// using: for [Bot.Forget] alone, whatever number is linked.
	EraseOnly bool
}

// Bot is one town's daemon: one data directory, one spool, one linked device.
type Bot struct {
	cfg      config.Config
	scan     bool // no folder events
	log      *slog.Logger
	texts    *citizen.Texts
	reader   *citizen.Reader
	composer message.Composer
	pace     pace.Policy

	inbox  *inbox.Inbox // carries out what citizens write
	desk   *desk.Desk
	upkeep *upkeep.Upkeep // deliver's own

	lock      *store.DirLock
	store     *store.Store
	forgotten *store.Forgotten // who has left; nil: not asked for
	spool     *spool.Spool

	keeper *link.Keeper

	life     context.Context // ends with Close; for what WhatsApp's callbacks write
	end      context.CancelFunc
	started  time.Time
	outgoing loop.Bell // something may be due to leave
	folder   loop.Bell // the spool should be looked at
	changed  loop.Bell // the status page is out of date
	uploads  loop.Bell // an attachment may be due to be uploaded

	brake   brake     // what WhatsApp says of what we send
	amended time.Time // the last correction or withdrawal, or the start; intake's own
	caught  time.Time // when it was looked for what they have missed; intake's own

	heard     atomic.Pointer[time.Time] // when the Comune's phone was heard last; nil: nothing new
	uploading atomic.Pointer[time.Time] // since when uploads are tried, and none has succeeded; nil: they need not be
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

func open(ctx context.Context, cfg config.Config, o Options, phone func(context.Context, whatsapp.Options) (link.Line, error)) (_ *Bot, err error) {
	b := &Bot{cfg: cfg, scan: o.ScanOnly, log: o.Logger, outgoing: loop.NewBell(), folder: loop.NewBell(), changed: loop.NewBell(), uploads: loop.NewBell()}
	b.life, b.end = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	if b.texts, err = settings.Texts(cfg); err != nil {
		return nil, err
	}
	b.reader = citizen.NewReader(cfg.Service.Comune)
	if b.pace, err = settings.Policy(cfg); err != nil {
		return nil, err
	}
	if b.lock, err = store.Lock(cfg.DataDir); err != nil {
		return nil, err
	}
	if b.store, err = store.Open(ctx, cfg.DataDir); err != nil {
		return nil, err
	}
	b.composer = message.Composer{Store: b.store, Name: cfg.Service.Name, Number: cfg.Service.Number}
	if b.forgotten, err = store.OpenForgotten(cfg.DataDir, cfg.Forget.KeyFile); err != nil {
		return nil, err
	}
	b.keeper = link.New(ctx, link.Options{
		Dir: cfg.DataDir, Number: cfg.Service.Number, Device: cfg.Service.Name, Store: b.store, Log: b.log, HTTPClient: o.HTTPClient,
		Bells: []loop.Bell{b.outgoing, b.uploads, b.changed}, Open: phone,
	})
	b.desk = desk.New(desk.Options{
		Config: cfg, Store: b.store, Pace: b.pace, Log: b.log, Changed: b.changed,
		Link: b.keeper.Noted, Version: func() whatsapp.Version { return b.keeper.Line().Version() }, Lights: b.brake.red,
	})
	b.upkeep = upkeep.New(upkeep.Options{
		Store: b.store, Forgotten: b.forgotten, Log: b.log, DataDir: cfg.DataDir, Forget: cfg.Forget, Holdback: cfg.Sending.Holdback,
		ForgetSession: func(ctx context.Context, people []whatsapp.Address) error { return b.keeper.Line().Forget(ctx, people) },
		Changed:       b.changed, Folder: b.folder,
	})
	b.inbox = b.newInbox()
	if o.EraseOnly {
		return b, b.keeper.BeginBeside(ctx)
	}
	if err := link.Settle(ctx, cfg, b.store); err != nil {
		return nil, err
	}
	if err := b.lights(ctx); err != nil {
		return nil, err
	}
	if err := b.inbox.Remember(ctx, time.Now()); err != nil {
		return nil, err
	}
	return b, b.keeper.Begin(ctx, whatsapp.Options{
		OnText:    b.inbox.Receive,
		OnHistory: b.inbox.HistoryRead,
		OnReceipt: b.receipt,
		Resend:    b.resend,
		Wanted:    b.wanted,

		OnIdentity:     b.inbox.Identified,
		OnCapping:      b.capping,
		OnReachoutLock: b.reachoutLock,
		OnPhoneSeen:    func(at time.Time) { b.heard.Store(&at) },
	})
}

func (b *Bot) newInbox() *inbox.Inbox {
	return inbox.New(inbox.Options{
		Store: b.store, Forgotten: b.forgotten, Log: b.log, Texts: b.texts, Reader: b.reader,
		Line:          func() inbox.Line { return b.keeper.Line() },
		PerPersonHour: b.cfg.Answers.PerPersonHour, DoubleOptIn: b.cfg.Service.DoubleOptIn,
		KeepQuestions: time.Duration(b.cfg.Forget.IncompleteHours) * time.Hour,
		Outgoing:      b.outgoing, Changed: b.changed,
	})
}

// Paired tells whether the Comune's phone has linked this data directory, and the
// link is ours to use.
func (b *Bot) Paired() bool { return b.keeper.Line().Paired() }

// Pair shows codes on the screen until the Comune's phone has scanned one and
// the link is proven. It may take as long as ctx allows. While another process
// links a phone the error is a [*store.LockedError].
func (b *Bot) Pair(ctx context.Context, screen whatsapp.Screen) error {
	return b.keeper.Pair(ctx, screen)
}

// LinkedBefore tells whether a phone was ever linked: then the service runs without
// a link too, and waits for a new one.
func (b *Bot) LinkedBefore(ctx context.Context) (bool, error) { return b.keeper.LinkedBefore(ctx) }

// Run is the daemon's life: it returns nil after ctx has ended and everything
// in hand is finished and recorded, or an error when it could not start.
func (b *Bot) Run(ctx context.Context) error {
	b.started = time.Now()
	b.upkeep.Begin(b.started)
	b.amended = b.started
	if err := b.resume(ctx); err != nil {
		return err
	}
	var loops sync.WaitGroup
	defer loops.Wait()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	opened := make(chan struct{}) // the spool is
	loops.Go(loop.Guarded(b.log, "intake", stop, func() {
		if b.openSpool(ctx) {
			close(opened)
			b.intake(ctx)
		}
	}))
	loops.Go(loop.Guarded(b.log, "upload", stop, func() { b.upload(ctx) }))
	loops.Go(loop.Guarded(b.log, "deliver", stop, func() { b.deliver(ctx) }))
	loops.Go(loop.Guarded(b.log, "page", stop, func() {
		select {
		case <-opened:
			b.desk.Run(ctx, b.spool)
		case <-ctx.Done():
		}
	}))
	if err := b.keeper.Connect(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	loops.Go(loop.Guarded(b.log, "link", stop, func() { stop(b.keeper.Run(ctx)) }))
	b.log.Info("banditore is running")
	<-ctx.Done()
	b.log.Info("stopping")
	if cause := context.Cause(ctx); errors.Is(cause, loop.ErrPanic) || errors.Is(cause, link.ErrLink) {
		return cause
	}
	return nil
}

// resume takes up what the last run left.
func (b *Bot) resume(ctx context.Context) error {
	n, err := b.store.Recover(ctx, b.started)
	if err != nil {
		return fmt.Errorf("take up the outbox: %w", err)
	}
	if n > 0 {
		b.log.Info("messages in an uncertain state will be sent again with their ID", "count", n)
	}
	if err := b.store.KeepPreviews(ctx, b.previewNumbers()); err != nil {
		return fmt.Errorf("keep to the preview numbers: %w", err)
	}
	if n, err = b.store.Replay(ctx, b.forgotten, b.started); err != nil {
		return fmt.Errorf("keep away who has left: %w", err)
	}
	if err := b.inbox.Resume(ctx, b.started); err != nil {
		return fmt.Errorf("look for what was missed: %w", err)
	}
	if n > 0 {
		b.log.Warn("the list is that of a backup: who has left since was taken off it again", "count", n)
	}
	return nil
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
	if b.spool != nil {
		errs = append(errs, b.spool.Close())
		b.spool = nil
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
