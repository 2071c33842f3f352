package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
)

// Day is one day of the list. Joined and Left count who came and went on it;
// nobody can be told from them.
type Day struct {
	Day                               string // 2026-11-24
	Subscribers, Joined, Unsubscribed int    // Subscribers at its end
}

// NoteDay keeps how the list is on day, which is in the form of 2026-11-24 and
// today where the Comune is. It writes only when something has changed.
func (s *Store) NoteDay(ctx context.Context, day string) error {
	var changed bool
	_, err := s.scan(ctx, `SELECT NOT EXISTS (SELECT 1 FROM days, daemon WHERE day = ?
		AND subscribers = (SELECT count(*) FROM subscribers) AND days.joined = daemon.joined AND days.gone = daemon.gone)`, []any{day}, &changed)
	if err != nil || !changed {
		return err
	}
	return s.exec(ctx, "note the day", `INSERT INTO days SELECT ?, (SELECT count(*) FROM subscribers), joined, gone FROM daemon
		WHERE true ON CONFLICT DO UPDATE SET subscribers = excluded.subscribers, joined = excluded.joined, gone = excluded.gone`, day)
}

// Days lists the days that were noted from since on, oldest first. A day on
// which the program did not run is missing, and counts for the next.
func (s *Store) Days(ctx context.Context, since string) (list []Day, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT day, subscribers, max(0, joined - before_joined), max(0, gone - before_gone) FROM (
		SELECT *, lag(joined, 1, 0) OVER (ORDER BY day) AS before_joined, lag(gone, 1, 0) OVER (ORDER BY day) AS before_gone FROM days)
		WHERE day >= ? ORDER BY day`, since)
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("list the days: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		var d Day
		if err := rows.Scan(&d.Day, &d.Subscribers, &d.Joined, &d.Unsubscribed); err != nil {
			return nil, fmt.Errorf("read a day: %w", err)
		}
		list = append(list, d)
	}
	return list, fault(s.path, rows.Err())
}

// Minutes is one link of the chain: the page about one announcement.
type Minutes struct {
	Number int
	Hash   [32]byte // SHA-256 of the page
}

// LastMinutes is the newest link of the chain that is not about this
// announcement; the zero Minutes when there is none. own is the announcement's
// own, if it has one.
func (s *Store) LastMinutes(ctx context.Context, announcement int64) (last, own Minutes, err error) {
	err = s.reading(ctx, func(db querier) error {
		return errors.Join(
			own.read(db.QueryRowContext(ctx, `SELECT number, hash FROM minutes WHERE announcement = ?`, announcement)),
			last.read(db.QueryRowContext(ctx, `SELECT number, hash FROM minutes WHERE announcement <> @announcement
				AND number < coalesce((SELECT number FROM minutes WHERE announcement = @announcement), @end)
				ORDER BY number DESC LIMIT 1`, sql.Named("announcement", announcement), sql.Named("end", math.MaxInt64))))
	})
	return last, own, err
}

// read takes a row, if there is one.
func (m *Minutes) read(row *sql.Row) error {
	var hash []byte
	err := row.Scan(&m.Number, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		m.Hash = [32]byte(hash) // the schema checks its length
	}
	return err
}

// KeepMinutes adds the page about an announcement to the chain. Its hash may be
// given again only while it is the last link: another holds it afterwards.
func (s *Store) KeepMinutes(ctx context.Context, announcement int64, hash [32]byte) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO minutes (announcement, hash) VALUES (?, ?)
			ON CONFLICT (announcement) DO UPDATE SET hash = excluded.hash WHERE number = (SELECT max(number) FROM minutes)`, announcement, hash[:])
		if err != nil {
			return fmt.Errorf("keep the minutes: %w", err)
		}
		return nil
	})
}
