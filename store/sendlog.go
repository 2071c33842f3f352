package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
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
		_, err := s.scan(ctx, nthLastSend, []any{sql.Named("since", stamp{now.Add(-day)}), sql.Named("limit", limit)}, &nth)
		if err != nil {
			return time.Time{}, time.Time{}, err
		}
	}
	return last.Time, nth.Time, nil
}

// nthLastSend counts from the end only when there may be as many: it is asked for each
// message, and far below the ceiling the IDs alone tell that there are not.
const nthLastSend = `SELECT at FROM departures WHERE at > @since
		AND (SELECT max(id) FROM departures) - (SELECT min(id) FROM departures) >= @limit - 1
	ORDER BY at DESC LIMIT 1 OFFSET @limit - 1`

// RecentSends lists when the last messages left in the 24 hours before now, answers
// included, oldest first and at most so many of them, and says which was the last of
// an announcement (zero: none within that time). Unlike [Store.LastSends] it only reads.
func (s *Store) RecentSends(ctx context.Context, most int, now time.Time) (list []time.Time, lastAnnouncement time.Time, err error) {
	err = s.reading(ctx, func(db querier) error {
		since, last := stamp{now.Add(-day)}, stamp{}
		err := db.QueryRowContext(ctx, `SELECT max(at) FROM departures WHERE announcement = 1 AND at > ?`, since).Scan(&last)
		if err != nil {
			return err
		}
		rows, err := db.QueryContext(ctx, `SELECT at FROM departures WHERE at > ? ORDER BY at DESC LIMIT ? + 0`, since, most)
		if err != nil {
			return err
		}
		stamps, err := column[stamp](rows)
		for _, at := range slices.Backward(stamps) {
			list = append(list, at.Time)
		}
		lastAnnouncement = last.Time
		return err
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read the departures: %w", err)
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
