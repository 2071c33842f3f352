package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"
)

// DeliveryState says how far a delivery is: one message of an announcement, to
// one subscriber or preview number. This file holds all that changes it.
//
//	             ┌─── taken back ───┐
//	             ▼     claimed      │    acknowledged     received            shown
//	new ──▶ [ pending ] ─────▶ [ sending ] ─────▶ [ sent ] ─────▶ [ delivered ] ─────▶ [ read ]
//	             │                  │                                   ▲                 ▲
//	             ├───────────────── │ ─▶ [ expired ] ───────────────────┤                 │
//	             ├──────────────────┼──▶ [ failed ] ────────────────────┤  a phone's word │
//	             └──────────────────┴──▶ [ cancelled ] ─────────────────┴─────────────────┘
//
//	             [ failed ] ───────────▶ [ pending ]   when it comes out that the fault was not its own,
//	             [ cancelled ] ────────▶ [ pending ]   which goes for what was to follow it, too
//
// Every arrow, and who draws it; after a semicolon the trigger that does. What is
// taken back and is not wanted any more is cancelled. A phone's word outdoes
// whatever we believed.
//
//	pending   → sending    ClaimDelivery, ClaimDeliveries
//	pending   → failed     Unsendable
//	pending   → expired    Expire, Withdraw, CatchUp
//	pending   → cancelled  Stop, Withdraw, Publish, CatchUp, Uncharge, Fail, Unsendable; deliveries_failed
//	pending   → delivered  Receipts
//	pending   → read       Receipts
//	sending   → sent       Sent
//	sending   → failed     Fail
//	sending   → pending    PutBack, Postpone, Retry, Recover
//	sending   → cancelled  PutBack, Postpone, Retry, Recover
//	sending   → delivered  Receipts
//	sending   → read       Receipts
//	sent      → delivered  Receipts
//	sent      → read       Receipts
//	delivered → read       Receipts
//	failed    → pending    Uncharge
//	failed    → cancelled  Uncharge
//	failed    → delivered  Receipts
//	failed    → read       Receipts
//	expired   → delivered  Receipts
//	expired   → read       Receipts
//	cancelled → pending    Uncharge, Receipts; deliveries_mended
//	cancelled → delivered  Receipts
//	cancelled → read       Receipts
//
// Held is no state, but a flag of the announcement: what is held is pending. The
// rows of who unsubscribes go with them (deliveries_removed counts what had not
// left), and what has not begun to leave goes when somebody pauses (mode.go). The
// triggers deliveries_added and deliveries_changed keep the tallies, and
// deliveries_next makes a person's next message due. An answer goes from pending
// over sending to sent or failed, by the same methods.
type DeliveryState string

// The states.
const (
	Pending   DeliveryState = "pending"   // it waits for its time, its turn, or the message before it
	Sending   DeliveryState = "sending"   // it was claimed; after a crash it may have left
	Sent      DeliveryState = "sent"      // WhatsApp's server took it
	Delivered DeliveryState = "delivered" // the phone has it
	Read      DeliveryState = "read"      // and says that it was shown; many phones do not say
	Failed    DeliveryState = "failed"    // it is not tried again; see Reason
	Expired   DeliveryState = "expired"   // it had become pointless before it could leave
	Cancelled DeliveryState = "cancelled" // its announcement was stopped, corrected or withdrawn
)

// afterPrevious is when a message is due that waits for the one before it: never,
// until that one has left (deliveries_next).
const afterPrevious int64 = math.MaxInt64

