package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// DeliveryState says how far a delivery is. They go from pending over sending
// to sent, and on to delivered and read as far as the phone says so; or they
// end failed, expired or cancelled.
type DeliveryState string

// The states of a delivery that a phone tells of.
const (
	Delivered DeliveryState = "delivered"
	Read      DeliveryState = "read"
)

// RETURNING cannot see other tables but by subqueries.
const claimDelivery = `UPDATE deliveries SET state = 'sending', form = iif(form = 'edit' AND ` + isRevoked + `, 'correction', form) WHERE id = (` + nextDelivery + `)
	RETURNING id, message_id, attempts, announcement,
		coalesce(preview_number, (SELECT number FROM subscribers WHERE id = subscriber), ''),
		coalesce((SELECT lid FROM subscribers WHERE id = subscriber), ''),
		(SELECT text FROM announcements a WHERE a.id = announcement),
		(SELECT urgent OR preview FROM announcements a WHERE a.id = announcement), ` + formed

// tooLateToEdit makes corrections of edits that are possible no more. They wait
// behind those that still are: with each one that they let pass they lose
// nothing.
const tooLateToEdit = `UPDATE deliveries SET form = 'correction', due = max(due, @now)
	WHERE form = 'edit' AND state = 'pending' AND target_sent <= @editable`

// nextDelivery finds the delivery that leaves next: for each announcement that
// is running and not held, urgent ones and previews first, then deletions of what
// was ordinary, which no alert waits for, then the oldest, the first that is due. It
// looks at one row of each, however long the outbox.
const nextDelivery = `SELECT d.id FROM announcements a JOIN deliveries d ON d.id = (
		SELECT id FROM deliveries WHERE announcement = a.id AND state = 'pending' AND due <= @now AND ` + canLeave + ` AND ` + welcome + ` ORDER BY due, id LIMIT 1)
	WHERE a.state = 'running' AND a.held = 0 AND (a.expires = 0 OR a.expires > @now) AND ` + class + ` >= @least AND (` + ahead + ` OR ` + ready + `)
	ORDER BY ` + class + ` = 2 DESC, a.urgent OR a.preview DESC, a.kind = 'news', a.id LIMIT 1`

// ClaimDelivery gives out the delivery that leaves next, if one of the least
// class or above is due: urgent announcements and previews first, then deletions,
// then the oldest announcement, corrections before news. What is held, expired, not to
// leave yet, has an attachment that is not uploaded, or would begin a chat that
// WhatsApp does not want ([Capping]), stays; but the words of
// an urgent announcement leave when they are a message of their own. An edit of what
// left longer ago than editWindow, or is withdrawn, becomes a correction.
func (s *Store) ClaimDelivery(ctx context.Context, now time.Time, least Priority, editWindow time.Duration) (o Outgoing, ok bool, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	o.claimed = now
	if _, err := s.db.ExecContext(ctx, tooLateToEdit, sql.Named("now", stamp{now}), sql.Named("editable", stamp{now.Add(-editWindow)})); err != nil {
		return o, false, fault(s.path, fmt.Errorf("claim: %w", err))
	}
	into := []any{&o.id, &o.MessageID, &o.Attempts, &o.Announcement, &o.To.Number, &o.To.LID, &o.Text, &o.Urgent}
	ok, err = s.scan(ctx, claimDelivery, []any{sql.Named("now", stamp{now}), sql.Named("least", least), stale(now)}, append(into, o.formed()...)...)
	return o, ok, err
}

// Sent ends an attempt that WhatsApp's server has acknowledged. The end of a
// goodbye starts the erasure, which is due seconds later.
func (s *Store) Sent(ctx context.Context, o Outgoing, at time.Time) error {
	assignments := `state = 'sent', attempts = attempts + 1`
	if o.Answer == "" {
		assignments += `, sent_at = @sent`
	}
	return s.end(ctx, o, at, assignments, sql.Named("sent", stamp{at}))
}

// Fail ends a message that will not be tried again.
func (s *Store) Fail(ctx context.Context, o Outgoing, now time.Time, reason Reason) error {
	return s.end(ctx, o, now, `state = 'failed', attempts = attempts + 1, reason = @reason`, sql.Named("reason", reason))
}

// PutBack takes back a message that certainly has not left, and charges no
// attempt for it.
func (s *Store) PutBack(ctx context.Context, o Outgoing) error {
	return s.update(ctx, func(tx *sql.Tx) error { return o.change(ctx, tx, backToPending(o.table())) })
}

