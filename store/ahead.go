package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// attached is how many attachments an announcement has, in SQL.
const attached = `(SELECT count(*) FROM attachments x WHERE x.announcement = a.id)`

// ahead tells of an announcement that its words wait for no attachment: it is
// urgent, and they are a message of their own.
const ahead = `a.urgent = 1 AND a.messages > ` + attached

// canLeave tells of a delivery of an announcement a that what it shows is where
// phones can fetch it.
const canLeave = `(part = 0 AND ` + ahead + ` OR ` + ready + `)`

// binds tells of an announcement that its words would be under an attachment.
const binds = `a.urgent = 1 AND a.preview = 0 AND a.text <> '' AND a.messages = ` + attached

// shows tells of a delivery of an announcement ?1 that it is one of those that
// show its attachments: neither an edit nor a correction in words alone.
const shows = `(form = 'news' OR form = 'correction' AND EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = ?1 AND x.inherited = 0))`

// WordsFirst makes the words of an urgent announcement or correction a message of
// their own, which leaves before the attachments and does not wait for them; who
// was to get an attachment gets one message more. It does so once, and only while an attachment has never been
// uploaded, so that nothing can have left; done tells whether it has.
func (s *Store) WordsFirst(ctx context.Context, announcement int64, newID func() string) (done bool, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		var last int
		err := tx.QueryRowContext(ctx, `UPDATE announcements AS a SET messages = messages + 1
			WHERE id = ? AND state = 'running' AND `+binds+`
			AND EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.id AND x.uploaded_at = 0)
			RETURNING messages - 1`, announcement).Scan(&last)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		done = true
		rows, err := tx.QueryContext(ctx, `SELECT id FROM deliveries WHERE announcement = ?1 AND part = 0 AND state = 'pending' AND `+shows+` ORDER BY id`, announcement)
		if err != nil {
			return err
		}
		firsts, err := column[int64](rows)
		if err != nil {
			return err
		}
		for _, first := range firsts {
			_, err := tx.ExecContext(ctx, `INSERT INTO deliveries (announcement, subscriber, message_id, part, form, target, target_sent, due)
				SELECT announcement, subscriber, ?, ?, form, target, target_sent, `+parked+` FROM deliveries WHERE id = ?`, newID(), last, first)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("let the words go ahead: %w", err)
	}
	return done, nil
}

// Unsendable fails what waits of an announcement because WhatsApp takes one of
// its attachments for nobody. Words that wait for no attachment still leave, and
// so does a correction of what people have got, when it shows none.
func (s *Store) Unsendable(ctx context.Context, announcement int64) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		var first, last int // of the messages that show one
		err := tx.QueryRowContext(ctx, `SELECT iif(`+ahead+`, 1, 0), messages - 1 FROM announcements a WHERE id = ?`, announcement).Scan(&first, &last)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		// Of each person's messages the first one fails; that cancels the others. But
		// words that have failed may turn out to have arrived, and that would bring the
		// others back: what would come before them must not have failed alone.
		for part := last; err == nil && part >= first; part-- {
			_, err = tx.ExecContext(ctx, `UPDATE deliveries AS d SET state = 'failed', reason = ?2 WHERE announcement = ?1 AND part = ?3 AND state = 'pending' AND `+shows+`
				AND (?4 = 1 OR NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.announcement = ?1 AND e.part < ?3 AND e.state IN ('pending', 'sending')
					AND e.subscriber IS d.subscriber AND +e.preview_number IS d.preview_number))`, announcement, Unacceptable, part, first)
		}
		return err
	})
}