// nextToLeave finds the announcement that leaves next. It looks at one row of each
// that is running, however long the outbox.
const nextToLeave = `WITH leaving AS (
		SELECT id, text, priority, urgent OR preview AS alert, kind = 'news' AS news,
			urgent = 1 AND messages > (SELECT count(*) FROM attachments WHERE announcement = a.id) AS words_first,
			NOT EXISTS (SELECT 1 FROM attachments WHERE announcement = a.id AND data IS NOT NULL AND uploaded_at <= @stale) AS uploaded
		FROM announcements a
		WHERE state = 'running' AND held = 0 AND (expires = 0 OR expires > @now) AND priority >= @least)
	SELECT id, text, alert, uploaded FROM leaving a
	WHERE (a.words_first OR a.uploaded) AND EXISTS (
		SELECT 1 FROM deliveries WHERE announcement = a.id AND state = 'pending' AND due <= @now AND (part = 0 OR a.uploaded)
			AND (NOT EXISTS (SELECT 1 FROM daemon WHERE id = 1 AND capping IN ('SECOND_WARNING', 'CAPPED') AND capping_ends > @now)
				OR subscriber IS NULL OR EXISTS (SELECT 1 FROM subscribers s WHERE s.id = subscriber AND s.heard > 0)))
	ORDER BY a.priority = 2 DESC, a.alert DESC, a.news, a.id LIMIT 1`

// claimDeliveries takes the first of an announcement. Each row that it looks at it
// compares with that person's others: the + keeps SQLite from going through all that
// wait instead. RETURNING sees other tables by subqueries only, and is in no order.
const claimDeliveries = `UPDATE deliveries SET state = 'sending',
		form = iif(form = 'edit' AND EXISTS (SELECT 1 FROM deliveries r
			WHERE r.subscriber = deliveries.subscriber AND r.form = 'revoke' AND r.target = deliveries.target), 'correction', form)
	WHERE id IN (
		SELECT d.id FROM deliveries d
		WHERE d.announcement = @announcement AND d.state = 'pending' AND d.due <= @now AND (d.part = 0 OR @uploaded)
			AND (NOT EXISTS (SELECT 1 FROM daemon WHERE id = 1 AND capping IN ('SECOND_WARNING', 'CAPPED') AND capping_ends > @now)
				OR d.subscriber IS NULL OR EXISTS (SELECT 1 FROM subscribers s WHERE s.id = d.subscriber AND s.heard > 0))
			AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.announcement = @announcement AND e.subscriber IS d.subscriber
				AND +e.preview_number IS d.preview_number AND +e.state = 'pending' AND (+e.due, e.id) < (d.due, d.id) AND (e.part = 0 OR @uploaded))
		ORDER BY d.due, d.id LIMIT @most + 0)
	RETURNING id, due, message_id, attempts,
		coalesce(preview_number, (SELECT number FROM subscribers WHERE id = subscriber), ''),
		coalesce((SELECT lid FROM subscribers WHERE id = subscriber), ''),
		form, part, target,
		coalesce((SELECT o.messages FROM announcements o JOIN deliveries t ON t.announcement = o.id
				WHERE t.message_id = deliveries.target AND deliveries.form = 'edit'),
			(SELECT o.messages FROM announcements o WHERE o.id = announcement)),
		coalesce((SELECT x.announcement FROM attachments x WHERE x.announcement = deliveries.announcement
			AND (form = 'news' OR form = 'edit' OR form = 'correction' AND x.inherited = 0) LIMIT 1), 0)`

// tooLateToEdit makes corrections of edits that are possible no more. They wait
// behind those that still are: with each one that they let pass they lose
// nothing. One that is tried again keeps its pause.
const tooLateToEdit = `UPDATE deliveries SET form = 'correction', due = max(due, @now)
	WHERE form = 'edit' AND state = 'pending' AND target_sent <= @editable`

