package bot

import (
	"context"
	"time"

	"banditore/bot/report"
)

// finish makes the reports final of which nothing has been heard for long.
func (b *Bot) finish(ctx context.Context, now time.Time) error {
	list, err := b.store.Reporting(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		if !report.IsFinal(a, now) {
			continue
		}
		r, err := report.Of(ctx, b.store, b.cfg.Sending, a, time.Now())
		if err != nil {
			return err
		}
		if err := b.spool.UpdateReport(a.File, r); err != nil {
			return err
		}
		if err := b.store.Finalize(ctx, a.ID); err != nil {
			return err
		}
	}
	return nil
}
