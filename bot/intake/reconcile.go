package intake

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"banditore/bot/spool"
)

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
