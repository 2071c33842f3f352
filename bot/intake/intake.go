// Package intake takes files out of the spool folder and makes announcements of
// them: it claims, publishes, corrects and withdraws, and files away what is over,
// with a report and the minutes beside it. It owns the folder, and never touches the
// network.
//
// The folder and the store are brought together again at each look, so a crash
// between two steps is made good by the next one: a file may be offered twice, and
// is published once; a report may be written twice, and says the same.
package intake

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/spool"
	"banditore/store"
)

// Options are what the intake needs.
type Options struct {
	Config   config.Config // Service, SpoolDir, Spool, Sending and Forget are read
	ScanOnly bool          // do without folder events
	Store    *store.Store
	Comune   func(name string) (official string, ok bool) // of a Comune that staff name
	Log      *slog.Logger

	// Note notes what is wrong with the folder, or that nothing is any more.
	Note func(context.Context, store.Problem)
	// Hasten lets urgent words leave whose attachments take too long.
	Hasten func(context.Context, time.Time) error

	Folder   loop.Bell // wakes the intake
	Outgoing loop.Bell // rung when something may be due to leave
	Uploads  loop.Bell // rung when an attachment may be due to be uploaded
	Changed  loop.Bell // rung when the status page is out of date
}

// Intake is the loop that owns the spool folder.
type Intake struct {
	cfg      config.Config
	scanOnly bool
	store    *store.Store
	comune   func(name string) (official string, ok bool)
	log      *slog.Logger
	note     func(context.Context, store.Problem)
	hasten   func(context.Context, time.Time) error

	folder, outgoing, uploads, changed loop.Bell

	spool   *spool.Spool              // nil until Open
	heard   atomic.Pointer[time.Time] // when the Comune's phone was heard last; nil: nothing new
	amended time.Time                 // the last correction or withdrawal, or the start
	caught  time.Time                 // when the store last caught up with them
}

// New returns an intake that has not opened the folder yet.
func New(o Options) *Intake {
	return &Intake{
		cfg: o.Config, scanOnly: o.ScanOnly, store: o.Store, comune: o.Comune, log: o.Log, note: o.Note, hasten: o.Hasten,
		folder: o.Folder, outgoing: o.Outgoing, uploads: o.Uploads, changed: o.Changed,
	}
}

// Close gives the folder back, once Open and Run have returned. It may be called
// twice, and without Open.
func (i *Intake) Close() error {
	if i.spool == nil {
		return nil
	}
	defer func() { i.spool = nil }()
	return i.spool.Close()
}

// PhoneSeen says when the Comune's phone showed a sign of life. It never waits, and
// may be called from any goroutine.
func (i *Intake) PhoneSeen(at time.Time) { i.heard.Store(&at) }

// scanFloor keeps a spool.scan of zero from turning into a busy loop.
const scanFloor = time.Second

// Run takes files out of the spool and files them away when they are done, until
// ctx ends. Folder events make it quick, the slow scan makes it sure.
func (i *Intake) Run(ctx context.Context) {
	i.amended = time.Now()
	i.watchFolder(ctx)
	for ctx.Err() == nil {
		if err := i.look(ctx); err != nil && ctx.Err() == nil {
			i.log.Error("spool not worked through; it will be looked at again", "error", err)
		}
		pause := max(i.cfg.Spool.Scan, scanFloor)
		if settles, ok := i.spool.NextLook(); ok {
			pause = min(pause, settles)
		}
		loop.Sleep(ctx, i.folder, time.Now().Add(pause))
	}
}

// watchFolder rings for every folder event, until ctx ends.
func (i *Intake) watchFolder(ctx context.Context) {
	if i.scanOnly {
		return
	}
	events, err := i.spool.Events(ctx)
	if err != nil {
		i.log.Warn("no folder events; the spool is only scanned", "error", err)
		return
	}
	go func() {
		for range events {
			i.folder.Ring()
		}
	}()
}

// look works through the spool once. One bad file or announcement stops no
// other. What is to be withdrawn comes first, before a file that is missing in
// in_invio is taken for one that is only to be stopped; and that before
// anything is claimed, which may be the same file, put back.
func (i *Intake) look(ctx context.Context) error {
	errs := []error{i.withdrawals(ctx), i.reconcile(ctx)}
	claimed, err := i.spool.Scan(ctx)
	errs = append(errs, err)
	for _, f := range claimed {
		errs = append(errs, i.publish(ctx, f))
	}
	fault, _ := errors.AsType[*spool.Fault](errors.Join(errs...))
	i.note(ctx, folderProblem(fault))
	errs = append(errs, i.hasten(ctx, time.Now()), i.keepBooks(ctx))
	i.changed.Ring()
	i.outgoing.Ring() // another process may have released something
	return errors.Join(errs...)
}

// keepBooks keeps what the page shows of the past: who came and went on each day,
// and when the Comune's phone was there last. It ends the reports that are old.
func (i *Intake) keepBooks(ctx context.Context) error {
	now := time.Now()
	err := errors.Join(i.finish(ctx, now), i.store.NoteDay(ctx, now.In(i.cfg.Sending.Location).Format(time.DateOnly)))
	if at := i.heard.Swap(nil); at != nil {
		err = errors.Join(err, i.store.NotePhone(ctx, *at))
	}
	return err
}
