package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Priority is what an announcement is excused from.
type Priority int

// The priorities. Of two messages that may leave at the same moment, that of
// the higher priority goes first.
const (
	Ordinary Priority = iota
	Released          // by hand: it does not wait for the end of an election
	Urgent            // it waits for the pace, the ceiling, the grace after a start and red lights only; so do previews and withdrawals
)

// Due is when the first of each kind of work falls due: in the past if it could
// be done now, zero if none waits.
type Due struct {
	Answer   time.Time
	Delivery [Urgent + 1]time.Time // deliveries
	Erasure  time.Time
	Expiring time.Time // an announcement of which something waits becomes pointless
	Uncapped time.Time // those wait no more who never wrote to us, see [Capping]; zero: they do not
}

// capped tells that WhatsApp lets us begin few more chats, or none. The row is found
// by its key, so that it is read once for a statement.
const capped = `EXISTS (SELECT 1 FROM daemon WHERE id = 1 AND capping IN ('SECOND_WARNING', 'CAPPED') AND capping_ends > @now)`

// welcome tells of a delivery that WhatsApp lets it begin a chat, or that it begins
// none: its recipient has written to us.
const welcome = `(NOT ` + capped + ` OR subscriber IS NULL OR EXISTS (SELECT 1 FROM subscribers s WHERE s.id = subscriber AND s.heard > 0))`

const nextDue = `SELECT
	(SELECT min(due) FROM answers WHERE state = 'pending' AND (kind = 'card') = 0),
	(SELECT min(due) FROM answers WHERE state = 'pending' AND (kind = 'card') = 1),
	(SELECT min(first) FROM waiting WHERE class = 0),
	(SELECT min(first) FROM waiting WHERE class = 1),
	(SELECT min(first) FROM waiting WHERE class = 2),
	(SELECT min(due) FROM erasures),
	(SELECT min(expires) FROM announcements a WHERE state = 'running' AND expires > 0
		AND EXISTS (SELECT 1 FROM deliveries WHERE announcement = a.id AND state = 'pending')),
	(SELECT capping_ends FROM daemon WHERE id = 1 AND ` + capped + `)`

// class is an announcement's, in SQL.
const class = `iif(a.urgent OR a.preview OR a.kind = 'withdrawal', 2, a.released)`

// parked is when a message is due that waits for the one before it: never.
const parked = `9223372036854775807`

// ready tells whether what an announcement needs of its attachments is where
// phones can fetch it.
const ready = `NOT EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.id AND x.data IS NOT NULL AND x.uploaded_at <= @stale)`

const withWaiting = `WITH waiting AS (
	SELECT ` + class + ` AS class,
		(SELECT min(due) FROM deliveries WHERE announcement = a.id AND state = 'pending' AND due < ` + parked + ` AND ` + canLeave + ` AND ` + welcome + `) AS first
	FROM announcements a WHERE a.state = 'running' AND a.held = 0 AND (` + ahead + ` OR ` + ready + `)) `

// NextDue tells what to wait for. What is held does not wait, nor what has an
// attachment that is not uploaded, as [Store.ClaimDelivery] says.
func (s *Store) NextDue(ctx context.Context, now time.Time) (Due, error) {
	var answer, card, ordinary, released, urgent, erasure, expiring, uncapped stamp
	_, err := s.scan(ctx, withWaiting+nextDue, []any{stale(now), sql.Named("now", stamp{now})},
		&answer, &card, &ordinary, &released, &urgent, &erasure, &expiring, &uncapped)
	if answer.IsZero() || !card.IsZero() && card.Before(answer.Time) {
		answer = card
	}
	return Due{
		Answer: answer.Time, Delivery: [...]time.Time{ordinary.Time, released.Time, urgent.Time},
		Erasure: erasure.Time, Expiring: expiring.Time, Uncapped: uncapped.Time,
	}, err
}

// NextTries is when the next message of each running announcement falls due, by
// its ID: not before its time, and later once all that is left of it has failed
// and is tried again. What has nothing but a message in hand is not there.
func (s *Store) NextTries(ctx context.Context) (map[int64]time.Time, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT a.id, (SELECT min(due) FROM deliveries WHERE announcement = a.id AND state = 'pending' AND due < `+parked+`) AS next
		FROM announcements a WHERE a.state = 'running' AND next IS NOT NULL`)
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

// Waiting is how many messages of the outbox are not finished, held ones
// included.
func (s *Store) Waiting(ctx context.Context) (n int, err error) {
	_, err = s.scan(ctx, `SELECT
		(SELECT count(*) FROM answers WHERE state = 'pending' OR state = 'sending') +
		(SELECT coalesce(sum(count), 0) FROM tallies WHERE state IN ('pending', 'sending'))`, nil, &n)
	return n, err
}
