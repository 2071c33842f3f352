package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// purgeEvery is the pause between two purges.
const purgeEvery = 24 * time.Hour

// Purge deletes the delivery rows of announcements that have ended and of which
// nothing has left since old; their counts stay. At most once a day it does
// something, whatever restarts in between.
func (s *Store) Purge(ctx context.Context, now, old time.Time) (deleted int64, err error) {
	var last stamp
	if _, err := s.scan(ctx, `SELECT purged FROM daemon`, nil, &last); err != nil {
		return 0, err
	}
	if since := now.Sub(last.Time); since >= 0 && since < purgeEvery {
		return 0, nil
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM deliveries WHERE announcement IN (
			SELECT id FROM announcements WHERE state <> 'running' AND max(last_sent, accepted_at) < ?)`, stamp{old})
		if err != nil {
			return err
		}
		if deleted, err = result.RowsAffected(); err != nil {
			return err
		}
		if err := purgeUnmatched(ctx, tx, now); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE daemon SET purged = ?`, stamp{now})
		return err
	})
	return deleted, err
}

// KeepPreviews deletes the delivery rows of preview numbers that are not among
// those: nothing leaves for them any more, not even the deletion of what they have
// got. It is for the start, before the first claim.
func (s *Store) KeepPreviews(ctx context.Context, numbers []Number) error {
	list, err := json.Marshal(append([]Number{}, numbers...))
	if err != nil {
		return fmt.Errorf("keep the previews: %w", err)
	}
	return s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM deliveries WHERE preview_number IS NOT NULL
			AND preview_number NOT IN (SELECT value FROM json_each(?))`, string(list))
		return err
	})
}