// Postpone takes back a message that may have left, until due, and charges no
// attempt: the fault was not its own.
func (s *Store) Postpone(ctx context.Context, o Outgoing, due time.Time) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		err := o.change(ctx, tx, backToPending(o.table())+`, due = @due`, sql.Named("due", stamp{due}))
		if err != nil {
			return err
		}
		return depart(ctx, tx, o, o.claimed)
	})
}

// Retry takes back a message that may have left, or may leave later. It waits
// until due, for another attempt with the same message ID.
func (s *Store) Retry(ctx context.Context, o Outgoing, due time.Time, reason Reason) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		err := o.change(ctx, tx, backToPending(o.table())+`, attempts = attempts + 1, due = @due, reason = @reason`,
			sql.Named("due", stamp{due}), sql.Named("reason", reason))
		if err != nil {
			return err
		}
		return depart(ctx, tx, o, o.claimed)
	})
}

// Uncharge undoes what was charged to messages that have not been sent, when it
// comes out that the fault was not their own: they wait until due, with as many
// attempts as they had when they were claimed. What has ended otherwise
// meanwhile, or belongs to an announcement that has, stays as it is; but who
// should have got what is corrected now gets the correction.
func (s *Store) Uncharge(ctx context.Context, list []Outgoing, due time.Time) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		for _, o := range list {
			query := `UPDATE ` + o.table() + ` SET ` + backToPending(o.table()) + `, attempts = @attempts, due = @due, reason = ''
				WHERE id = @id AND message_id = @message AND (state = 'pending' OR state = 'failed')`
			if o.Answer == "" {
				query += ` AND ((SELECT a.state FROM announcements a WHERE a.id = announcement) = 'running' OR part = 0 AND ` + isCorrected(`announcement`) + `)`
			}
			_, err := tx.ExecContext(ctx, query, sql.Named("attempts", o.Attempts), sql.Named("due", stamp{due}),
				sql.Named("id", o.id), sql.Named("message", o.MessageID))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Recover takes back what was being sent when the program ended. It may have
// left: it goes out again with the same message ID, no attempt is charged, and
// for the pace it counts as having left now. It is for the start, before the
// first claim.
func (s *Store) Recover(ctx context.Context, now time.Time) (taken int, err error) {
	err = s.update(ctx, func(tx *sql.Tx) error {
		for _, table := range []string{"answers", "deliveries"} {
			result, err := tx.ExecContext(ctx, `UPDATE `+table+` SET `+backToPending(table)+` WHERE state = 'sending'`)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			for range n {
				if err := noteDeparture(ctx, tx, now, table == "deliveries"); err != nil {
					return err
				}
			}
			taken += int(n)
		}
		return nil
	})
	return taken, err
}

// backToPending is an assignment. A delivery whose announcement was stopped,
// corrected or withdrawn meanwhile does not wait again.
func backToPending(table string) string {
	if table == "answers" {
		return `state = 'pending'`
	}
	return `state = iif((SELECT a.state FROM announcements a WHERE a.id = announcement) = 'stopped'
		OR part = 0 AND EXISTS (SELECT 1 FROM announcements c WHERE c.about = announcement), 'cancelled', 'pending')`
}

func (s *Store) end(ctx context.Context, o Outgoing, at time.Time, assignments string, args ...any) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		if err := o.change(ctx, tx, assignments, args...); err != nil {
			return err
		}
		if err := o.follow(ctx, tx, at); err != nil {
			return err
		}
		return depart(ctx, tx, o, at)
	})
}

// update is a transaction that may end an announcement.
func (s *Store) update(ctx context.Context, work func(*sql.Tx) error) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := work(tx); err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
		if _, err := tx.ExecContext(ctx, endFinished); err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
		return nil
	})
}

func (o Outgoing) table() string {
	if o.Answer != "" {
		return "answers"
	}
	return "deliveries"
}

// change touches the row while it is still being sent. It may have gone with
// its person, or a receipt may have said more than we know.
func (o Outgoing) change(ctx context.Context, tx *sql.Tx, assignments string, args ...any) error {
	_, err := tx.ExecContext(ctx, `UPDATE `+o.table()+` SET `+assignments+` WHERE id = @id AND state = 'sending'`,
		append(args, sql.Named("id", o.id))...)
	return err
}

