package store

import (
	"context"
	"time"
)

// Capping is what WhatsApp said last of the chats that we begin: messages to people
// who have not written to us. State is WhatsApp's word for it; from the second
// warning on, what would begin a chat waits, until Ends at most. That is so for who
// was imported and never wrote.
type Capping struct {
	State string    // empty: it has said nothing
	Used  int       // chats of Quota; both zero when it does not say
	Quota int       // -1: any number
	Since time.Time // when it first said so
	Ends  time.Time // it is worth nothing from then on
}

// unendingCapping is how long WhatsApp's word holds when it names no end: it counts
// by the month.
const unendingCapping = 31 * 24 * time.Hour

// SetCapping notes what WhatsApp says at now. Since is its own, and an end that is
// not given is guessed.
func (s *Store) SetCapping(ctx context.Context, c Capping, now time.Time) error {
	if c.Ends.IsZero() {
		c.Ends = now.Add(unendingCapping)
	}
	return s.exec(ctx, "note the counting of new chats", `UPDATE daemon SET capping_since = iif(capping = ?1 AND capping_ends > ?5, capping_since, ?5),
		capping = ?1, capping_used = ?2, capping_quota = ?3, capping_ends = ?4`, c.State, c.Used, c.Quota, stamp{c.Ends}, stamp{now})
}

// Capping is what [Store.SetCapping] noted last, if that is worth anything at now.
func (s *Store) Capping(ctx context.Context, now time.Time) (c Capping, err error) {
	var since, ends stamp
	ok, err := s.scan(ctx, `SELECT capping, capping_used, capping_quota, capping_since, capping_ends FROM daemon WHERE capping_ends > ?`,
		[]any{stamp{now}}, &c.State, &c.Used, &c.Quota, &since, &ends)
	c.Since, c.Ends = since.Time, ends.Time
	if err != nil || !ok {
		return Capping{}, err
	}
	return c, nil
}

// Capped tells of each running announcement how many messages wait because their
// recipients never wrote to us and WhatsApp caps the chats that we begin.
func (s *Store) Capped(ctx context.Context, now time.Time) (map[int64]int, error) {
	c, err := s.Capping(ctx, now)
	if err != nil || c.State != "SECOND_WARNING" && c.State != "CAPPED" {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, `SELECT announcement, count(*) FROM deliveries d JOIN announcements a ON a.id = announcement
		WHERE a.state = 'running' AND d.state = 'pending' AND EXISTS (SELECT 1 FROM subscribers s WHERE s.id = subscriber AND s.heard = 0)
		GROUP BY announcement`)
	if err != nil {
		return nil, fault(s.path, err)
	}
	defer rows.Close()
	list := map[int64]int{}
	for rows.Next() {
		var id int64
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, fault(s.path, err)
		}
		list[id] = n
	}
	return list, fault(s.path, rows.Err())
}
