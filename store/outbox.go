package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
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

// Reason says why a message was not sent. It is one of few, and never names a
// person.
type Reason string

// The reasons.
const (
	Unreachable  Reason = "unreachable"  // WhatsApp does not know the recipient, or nobody is there to read
	Unanswered   Reason = "unanswered"   // no answer came from WhatsApp, as often as we tried; it may have arrived
	Rejected     Reason = "rejected"     // WhatsApp said no, as often as we tried
	NoToken      Reason = "no token"     // WhatsApp lets us write to this person only after he has written again
	Unacceptable Reason = "unacceptable" // WhatsApp takes this message for nobody
)

// Outgoing is a message that was claimed: it is the claimant's to send, and to
// report on with one of Sent, PutBack, Postpone, Retry and Fail.
type Outgoing struct {
	MessageID    string
	To           Person
	Text         string
	Attempts     int        // those before this one
	Answer       AnswerKind // empty for a delivery
	RepliesTo    string     // the ID of the citizen's message; empty for a delivery
	Announcement int64      // 0 for an answer
	Urgent       bool       // an urgent announcement, or a preview

	Form        Form   // empty for an answer
	Part        int    // which of the announcement's messages it is, from 0
	Target      string // the ID of the message that it changes, deletes or corrects
	Messages    int    // how many the announcement has whose attachments it may show
	Attachments int64  // the announcement whose attachments it may show; 0: none

	id      int64
	claimed time.Time
}

// LogValue hides the recipient and the text.
func (o Outgoing) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("announcement", o.Announcement), slog.String("answer", string(o.Answer)))
}

const claimAnswer = `UPDATE answers SET state = 'sending' WHERE id = (
	SELECT id FROM answers WHERE state = 'pending' AND due <= ? ORDER BY kind = 'card', due, id LIMIT 1)
	RETURNING id, message_id, coalesce(number, ''), coalesce(lid, ''), text, attempts, kind, replies_to`

// ClaimAnswer gives out the answer that has been due longest, if there is one;
// contact cards only when nothing else is.
func (s *Store) ClaimAnswer(ctx context.Context, now time.Time) (o Outgoing, ok bool, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	o.claimed = now
	ok, err = s.scan(ctx, claimAnswer, []any{stamp{now}}, &o.id, &o.MessageID, &o.To.Number, &o.To.LID, &o.Text, &o.Attempts, &o.Answer, &o.RepliesTo)
	return o, ok, err
}

// nextDelivery finds the delivery that leaves next: for each announcement that
// is running and not held, urgent ones and previews first, then deletions of what
// was ordinary, which no alert waits for, then the oldest, the first that is due. It
// looks at one row of each, however long the outbox.
const nextDelivery = `SELECT d.id FROM announcements a JOIN deliveries d ON d.id = (
		SELECT id FROM deliveries WHERE announcement = a.id AND state = 'pending' AND due <= @now AND ` + canLeave + ` AND ` + welcome + ` ORDER BY due, id LIMIT 1)
	WHERE a.state = 'running' AND a.held = 0 AND (a.expires = 0 OR a.expires > @now) AND ` + class + ` >= @least AND (` + ahead + ` OR ` + ready + `)
	ORDER BY ` + class + ` = 2 DESC, a.urgent OR a.preview DESC, a.kind = 'news', a.id LIMIT 1`

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

// follow does what the end of an answer brings about.
func (o Outgoing) follow(ctx context.Context, tx *sql.Tx, at time.Time) (err error) {
	switch o.Answer {
	case Goodbye:
		_, err = tx.ExecContext(ctx, `UPDATE erasures SET due = @due WHERE `+isPerson, o.To.args(sql.Named("due", stamp{at.Add(forgetAfterGoodbye)}))...)
	case NotRegistered:
		_, err = tx.ExecContext(ctx, `UPDATE erasures SET due = @due WHERE due > @due AND `+isPerson, o.To.args(sql.Named("due", stamp{at.Add(forgetStranger)}))...)
	case Confirmation:
		_, err = tx.ExecContext(ctx, `UPDATE subscribers SET confirmed = @at WHERE confirmed = 0 AND `+isPerson+`
			AND EXISTS (SELECT 1 FROM answers WHERE id = @id AND state = 'sent')`,
			o.To.args(sql.Named("at", stamp{at}), sql.Named("id", o.id))...)
	}
	return err
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
