package store

import (
	"testing"
)

// Each reason is found under either identity, and nothing else is one: not what was
// answered or handled once.
func TestG5_Reasons(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	ctx := t.Context()
	for _, statement := range []string{
		`INSERT INTO subscribers (number, lid, given_name, family_name, comune, since) VALUES ('+391000001', '1000001', 'A', 'B', 'C', 1)`,
		`INSERT INTO subscribers (number, given_name, family_name, comune, since, code) VALUES ('+391000002', 'A', 'B', 'C', 1, 'X')`,
		`INSERT INTO erasures (lid, due) VALUES ('1000003', 1)`,
		`INSERT INTO erasures (number, due) VALUES ('+391000003', 1)`,
		`INSERT INTO answers (number, kind, text, message_id, due, created) VALUES ('+391000004', 'help', 'A', 'M4', 1, 1)`,
		`INSERT INTO answers (lid, kind, text, message_id, state, due, created) VALUES ('1000004', 'help', 'A', 'M5', 'sending', 1, 1)`,
		`INSERT INTO questions (number, lid, asked, given_name, family_name, comune, words, since, due) VALUES ('+391000005', '1000005', 'details', '', '', '', '', 1, 1)`,
		`INSERT INTO answers (number, lid, kind, text, message_id, state, due, created) VALUES ('+391000006', '1000006', 'help', 'A', 'M6', 'sent', 1, 1)`,
		`INSERT INTO handled (message_id, number, lid, at) VALUES ('M7', '+391000007', '1000007', 1)`,
	} {
		if _, err := s.db.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	people := []Person{
		{Number: "+391000001"}, {LID: "1000001"}, {Number: "+391000002"}, {LID: "1000003"}, {Number: "+391000003"},
		{Number: "+391000004"}, {LID: "1000004"}, {Number: "+391000005"}, {LID: "1000005"}, {Number: "+391999999", LID: "1000001"},
		// No reason: the other identity's digits, what is past, who is nowhere, and nobody.
		{LID: "1000002"}, {Number: "+391000006"}, {LID: "1000006"}, {Number: "+391000007"}, {LID: "1000007"}, {LID: "391000001"}, {},
	}
	has, err := s.Reasons(ctx, people)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range has {
		if want := i < 10; got != want {
			t.Errorf("person %d: a reason is %v, want %v", i, got, want)
		}
	}
	if has, err := s.Reasons(ctx, nil); err != nil || len(has) != 0 {
		t.Errorf("got %v, %v of nobody", has, err)
	}
}
