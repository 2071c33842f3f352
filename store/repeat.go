package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Repeat is a message that left before and is to leave once more: a device of its
// recipient, or of our own account, could not decrypt it or has never got it.
type Repeat struct {
	Outgoing
	Device  int       // [AnyDevice]: whichever has not got it
	Space   string    // the server of the address that asked; empty: our own account's
	Count   int       // which time the device asks
	Stamped time.Time // the message's own time, as the device says

	repeat  int64
	claimed time.Time
}

// AnyDevice stands for a device that we do not know yet.
const AnyDevice = -1

// The bounds of what one person's devices can have repeated. A phone that was set up
// anew asks once or twice for each message that waited for it, and gives up by itself
// after the fifth time.
const (
	repeatsPerDevice = 4  // of one message
	repeatsPerHour   = 30 // of all of a person's messages; more than that wait
	repeatsPerDay    = 150
)

// repeatArrives is how long a device has to say that it got a repeat of unknown outcome,
// before that leaves again: nobody asks for it twice because we were cut off.
const repeatArrives = time.Minute

// AskRepeat notes that a device asks for a message. It is not noted when that has been
// repeated to the device as often as it may be, or to its person. The message must be
// one that [Store.ForRetry] gives.
func (s *Store) AskRepeat(ctx context.Context, messageID string, r Repeat, now time.Time) (noted bool, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		due, ok, err := repeatDue(ctx, tx, messageID, now)
		if err != nil || !ok {
			return err
		}
		result, err := tx.ExecContext(ctx, askRepeat, sql.Named("id", messageID), sql.Named("device", r.Device), sql.Named("space", r.Space),
			sql.Named("count", r.Count), sql.Named("stamped", stamp{r.Stamped}), sql.Named("due", stamp{due}), sql.Named("now", stamp{now}),
			sql.Named("most", repeatsPerDevice))
		if err != nil {
			return fmt.Errorf("note a repeat: %w", err)
		}
		n, err := result.RowsAffected()
		noted = n > 0
		return err
	})
	return noted, err
}

const askRepeat = `INSERT INTO repeats (delivery, answer, device, space, count, stamped, waiting, due, at)
	SELECT (SELECT id FROM deliveries WHERE message_id = @id), (SELECT id FROM answers WHERE message_id = @id),
		@device, @space, @count, @stamped, 1, @due, @now
	WHERE EXISTS (SELECT 1 FROM deliveries WHERE message_id = @id UNION ALL SELECT 1 FROM answers WHERE message_id = @id)
	ON CONFLICT DO UPDATE SET count = max(count, excluded.count), waiting = 1, at = max(excluded.at, at + 1),
		due = excluded.due WHERE served < @most`

// repeatDue is when the person's next repeat may leave, as far as their own bounds go.
func repeatDue(ctx context.Context, tx *sql.Tx, messageID string, now time.Time) (due time.Time, ok bool, err error) {
	if _, err := tx.ExecContext(ctx, `DELETE FROM repeats WHERE at < ?`, stamp{now.Add(-rememberHandled)}); err != nil {
		return due, false, fmt.Errorf("forget old repeats: %w", err)
	}
	var hour, all int
	err = tx.QueryRowContext(ctx, repeatsOf, sql.Named("id", messageID), sql.Named("hour", stamp{now.Add(-time.Hour)}), sql.Named("day", stamp{now.Add(-day)})).Scan(&hour, &all)
	if err != nil {
		return due, false, fmt.Errorf("count repeats: %w", err)
	}
	if all >= repeatsPerDay {
		return due, false, nil
	}
	if hour >= repeatsPerHour {
		now = now.Add(time.Hour)
	}
	return now, true, nil
}

// repeatsOf counts what was repeated to the recipient of a message, and what is going
// to be.
const repeatsOf = `WITH recipient (number, lid) AS (
		SELECT coalesce(d.preview_number, s.number), s.lid FROM deliveries d LEFT JOIN subscribers s ON s.id = d.subscriber WHERE d.message_id = @id
		UNION ALL SELECT number, lid FROM answers WHERE message_id = @id)
	SELECT coalesce(sum(iif(r.at > @hour, r.served + r.waiting, 0)), 0), coalesce(sum(r.served + r.waiting), 0)
	FROM repeats r LEFT JOIN deliveries d ON d.id = r.delivery LEFT JOIN subscribers s ON s.id = d.subscriber LEFT JOIN answers a ON a.id = r.answer
	WHERE r.at > @day AND EXISTS (SELECT 1 FROM recipient
		WHERE recipient.lid = coalesce(s.lid, a.lid) OR recipient.number = coalesce(d.preview_number, s.number, a.number))`

// RepeatsDue is when the first repeat of an answer may leave, of an ordinary message
// and of an urgent one; zero: none waits.
func (s *Store) RepeatsDue(ctx context.Context) (answer, ordinary, urgent time.Time, err error) {
	var a, o, u stamp
	_, err = s.scan(ctx, `SELECT min(iif(r.answer IS NOT NULL, r.due, NULL)), min(iif(n.priority < 2, r.due, NULL)), min(iif(n.priority = 2, r.due, NULL))
		FROM repeats r LEFT JOIN deliveries d ON d.id = r.delivery LEFT JOIN announcements n ON n.id = d.announcement WHERE r.waiting = 1`, nil, &a, &o, &u)
	return a.Time, o.Time, u.Time, err
}

