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
	"banditore/bot/intake"
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
	log      *slog.Logger
	texts    *citizen.Texts
	reader   *citizen.Reader
	composer message.Composer
	pace     pace.Policy

	desk    *desk.Desk
	intake  *intake.Intake
	upkeep  *upkeep.Upkeep // deliver's own
	chatter *chatter       // who has had enough answers for now

	lock      *store.DirLock
	store     *store.Store
	forgotten *store.Forgotten // who has left; nil: not asked for

	http      *http.Client
	phoneLine func(context.Context, whatsapp.Options) (line, error) // opens session.db
	client    atomic.Pointer[line]                                  // the line in use: another one after each new link
	hold      *store.DirLock                                        // on session.db; nil: it is another's, or there is no link. The link loop's own
	beside    bool                                                  // the line is only there to erase from; the link loop's own
	proven    bool                                                  // the link held has been connected; the link loop's own
	lookedAt  string                                                // the session.db that holds no link; the link loop's own
	said      atomic.Pointer[store.Link]                            // what was noted last of the link; nil: nothing yet

	life     context.Context // ends with Close; for what WhatsApp's callbacks write
	end      context.CancelFunc
	started  time.Time
	outgoing loop.Bell // something may be due to leave
	folder   loop.Bell // the spool should be looked at
	changed  loop.Bell // the status page is out of date
	uploads  loop.Bell // an attachment may be due to be uploaded
	links    loop.Bell // the link has come or gone

	brake brake // what WhatsApp says of what we send

	uploading atomic.Pointer[time.Time] // since when uploads are tried, and none has succeeded; nil: they need not be
	link      atomic.Value              // string: the link whose gap has been noted
	gap       gapWatch                  // deliver's own
	gapMu     sync.Mutex                // lets one of historyRead and closeGap run at a time; guards gapTexts
	gapTexts  []whatsapp.Text           // what history has brought so far
}

// line is what the loops need of WhatsApp. It is [whatsapp.Client], but for the
// test that simulates a year.
type line interface {
	Paired() bool
	Pair(context.Context, whatsapp.Screen) error
	Connect(context.Context) error
	State() whatsapp.StateChange
	Ready() bool
	Link() string
	Send(ctx context.Context, to whatsapp.Address, id string, content whatsapp.Content) (time.Time, error)
	Upload(ctx context.Context, kind whatsapp.MediaKind, data []byte) (whatsapp.Upload, error)
	Identify(ctx context.Context, a whatsapp.Address) (whatsapp.Address, error)
	MarkRead(ctx context.Context, chat whatsapp.Address, ids ...string) error
	Forget(context.Context, []whatsapp.Address) error
	HistoryWaiting(context.Context) (int, error)
	HistoryOver(context.Context) error
	Unlink(context.Context) error
	Version() whatsapp.Version
	Renew()
	Close() error
}

// Open takes the data directory for this process and opens both databases,
// without touching the network or the spool. It fails with a
// [*store.LockedError] while another process holds the directory. The caller
// must Close the Bot.
func Open(ctx context.Context, cfg config.Config, o Options) (*Bot, error) {
	return open(ctx, cfg, o, func(ctx context.Context, o whatsapp.Options) (line, error) {
		client, err := whatsapp.Open(ctx, o)
		if err != nil {
			return nil, err // not a line that is nil inside
		}
		return client, nil
	})
}

