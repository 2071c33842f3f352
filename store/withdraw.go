package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Withdraw cancels what waits of an announcement and of the corrections of it, and
// has what has left within that time deleted from the phones. Repeating it changes
// nothing. The messages that delete count as urgent.
func (s *Store) Withdraw(ctx context.Context, id int64, now time.Time, within time.Duration, newID func() string) (Announcement, error) {
	err := s.update(ctx, func(tx *sql.Tx) error {
		// All at once: half of it on the phones would be worse than all of it.
		rows, err := tx.QueryContext(ctx, `WITH RECURSIVE whole (id) AS (SELECT id FROM announcements WHERE id = ?
			UNION SELECT a.id FROM announcements a JOIN whole ON a.about = whole.id WHERE a.kind = 'correction') SELECT id FROM whole ORDER BY id`, id)
		if err != nil {
			return err
		}
		whole, err := column[int64](rows)
		if err != nil {
			return err
		}
		for _, one := range whole {
			if err := withdraw(ctx, tx, one, now, within, newID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Announcement{}, fmt.Errorf("withdraw: %w", err)
	}
	return s.announcement(ctx, id)
}

func withdraw(ctx context.Context, tx *sql.Tx, id int64, now time.Time, within time.Duration, newID func() string) error {
	for _, statement := range []string{
		`UPDATE deliveries SET state = 'cancelled' WHERE announcement = ?1 AND state = 'pending'`,
		`UPDATE announcements SET state = 'stopped' WHERE id = ?1 AND state = 'running'`,
		`INSERT INTO announcements (name, file, text, content_hash, urgent, preview, filed, state, accepted_at, not_before, kind, about, final)
			SELECT name, file, '', zeroblob(32), urgent, preview, 1, 'running', ?2, ?2, 'withdrawal', id, 1 FROM announcements
			WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = ?1 AND w.kind = 'withdrawal')`,
	} {
		if _, err := tx.ExecContext(ctx, statement, id, stamp{now}); err != nil {
			return err
		}
	}
	if err := reportAnew(ctx, tx, id); err != nil {
		return err
	}
	var withdrawal int64
	if err := tx.QueryRowContext(ctx, `SELECT id FROM announcements WHERE about = ? AND kind = 'withdrawal'`, id).Scan(&withdrawal); err != nil {
		return err
	}
	return catchWithdrawal(ctx, tx, withdrawal, now, within, newID)
}

// catchWithdrawal writes the messages that delete and are missing, and ends those
// that have waited for so long that no phone would carry them out any more.
func catchWithdrawal(ctx context.Context, tx *sql.Tx, id int64, now time.Time, within time.Duration, newID func() string) error {
	_, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = 'expired' WHERE announcement = ? AND state = 'pending' AND target_sent <= ?`, id, stamp{now.Add(-within)})
	if err != nil {
		return err
	}
	// A message that was edited may be deleted already, with what it was before.
	list, err := listAffected(ctx, tx, id, `d.state IN ('sent', 'delivered', 'read') AND NOT EXISTS (
		SELECT 1 FROM deliveries r WHERE r.form = 'revoke' AND r.target = iif(d.form = 'edit', d.target, d.message_id))`)
	if err != nil || len(list) == 0 {
		return err
	}
	old := 0
	for _, x := range list {
		switch {
		case x.sent.Add(within).After(now):
			x.form = Revoke
			if err := addAmendment(ctx, tx, id, x, 1, stamp{now}, newID); err != nil {
				return err
			}
		case x.part == 0:
			old++
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE announcements SET too_old = ? WHERE id = ?`, old, id); err != nil {
		return err
	}
	return resume(ctx, tx, id)
}

// Deletions is how many messages that delete are left to send, and when the next
// falls due; zero: none waits.
func (s *Store) Deletions(ctx context.Context) (left int, due time.Time, err error) {
	const running = `FROM announcements a WHERE a.state = 'running' AND a.kind = 'withdrawal'`
	var next stamp
	_, err = s.scan(ctx, `SELECT
		(SELECT coalesce(sum(count), 0) FROM tallies WHERE state IN ('pending', 'sending') AND announcement IN (SELECT id `+running+`)),
		(SELECT min((SELECT min(due) FROM deliveries WHERE announcement = a.id AND state = 'pending')) `+running+`)`, nil, &left, &next)
	return left, next.Time, err
}