// Receipt notes what a phone says of messages, by their IDs: [Delivered] or
// [Read]. A phone's word outdoes what we believed, so that an attempt of
// unknown outcome is not repeated; but nothing that was read goes back to
// delivered. Unknown IDs are ignored, answers' among them.
func (s *Store) Receipt(ctx context.Context, ids []string, state DeliveryState, at time.Time) error {
	if state != Delivered && state != Read {
		return fmt.Errorf("a receipt cannot say %q", state)
	}
	return s.update(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			if err := receipt(ctx, tx, id, state, at); err != nil {
				return err
			}
		}
		return nil
	})
}

func receipt(ctx context.Context, tx *sql.Tx, id string, state DeliveryState, at time.Time) error {
	args := []any{sql.Named("id", id), sql.Named("state", state), sql.Named("at", stamp{at})}
	// Only a message whose ack we missed can be the first that is known to have left.
	_, err := tx.ExecContext(ctx, `UPDATE announcements SET first_sent = @at, last_sent = @at WHERE first_sent = 0
		AND id = (SELECT announcement FROM deliveries WHERE message_id = @id)`, args...)
	if err != nil {
		return err
	}
	// What was tried before may have left then: no phone takes an edit or a deletion for
	// longer because it was switched off.
	_, err = tx.ExecContext(ctx, `UPDATE deliveries SET state = @state, reason = '', sent_at = CASE WHEN sent_at > 0 THEN sent_at
			WHEN state = 'sending' AND attempts = 0 THEN @at
			ELSE (SELECT max(accepted_at, not_before) FROM announcements WHERE id = announcement) END
		WHERE message_id = @id
		AND state <> 'read' AND state <> @state`, args...)
	return err
}

// Expire ends what waits of announcements that have become pointless by now,
// if anything does. A message that is being sent is not called back.
func (s *Store) Expire(ctx context.Context, now time.Time) (expired bool, err error) {
	_, err = s.scan(ctx, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE `+isExpired+`)`, []any{sql.Named("now", stamp{now})}, &expired)
	if err != nil || !expired {
		return false, err
	}
	return true, s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = 'expired' WHERE `+isExpired, sql.Named("now", stamp{now}))
		return err
	})
}

const isExpired = `state = 'pending' AND announcement IN (
	SELECT id FROM announcements WHERE state = 'running' AND expires > 0 AND expires <= @now)`

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

// cancelWrong cancels what waits of an announcement that is corrected, but for
// further messages of who has begun to get it; those too when the correction,
// or one of it, brings its own.
func cancelWrong(ctx context.Context, tx *sql.Tx, id int64) error {
	for _, statement := range []string{
		`UPDATE deliveries SET state = 'cancelled' WHERE announcement = ?1 AND state = 'pending' AND ` + isCorrected(`?1`) + ` AND (
			EXISTS (WITH RECURSIVE corrections (id) AS (SELECT id FROM announcements WHERE about = ?1 AND kind = 'correction'
					UNION SELECT a.id FROM announcements a JOIN corrections c ON a.about = c.id WHERE a.kind = 'correction')
				SELECT 1 FROM attachments x JOIN corrections c ON c.id = x.announcement WHERE x.inherited = 0)
			OR NOT EXISTS (SELECT 1 FROM deliveries first WHERE first.announcement = ?1 AND first.part = 0
				AND first.subscriber IS deliveries.subscriber AND first.state IN ('sending', 'sent', 'delivered', 'read')))`,
		`UPDATE announcements SET state = 'stopped' WHERE id = ?1 AND state = 'running' AND ` + isCorrected(`?1`) + ` AND NOT EXISTS (
			SELECT 1 FROM deliveries d WHERE d.announcement = ?1 AND (d.state = 'pending' OR d.state = 'sending'))`,
	} {
		if _, err := tx.ExecContext(ctx, statement, id); err != nil {
			return err
		}
	}
	return nil
}

// cancelAllWrong does so for an announcement and what that one corrects.
func cancelAllWrong(ctx context.Context, tx *sql.Tx, id int64) error {
	for id != 0 {
		if err := cancelWrong(ctx, tx, id); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, `SELECT coalesce(about, 0) FROM announcements WHERE id = ?`, id).Scan(&id)
		if err != nil {
			return err
		}
	}
	return nil
}
