package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"
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

// Receipt is what a phone says of messages, by their IDs.
type Receipt struct {
	IDs   []string
	State DeliveryState // Delivered or Read
	At    time.Time
	// Device of the recipient's that says so.
	Device int
}

// Reason says why a message was not sent. It is one of few, and never names a
// person.
type Reason string

// The reasons.
const (
	Unreachable  Reason = "unreachable"  // WhatsApp does not know the recipient, or nobody is there to read
	Unanswered   Reason = "unanswered"   // no answer came from WhatsApp, as often as we tried; it may have arrived
	Rejected     Reason = "rejected"     // WhatsApp said no, as often as we tried
	NoToken      Reason = "no token"     // WhatsApp lets us write to this person only after they have written again
	Unacceptable Reason = "unacceptable" // WhatsApp takes this message for nobody
)

// LogValue hides the recipient and the text.
func (o Outgoing) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("announcement", o.Announcement), slog.String("answer", string(o.Answer)))
}

func (o *Outgoing) formed() []any {
	return []any{&o.Form, &o.Part, &o.Target, &o.Messages, &o.Attachments}
}

// each reads the rows of claimDeliveries, and puts them into their order. They are
// like o, but for what the rows say.
func (o Outgoing) each(rows *sql.Rows) (list []Outgoing, err error) {
	defer rows.Close()
	due := map[int64]int64{}
	for rows.Next() {
		var at int64
		into := []any{&o.id, &at, &o.MessageID, &o.Attempts, &o.To.Number, &o.To.LID}
		if err := rows.Scan(append(into, o.formed()...)...); err != nil {
			return nil, err
		}
		due[o.id] = at
		list = append(list, o)
	}
	slices.SortFunc(list, func(x, y Outgoing) int { return cmp.Or(cmp.Compare(due[x.id], due[y.id]), cmp.Compare(x.id, y.id)) })
	return list, rows.Err()
}

// one is the statement for an answer or that for a delivery.
func (o Outgoing) one(answer, delivery string) string {
	if o.Answer != "" {
		return answer
	}
	return delivery
}

// Priority is what an announcement is excused from.
type Priority int

// The priorities. Of two messages that may leave at the same moment, that of
// the higher priority goes first.
const (
	Ordinary Priority = iota
	Released          // by hand: it does not wait for the end of an election
	Urgent            // it waits for the pace, the ceiling, the grace after a start and red lights only; so do previews and withdrawals
)

// Due is when the next work of each kind may be done: in the past if it may be
// now, zero if none waits.
type Due struct {
	Answer   time.Time
	Delivery [Urgent + 1]time.Time // by their priority
	Erasure  time.Time
	Expiring time.Time // an announcement of which something waits becomes pointless
	Uncapped time.Time // those wait no more who never wrote to us, see [Capping]; zero: they do not
}

const nextDue = `WITH waiting AS (
		SELECT priority,
			(SELECT min(due) FROM deliveries WHERE announcement = a.id AND state = 'pending' AND due < @afterPrevious
				AND (part = 0 AND a.words_first OR a.uploaded)
				AND (NOT EXISTS (SELECT 1 FROM daemon WHERE id = 1 AND capping IN ('SECOND_WARNING', 'CAPPED') AND capping_ends > @now)
					OR subscriber IS NULL OR EXISTS (SELECT 1 FROM subscribers s WHERE s.id = subscriber AND s.heard > 0))) AS first
		FROM (SELECT id, priority,
				urgent = 1 AND messages > (SELECT count(*) FROM attachments WHERE announcement = a.id) AS words_first,
				NOT EXISTS (SELECT 1 FROM attachments WHERE announcement = a.id AND data IS NOT NULL AND uploaded_at <= @stale) AS uploaded
			FROM announcements a WHERE state = 'running' AND held = 0) a
		WHERE a.words_first OR a.uploaded),
		ranks (n) AS (VALUES (0), (1), (2), (3))
	SELECT
		(SELECT min((SELECT min(due) FROM answers WHERE state = 'pending' AND rank = n)) FROM ranks),
		(SELECT min(first) FROM waiting WHERE priority = 0),
		(SELECT min(first) FROM waiting WHERE priority = 1),
		(SELECT min(first) FROM waiting WHERE priority = 2),
		(SELECT max(min(due), 1) FROM erasures),
		(SELECT min(expires) FROM announcements a WHERE state = 'running' AND expires > 0
			AND EXISTS (SELECT 1 FROM deliveries WHERE announcement = a.id AND state = 'pending')),
		(SELECT capping_ends FROM daemon WHERE id = 1 AND capping IN ('SECOND_WARNING', 'CAPPED') AND capping_ends > @now)`

// NextDue tells what to wait for. What is held does not wait, nor what has an
// attachment that is not uploaded, as [Store.ClaimDelivery] says.
func (s *Store) NextDue(ctx context.Context, now time.Time) (Due, error) {
	var answer, ordinary, released, urgent, erasure, expiring, uncapped stamp
	_, err := s.scan(ctx, nextDue, []any{stale(now), sql.Named("now", stamp{now}), sql.Named("afterPrevious", afterPrevious)},
		&answer, &ordinary, &released, &urgent, &erasure, &expiring, &uncapped)
	return Due{
		Answer: answer.Time, Delivery: [...]time.Time{ordinary.Time, released.Time, urgent.Time},
		Erasure: erasure.Time, Expiring: expiring.Time, Uncapped: uncapped.Time,
	}, err
}

