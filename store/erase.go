package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"
)

// compactPatience is how long an erasure waits for a reader to finish. It is
// short: answers wait meanwhile, and it can be tried again.
const compactPatience = 2 * time.Second

// Erasure is somebody who is to be forgotten.
type Erasure struct {
	Person
	UnsubscribedAt time.Time // when he asked to be taken off the list; zero: he did not, and has only written
}

// DueErasures lists the people who are to be forgotten by now. They stay listed
// until [Store.Erase] has them.
func (s *Store) DueErasures(ctx context.Context, now time.Time) (people []Erasure, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT coalesce(number, ''), coalesce(lid, ''), left_at FROM erasures WHERE due <= ? ORDER BY due`, stamp{now})
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("list the erasures: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		var p Erasure
		var left stamp
		if err := rows.Scan(&p.Number, &p.LID, &left); err != nil {
			return nil, fmt.Errorf("read an erasure: %w", err)
		}
		p.UnsubscribedAt = left.Time
		people = append(people, p)
	}
	return people, fault(s.path, rows.Err())
}

// Erase removes every row of people, who have left the list, then every byte of
// them: see [Store.Compact], whose errors it shares. Somebody who has subscribed
// again since [Store.DueErasures] named him is left alone.
func (s *Store) Erase(ctx context.Context, people []Person) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		for _, p := range people {
			if err := erase(ctx, tx, p); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE daemon SET owes_compaction = 1`)
		return err
	})
	if err != nil {
		return err
	}
	return s.Compact(ctx)
}

func erase(ctx context.Context, tx *sql.Tx, p Person) error {
	var waiting bool // not so if a subscription has withdrawn it
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM erasures WHERE `+isPerson+`)`, p.args()...).Scan(&waiting)
	if err != nil || !waiting {
		return err
	}
	for _, rows := range []string{
		`answers WHERE ` + isPerson,
		`handled WHERE ` + isPerson,
		`signups WHERE ` + isPerson,
		`deliveries WHERE preview_number = @number`,
		`erasures WHERE ` + isPerson,
	} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+rows, p.args()...); err != nil {
			return err
		}
	}
	return nil
}

// Compact does what is left of an erasure, if anything is: it writes the whole
// database anew and empties the log. Deleting rows is not enough, even with
// secure_delete: the log keeps old pages, and a page may keep what has moved
// to another. While another process reads, the error is [ErrBusy]; what is
// left is remembered across restarts, and Compact may be called at any time.
func (s *Store) Compact(ctx context.Context) error {
	var owed bool
	if _, err := s.scan(ctx, `SELECT owes_compaction FROM daemon`, nil, &owed); err != nil || !owed {
		return err
	}
	s.write.Lock()
	err := s.compact(ctx)
	s.write.Unlock()
	if err != nil {
		return err
	}
	return s.exec(ctx, "note an erasure as complete", `UPDATE daemon SET owes_compaction = 0`)
}

// compact works on a connection of its own, which it throws away afterwards
// with its settings.
func (s *Store) compact(ctx context.Context) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fault(s.path, fmt.Errorf("compact: %w", err))
	}
	defer conn.Close()
	defer func() { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }()
	for _, statement := range []string{
		fmt.Sprintf(`PRAGMA busy_timeout = %d`, compactPatience.Milliseconds()),
		`PRAGMA temp_store = MEMORY`, // else the copy passes through a file in /tmp
		`VACUUM`,
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return busyOr(fault(s.path, fmt.Errorf("compact: %w", err)))
		}
	}
	var busy, pages, moved int
	if err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
		return busyOr(fault(s.path, fmt.Errorf("compact: %w", err)))
	}
	if busy != 0 {
		return ErrBusy
	}
	return nil
}

func busyOr(err error) error {
	var s sqlite3.Error
	if errors.As(err, &s) && (s.Code == sqlite3.ErrBusy || s.Code == sqlite3.ErrLocked) {
		return ErrBusy
	}
	return err
}
