package whatsapptest_test

import (
	"testing"

	"go.mau.fi/whatsmeow/types"

	"banditore/bot/whatsapp/whatsapptest"
)

func TestChangeLID(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.Excuse(whatsapptest.StaleAddress)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	anna.Text(office.Number(), "prima")
	c.say(c.awaitText("prima").Info.Chat, "uno")
	expectText(t, anna, "uno")
	settle(t, s)

	old := lidOf(anna)
	anna.ChangeLID()
	if lidOf(anna) == old {
		t.Fatal("got the same LID")
	}
	c.say(old, "a vuoto")
	settle(t, s)
	if got := s.Offences(); len(got) != 0 {
		t.Errorf("got %v for a message to a LID that was good", got)
	}
	c.say(old, "di nuovo a vuoto")
	settle(t, s)
	if got := s.Offences(); len(got) != 1 || got[0].Kind != whatsapptest.StaleAddress {
		t.Errorf("got %v for a message to a LID that the server said to refresh, want a stale address", got)
	}

	anna.Text(office.Number(), "dopo")
	got := c.awaitText("dopo")
	if got.Info.Sender != lidOf(anna) || got.Info.SenderAlt != numberOf(anna) {
		t.Errorf("got it from %v and %v, want the new LID and the same number", got.Info.Sender, got.Info.SenderAlt)
	}
	if got.RetryCount != 0 {
		t.Errorf("got it after %d retries, want it at once: a new session is opened", got.RetryCount)
	}
	id := c.say(got.Info.Chat, "due")
	expectText(t, anna, "due")
	c.awaitReceipt(id, types.ReceiptTypeDelivered)
	settle(t, s)
	if shown := anna.Messages(); len(shown) != 2 {
		t.Errorf("got %d messages, want the two that were well addressed", len(shown))
	}
}

func TestRecycle(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	anna.Text(office.Number(), "prima")
	c.say(c.awaitText("prima").Info.Chat, "uno")
	expectText(t, anna, "uno")
	settle(t, s)

	stranger := s.Recycle(anna.Number())
	if stranger.Number() != anna.Number() || stranger.LID() == anna.LID() || s.Phone(anna.Number()) != stranger {
		t.Fatalf("got %s and LID %s, want the number with another LID", stranger.Number(), stranger.LID())
	}
	c.say(lidOf(anna), "per Anna")
	settle(t, s)
	if len(anna.Messages()) != 1 || len(stranger.Messages()) != 0 {
		t.Errorf("got %d and %d messages, want the message lost", len(anna.Messages()), len(stranger.Messages()))
	}
	stranger.Text(office.Number(), "dopo")
	got := c.awaitText("dopo")
	if got.Info.Sender != lidOf(stranger) || got.Info.SenderAlt != numberOf(anna) {
		t.Errorf("got it from %v and %v, want the other LID and the same number", got.Info.Sender, got.Info.SenderAlt)
	}
	c.say(got.Info.Chat, "due")
	expectText(t, stranger, "due")
	settle(t, s)
	if next := s.Recycle(anna.Number()); next.LID() == stranger.LID() || next.LID() == anna.LID() {
		t.Error("got a LID for the third owner that another had")
	}
}
