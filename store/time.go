package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"
)

// stamp is a time as the database holds it: Unix milliseconds, 0 for the zero
// time. It is the only place where times are converted.
type stamp struct{ time.Time }

var (
	_ driver.Valuer = stamp{}
	_ sql.Scanner   = (*stamp)(nil)
)

// Value gives the milliseconds.
func (s stamp) Value() (driver.Value, error) {
	if s.IsZero() {
		return int64(0), nil
	}
	return s.UnixMilli(), nil
}

// Scan reads milliseconds; NULL, the minimum of no rows, is the zero time.
func (s *stamp) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		s.Time = time.Time{}
	case int64:
		s.Time = time.Time{}
		if v != 0 {
			s.Time = time.UnixMilli(v).UTC()
		}
	default:
		return fmt.Errorf("a time is stored as %T", v)
	}
	return nil
}

// Rewind brings back what was noted by a clock that ran ahead, after it has
// been put back to now: answers that were never tried are due, announcements
// count as accepted now and wait for the given holdback, and nothing that is
// tried again waits longer than a day. A date that staff wrote into an
// announcement stays. What has left counts as having left by now: phones take edits
// and deletions for some time only. Nothing happens when no time lies ahead.
func (s *Store) Rewind(ctx context.Context, now time.Time, holdback time.Duration) error {
	args := []any{sql.Named("now", stamp{now}), sql.Named("holdback", holdback.Milliseconds()), sql.Named("day", stamp{now.Add(day)}),
		sql.Named("afterPrevious", afterPrevious)}
	return s.update(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{
			`UPDATE answers SET due = @now WHERE state = 'pending' AND due > @now AND iif(attempts = 0, created > @now, due > @day)`,
			`UPDATE answers SET created = @now WHERE created > @now`,
			`UPDATE deliveries SET sent_at = min(sent_at, @now), target_sent = min(target_sent, @now) WHERE max(sent_at, target_sent) > @now
				AND announcement IN (SELECT id FROM announcements WHERE max(last_sent, accepted_at) > @now)`,
			`UPDATE deliveries SET due = @now + (SELECT not_before - accepted_at FROM announcements a WHERE a.id = announcement)
			WHERE state = 'pending' AND attempts = 0 AND due < @afterPrevious AND announcement IN (SELECT id FROM announcements
				WHERE state = 'running' AND accepted_at > @now AND (not_before = accepted_at OR not_before = accepted_at + @holdback))`,
			`UPDATE deliveries SET due = @now WHERE state = 'pending' AND attempts > 0 AND due > @day AND due < @afterPrevious
				AND announcement IN (SELECT id FROM announcements WHERE state = 'running')`,
			`UPDATE announcements SET accepted_at = @now, not_before = @now + not_before - accepted_at
			WHERE state = 'running' AND accepted_at > @now AND (not_before = accepted_at OR not_before = accepted_at + @holdback)`,
		} {
			if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
				return err
			}
		}
		return nil
	})
}
