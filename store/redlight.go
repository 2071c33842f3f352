package store

import (
	"context"
	"fmt"
	"time"
)

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
