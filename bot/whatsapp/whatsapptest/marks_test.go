package whatsapptest_test

import (
	"testing"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestReadMarks marks messages as read, with and without blue ticks for their author.
func TestReadMarks(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c, other := linkedClient(t, s, office), linkedClient(t, s, office)
	quiet, loud := anna.Text(office.Number(), "uno"), anna.Text(office.Number(), "due")
	chat := c.awaitText("due").Info.Chat
	mark := func(id string, kind types.ReceiptType) {
		t.Helper()
		if err := c.MarkRead(t.Context(), []string{id}, time.Now(), chat, types.EmptyJID, kind); err != nil {
			t.Fatal(err)
		}
		got := other.awaitReceipt(id, kind)
		if !got.IsFromMe || got.MessageSender.User != anna.LID() {
			t.Errorf("got %+v on the other device, want our own mark", got)
		}
	}
	mark(quiet, types.ReceiptTypeReadSelf)
	settle(t, s)
	if marked, ticks := office.MarkedRead(), anna.BlueTicks(); len(marked) != 1 || marked[0] != quiet || len(ticks) != 0 {
		t.Errorf("got %v marked and %v with blue ticks, want %s and none", marked, ticks, quiet)
	}
	mark(loud, types.ReceiptTypeRead)
	settle(t, s)
	if marked, ticks := office.MarkedRead(), anna.BlueTicks(); len(marked) != 2 || len(ticks) != 1 || ticks[0] != loud {
		t.Errorf("got %v marked and %v with blue ticks, want both and %s", marked, ticks, loud)
	}
}

// TestReadMarksInPrivate lets the owner hide what was read: the library itself then keeps its marks among our devices.
func TestReadMarksInPrivate(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	office.SetPrivacy("readreceipts", "none")
	c := linkedClient(t, s, office)
	id := anna.Text(office.Number(), "uno")
	if err := c.MarkRead(t.Context(), []string{id}, time.Now(), c.awaitText("uno").Info.Chat, types.EmptyJID); err != nil {
		t.Fatal(err)
	}
	second := anna.Text(office.Number(), "due")
	c.awaitText("due")
	insist := waBinary.Node{Tag: "receipt", Attrs: waBinary.Attrs{"id": second, "to": lidOf(anna), "type": "read"}}
	//lint:ignore SA1019 the library itself would not
	if err := c.DangerousInternals().SendNode(t.Context(), insist); err != nil {
		t.Fatal(err)
	}
	_, _ = c.TryFetchPrivacySettings(t.Context(), true) // its answer comes after all that was sent before
	settle(t, s)
	if marked, ticks := office.MarkedRead(), anna.BlueTicks(); len(marked) != 2 || len(ticks) != 0 {
		t.Errorf("got %v marked and %v with blue ticks, want both and none", marked, ticks)
	}
	if got := c.GetPrivacySettings(t.Context()).ReadReceipts; got != types.PrivacySettingNone {
		t.Errorf("got %q for read receipts, want none", got)
	}
}

func TestReadMarkOffences(t *testing.T) {
	t.Parallel()
	c := newCulprit(t)
	c.send("receipt", waBinary.Attrs{"id": "3EB0NEVER", "to": lidOf(c.anna), "type": "read-self"})
	c.send("receipt", waBinary.Attrs{"id": "3EB0NEVER", "to": lidOf(c.anna), "type": "seen"})
	c.expect(whatsapptest.Malformed)
	if got := len(c.s.Offences()); got != 2 {
		t.Errorf("got %d offences, want one each", got)
	}
}
