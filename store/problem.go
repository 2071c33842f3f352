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
	ProblemLine      = "line"    // the connection breaks after each login
	ProblemSending   = "sending" // the link stands, and messages do not leave: a red light
	ProblemDaemon    = "daemon"  // it does not run
	ProblemDisk      = "disk"
	ProblemVersion   = "version"
	ProblemPhone     = "phone"
	ProblemCapping   = "capping" // WhatsApp counts the chats that we begin
	ProblemFolder    = "folder"
	ProblemUpload    = "upload"
	ProblemErasure   = "erasure" // another program keeps a file open, from which not everything can be erased
	ProblemSweep     = "sweep"   // who has no business in session.db cannot be erased from it
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

// Light names what keeps messages from leaving although the link stands.
type Light string

// The red lights. Each holds all that waits, charges nobody, and turns green by
// itself when a message gets through.
const (
	// LightFailing: one message after the other got no answer or a refusal that
	// was not about its recipient. Nothing leaves.
	LightFailing Light = "failing"
	// LightLimited: WhatsApp said that it was too much. Nothing leaves.
	LightLimited Light = "limited"
	// LightLocked: WhatsApp lets us write first to nobody. Answers leave.
	LightLocked Light = "locked"
)

// RedLight is one light that is red. There is at most one of each.
type RedLight struct {
	Light Light
	Since time.Time
	Until time.Time // nothing is tried before
	Told  bool      // Until is WhatsApp's word, not our guess
	Code  int       // WhatsApp's; 0 when it gave none
	Tries int       // how often it was tried while red
}

// SetRedLight notes a red light for other processes and for the next start.
func (s *Store) SetRedLight(ctx context.Context, r RedLight) error {
	return s.exec(ctx, "note a red light", `INSERT OR REPLACE INTO red_lights (light, since, until, told, code, tries) VALUES (?, ?, ?, ?, ?, ?)`,
		r.Light, stamp{r.Since}, stamp{r.Until}, r.Told, r.Code, r.Tries)
}

// ClearRedLight notes that a light is green again.
func (s *Store) ClearRedLight(ctx context.Context, light Light) error {
	return s.exec(ctx, "clear a red light", `DELETE FROM red_lights WHERE light = ?`, light)
}

// RedLights lists those that are red, in the order of their names.
func (s *Store) RedLights(ctx context.Context) (list []RedLight, err error) {
	trouble := func(err error) error { return fault(s.path, fmt.Errorf("read the red lights: %w", err)) }
	rows, err := s.db.QueryContext(ctx, `SELECT light, since, until, told, code, tries FROM red_lights ORDER BY light`)
	if err != nil {
		return nil, trouble(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r RedLight
		var since, until stamp
		if err := rows.Scan(&r.Light, &since, &until, &r.Told, &r.Code, &r.Tries); err != nil {
			return nil, trouble(err)
		}
		r.Since, r.Until = since.Time, until.Time
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, trouble(err)
	}
	return list, nil
}
