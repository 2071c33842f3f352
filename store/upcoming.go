package store

import (
	"context"
	"fmt"
)

// Place is how far [Store.Upcoming] has got in the queue of an announcement. The zero
// value is its beginning.
type Place struct{ due, id int64 }

// upcoming follows the index deliveries_unfinished.
const upcoming = `SELECT d.due, d.id, coalesce(d.preview_number, s.number, ''), coalesce(s.lid, '')
	FROM deliveries d LEFT JOIN subscribers s ON s.id = d.subscriber
	WHERE d.announcement = ? AND d.state = 'pending' AND d.due < 9223372036854775807 AND (d.due, d.id) > (?, ?)
	ORDER BY d.due, d.id LIMIT ? + 0`

// Upcoming lists to whom the next messages of an announcement go, at most so many, in
// the order in which they are claimed, behind a place; and the place of the last.
// Somebody may be claimed, or leave the list, meanwhile: it is for looking ahead.
func (s *Store) Upcoming(ctx context.Context, announcement int64, after Place, most int) (people []Person, last Place, err error) {
	last = after
	rows, err := s.db.QueryContext(ctx, upcoming, announcement, after.due, after.id, most)
	if err != nil {
		return nil, last, fault(s.path, fmt.Errorf("look ahead: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		var p Person
		if err := rows.Scan(&last.due, &last.id, &p.Number, &p.LID); err != nil {
			return nil, last, fault(s.path, fmt.Errorf("look ahead: %w", err))
		}
		people = append(people, p)
	}
	return people, last, fault(s.path, rows.Err())
}
