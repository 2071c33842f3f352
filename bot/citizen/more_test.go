package citizen

import "testing"

// TestMoreMessages reads our own corpus; testdata/README.md says what it is worth.
func TestMoreMessages(t *testing.T) {
	t.Parallel()
	rows := moreMessages(t)
	for _, one := range rows {
		if got := reader(t).Read(one.text); !one.right(got) {
			t.Errorf("%s %q: got %v %+v, want %s %+v or %q", one.id, one.text, got.Intent, got, one.intent, one.want, one.accept)
		}
	}
}
