package whatsapptest_test

import (
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

func TestOfflineQueue(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567").ByNumber()
	c := linkedClient(t, s, office)
	settle(t, s)
	c.Disconnect()
	anna.Text(office.Number(), "uno")
	anna.Text(office.Number(), "due")
	c.drain()
	c.connect()
	preview := await[*events.OfflineSyncPreview](c, "OfflineSyncPreview", nil)
	if preview.Messages != 2 || preview.Notifications != 1 {
		t.Errorf("got %d messages and %d notifications, want 2 and the token", preview.Messages, preview.Notifications)
	}
	c.awaitText("uno")
	c.awaitText("due")
	await[*events.OfflineSyncCompleted](c, "OfflineSyncCompleted", nil)
	settle(t, s)
	c.Disconnect()
	c.drain()
	c.connect()
	if again := await[*events.OfflineSyncPreview](c, "OfflineSyncPreview", nil); again.Total != 0 {
		t.Errorf("got %d stanzas again that were acknowledged", again.Total)
	}
}

// TestRedelivery lets a handler fail: the message stays at the server and comes again at the
// next login.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := openClient(t, s, "")
	c.EnableDecryptedEventBuffer = true
	var failing atomic.Bool
	failing.Store(true)
	c.AddEventHandlerWithSuccessStatus(func(event any) bool {
		_, text := event.(*events.Message)
		return !text || !failing.Load()
	})
	c.link(office)
	anna.Text(office.Number(), "ciao")
	c.awaitText("ciao")
	failing.Store(false)
	s.DropConnections()
	c.awaitText("ciao")
	settle(t, s)
}

func TestPhoneOffline(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	anna.GoOffline()
	c.say(lidOf(anna), "uno")
	c.say(lidOf(anna), "due")
	written := anna.Text(office.Number(), "scritto al buio")
	settle(t, s)
	if got := anna.Messages(); len(got) != 0 {
		t.Fatalf("got %v on a phone that is off", got)
	}
	anna.GoOnline()
	messages, err := anna.AwaitMessages(soon(t), 2)
	if err != nil {
		t.Fatal(err)
	}
	if messages[0].Text != "uno" || messages[1].Text != "due" {
		t.Errorf("got %q then %q, want the order they were sent in", messages[0].Text, messages[1].Text)
	}
	if got := c.awaitText("scritto al buio"); got.Info.ID != written {
		t.Errorf("got ID %s, want %s", got.Info.ID, written)
	}
	settle(t, s)
}

// TestTextBeforeKeys writes to a client between its pairing and its first upload of keys.
func TestTextBeforeKeys(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := openClient(t, s, "")
	c.DisableLoginAutoReconnect = true
	c.connect()
	if err := office.ScanQR(await[*events.QR](c, "QR codes", nil).Codes[0]); err != nil {
		t.Fatal(err)
	}
	anna.Text(office.Number(), "presto")
	await[*events.ManualLoginReconnect](c, "ManualLoginReconnect", nil)
	c.Disconnect()
	c.connect()
	c.awaitText("presto")
	settle(t, s)
}

func TestRefuser(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	s.SetRefuser(func(to *whatsapptest.Phone, _ string) int {
		if to == anna && s.Stats().Refused == 0 { // a test may use the server in here
			return 463
		}
		return 0
	})
	if _, err := c.SendMessage(t.Context(), lidOf(anna), textOf("no")); !errors.Is(err, whatsmeow.ErrServerReturnedError) {
		t.Errorf("got %v, want the server's error", err)
	}
	c.say(lidOf(anna), "sì")
	expectText(t, anna, "sì")
	settle(t, s)
	if got := anna.Messages(); len(got) != 1 {
		t.Errorf("got %d messages, want the second only", len(got))
	}
}

// TestAckStaller loses an ack; the message sent again under the same ID is shown once and
// counted once.
func TestAckStaller(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
		c := openClient(t, s, file).link(office)
		s.SetAckStaller(func(to *whatsapptest.Phone, _ string) bool { return to == anna })
		extra := whatsmeow.SendRequestExtra{ID: "3EB0AAAA", Timeout: time.Minute}
		start := time.Now()
		if _, err := c.SendMessage(t.Context(), lidOf(anna), textOf("ciao"), extra); !errors.Is(err, whatsmeow.ErrMessageTimedOut) {
			t.Errorf("got %v, want a timeout", err)
		}
		if took := time.Since(start); took != time.Minute {
			t.Errorf("got the timeout after %v, want a minute", took)
		}
		expectText(t, anna, "ciao")
		s.SetAckStaller(nil)
		if _, err := c.SendMessage(t.Context(), lidOf(anna), textOf("ciao"), extra); err != nil {
			t.Error(err)
		}
		settle(t, s)
		if got := anna.Messages(); len(got) != 1 || anna.Repeats() != 1 {
			t.Errorf("got %d messages and %d repeats, want 1 and 1", len(got), anna.Repeats())
		}
		leave(c)
	})
}

// TestDropInMidSend cuts the line after the message was taken and before its ack: the library
// repeats the identical frame, which the phone ignores and the server acks.
func TestDropInMidSend(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	settle(t, s)
	var dropped atomic.Bool
	s.SetAckStaller(func(*whatsapptest.Phone, string) bool {
		if dropped.Swap(true) {
			return false
		}
		s.DropConnections()
		return true
	})
	c.say(lidOf(anna), "ciao")
	c.awaitConnected()
	expectText(t, anna, "ciao")
	settle(t, s)
	if got := anna.Messages(); len(got) != 1 || anna.Repeats() != 1 {
		t.Errorf("got %d messages and %d repeats, want 1 and 1", len(got), anna.Repeats())
	}
}
