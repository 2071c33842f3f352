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
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/report"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Options are what the intake needs.
type Options struct {
	Config   config.Config
	ScanOnly bool // do without folder events
	Store    *store.Store
	Reader   *citizen.Reader // knows the Comuni
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
	reader   *citizen.Reader
	log      *slog.Logger
	note     func(context.Context, store.Problem)
	hasten   func(context.Context, time.Time) error

	folder, outgoing, uploads, changed loop.Bell

	spool   *spool.Spool              // nil until Open
	heard   atomic.Pointer[time.Time] // when the Comune's phone was heard last; nil: nothing new
	amended time.Time                 // the last correction or withdrawal, or the start
	caught  time.Time                 // when it was looked for what they have missed
}

// New returns an intake that has not opened the folder yet.
func New(o Options) *Intake {
	return &Intake{
		cfg: o.Config, scanOnly: o.ScanOnly, store: o.Store, reader: o.Reader, log: o.Log, note: o.Note, hasten: o.Hasten,
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

// withdrawals takes back what staff have moved to ritirare, and catches what
// was in hand at that moment, or when a correction came.
func (i *Intake) withdrawals(ctx context.Context) error {
	now := time.Now()
	errs := []error{i.catch(ctx, now)}
	names, err := i.spool.Withdrawals()
	errs = append(errs, err)
	for _, name := range names {
		errs = append(errs, i.withdraw(ctx, name, now))
	}
	return errors.Join(errs...)
}

const (
	// What was in hand when a correction came has ended soon. What a phone says days
	// later has time, and finding out costs a look at everybody.
	catchSoon  = 10 * time.Minute
	catchPause = 5 * time.Minute
)

// catch sees that corrections and withdrawals miss nobody, and that nothing is
// deleted that has waited for too long.
func (i *Intake) catch(ctx context.Context, now time.Time) error {
	deletions, _, err := i.store.Deletions(ctx)
	if err != nil {
		return err
	}
	if deletions == 0 && now.Sub(i.amended) > catchSoon && now.Sub(i.caught) < catchPause && now.After(i.caught) {
		return nil
	}
	i.caught = now
	return i.store.Catch(ctx, now, whatsapp.EditWindow, whatsapp.DeleteWindow, whatsapp.NewMessageID)
}

func (i *Intake) withdraw(ctx context.Context, name string, now time.Time) error {
	a, ok, err := i.store.FindFile(ctx, name)
	if err != nil {
		return fmt.Errorf("look for what is to be withdrawn: %w", err)
	}
	if !ok {
		return i.spool.RefuseWithdrawal(name, "non è un avviso inviato: qui si mettono soltanto i file che stanno in inviati o in in_invio",
			"se è un avviso nuovo, mettilo in da_inviare; se vuoi ritirarne uno, sposta qui il suo file senza cambiargli nome.")
	}
	return i.takeBack(ctx, a, now)
}

// takeBack withdraws an announcement and the corrections of it: nobody moves a
// file to ritirare to have half of it left on the phones. The corrections are filed
// first, so that a crash leaves something in ritirare to begin again with.
func (i *Intake) takeBack(ctx context.Context, a store.Announcement, now time.Time) error {
	i.amended = now
	files, err := i.files(ctx, a)
	if err != nil {
		return err
	}
	if a, err = i.store.Withdraw(ctx, a.ID, now, whatsapp.DeleteWindow, whatsapp.NewMessageID); err != nil {
		return fmt.Errorf("withdraw an announcement: %w", err)
	}
	i.log.Info("announcement withdrawn", "file", a.Name, "to_delete", a.Withdrawal.Asked, "too_old", a.Withdrawal.TooOld)
	i.outgoing.Ring()
	corrections, err := i.store.Corrections(ctx, a.ID)
	for _, c := range corrections {
		err = errors.Join(err, i.takeBack(ctx, c, now))
	}
	if err != nil {
		return err
	}
	r, err := report.Of(ctx, i.store, i.cfg.Sending, a, time.Now())
	if err != nil {
		return err
	}
	if err := i.spool.FileWithdrawn(files, r); err != nil {
		return fmt.Errorf("file a withdrawal: %w", err)
	}
	if err := i.minutes(ctx, a); err != nil { // it may have been withdrawn before it was filed
		return fmt.Errorf("write the minutes of an announcement: %w", err)
	}
	return i.store.FiledWithdrawn(ctx, a.ID)
}

// files are all files of an announcement, the one that names it first.
func (i *Intake) files(ctx context.Context, a store.Announcement) ([]string, error) {
	list, err := i.store.Attachments(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	files := []string{a.File}
	for _, x := range list {
		if x.File != "" && x.File != a.File {
			files = append(files, x.File)
		}
	}
	return files, nil
}

// reconcile brings in_invio and the unfinished announcements together: a file
// without announcement is one that a crash left behind, an announcement
// without file has been taken away by hand, and one that has ended is filed.
func (i *Intake) reconcile(ctx context.Context) error {
	unfiled, err := i.store.Unfiled(ctx)
	if err != nil {
		return err
	}
	files, err := i.spool.InFlight()
	if err != nil {
		return err
	}
	broken, err := i.spool.Incomplete()
	if err != nil {
		return err
	}
	var errs []error
	for _, a := range unfiled {
		at, there := slices.BinarySearch(files, a.File)
		if there {
			files = slices.Delete(files, at, at+1)
		}
		broken = slices.DeleteFunc(broken, func(file string) bool { return file == a.File })
		errs = append(errs, i.fileAway(ctx, a, there))
	}
	for _, left := range files {
		errs = append(errs, i.takeUp(ctx, left))
	}
	for _, file := range broken { // what is left of what was never published
		errs = append(errs, i.spool.Refuse(file, "uno dei file dell'avviso è stato tolto prima che fosse accettato", "rimetti tutti i suoi file in da_inviare."))
	}
	return errors.Join(errs...)
}

// takeUp publishes a file that was claimed but never became an announcement.
func (i *Intake) takeUp(ctx context.Context, name string) error {
	f, err := i.spool.Load(name)
	var refusal *spool.Refusal
	switch {
	case errors.As(err, &refusal):
		return i.spool.Refuse(name, refusal.Reason, refusal.Advice)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	return i.publish(ctx, f)
}

// fileAway files an announcement that has ended, or whose file is no longer
// there: then its sending is stopped first.
func (i *Intake) fileAway(ctx context.Context, a store.Announcement, there bool) (err error) {
	if a.State == store.Running {
		if there {
			return nil
		}
		if a, err = i.store.Stop(ctx, a.ID); err != nil {
			return fmt.Errorf("stop an announcement: %w", err)
		}
		i.log.Info("file taken away, sending stopped", "file", a.Name)
	}
	r, err := report.Of(ctx, i.store, i.cfg.Sending, a, time.Now())
	if err != nil {
		return err
	}
	if err := i.spool.FileAway(a.File, r); err != nil {
		return fmt.Errorf("file an announcement away: %w", err)
	}
	if err := i.minutes(ctx, a); err != nil {
		return fmt.Errorf("write the minutes of an announcement: %w", err)
	}
	i.log.Debug("file moved to its last place", "file", a.Name)
	return i.store.Filed(ctx, a.ID)
}
