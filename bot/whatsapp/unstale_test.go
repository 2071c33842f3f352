package whatsapp

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// A text from a LID shows that it is in use again, if it was written after the LID was said to be stale: in the same second
// nobody knows, and nothing goes there.
func TestG7_ATextFromBeforeLeavesALIDStale(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	lid := types.NewJID("111111", types.HiddenUserServer)
	const since = 1_790_000_000
	if _, err := c.db.Exec(`INSERT INTO banditore_stale_lids (lid, number, fresh, since) VALUES (?, '', '', ?)`, lid.User, since); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		written int64
		stale   bool
	}{{since - 1, true}, {since, true}, {since + 1, false}} {
		if err := c.unstale(t.Context(), lid, time.Unix(step.written, 0)); err != nil {
			t.Fatal(err)
		}
		if _, is, err := c.staleLID(t.Context(), lid); err != nil || is != step.stale {
			t.Errorf("written %d s after: stale is %v, %v", step.written-since, is, err)
		}
	}
}
