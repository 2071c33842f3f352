package intake

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/report"
	"banditore/store"
)

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
