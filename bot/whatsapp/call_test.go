package whatsapp

import (
	"context"
	"testing"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Calls of the Comune's own phone, of groups and of whoever is no person are neither rejected nor told. Without a library
// behind the link a rejection would be a panic.
func TestCallsThatAreNotForUs(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	c.options.OnText = func(_ context.Context, text Text) error {
		t.Errorf("told %v", text)
		return nil
	}
	l := &link{ownLID: types.NewJID("200000000000001", types.HiddenUserServer)}
	mario, group := types.NewJID("111111", types.HiddenUserServer), types.NewJID("120363000000000001", types.GroupServer)
	for name, call := range map[string]types.BasicCallMeta{
		"our number":  {From: types.NewJID("393343679575", types.DefaultUserServer), CallID: "A"},
		"our LID":     {From: l.ownLID, CallID: "B"},
		"in a group":  {From: mario, GroupJID: group, CallID: "C"},
		"of a group":  {From: group, CallID: "D"},
		"without ID":  {From: mario},
		"not a digit": {From: types.NewJID("status", types.DefaultUserServer), CallID: "E"},
	} {
		if !c.called(l, call) {
			t.Errorf("%s: it is not acknowledged", name)
		}
	}
	if !c.noticed(l, &events.CallOfferNotice{BasicCallMeta: types.BasicCallMeta{From: mario, CallID: "F"}, Type: "group"}) {
		t.Error("the notice of a call of several people is not acknowledged")
	}
}