// ClaimDeliveries gives out up to most deliveries that leave next, in their order,
// if any of the least priority or above are due: urgent announcements and previews
// first, then deletions of what was ordinary, which no alert waits for, then the
// oldest announcement, corrections before news. All are of one announcement, and to
// different people: of somebody's messages that may leave now only the first is
// among them. What stays: what is held, expired or not to leave yet, what has an
// attachment that is not uploaded, and what would begin a chat that WhatsApp does not
// want ([Capping]); but the words of an urgent announcement leave when they are a
// message of their own. An edit of what left longer ago than editWindow, or is
// withdrawn, becomes a correction.
func (s *Store) ClaimDeliveries(ctx context.Context, now time.Time, least Priority, editWindow time.Duration, most int) (list []Outgoing, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, tooLateToEdit, sql.Named("now", stamp{now}), sql.Named("editable", stamp{now.Add(-editWindow)})); err != nil {
			return err
		}
		all, uploaded := Outgoing{claimed: now}, false
		err := tx.QueryRowContext(ctx, nextToLeave, sql.Named("now", stamp{now}), sql.Named("least", least), stale(now)).
			Scan(&all.Announcement, &all.Text, &all.Urgent, &uploaded)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, claimDeliveries, sql.Named("announcement", all.Announcement),
			sql.Named("now", stamp{now}), sql.Named("uploaded", uploaded), sql.Named("most", most))
		if err != nil {
			return err
		}
		list, err = all.each(rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	return list, nil
}

// ClaimDelivery gives out the delivery that leaves next, if one is due, as
// [Store.ClaimDeliveries] does.
func (s *Store) ClaimDelivery(ctx context.Context, now time.Time, least Priority, editWindow time.Duration) (o Outgoing, ok bool, err error) {
	list, err := s.ClaimDeliveries(ctx, now, least, editWindow, 1)
	if err != nil || len(list) == 0 {
		return o, false, err
	}
	return list[0], true, nil
}

// Sent ends an attempt that WhatsApp's server has acknowledged. The end of a
// goodbye starts the erasure, which is due seconds later.
func (b *Batch) Sent(o Outgoing, at time.Time) error {
	return b.end(o, at, o.one(
		`UPDATE answers SET state = 'sent', attempts = attempts + 1 WHERE id = @id AND state = 'sending'`,
		`UPDATE deliveries SET state = 'sent', attempts = attempts + 1, sent_at = @at WHERE id = @id AND state = 'sending'`), "")
}

// Fail ends a message that will not be tried again.
func (b *Batch) Fail(o Outgoing, now time.Time, reason Reason) error {
	return b.end(o, now, o.one(
		`UPDATE answers SET state = 'failed', attempts = attempts + 1, reason = @reason WHERE id = @id AND state = 'sending'`,
		`UPDATE deliveries SET state = 'failed', attempts = attempts + 1, reason = @reason WHERE id = @id AND state = 'sending'`), reason)
}

// PutBack takes back a message that certainly has not left, and charges no
// attempt for it.
func (b *Batch) PutBack(o Outgoing) error { return b.takeBack(o, 0, nil, nil) }

// Postpone takes back a message that may have left, until due, and charges no
// attempt: the fault was not its own.
func (b *Batch) Postpone(o Outgoing, due time.Time) error {
	return errors.Join(b.takeBack(o, 0, stamp{due}, nil), b.departed(o, o.claimed))
}

// Retry takes back a message that may have left, or may leave later. It waits
// until due, for another attempt with the same message ID.
func (b *Batch) Retry(o Outgoing, due time.Time, reason Reason) error {
	return errors.Join(b.takeBack(o, 1, stamp{due}, reason), b.departed(o, o.claimed))
}

// takeBack charges attempts; due and reason stay as they are when they are nil. A
// delivery does not wait again whose announcement was stopped meanwhile, or
// corrected or withdrawn before it had begun: its further messages go on.
func (b *Batch) takeBack(o Outgoing, charged int, due, reason any) error {
	_, err := b.tx.ExecContext(b.ctx, o.one(
		`UPDATE answers SET state = 'pending',
			attempts = attempts + @charged, due = coalesce(@due, due), reason = coalesce(@reason, reason)
		WHERE id = @id AND state = 'sending'`,
		`UPDATE deliveries SET state = iif((SELECT a.state FROM announcements a WHERE a.id = announcement) = 'stopped'
				OR part = 0 AND EXISTS (SELECT 1 FROM announcements c WHERE c.about = announcement), 'cancelled', 'pending'),
			attempts = attempts + @charged, due = coalesce(@due, due), reason = coalesce(@reason, reason)
		WHERE id = @id AND state = 'sending'`),
		sql.Named("id", o.id), sql.Named("charged", charged), sql.Named("due", due), sql.Named("reason", reason))
	return err
}