// NextTries is when the next message of each running announcement may be sent, by
// the ID of that: not before its time, and later once all that remains of it has failed
// and is tried again. What has nothing but a message in hand is not there.
func (s *Store) NextTries(ctx context.Context) (map[int64]time.Time, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT a.id,
			(SELECT min(due) FROM deliveries WHERE announcement = a.id AND state = 'pending' AND due < @afterPrevious) AS next
		FROM announcements a WHERE a.state = 'running' AND next IS NOT NULL`, sql.Named("afterPrevious", afterPrevious))
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("see what is tried next: %w", err))
	}
	defer rows.Close()
	tries := map[int64]time.Time{}
	for rows.Next() {
		var id int64
		var next stamp
		if err := rows.Scan(&id, &next); err != nil {
			return nil, fmt.Errorf("see what is tried next: %w", err)
		}
		tries[id] = next.Time
	}
	return tries, fault(s.path, rows.Err())
}

// Backlog is how much there is of what has not left: messages of announcements,
// held ones included, and bytes of attachments.
func (s *Store) Backlog(ctx context.Context) (messages int, bytes int64, err error) {
	_, err = s.scan(ctx, `SELECT
		(SELECT coalesce(sum(count), 0) FROM tallies WHERE state IN ('pending', 'sending')),
		(SELECT coalesce(sum(length(x.data)), 0) FROM attachments x JOIN announcements a ON a.id = x.announcement WHERE a.state = 'running')`,
		nil, &messages, &bytes)
	return messages, bytes, err
}

// Waiting is how many messages of the outbox are not finished, held ones and those that
// are to leave once more included.
func (s *Store) Waiting(ctx context.Context) (n int, err error) {
	_, err = s.scan(ctx, `SELECT
		(SELECT count(*) FROM answers WHERE state = 'pending' OR state = 'sending') +
		(SELECT coalesce(sum(count), 0) FROM tallies WHERE state IN ('pending', 'sending')) +
		(SELECT count(*) FROM repeats WHERE waiting = 1)`, nil, &n)
	return n, err
}

// ForRetry gives a message that has left and whose recipient has not: what a
// phone needs that could not decrypt it. There is none of an announcement that
// was stopped, withdrawn or has become pointless by now; of one that was
// corrected there is, because the correction may change just that message.
func (s *Store) ForRetry(ctx context.Context, messageID string, now time.Time) (o Outgoing, ok bool, err error) {
	o.MessageID = messageID
	into := []any{&o.Announcement, &o.Urgent, &o.Text, &o.To.Number, &o.To.LID, &o.Answer}
	ok, err = s.scan(ctx, forRetry, []any{sql.Named("id", messageID), sql.Named("now", stamp{now})}, append(into, o.formed()...)...)
	return o, ok, err
}

const forRetry = `SELECT a.id, a.urgent OR a.preview, a.text, coalesce(preview_number, s.number, ''), coalesce(s.lid, ''), '', form, part, target,
		coalesce((SELECT o.messages FROM announcements o JOIN deliveries t ON t.announcement = o.id
			WHERE t.message_id = deliveries.target AND deliveries.form = 'edit'), a.messages),
		coalesce((SELECT x.announcement FROM attachments x WHERE x.announcement = a.id
			AND (form = 'news' OR form = 'edit' OR form = 'correction' AND x.inherited = 0) LIMIT 1), 0)
	FROM deliveries JOIN announcements a ON a.id = deliveries.announcement LEFT JOIN subscribers s ON s.id = deliveries.subscriber
	WHERE deliveries.message_id = @id AND deliveries.state IN ('sending', 'sent', 'delivered', 'read')
		AND (a.state <> 'stopped' OR EXISTS (SELECT 1 FROM announcements c WHERE c.about = a.id AND c.kind = 'correction'))
		AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = a.id AND w.kind = 'withdrawal')
		AND (a.expires = 0 OR a.expires > @now)
	UNION ALL SELECT 0, 0, text, coalesce(number, ''), coalesce(lid, ''), kind, '', 0, '', 0, 0 FROM answers
		WHERE message_id = @id AND state IN ('sending', 'sent')`

// Wanted tells whether a message that was claimed is still to leave, as
// [Store.Unwanted] does.
func (s *Store) Wanted(ctx context.Context, messageID string, now time.Time) (bool, error) {
	unwanted, err := s.Unwanted(ctx, []string{messageID}, now)
	return err == nil && len(unwanted) == 0, err
}

// Unwanted finds those of the messages that were claimed which are not to leave
// any more: the recipient has unsubscribed, the announcement was stopped, corrected or
// withdrawn, or has become pointless by now, or a phone says that it has it.
func (s *Store) Unwanted(ctx context.Context, messageIDs []string, now time.Time) ([]string, error) {
	if len(messageIDs) == 0 {
		return nil, nil
	}
	ids, err := json.Marshal(messageIDs)
	if err != nil {
		return nil, fmt.Errorf("see what is wanted: %w", err)
	}
	rows, err := s.db.QueryContext(ctx, unwanted, sql.Named("ids", string(ids)), sql.Named("now", stamp{now}))
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("see what is wanted: %w", err))
	}
	list, err := column[string](rows)
	return list, fault(s.path, err)
}

const unwanted = `SELECT value FROM json_each(@ids) WHERE NOT EXISTS (
		SELECT 1 FROM deliveries d JOIN announcements a ON a.id = d.announcement
		WHERE d.message_id = value AND d.state = 'sending' AND a.state = 'running' AND (a.expires = 0 OR a.expires > @now)
			AND (d.part > 0 OR NOT EXISTS (SELECT 1 FROM announcements c WHERE c.about = a.id)))
	AND NOT EXISTS (SELECT 1 FROM answers WHERE message_id = value AND state = 'sending')`
