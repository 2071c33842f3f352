package store

import (
	"context"
	"encoding/json"
	"fmt"
)

// Somebody is held for a reason: they are on the list, wait to be forgotten, wait for
// an answer, or have a question of ours to answer. That something of theirs was handled
// once is none.
const (
	reasonsByNumber = `SELECT CAST(p.key AS INTEGER) FROM json_each(?) p WHERE
		EXISTS (SELECT 1 FROM subscribers WHERE number = p.value)
		OR EXISTS (SELECT 1 FROM erasures WHERE number = p.value)
		OR EXISTS (SELECT 1 FROM answers WHERE number = p.value AND state IN ('pending', 'sending'))
		OR EXISTS (SELECT 1 FROM questions WHERE number = p.value)`
	reasonsByLID = `SELECT CAST(p.key AS INTEGER) FROM json_each(?) p WHERE
		EXISTS (SELECT 1 FROM subscribers WHERE lid = p.value)
		OR EXISTS (SELECT 1 FROM erasures WHERE lid = p.value)
		OR EXISTS (SELECT 1 FROM answers WHERE lid = p.value AND state IN ('pending', 'sending'))
		OR EXISTS (SELECT 1 FROM questions WHERE lid = p.value)`
)

// Reasons tells of each person, in their order, whether there is a reason to hold
// anything on them elsewhere. Either identity is enough, also a number that somebody
// else had before. A thousand people take a few milliseconds.
func (s *Store) Reasons(ctx context.Context, people []Person) ([]bool, error) {
	numbers, lids := map[int]Number{}, map[int]LID{} // by their place
	for i, p := range people {
		if p.Number != "" {
			numbers[i] = p.Number
		}
		if p.LID != "" {
			lids[i] = p.LID
		}
	}
	has := make([]bool, len(people))
	for query, identities := range map[string]any{reasonsByNumber: numbers, reasonsByLID: lids} {
		list, err := json.Marshal(identities)
		if err != nil {
			return nil, fmt.Errorf("look for reasons: %w", err)
		}
		rows, err := s.db.QueryContext(ctx, query, string(list))
		if err != nil {
			return nil, fault(s.path, fmt.Errorf("look for reasons: %w", err))
		}
		found, err := column[int](rows)
		if err != nil {
			return nil, fault(s.path, fmt.Errorf("look for reasons: %w", err))
		}
		for _, i := range found {
			has[i] = true
		}
	}
	return has, nil
}
