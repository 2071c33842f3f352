package store

import (
	"context"
	"time"
)

// Due is when the first of each kind of work falls due: in the past if it could
// be done now, zero if none waits.
type Due struct {
	Answer, Urgent, Ordinary, Erasure time.Time
}

const nextDue = `SELECT
	(SELECT min(due) FROM answers WHERE state = 'pending'),
	(SELECT min(first) FROM waiting WHERE urgent),
	(SELECT min(first) FROM waiting WHERE NOT urgent),
	(SELECT min(due) FROM erasures)`

const withWaiting = `WITH waiting AS (
	SELECT a.urgent OR a.preview AS urgent,
		(SELECT min(due) FROM deliveries WHERE announcement = a.id AND state = 'pending') AS first
	FROM announcements a WHERE a.state = 'running' AND a.held = 0) `

// NextDue tells what to wait for. What is held does not wait.
func (s *Store) NextDue(ctx context.Context) (Due, error) {
	var answer, urgent, ordinary, erasure stamp
	_, err := s.scan(ctx, withWaiting+nextDue, nil, &answer, &urgent, &ordinary, &erasure)
	return Due{Answer: answer.Time, Urgent: urgent.Time, Ordinary: ordinary.Time, Erasure: erasure.Time}, err
}

// Waiting is how many messages of the outbox are not finished, held ones
// included.
func (s *Store) Waiting(ctx context.Context) (n int, err error) {
	_, err = s.scan(ctx, `SELECT
		(SELECT count(*) FROM answers WHERE state = 'pending' OR state = 'sending') +
		(SELECT coalesce(sum(count), 0) FROM tallies WHERE state IN ('pending', 'sending'))`, nil, &n)
	return n, err
}
