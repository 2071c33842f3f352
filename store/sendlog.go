package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// day is how far back the daily ceiling looks.
const day = 24 * time.Hour

func noteDeparture(ctx context.Context, tx *sql.Tx, at time.Time, announcement bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO departures (at, announcement) VALUES (?, ?)`, stamp{at}, announcement)
	return err
}

// LastSends is what the pace depends on: when the last message of an
// announcement left, and when the message left that is the limit-th from the
// end, answers included, within the 24 hours before now. Each is zero when
// there is none; the second is when limit is 0. A departure that lies ahead of
// now, because the clock was put back, counts as just made, from now on.
func (s *Store) LastSends(ctx context.Context, limit int, now time.Time) (lastAnnouncement, nthLast time.Time, err error) {
	var newest, last, nth stamp
	if _, err := s.scan(ctx, `SELECT max(at) FROM departures`, nil, &newest); err != nil {
		return time.Time{}, time.Time{}, err
	}
	if newest.After(now) {
		err := s.exec(ctx, "set the departures to the clock", `UPDATE departures SET at = @now WHERE at > @now`, sql.Named("now", stamp{now}))
		if err != nil {
			return time.Time{}, time.Time{}, err
		}
	}
	if _, err := s.scan(ctx, `SELECT max(at) FROM departures WHERE announcement = 1`, nil, &last); err != nil {
		return time.Time{}, time.Time{}, err
	}
	if limit > 0 {
		_, err := s.scan(ctx, `SELECT at FROM departures WHERE at > ? ORDER BY at DESC LIMIT 1 OFFSET ?`,
			[]any{stamp{now.Add(-day)}, limit - 1}, &nth)
		if err != nil {
			return time.Time{}, time.Time{}, err
		}
	}
	return last.Time, nth.Time, nil
}

// RecentSends lists when messages left in the 24 hours before now, answers
// included, oldest first, and says which was the last of an announcement (zero:
// none of them). Unlike [Store.LastSends] it only reads.
func (s *Store) RecentSends(ctx context.Context, now time.Time) (list []time.Time, lastAnnouncement time.Time, err error) {
	trouble := func(err error) error { return fault(s.path, fmt.Errorf("read the departures: %w", err)) }
	rows, err := s.db.QueryContext(ctx, `SELECT at, announcement FROM departures WHERE at > ? ORDER BY at`, stamp{now.Add(-day)})
	if err != nil {
		return nil, time.Time{}, trouble(err)
	}
	defer rows.Close()
	for rows.Next() {
		var at stamp
		var announcement bool
		if err := rows.Scan(&at, &announcement); err != nil {
			return nil, time.Time{}, trouble(err)
		}
		list = append(list, at.Time)
		if announcement {
			lastAnnouncement = at.Time
		}
	}
	if err := rows.Err(); err != nil {
		return nil, time.Time{}, trouble(err)
	}
	return list, lastAnnouncement, nil
}

// NthLastAnswer is when the answer left that is the nth from the end, within
// span before now; zero when fewer have.
func (s *Store) NthLastAnswer(ctx context.Context, n int, span time.Duration, now time.Time) (at time.Time, err error) {
	var nth stamp
	_, err = s.scan(ctx, nthLastAnswer, []any{stamp{now.Add(-span)}, n - 1}, &nth)
	return nth.Time, err
}

const nthLastAnswer = `SELECT at FROM departures WHERE announcement = 0 AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?`
