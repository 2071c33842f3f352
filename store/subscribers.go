package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
)

const selectSubscribers = `SELECT id, coalesce(number, ''), coalesce(lid, ''), given_name, family_name, comune, since,
	words, message_id, written, wording, confirmed, source FROM subscribers`

// Subscribers yields the list in the order of registration. An error comes
// last. The whole list is of one moment; while the loop runs an erasure cannot
// be completed, so it should not wait for anybody.
func (s *Store) Subscribers(ctx context.Context) iter.Seq2[Subscriber, error] {
	return func(yield func(Subscriber, error) bool) {
		rows, err := s.db.QueryContext(ctx, selectSubscribers+` ORDER BY id`)
		if err != nil {
			yield(Subscriber{}, fault(s.path, fmt.Errorf("list the subscribers: %w", err)))
			return
		}
		subscribers(rows)(yield)
	}
}

// Count is how many people are on the list.
func (s *Store) Count(ctx context.Context) (n int, err error) {
	_, err = s.scan(ctx, `SELECT count(*) FROM subscribers`, nil, &n)
	return n, err
}

// querier is the database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// oneSubscriber is the first entry for which a condition on p holds.
func oneSubscriber(ctx context.Context, db querier, where string, p Person) (Subscriber, bool, error) {
	rows, err := db.QueryContext(ctx, selectSubscribers+` WHERE `+where, p.args()...)
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("look up a subscriber: %w", err)
	}
	for sub, err := range subscribers(rows) {
		return sub, err == nil, err
	}
	return Subscriber{}, false, nil
}

// subscribers yields the rows of a selectSubscribers query, and closes them.
func subscribers(rows *sql.Rows) iter.Seq2[Subscriber, error] {
	return func(yield func(Subscriber, error) bool) {
		defer rows.Close()
		for rows.Next() {
			var sub Subscriber
			var since, written, confirmed stamp
			err := rows.Scan(&sub.ID, &sub.Number, &sub.LID, &sub.GivenName, &sub.FamilyName, &sub.Comune, &since,
				&sub.Words, &sub.MessageID, &written, &sub.Wording, &confirmed, &sub.Source)
			sub.Since, sub.Written, sub.Confirmed = since.Time, written.Time, confirmed.Time
			if !yield(sub, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Subscriber{}, fmt.Errorf("read the subscribers: %w", err))
		}
	}
}