// RepeatKind is a part of the repeats that wait.
type RepeatKind int

// The kinds, in the order in which they leave.
const (
	RepeatAnswer RepeatKind = iota
	RepeatUrgent
	RepeatOrdinary
)

// ClaimRepeat gives out the repeat of a kind that is due first, and counts it as
// leaving now: also if the process ends before it does, for then it leaves again, unless
// its device says meanwhile that it has it. Those of our own account do not say, and have
// it sent once.
// What may not be repeated any more is dropped on the way.
func (s *Store) ClaimRepeat(ctx context.Context, kind RepeatKind, now time.Time) (r Repeat, ok bool, err error) {
	for {
		var messageID string
		ok, err := s.scan(ctx, nextRepeat, []any{sql.Named("kind", int(kind)), sql.Named("now", stamp{now})}, &r.repeat, &messageID)
		if err != nil || !ok {
			return Repeat{}, false, err
		}
		if r.Outgoing, ok, err = s.ForRetry(ctx, messageID, now); err != nil {
			return Repeat{}, false, err
		}
		if !ok {
			if err := s.exec(ctx, "drop a repeat", `UPDATE repeats SET waiting = 0 WHERE id = ?`, r.repeat); err != nil {
				return Repeat{}, false, err
			}
			continue
		}
		return s.takeRepeat(ctx, r, now)
	}
}

const nextRepeat = `SELECT r.id, coalesce(d.message_id, a.message_id)
	FROM repeats r LEFT JOIN deliveries d ON d.id = r.delivery LEFT JOIN announcements n ON n.id = d.announcement LEFT JOIN answers a ON a.id = r.answer
	WHERE r.waiting = 1 AND r.due <= @now AND iif(r.answer IS NOT NULL, 0, iif(n.priority = 2, 1, 2)) = @kind ORDER BY r.due, r.id LIMIT 1`

func (s *Store) takeRepeat(ctx context.Context, r Repeat, now time.Time) (Repeat, bool, error) {
	var stamped stamp
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `UPDATE repeats SET served = served + 1, at = @now, due = @arrives, waiting = iif(space = '', 0, 1) WHERE id = @id AND waiting = 1
			RETURNING device, space, count, stamped`, sql.Named("id", r.repeat), sql.Named("now", stamp{now}), sql.Named("arrives", stamp{now.Add(repeatArrives)})).
			Scan(&r.Device, &r.Space, &r.Count, &stamped)
		if err != nil {
			return err
		}
		return noteDeparture(ctx, tx, now, r.Answer == "")
	})
	r.Stamped, r.claimed = stamped.Time, now
	if errors.Is(err, sql.ErrNoRows) { // its recipient has just left
		return Repeat{}, false, nil
	}
	if err != nil {
		return Repeat{}, false, fmt.Errorf("claim a repeat: %w", err)
	}
	return r, true, nil
}

// endRepeats ends the repeats of unknown outcome that have arrived, as their devices say.
func endRepeats(ctx context.Context, tx *sql.Tx, list []Receipt) error {
	var any bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM repeats WHERE waiting = 1 AND served > 0)`).Scan(&any); err != nil || !any {
		return err
	}
	for _, r := range list {
		for _, id := range r.IDs {
			for _, statement := range []string{
				`UPDATE repeats SET waiting = 0 WHERE waiting = 1 AND served > 0 AND device = ? AND delivery = (SELECT id FROM deliveries WHERE message_id = ?)`,
				`UPDATE repeats SET waiting = 0 WHERE waiting = 1 AND served > 0 AND device = ? AND answer = (SELECT id FROM answers WHERE message_id = ?)`,
			} {
				if _, err := tx.ExecContext(ctx, statement, r.Device, id); err != nil {
					return fmt.Errorf("end a repeat: %w", err)
				}
			}
		}
	}
	return nil
}

// Repeated ends a repeat that left, or is given up, unless its device has asked once
// more since it was claimed: then it could not decrypt this one either.
func (s *Store) Repeated(ctx context.Context, r Repeat) error {
	return s.exec(ctx, "end a repeat", `UPDATE repeats SET waiting = 0 WHERE id = ? AND at = ?`, r.repeat, stamp{r.claimed})
}

// PostponeRepeat takes a repeat back until due. One that certainly has not left is
// charged nothing but its turn; one that may have is given up after so many, and waits
// until its device has had the time to say that it arrived.
func (s *Store) PostponeRepeat(ctx context.Context, r Repeat, due time.Time, left bool) error {
	return s.exec(ctx, "take a repeat back", `UPDATE repeats SET due = iif(@left, max(@due, due), @due), served = served - iif(@left, 0, 1),
		waiting = iif(@left AND (served >= @most OR space = ''), 0, 1) WHERE id = @id`, sql.Named("due", stamp{due}), sql.Named("left", left), sql.Named("most", repeatsPerDevice), sql.Named("id", r.repeat))
}
