package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Recipients tells to whom those of the messages went, or are to go, that are in the
// outbox. What nobody knows any more, because its recipient has left, is not there.
func (s *Store) Recipients(ctx context.Context, messageIDs ...string) (map[string]Person, error) {
	ids, err := json.Marshal(messageIDs)
	if err != nil {
		return nil, fmt.Errorf("see whose messages they are: %w", err)
	}
	rows, err := s.db.QueryContext(ctx, recipients, sql.Named("ids", string(ids)))
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("see whose messages they are: %w", err))
	}
	defer rows.Close()
	people := make(map[string]Person)
	for rows.Next() {
		var id string
		var p Person
		if err := rows.Scan(&id, &p.Number, &p.LID); err != nil {
			return nil, fmt.Errorf("see whose messages they are: %w", err)
		}
		people[id] = p
	}
	return people, fault(s.path, rows.Err())
}

const recipients = `SELECT d.message_id, coalesce(d.preview_number, s.number, ''), coalesce(s.lid, '')
		FROM json_each(@ids) JOIN deliveries d ON d.message_id = value LEFT JOIN subscribers s ON s.id = d.subscriber
	UNION ALL SELECT a.message_id, coalesce(a.number, ''), coalesce(a.lid, '')
		FROM json_each(@ids) JOIN answers a ON a.message_id = value`

// StrayKind is what somebody said of a message that is another's.
type StrayKind string

// The kinds.
const (
	StrayReceipt StrayKind = "receipt" // that it arrived, or was read
	StrayRepeat  StrayKind = "repeat"  // that it is to be sent once more
)

// CountStrays notes that so many words came about messages of other people. From
// whom, and about which, is not kept.
func (s *Store) CountStrays(ctx context.Context, kind StrayKind, n int, now time.Time) error {
	return s.exec(ctx, "count words about other people's messages", `INSERT INTO strays VALUES (@kind, @n, @now)
		ON CONFLICT (kind) DO UPDATE SET count = count + @n, last = @now`,
		sql.Named("kind", string(kind)), sql.Named("n", n), sql.Named("now", stamp{now}))
}

// Strays are the words of each kind that have been counted.
func (s *Store) Strays(ctx context.Context) (map[StrayKind]int, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT kind, count FROM strays`)
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("read what was counted: %w", err))
	}
	defer rows.Close()
	counts := make(map[StrayKind]int)
	for rows.Next() {
		var kind StrayKind
		var n int
		if err := rows.Scan(&kind, &n); err != nil {
			return nil, fmt.Errorf("read what was counted: %w", err)
		}
		counts[kind] = n
	}
	return counts, fault(s.path, rows.Err())
}
