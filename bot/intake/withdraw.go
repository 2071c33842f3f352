package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"banditore/bot/report"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// withdrawals takes back what staff have moved to ritirare, and catches what
// was in hand at that moment or when a correction came.
func (i *Intake) withdrawals(ctx context.Context) error {
	now := time.Now()
	errs := []error{i.catchUp(ctx, now)}
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

// Resume is for a start, before anything leaves: what was to be deleted may have
// become too old while no daemon ran.
func (i *Intake) Resume(ctx context.Context, now time.Time) error { return i.catchUp(ctx, now) }

// catchUp sees that corrections and withdrawals miss nobody, and that nothing is
// deleted that has waited for too long.
func (i *Intake) catchUp(ctx context.Context, now time.Time) error {
	deletions, _, err := i.store.Deletions(ctx)
	if err != nil {
		return err
	}
	if deletions == 0 && now.Sub(i.amended) > catchSoon && now.Sub(i.caught) < catchPause && now.After(i.caught) {
		return nil
	}
	i.caught = now
	return i.store.CatchUp(ctx, now, whatsapp.EditWindow, whatsapp.DeleteWindow, whatsapp.MessageIDPrefix)
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
	if a, err = i.store.Withdraw(ctx, a.ID, now, whatsapp.DeleteWindow, whatsapp.MessageIDPrefix); err != nil {
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
