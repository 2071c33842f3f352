package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"banditore/bot/loop"
	"banditore/bot/report"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// scanFloor keeps a spool.scan of zero from turning into a busy loop.
const scanFloor = time.Second

// intake takes files out of the spool and files them away when they are done.
// Folder events make it quick, the slow scan makes it sure.
func (b *Bot) intake(ctx context.Context) {
	b.watchFolder(ctx)
	for ctx.Err() == nil {
		if err := b.look(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("spool not worked through; it will be looked at again", "error", err)
		}
		pause := max(b.cfg.Spool.Scan, scanFloor)
		if settles, ok := b.spool.NextLook(); ok {
			pause = min(pause, settles)
		}
		loop.Sleep(ctx, b.folder, time.Now().Add(pause))
	}
}

// watchFolder rings for every folder event, until ctx ends.
func (b *Bot) watchFolder(ctx context.Context) {
	if b.scan {
		return
	}
	events, err := b.spool.Events(ctx)
	if err != nil {
		b.log.Warn("no folder events; the spool is only scanned", "error", err)
		return
	}
	go func() {
		for range events {
			b.folder.Ring()
		}
	}()
}

// look works through the spool once. One bad file or announcement stops no
// other. What is to be withdrawn comes first, before a file that is missing in
// in_invio is taken for one that is only to be stopped; and that before
// anything is claimed, which may be the same file, put back.
func (b *Bot) look(ctx context.Context) error {
	errs := []error{b.withdrawals(ctx), b.reconcile(ctx)}
	claimed, err := b.spool.Scan(ctx)
	errs = append(errs, err)
	for _, f := range claimed {
		errs = append(errs, b.publish(ctx, f))
	}
	fault, _ := errors.AsType[*spool.Fault](errors.Join(errs...))
	b.desk.Note(ctx, folderProblem(fault))
	errs = append(errs, b.hasten(ctx, time.Now()), b.note(ctx))
	b.changed.Ring()
	b.outgoing.Ring() // another process may have released something
	return errors.Join(errs...)
}

// note keeps what the page shows of the past: who came and went on each day,
// and when the Comune's phone was there last. It ends the reports that are old.
func (b *Bot) note(ctx context.Context) error {
	now := time.Now()
	err := errors.Join(b.finish(ctx, now), b.store.NoteDay(ctx, now.In(b.cfg.Sending.Location).Format(time.DateOnly)))
	if at := b.heard.Swap(nil); at != nil {
		err = errors.Join(err, b.store.NotePhone(ctx, *at))
	}
	return err
}

