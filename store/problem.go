package store

import (
	"context"
	"fmt"
	"time"
)

// Severity is how bad a problem is.
type Severity string

// The severities. With notices alone the service is healthy.
const (
	Notice  Severity = "notice"  // good to know; nothing is kept from anybody
	Warning Severity = "warning" // somebody should look after it, soon
	Alarm   Severity = "alarm"   // nothing leaves, or a promise is not kept
)

// Problem is what keeps a message from leaving or a promise from being kept, or
// soon will (G11). It comes and goes by itself. Its words are Italian, and never
// about a citizen. Its JSON names are an interface.
//
// What only the daemon can see is noted here for other processes and for the next
// start, at most one of each kind; the rest can be read from the store.
type Problem struct {
	Kind     string    `json:"kind"`           // one of the Problem constants
	Since    time.Time `json:"since,omitzero"` // zero: not known
	Severity Severity  `json:"severity"`
	Sentence string    `json:"sentence"`
	Advice   string    `json:"advice"`
}

// The kinds of problems.
const (
	ProblemLink      = "link"    // there is no link, or no connection
	ProblemSending   = "sending" // the link stands, and messages do not leave: a red light
	ProblemDaemon    = "daemon"  // it does not run
	ProblemDisk      = "disk"
	ProblemVersion   = "version"
	ProblemPhone     = "phone"
	ProblemCapping   = "capping" // WhatsApp counts the chats that we begin
	ProblemFolder    = "folder"
	ProblemUpload    = "upload"
	ProblemHeld      = "held"
	ProblemHeldAlert = "held_alert" // what is held is urgent
)

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
