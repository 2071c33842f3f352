package intake

import (
	"context"
	"time"

	"banditore/bot/report"
)

// finish makes the reports final of which nothing has been heard for long.
func (i *Intake) finish(ctx context.Context, now time.Time) error {
	list, err := i.store.Reporting(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		if !report.IsFinal(a, now) {
			continue
		}
		r, err := report.Of(ctx, i.store, i.cfg.Sending, a, time.Now())
		if err != nil {
			return err
		}
		if err := i.spool.UpdateReport(a.File, r); err != nil {
			return err
		}
		if err := i.store.Finalize(ctx, a.ID); err != nil {
			return err
		}
	}
	return nil
}
