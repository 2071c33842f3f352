package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Erasure is somebody who is to be forgotten.
type Erasure struct {
	Person
	UnsubscribedAt time.Time // when they asked to be taken off the list; zero: they did not, and have only written
}

// DueErasures lists the people who are to be forgotten by now. They stay listed
// until [Store.Erase] has them.
func (s *Store) DueErasures(ctx context.Context, now time.Time) (people []Erasure, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT coalesce(number, ''), coalesce(lid, ''), unsubscribed_at FROM erasures WHERE due <= ? ORDER BY due`, stamp{now})
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("list the erasures: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		var p Erasure
		var at stamp
		if err := rows.Scan(&p.Number, &p.LID, &at); err != nil {
			return nil, fmt.Errorf("read an erasure: %w", err)
		}
		p.UnsubscribedAt = at.Time
		people = append(people, p)
	}
	return people, fault(s.path, rows.Err())
}

// Erase removes every row of people who are not on the list, then every byte of
// them: see [Store.Compact], whose errors it shares. Somebody who has subscribed
// again since [Store.DueErasures] named them is passed over.
func (s *Store) Erase(ctx context.Context, people []Person) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		s.rewritten = false
		var gone []Person
		for _, p := range people {
			was, err := erase(ctx, tx, p)
			if err != nil {
				return err
			}
			if was {
				gone = append(gone, p)
			}
		}
		if err := s.mustBeGone(ctx, tx, gone); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE daemon SET owes_compaction = 1`)
		return err
	})
	if err != nil {
		return err
	}
	return s.Compact(ctx)
}

// erase deletes the rows of somebody who still waits to be forgotten.
func erase(ctx context.Context, tx *sql.Tx, p Person) (waiting bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM erasures
		WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))))`, p.args()...).Scan(&waiting)
	if err != nil || !waiting { // a subscription has withdrawn it
		return false, err
	}
	for _, statement := range []string{
		`DELETE FROM answers WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`,
		`DELETE FROM handled WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`,
		`DELETE FROM questions WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`,
		`DELETE FROM deliveries WHERE preview_number = @number`,
		`DELETE FROM erasures WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`,
	} {
		if _, err := tx.ExecContext(ctx, statement, p.args()...); err != nil {
			return true, err
		}
	}
	return true, nil
}

// Forget takes p off the list, as a text of theirs would, but without an answer,
// and has everything held on them erased now, also when they are not on it. At is
// when they asked for it. It tells whether they were on the list; it may be repeated,
// and is remembered ([Forgotten]) in any case.
func (s *Store) Forget(ctx context.Context, p Person, at, now time.Time) (was bool, err error) {
	if err := p.check(); err != nil {
		return false, err
	}
	err = s.update(ctx, func(tx *sql.Tx) error {
		i := &Inbox{ctx: ctx, tx: tx, in: Incoming{From: p, At: at}, now: now}
		if was, err = i.Cancel(); err != nil {
			return err
		}
		return i.eraseNow()
	})
	if err != nil {
		return false, fmt.Errorf("take somebody off the list: %w", err)
	}
	return was, nil
}

// eraseNow has the sender erased under every identity that something of theirs is
// held under.
func (i *Inbox) eraseNow() error {
	for _, statement := range []string{
		`INSERT INTO erasures (number, lid, due) SELECT DISTINCT number, lid, @now FROM answers a
		WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))
			AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.number IS a.number AND e.lid IS a.lid)`,
		`INSERT INTO erasures (number, lid, due) SELECT DISTINCT number, lid, @now FROM handled h
		WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))
			AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.number IS h.number AND e.lid IS h.lid)`,
	} {
		if err := i.change(statement); err != nil {
			return err
		}
	}
	if err := i.ForgetAfter(0); err != nil {
		return err
	}
	// They have asked for it, also when they were not on the list: an older one may have them.
	return i.change(`UPDATE erasures SET unsubscribed_at = @at WHERE unsubscribed_at = 0
		AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`, sql.Named("at", stamp{i.in.At}))
}

// Erased tells whether nothing of p is held any more, in no form.
func (s *Store) Erased(ctx context.Context, p Person) (bool, error) {
	r, err := s.Record(ctx, p)
	if err != nil || !r.Nothing() {
		return false, err
	}
	var owed bool
	_, err = s.scan(ctx, `SELECT owes_compaction FROM daemon`, nil, &owed)
	return !owed, err
}

// purgeEvery is the pause between two purges.
const purgeEvery = 24 * time.Hour

// Purge deletes the delivery rows of announcements that have ended and of which
// nothing has left since old; their counts stay. Unmatched cancellations and
// questions go that are overdue. At most once a day it does something, whatever
// restarts in between.
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
		if err := purgeAnswers(ctx, tx, now); err != nil {
			return err
		}
		if err := purgeQuestions(ctx, tx, now); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE daemon SET purged = ?`, stamp{now})
		return err
	})
	return deleted, err
}

// purgeAnswers deletes the answers and the traces of texts that are past their time,
// also when nobody writes, and the copies of the list that releases before this one
// kept as the text of an answer.
func purgeAnswers(ctx context.Context, tx *sql.Tx, now time.Time) error {
	args := []any{sql.Named("old", stamp{now.Add(-rememberHandled)}), sql.Named("sheet", MyData)}
	for _, statement := range []string{
		`DELETE FROM handled WHERE at < @old`,
		`DELETE FROM answers WHERE created < @old AND (state = 'sent' OR state = 'failed')`,
		`UPDATE answers SET text = '' WHERE kind = @sheet AND text <> '' AND (state = 'sent' OR state = 'failed')`,
	} {
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
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