func open(ctx context.Context, cfg config.Config, o Options, phone func(context.Context, whatsapp.Options) (line, error)) (_ *Bot, err error) {
	b := &Bot{cfg: cfg, log: o.Logger, outgoing: loop.NewBell(), folder: loop.NewBell(), changed: loop.NewBell(), uploads: loop.NewBell(), links: loop.NewBell()}
	b.http, b.phoneLine = o.HTTPClient, phone
	b.life, b.end = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	if b.texts, err = settings.Texts(cfg); err != nil {
		return nil, err
	}
	b.reader, b.chatter = citizen.NewReader(cfg.Service.Comune), newChatter(cfg.Answers.PerPersonHour)
	if b.pace, err = settings.Policy(cfg); err != nil {
		return nil, err
	}
	if b.lock, err = store.Lock(cfg.DataDir); err != nil {
		return nil, err
	}
	if b.store, err = store.Open(ctx, cfg.DataDir); err != nil {
		return nil, err
	}
	b.desk = desk.New(desk.Options{
		Config: cfg, Store: b.store, Pace: b.pace, Log: b.log, Changed: b.changed,
		Link: b.linkNow, Version: func() whatsapp.Version { return b.line().Version() }, Lights: b.brake.red,
	})
	b.composer = message.Composer{Store: b.store, Name: cfg.Service.Name, Number: cfg.Service.Number}
	if b.forgotten, err = store.OpenForgotten(cfg.DataDir, cfg.Forget.KeyFile); err != nil {
		return nil, err
	}
	b.intake = intake.New(intake.Options{
		Config: cfg, ScanOnly: o.ScanOnly, Store: b.store, Reader: b.reader, Log: b.log, Note: b.desk.Note, Hasten: b.hasten,
		Folder: b.folder, Outgoing: b.outgoing, Uploads: b.uploads, Changed: b.changed,
	})
	b.upkeep = upkeep.New(upkeep.Options{
		Store: b.store, Forgotten: b.forgotten, Log: b.log, DataDir: cfg.DataDir, Forget: cfg.Forget, Holdback: cfg.Sending.Holdback,
		ForgetSession: func(ctx context.Context, people []whatsapp.Address) error { return b.line().Forget(ctx, people) },
		Changed:       b.changed, Folder: b.folder,
	})
	if o.EraseOnly {
		l, err := b.openLine(ctx, true)
		if err == nil {
			b.client.Store(&l)
		}
		return b, err
	}
	if err := b.checkNumbers(ctx); err != nil {
		return nil, err
	}
	if err := b.lights(ctx); err != nil {
		return nil, err
	}
	if err := b.remember(ctx, time.Now()); err != nil {
		return nil, err
	}
	return b, b.takeLine(ctx)
}

// remember takes up what receive knows of the past, and keeps the texts and
// rules that are in force now.
func (b *Bot) remember(ctx context.Context, now time.Time) error {
	version, text := b.texts.Wording()
	if err := b.store.KeepWording(ctx, version, text, now); err != nil {
		return err
	}
	given, err := b.store.AnswersSince(ctx, now.Add(-time.Hour))
	if err != nil {
		return err
	}
	for _, g := range given {
		b.chatter.answered(g.Person, g.Count, g.First)
	}
	return nil
}

// Run is the daemon's life: it returns nil after ctx has ended and everything
// in hand is finished and recorded, or an error when it could not start.
func (b *Bot) Run(ctx context.Context) error {
	b.started = time.Now()
	b.upkeep.Begin(b.started)
	if err := b.resume(ctx); err != nil {
		return err
	}
	var loops sync.WaitGroup
	defer loops.Wait()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	opened := make(chan *spool.Spool, 1)
	loops.Go(loop.Guarded(b.log, "intake", stop, func() {
		if folder := b.intake.Open(ctx); folder != nil {
			opened <- folder
			b.intake.Run(ctx)
		}
	}))
	loops.Go(loop.Guarded(b.log, "upload", stop, func() { b.upload(ctx) }))
	loops.Go(loop.Guarded(b.log, "deliver", stop, func() { b.deliver(ctx) }))
	loops.Go(loop.Guarded(b.log, "page", stop, func() {
		select {
		case folder := <-opened:
			b.desk.Run(ctx, folder)
		case <-ctx.Done():
		}
	}))
	if err := b.connect(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	loops.Go(loop.Guarded(b.log, "link", stop, func() { stop(b.keepLink(ctx)) }))
	b.log.Info("banditore is running")
	<-ctx.Done()
	b.log.Info("stopping")
	if cause := context.Cause(ctx); errors.Is(cause, loop.ErrPanic) || errors.Is(cause, errLink) {
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
	if err := b.store.KeepPreviews(ctx, settings.Previews(b.cfg)); err != nil {
		return fmt.Errorf("keep to the preview numbers: %w", err)
	}
	if n, err = b.store.Replay(ctx, b.forgotten, b.started); err != nil {
		return fmt.Errorf("keep away who has left: %w", err)
	}
	if err := b.resumeGap(ctx); err != nil {
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
	if l := b.client.Swap(nil); l != nil {
		errs = append(errs, (*l).Close())
	}
	if b.hold != nil {
		errs = append(errs, b.hold.Unlock())
		b.hold = nil
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
