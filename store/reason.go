package store

import (
	"context"
	"encoding/json"
	"fmt"
)

// reasons finds who is held for a reason: they are on the list, wait to be forgotten, wait
// for an answer or its repeat, or have a question of ours to answer. That something of theirs was handled
// once is none.
const reasons = `SELECT p.key FROM json_each(?) p WHERE
		EXISTS (SELECT 1 FROM subscribers WHERE number = p.value)
		OR EXISTS (SELECT 1 FROM erasures WHERE number = p.value)
		OR EXISTS (SELECT 1 FROM answers WHERE number = p.value AND (state IN ('pending', 'sending') OR id IN (SELECT answer FROM repeats WHERE waiting = 1)))
		OR EXISTS (SELECT 1 FROM questions WHERE number = p.value)
	UNION
	SELECT p.key FROM json_each(?) p WHERE
		EXISTS (SELECT 1 FROM subscribers WHERE lid = p.value)
		OR EXISTS (SELECT 1 FROM erasures WHERE lid = p.value)
		OR EXISTS (SELECT 1 FROM answers WHERE lid = p.value AND (state IN ('pending', 'sending') OR id IN (SELECT answer FROM repeats WHERE waiting = 1)))
		OR EXISTS (SELECT 1 FROM questions WHERE lid = p.value)`

// Reasons tells of each person, in their order, whether there is a reason to hold
// anything on them elsewhere. Either identity is enough, also a number that somebody
// else had before. A thousand people take a few milliseconds.
func (s *Store) Reasons(ctx context.Context, people []Person) ([]bool, error) {
	numbers, lids := make([]Number, len(people)), make([]LID, len(people))
	for i, p := range people {
		numbers[i], lids[i] = p.Number, p.LID
	}
	byNumber, err := json.Marshal(numbers)
	if err != nil {
		return nil, fmt.Errorf("look for reasons: %w", err)
	}
	byLID, err := json.Marshal(lids)
	if err != nil {
		return nil, fmt.Errorf("look for reasons: %w", err)
	}
	rows, err := s.db.QueryContext(ctx, reasons, string(byNumber), string(byLID))
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("look for reasons: %w", err))
	}
	found, err := column[int](rows)
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("look for reasons: %w", err))
	}
	has := make([]bool, len(people))
	for _, i := range found {
		has[i] = true
	}
	return has, nil
}