// Uncharge undoes what was charged to messages that have not been sent, when it
// comes out that the fault was not their own: they wait until due, with as many
// attempts as they had when they were claimed. What has ended otherwise
// meanwhile, or belongs to an announcement that has, stays as it is; but who
// should have got what is corrected now gets the correction.
func (s *Store) Uncharge(ctx context.Context, list []Outgoing, due time.Time) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		for _, o := range list {
			_, err := tx.ExecContext(ctx, o.one(
				`UPDATE answers SET state = 'pending', attempts = @attempts, due = @due, reason = ''
				WHERE id = @id AND message_id = @message AND state IN ('pending', 'failed')`,
				`UPDATE deliveries SET state = iif((SELECT a.state FROM announcements a WHERE a.id = announcement) = 'stopped'
						OR part = 0 AND EXISTS (SELECT 1 FROM announcements c WHERE c.about = announcement), 'cancelled', 'pending'),
					attempts = @attempts, due = @due, reason = ''
				WHERE id = @id AND message_id = @message AND state IN ('pending', 'failed')
					AND ((SELECT a.state FROM announcements a WHERE a.id = announcement) = 'running'
						OR part = 0 AND EXISTS (SELECT 1 FROM announcements c WHERE c.about = announcement AND c.kind = 'correction'))`),
				sql.Named("attempts", o.Attempts), sql.Named("due", stamp{due}), sql.Named("id", o.id), sql.Named("message", o.MessageID))
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
		for announcement, statement := range []string{
			`UPDATE answers SET state = 'pending' WHERE state = 'sending'`,
			`UPDATE deliveries SET state = iif((SELECT a.state FROM announcements a WHERE a.id = announcement) = 'stopped'
				OR part = 0 AND EXISTS (SELECT 1 FROM announcements c WHERE c.about = announcement), 'cancelled', 'pending')
			WHERE state = 'sending'`,
		} {
			result, err := tx.ExecContext(ctx, statement)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			for range n {
				if err := noteDeparture(ctx, tx, now, announcement == 1); err != nil {
					return err
				}
			}
			taken += int(n)
		}
		return nil
	})
	return taken, err
}

// Receipts notes what phones say of messages, in the order of the list, all or
// none. A phone's word outdoes what we believed, so that an attempt of unknown
// outcome is not repeated; but nothing that was read goes back to delivered.
// Unknown IDs are ignored, answers' among them.
func (s *Store) Receipts(ctx context.Context, list ...Receipt) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		for _, r := range list {
			if r.State != Delivered && r.State != Read {
				return fmt.Errorf("a receipt cannot say %q", r.State)
			}
			for _, id := range r.IDs {
				if err := receipt(ctx, tx, id, r.State, r.At); err != nil {
					return err
				}
			}
		}
		return endRepeats(ctx, tx, list)
	})
}

// receipt keeps when the message left: what was tried before may have left then,
// for no phone takes an edit or a deletion for longer because it was switched off.
// Only a message whose ack we missed can be the first of its announcement that is
// known to have left.
func receipt(ctx context.Context, tx *sql.Tx, id string, state DeliveryState, at time.Time) error {
	for _, statement := range []string{
		`UPDATE announcements SET first_sent = @at, last_sent = @at
		WHERE first_sent = 0 AND id = (SELECT announcement FROM deliveries WHERE message_id = @id)`,
		`UPDATE deliveries SET state = @state, reason = '', sent_at = CASE WHEN sent_at > 0 THEN sent_at
				WHEN state = 'sending' AND attempts = 0 THEN @at
				ELSE (SELECT max(accepted_at, not_before) FROM announcements WHERE id = announcement) END
		WHERE message_id = @id AND state <> 'read' AND state <> @state`,
	} {
		if _, err := tx.ExecContext(ctx, statement, sql.Named("id", id), sql.Named("state", state), sql.Named("at", stamp{at})); err != nil {
			return err
		}
	}
	return nil
}

