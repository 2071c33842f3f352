package whatsapptest_test

import (
	"testing"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestElsewhere writes in every place, twice, from a phone that shows both addresses and from one that shows its number.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna, bruno := s.NewPhone("+393343679575"), s.NewPhone("+393331234567"), s.NewPhone("+393331234568").ByNumber()
	c := linkedClient(t, s, office)
	for _, phone := range []*whatsapptest.Phone{anna, bruno} {
		for place, server := range map[whatsapptest.Place]string{
			whatsapptest.Group: types.GroupServer, whatsapptest.Status: types.BroadcastServer,
			whatsapptest.BroadcastList: types.BroadcastServer, whatsapptest.Channel: types.NewsletterServer,
		} {
			for range 2 {
				id := phone.WriteIn(place, office.Number(), textOf("Attiva Notizie"))
				got := await(c, string(place), func(m *events.Message) bool { return m.Info.ID == id && bodyOf(m) != "" })
				if bodyOf(got) != "Attiva Notizie" || got.Info.Chat.Server != server {
					t.Errorf("got %q in %v, want the text in a %s", bodyOf(got), got.Info.Chat, place)
				}
				if known := []string{phone.LID(), phone.Number()[1:]}; place != whatsapptest.Channel && (got.Info.Sender.User != known[0] && got.Info.Sender.User != known[1] || got.Info.SenderAlt.IsEmpty()) {
					t.Errorf("got it from %v and %v, want both addresses of its author", got.Info.Sender, got.Info.SenderAlt)
				}
			}
		}
	}
	settle(t, s)
	if shown := office.Messages(); len(shown) != 0 {
		t.Errorf("got %d private messages, want none", len(shown))
	}
}

// TestGroupRetry lets the client lose its sender keys and sessions: it asks again, and gets the message as a person does.
func TestGroupRetry(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	c.say(lidOf(anna), "ciao") // opens the session: what Anna writes next does not
	expectText(t, anna, "ciao")
	settle(t, s)
	anna.Text(office.Number(), "salve")
	c.awaitText("salve")
	c.close()
	exec(t, c.file, "DELETE FROM whatsmeow_sessions WHERE their_id LIKE ?", anna.LID()+"%")
	c = openClient(t, s, c.file)
	c.connect()
	c.awaitConnected()
	id := anna.WriteIn(whatsapptest.Group, office.Number(), textOf("a tutti"))
	await[*events.UndecryptableMessage](c, "UndecryptableMessage", nil)
	if got := c.awaitText("a tutti"); got.Info.ID != id || !got.Info.IsGroup {
		t.Errorf("got %+v, want the message in the group", got.Info)
	}
	settle(t, s)
}
