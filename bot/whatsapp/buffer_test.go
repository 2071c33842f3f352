package whatsapp

import (
	"bytes"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// The buffer keeps a text only while somebody will still be handed it.
func TestG5_NoTextStaysInTheBuffer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openForTest(t, dir)
	our := types.NewADJID("393343679575", 0, 1)
	insertDevice(t, c.db, our.String())
	stores := sqlstore.NewSQLStore(c.container, our)
	buffer := newSessionLock(stores, stores, func() {})
	c.link = &link{sessions: buffer}
	c.link.lib, c.link.wire = c.newLibrary(c.container.NewDevice())
	holds := func(word string) bool { return bytes.Contains(sessionBytes(t, dir), []byte(word)) }
	put := func(hash byte, plaintext []byte) {
		t.Helper()
		if err := buffer.PutBufferedEvent(t.Context(), [32]byte{hash}, plaintext, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	message, err := proto.Marshal(words("Zarlenga"))
	if err != nil {
		t.Fatal(err)
	}
	put(1, append([]byte("\xffOttavio"), 1))        // no message
	put(2, append(message, 7, 7))                   // not padded as it should be
	put(3, nil)                                     // nothing at all
	put(4, append(bytes.Clone(message), 3, 3, 3))   // a text
	put(5, append(bytes.Clone(message), 15, 15, 0)) // the library takes a zero for no padding; then it is no message
	for hash := range byte(6) {
		event, err := buffer.GetBufferedEvent(t.Context(), [32]byte{hash})
		if err != nil || (event == nil) != (hash == 0) || event != nil && (event.Plaintext != nil) != (hash == 4) {
			t.Errorf("%d: got %v, %v", hash, event, err)
		}
	}
	if holds("Ottavio") || !holds("Zarlenga") {
		t.Errorf("got what is no message kept %t, and a text kept %t", holds("Ottavio"), holds("Zarlenga"))
	}

	full(t, c, "CREATE TRIGGER full BEFORE UPDATE ON whatsmeow_event_buffer BEGIN SELECT RAISE(ABORT, 'full'); END")
	if err := buffer.ClearBufferedEventPlaintext(t.Context(), [32]byte{4}); err == nil {
		t.Fatal("a full disk went unnoticed")
	}
	someone := []Address{{Number: "+393331234567"}}
	if err := c.Forget(t.Context(), someone); err == nil {
		t.Error("somebody was forgotten while a handled text could not be erased")
	}
	full(t, c, "DROP TRIGGER full")
	if err := c.Forget(t.Context(), someone); err != nil || holds("Zarlenga") {
		t.Errorf("got %v, and the handled text kept %t", err, holds("Zarlenga"))
	}
}

func full(t *testing.T, c *Client, statement string) {
	t.Helper()
	if _, err := c.db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