// Expire ends what waits of announcements that have become pointless by now,
// if anything does. A message that is being sent is not called back.
func (s *Store) Expire(ctx context.Context, now time.Time) (expired bool, err error) {
	_, err = s.scan(ctx, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE state = 'pending' AND announcement IN (
		SELECT id FROM announcements WHERE state = 'running' AND expires > 0 AND expires <= @now))`, []any{sql.Named("now", stamp{now})}, &expired)
	if err != nil || !expired {
		return false, err
	}
	return true, s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = 'expired' WHERE state = 'pending' AND announcement IN (
			SELECT id FROM announcements WHERE state = 'running' AND expires > 0 AND expires <= @now)`, sql.Named("now", stamp{now}))
		return err
	})
}

// expireDeletions ends what waits of a withdrawal for so long that no phone would
// carry it out any more.
func expireDeletions(ctx context.Context, tx *sql.Tx, withdrawal int64, now time.Time, within time.Duration) error {
	_, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = 'expired' WHERE announcement = @withdrawal AND state = 'pending' AND target_sent <= @old`,
		sql.Named("withdrawal", withdrawal), sql.Named("old", stamp{now.Add(-within)}))
	return err
}

// cancelWaiting cancels what waits of an announcement. A message that is being
// sent is not called back.
func cancelWaiting(ctx context.Context, tx *sql.Tx, announcement int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = 'cancelled' WHERE announcement = ? AND state = 'pending'`, announcement)
	return err
}

// cancelCorrected cancels what waits of an announcement that is corrected, but for
// further messages of who has begun to get it; those too when the correction,
// or one of it, brings its own.
func cancelCorrected(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `WITH RECURSIVE corrections (id) AS (
			SELECT id FROM announcements WHERE about = @id AND kind = 'correction'
			UNION SELECT a.id FROM announcements a JOIN corrections c ON a.about = c.id WHERE a.kind = 'correction')
		UPDATE deliveries SET state = 'cancelled' WHERE announcement = @id AND state = 'pending' AND EXISTS (SELECT 1 FROM corrections) AND (
			EXISTS (SELECT 1 FROM attachments x JOIN corrections c ON c.id = x.announcement WHERE x.inherited = 0)
			OR NOT EXISTS (SELECT 1 FROM deliveries first WHERE first.announcement = @id AND first.part = 0
				AND first.subscriber IS deliveries.subscriber AND first.state IN ('sending', 'sent', 'delivered', 'read')))`, sql.Named("id", id))
	return err
}

// Unsendable fails what waits of an announcement because WhatsApp takes one of
// its attachments for nobody. Words that wait for no attachment still leave, and
// so does a correction of what people have got, when it shows none.
func (s *Store) Unsendable(ctx context.Context, announcement int64) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		var first, last int // of the messages that show one
		err := tx.QueryRowContext(ctx, `SELECT iif(urgent = 1 AND messages > (SELECT count(*) FROM attachments WHERE announcement = a.id), 1, 0), messages - 1
			FROM announcements a WHERE id = ?`, announcement).Scan(&first, &last)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		// Of each person's messages the first one fails; that cancels the others. But
		// words that have failed may turn out to have arrived, and that would bring the
		// others back: what would come before them must not have failed alone.
		for part := last; err == nil && part >= first; part-- {
			_, err = tx.ExecContext(ctx, `UPDATE deliveries AS d SET state = 'failed', reason = @reason
				WHERE announcement = @announcement AND part = @part AND state = 'pending'
				AND (form = 'news' OR form = 'correction' AND EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = @announcement AND x.inherited = 0))
				AND (@first = 1 OR NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.announcement = @announcement AND e.part < @part
					AND e.state IN ('pending', 'sending') AND e.subscriber IS d.subscriber AND +e.preview_number IS d.preview_number))`,
				sql.Named("announcement", announcement), sql.Named("reason", Unacceptable), sql.Named("part", part), sql.Named("first", first))
		}
		return err
	})
}
