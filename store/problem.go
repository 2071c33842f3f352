package store

import (
	"context"
	"fmt"
	"time"
)

// Problem is something that only the daemon can see, noted for other processes and
// for the next start. There is at most one of each kind. Nothing in it is about a
// citizen.
type Problem struct {
	Kind, Severity   string
	Since            time.Time
	Sentence, Advice string
}

const setProblem = `INSERT INTO problems (kind, since, severity, sentence, advice) VALUES (?, ?, ?, ?, ?)
	ON CONFLICT (kind) DO UPDATE SET severity = excluded.severity, sentence = excluded.sentence, advice = excluded.advice`

// SetProblem notes a problem. One of its kind that is known keeps its Since.
func (s *Store) SetProblem(ctx context.Context, p Problem) error {
	return s.exec(ctx, "note a problem", setProblem, p.Kind, stamp{p.Since}, p.Severity, p.Sentence, p.Advice)
}

// ClearProblem notes that there is no problem of a kind any more.
func (s *Store) ClearProblem(ctx context.Context, kind string) error {
	return s.exec(ctx, "clear a problem", `DELETE FROM problems WHERE kind = ?`, kind)
}

// Problems lists those that are noted, in the order of their kinds.
func (s *Store) Problems(ctx context.Context) (list []Problem, err error) {
	trouble := func(err error) error { return fault(s.path, fmt.Errorf("read the problems: %w", err)) }
	rows, err := s.db.QueryContext(ctx, `SELECT kind, since, severity, sentence, advice FROM problems ORDER BY kind`)
	if err != nil {
		return nil, trouble(err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Problem
		var since stamp
		if err := rows.Scan(&p.Kind, &since, &p.Severity, &p.Sentence, &p.Advice); err != nil {
			return nil, trouble(err)
		}
		p.Since = since.Time
		list = append(list, p)
	}
	if err := rows.Err(); err != nil {
		return nil, trouble(err)
	}
	return list, nil
}
