package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

const (
	// catchFor is how long after a correction [Store.CatchUp] looks for who turns out
	// to have got what it corrects: as long as reports follow the phones.
	catchFor = 7 * 24 * time.Hour
	// catchAll is how often it looks at everybody although the tallies are the same:
	// they do not tell that two entries have become one person's.
	catchAll = time.Hour
)

// glance is what was seen of the announcement that a correction or a withdrawal is
// about. As long as nothing has changed everybody has been caught.
type glance struct {
	tallies string    // how many messages are in each state
	at      time.Time // when everybody was looked at
	ages    time.Time // when the first deletion that waits will be too old; zero: none waits
}

// CatchUp writes what is missing of recent corrections and withdrawals: the
// message that was being sent when they came has ended since, or a phone has
// said that it has what we believed not to have left. A phone that was switched off
// may say so days later; what is withdrawn is looked for as long as it can be deleted.
// It looks at everybody only when there may be somebody to be caught.
func (s *Store) CatchUp(ctx context.Context, now time.Time, editWindow, deleteWindow time.Duration, idPrefix string) error {
	s.catching.Lock()
	defer s.catching.Unlock()
	rows, err := s.db.QueryContext(ctx, `SELECT a.id FROM announcements a WHERE a.about IS NOT NULL
			AND (a.accepted_at > iif(a.kind = 'withdrawal', ?, ?) OR a.kind = 'withdrawal' AND a.state = 'running')
			AND (a.state <> 'stopped' OR EXISTS (SELECT 1 FROM announcements c WHERE c.about = a.id AND c.kind = 'correction'))
			AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = a.id AND w.kind = 'withdrawal') ORDER BY +a.id`,
		stamp{now.Add(-deleteWindow)}, stamp{now.Add(-catchFor)})
	if err != nil {
		return fault(s.path, fmt.Errorf("list the corrections: %w", err))
	}
	recent, err := column[int64](rows)
	if err != nil {
		return fault(s.path, err)
	}
	seen := map[int64]glance{}
	for _, id := range recent {
		g := s.seen[id]
		err := s.update(ctx, func(tx *sql.Tx) error { return g.catch(ctx, tx, id, now, editWindow, deleteWindow, idPrefix) })
		if err != nil {
			return fmt.Errorf("catch what was in hand: %w", err)
		}
		seen[id] = g
	}
	s.seen = seen
	return nil
}

// catch catches who is to be caught by the correction or withdrawal id.
func (g *glance) catch(ctx context.Context, tx *sql.Tx, id int64, now time.Time, editWindow, deleteWindow time.Duration, idPrefix string) error {
	var kind Kind
	var about int64
	if err := tx.QueryRowContext(ctx, `SELECT kind, about FROM announcements WHERE id = ?`, id).Scan(&kind, &about); err != nil {
		return err
	}
	if kind == KindCorrection {
		if err := cancelAllWrong(ctx, tx, about); err != nil {
			return err
		}
		if changed, err := g.look(ctx, tx, correctedTallies, about, now); err != nil || !changed {
			return err
		}
		return catchCorrection(ctx, tx, id, now, editWindow, idPrefix)
	}
	changed, err := g.look(ctx, tx, withdrawnTallies, about, now)
	if err != nil || !changed && (g.ages.IsZero() || g.ages.After(now)) {
		return err
	}
	if err := catchWithdrawal(ctx, tx, id, now, deleteWindow, idPrefix); err != nil {
		return err
	}
	var oldest stamp
	err = tx.QueryRowContext(ctx, `SELECT min(target_sent) FROM deliveries WHERE announcement = ? AND (state = 'pending' OR state = 'sending')`, id).Scan(&oldest)
	g.ages = time.Time{}
	if !oldest.IsZero() {
		g.ages = oldest.Add(deleteWindow)
	}
	return err
}

// look tells whether there may be somebody to be caught since the last look.
func (g *glance) look(ctx context.Context, tx *sql.Tx, query string, about int64, now time.Time) (changed bool, err error) {
	var tallies string
	if err := tx.QueryRowContext(ctx, query, about).Scan(&tallies); err != nil {
		return false, err
	}
	if tallies == g.tallies && !now.Before(g.at) && now.Before(g.at.Add(catchAll)) {
		return false, nil
	}
	g.tallies, g.at = tallies, now
	return true, nil
}

// What a phone says of what has left changes nothing.
const (
	correctedTallies = `SELECT coalesce(group_concat(form || state || count) FILTER (WHERE state NOT IN ('sent', 'delivered', 'read')), '')
			|| coalesce(sum(count) FILTER (WHERE state IN ('sent', 'delivered', 'read')), 0)
		FROM tallies WHERE announcement = ? AND extra = 0`

	withdrawnTallies = `SELECT coalesce(sum(count), 0) FROM tallies WHERE announcement = ? AND state IN ('sent', 'delivered', 'read')`
)
