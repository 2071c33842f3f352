package whatsapptest_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

// inBubble runs a test with a linked client that asks its phone for what it cannot read, as the daemon's does.
func inBubble(t *testing.T, test func(t *testing.T, s *whatsapptest.Server, c *client, office, anna *whatsapptest.Phone)) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
		c := openClient(t, s, file)
		defer leave(c)
		c.AutomaticMessageRerequestFromPhone = true
		c.link(office)
		settle(t, s)
		test(t, s, c, office, anna)
		settle(t, s)
	})
}

func (c *client) awaitUnreadable(id string) *events.UndecryptableMessage {
	c.t.Helper()
	return await(c, "UndecryptableMessage", func(m *events.UndecryptableMessage) bool { return m.Info.ID == id })
}

// unread fails the test when a message was handed over, after a minute.
func (c *client) unread(id string) {
	c.t.Helper()
	time.Sleep(time.Minute)
	for len(c.events) > 0 {
		if m, ok := (<-c.events).(*events.Message); ok && m.Info.ID == id {
			c.t.Errorf("got %s, which nobody could have told", id)
		}
	}
}

func TestGarbleHeals(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, _ *whatsapptest.Server, c *client, office, anna *whatsapptest.Phone) {
		for _, body := range []string{"prima", "seconda"} { // without a session, and within one
			id := anna.Garble(office.Number(), body, true)
			c.awaitUnreadable(id)
			if got := c.awaitText(body); got.Info.ID != id || got.RetryCount != 1 {
				t.Errorf("got %s after %d retries, want %s after one", got.Info.ID, got.RetryCount, id)
			}
			expectText(t, office, body)
			c.say(lidOf(anna), "risposta") // Anna's next message opens no session any more
			expectText(t, anna, "risposta")
		}
	})
}

func TestGarbleForGood(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, _ *whatsapptest.Server, c *client, office, anna *whatsapptest.Phone) {
		id := anna.Garble(office.Number(), "mai", false)
		c.awaitUnreadable(id)
		c.unread(id)
		if office.Asked(id) != 1 || len(office.Messages()) != 0 {
			t.Errorf("got asked %d times, want once, of a phone without the message", office.Asked(id))
		}
		anna.Text(office.Number(), "di nuovo")
		c.awaitText("di nuovo")
		anna.Heal(id)
		if got := c.awaitText("mai"); got.Info.ID != id {
			t.Errorf("got %s, want %s after all", got.Info.ID, id)
		}
	})
}

func TestWithhold(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, _ *whatsapptest.Server, c *client, office, anna *whatsapptest.Phone) {
		for _, address := range []func() *whatsapptest.Phone{anna.ByLID, anna.ByNumber} {
			id := address().Withhold(office.Number(), "view_once", textOf("una volta"))
			if got := c.awaitUnreadable(id); !got.IsUnavailable || got.UnavailableType != events.UnavailableTypeViewOnce {
				t.Errorf("got %+v, want an unavailable message", got)
			}
			got := c.awaitText("una volta")
			if got.Info.ID != id || got.UnavailableRequestID == "" || got.Info.PushName != "Citizen 4567" {
				t.Errorf("got %+v, want %s from our own phone", got.Info, id)
			}
		}
		office.Tell(false)
		id := anna.Withhold(office.Number(), "", textOf("segreto"))
		c.awaitUnreadable(id)
		c.unread(id)
		if got := office.Asked(id); got != 1 {
			t.Errorf("got asked %d times, want once", got)
		}
	})
}

// TestOwnPhoneHelps lets the author be off when its message is asked for again: our own phone has it.
func TestOwnPhoneHelps(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *whatsapptest.Server, c *client, office, anna *whatsapptest.Phone) {
		anna.Text(office.Number(), "ciao")
		c.awaitText("ciao")
		settle(t, s)
		exec(t, c.file, "DELETE FROM whatsmeow_sessions WHERE their_id LIKE ?", anna.LID()+"%")
		s.SetRoundTrip(time.Second) // so that Anna is off before she is asked
		id := anna.Text(office.Number(), "aiuto")
		anna.GoOffline()
		got := c.awaitText("aiuto")
		if got.Info.ID != id {
			t.Errorf("got %s, want %s", got.Info.ID, id)
		}
		anna.GoOnline()
		time.Sleep(time.Minute) // a frame that comes while the client is closed leaves a goroutine of the library behind
	})
}

// TestWrappedRequest asks as other clients do, which wrap what they say to their own phone like a copy.
func TestWrappedRequest(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, _ *whatsapptest.Server, c *client, office, anna *whatsapptest.Phone) {
		office.Tell(false)
		id := anna.Withhold(office.Number(), "", textOf("segreto"))
		c.awaitUnreadable(id)
		c.unread(id)
		office.Tell(true)
		request := c.BuildUnavailableMessageRequest(lidOf(anna), lidOf(anna), id)
		if _, err := c.SendPeerMessage(t.Context(), wrappedFor(numberOf(office), request)); err != nil {
			t.Fatal(err)
		}
		if got := c.awaitText("segreto"); got.Info.ID != id {
			t.Errorf("got %s, want %s from our own phone", got.Info.ID, id)
		}
	})
}

func wrappedFor(to types.JID, message *waE2E.Message) *waE2E.Message {
	return &waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{DestinationJID: proto.String(to.String()), Message: message}}
}

func TestPeerOffences(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		want    whatsapptest.OffenceKind
		message func(c *culprit, id string) *waE2E.Message
	}{
		"another chat": {whatsapptest.WrongAddress, func(c *culprit, id string) *waE2E.Message {
			other := c.s.NewPhone("+393331234568")
			return c.BuildUnavailableMessageRequest(lidOf(other), lidOf(other), id)
		}},
		"wrapped for another": {whatsapptest.WrongCopy, func(c *culprit, id string) *waE2E.Message {
			return wrappedFor(numberOf(c.anna), c.BuildUnavailableMessageRequest(lidOf(c.anna), lidOf(c.anna), id))
		}},
		"a text in the wrapping":  {whatsapptest.BadPlaintext, func(c *culprit, _ string) *waE2E.Message { return wrappedFor(numberOf(c.office), textOf(secret)) }},
		"nothing in the wrapping": {whatsapptest.BadPlaintext, func(c *culprit, _ string) *waE2E.Message { return wrappedFor(numberOf(c.office), nil) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCulprit(t)
			id := c.anna.Text(c.office.Number(), "ciao")
			c.awaitText("ciao")
			settle(t, c.s)
			if _, err := c.SendPeerMessage(t.Context(), test.message(c, id)); err != nil {
				t.Fatal(err)
			}
			c.expect(test.want)
		})
	}
}