// withdrawals takes back what staff have moved to ritirare, and catches what
// was in hand at that moment, or when a correction came.
func (b *Bot) withdrawals(ctx context.Context) error {
	now := time.Now()
	errs := []error{b.catch(ctx, now)}
	names, err := b.spool.Withdrawals()
	errs = append(errs, err)
	for _, name := range names {
		errs = append(errs, b.withdraw(ctx, name, now))
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
func (b *Bot) catch(ctx context.Context, now time.Time) error {
	deletions, _, err := b.store.Deletions(ctx)
	if err != nil {
		return err
	}
	if deletions == 0 && now.Sub(b.amended) > catchSoon && now.Sub(b.caught) < catchPause && now.After(b.caught) {
		return nil
	}
	b.caught = now
	return b.store.CatchUp(ctx, now, whatsapp.EditWindow, whatsapp.DeleteWindow, whatsapp.NewMessageID)
}

func (b *Bot) withdraw(ctx context.Context, name string, now time.Time) error {
	a, ok, err := b.store.FindFile(ctx, name)
	if err != nil {
		return fmt.Errorf("look for what is to be withdrawn: %w", err)
	}
	if !ok {
		return b.spool.RefuseWithdrawal(name, "non è un avviso inviato: qui si mettono soltanto i file che stanno in inviati o in in_invio",
			"se è un avviso nuovo, mettilo in da_inviare; se vuoi ritirarne uno, sposta qui il suo file senza cambiargli nome.")
	}
	return b.takeBack(ctx, a, now)
}

// takeBack withdraws an announcement and the corrections of it: nobody moves a
// file to ritirare to have half of it left on the phones. The corrections are filed
// first, so that a crash leaves something in ritirare to begin again with.
func (b *Bot) takeBack(ctx context.Context, a store.Announcement, now time.Time) error {
	b.amended = now
	files, err := b.files(ctx, a)
	if err != nil {
		return err
	}
	if a, err = b.store.Withdraw(ctx, a.ID, now, whatsapp.DeleteWindow, whatsapp.NewMessageID); err != nil {
		return fmt.Errorf("withdraw an announcement: %w", err)
	}
	b.log.Info("announcement withdrawn", "file", a.Name, "to_delete", a.Withdrawal.Asked, "too_old", a.Withdrawal.TooOld)
	b.outgoing.Ring()
	corrections, err := b.store.Corrections(ctx, a.ID)
	for _, c := range corrections {
		err = errors.Join(err, b.takeBack(ctx, c, now))
	}
	if err != nil {
		return err
	}
	r, err := report.Of(ctx, b.store, b.cfg.Sending, a, time.Now())
	if err != nil {
		return err
	}
	if err := b.spool.FileWithdrawn(files, r); err != nil {
		return fmt.Errorf("file a withdrawal: %w", err)
	}
	if err := b.minutes(ctx, a); err != nil { // it may have been withdrawn before it was filed
		return fmt.Errorf("write the minutes of an announcement: %w", err)
	}
	return b.store.FiledWithdrawn(ctx, a.ID)
}

// files are all files of an announcement, the one that names it first.
func (b *Bot) files(ctx context.Context, a store.Announcement) ([]string, error) {
	list, err := b.store.Attachments(ctx, a.ID)
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
func (b *Bot) reconcile(ctx context.Context) error {
	unfiled, err := b.store.Unfiled(ctx)
	if err != nil {
		return err
	}
	files, err := b.spool.InFlight()
	if err != nil {
		return err
	}
	broken, err := b.spool.Incomplete()
	if err != nil {
		return err
	}
	var errs []error
	for _, a := range unfiled {
		i, there := slices.BinarySearch(files, a.File)
		if there {
			files = slices.Delete(files, i, i+1)
		}
		broken = slices.DeleteFunc(broken, func(file string) bool { return file == a.File })
		errs = append(errs, b.fileAway(ctx, a, there))
	}
	for _, left := range files {
		errs = append(errs, b.takeUp(ctx, left))
	}
	for _, file := range broken { // what is left of what was never published
		errs = append(errs, b.spool.Refuse(file, "uno dei file dell'avviso è stato tolto prima che fosse accettato", "rimetti tutti i suoi file in da_inviare."))
	}
	return errors.Join(errs...)
}

// takeUp publishes a file that was claimed but never became an announcement.
func (b *Bot) takeUp(ctx context.Context, name string) error {
	f, err := b.spool.Load(name)
	var refusal *spool.Refusal
	switch {
	case errors.As(err, &refusal):
		return b.spool.Refuse(name, refusal.Reason, refusal.Advice)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	return b.publish(ctx, f)
}

// fileAway files an announcement that has ended, or whose file is no longer
// there: then its sending is stopped first.
func (b *Bot) fileAway(ctx context.Context, a store.Announcement, there bool) (err error) {
	if a.State == store.Running {
		if there {
			return nil
		}
		if a, err = b.store.Stop(ctx, a.ID); err != nil {
			return fmt.Errorf("stop an announcement: %w", err)
		}
		b.log.Info("file taken away, sending stopped", "file", a.Name)
	}
	r, err := report.Of(ctx, b.store, b.cfg.Sending, a, time.Now())
	if err != nil {
		return err
	}
	if err := b.spool.FileAway(a.File, r); err != nil {
		return fmt.Errorf("file an announcement away: %w", err)
	}
	if err := b.minutes(ctx, a); err != nil {
		return fmt.Errorf("write the minutes of an announcement: %w", err)
	}
	b.log.Debug("file moved to its last place", "file", a.Name)
	return b.store.Filed(ctx, a.ID)
}
