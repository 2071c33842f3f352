package whatsapptest_test

import (
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

// oneOfEach lists what a citizen can send, with the type, media type and edit mark of its stanza.
func oneOfEach() map[string]struct {
	content     *waE2E.Message
	kind, media string
	edit        types.EditAttribute
} {
	word := textOf("ciao")
	in := func(content *waE2E.Message) *waE2E.FutureProofMessage {
		return &waE2E.FutureProofMessage{Message: content}
	}
	picture := &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: proto.String("ciao")}}
	type row = struct {
		content     *waE2E.Message
		kind, media string
		edit        types.EditAttribute
	}
	return map[string]row{
		"text":            {word, "text", "", ""},
		"ephemeral":       {&waE2E.Message{EphemeralMessage: in(word)}, "text", "", ""},
		"view once":       {&waE2E.Message{ViewOnceMessage: in(picture)}, "media", "image", ""},
		"view once 2":     {&waE2E.Message{ViewOnceMessageV2: in(picture)}, "media", "image", ""},
		"view once voice": {&waE2E.Message{ViewOnceMessageV2Extension: in(&waE2E.Message{AudioMessage: &waE2E.AudioMessage{PTT: proto.Bool(true)}})}, "media", "ptt", ""},
		"document":        {&waE2E.Message{DocumentWithCaptionMessage: in(&waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{}})}, "media", "document", ""},
		"sticker":         {&waE2E.Message{StickerMessage: &waE2E.StickerMessage{}}, "media", "sticker", ""},
		"lottie":          {&waE2E.Message{LottieStickerMessage: in(&waE2E.Message{StickerMessage: &waE2E.StickerMessage{}})}, "media", "sticker", ""},
		"video":           {&waE2E.Message{VideoMessage: &waE2E.VideoMessage{}}, "media", "video", ""},
		"gif":             {&waE2E.Message{VideoMessage: &waE2E.VideoMessage{GifPlayback: proto.Bool(true)}}, "media", "gif", ""},
		"video note":      {&waE2E.Message{PtvMessage: &waE2E.VideoMessage{}}, "media", "ptv", ""},
		"audio":           {&waE2E.Message{AudioMessage: &waE2E.AudioMessage{}}, "media", "audio", ""},
		"contact":         {&waE2E.Message{ContactMessage: &waE2E.ContactMessage{}}, "media", "vcard", ""},
		"contacts":        {&waE2E.Message{ContactsArrayMessage: &waE2E.ContactsArrayMessage{}}, "media", "contact_array", ""},
		"location":        {&waE2E.Message{LocationMessage: &waE2E.LocationMessage{}}, "media", "location", ""},
		"live location":   {&waE2E.Message{LiveLocationMessage: &waE2E.LiveLocationMessage{}}, "media", "livelocation", ""},
		"invite":          {&waE2E.Message{GroupInviteMessage: &waE2E.GroupInviteMessage{}}, "media", "url", ""},
		"link":            {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Title: proto.String("Comune")}}, "media", "url", ""},
		"button":          {&waE2E.Message{ButtonsResponseMessage: &waE2E.ButtonsResponseMessage{}}, "media", "buttons_response", ""},
		"list":            {&waE2E.Message{ListResponseMessage: &waE2E.ListResponseMessage{}}, "media", "list_response", ""},
		"template":        {&waE2E.Message{TemplateButtonReplyMessage: &waE2E.TemplateButtonReplyMessage{}}, "text", "", ""},
		"flow":            {&waE2E.Message{InteractiveResponseMessage: &waE2E.InteractiveResponseMessage{}}, "media", "native_flow_response", ""},
		"poll":            {&waE2E.Message{PollCreationMessageV3: &waE2E.PollCreationMessage{}}, "poll", "", ""},
		"vote":            {&waE2E.Message{PollUpdateMessage: &waE2E.PollUpdateMessage{}}, "poll", "", ""},
		"reaction":        {&waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Text: proto.String("👍")}}, "reaction", "", ""},
		"unreaction":      {&waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Text: proto.String("")}}, "reaction", "", types.EditAttributeSenderRevoke},
		"pin":             {&waE2E.Message{PinInChatMessage: &waE2E.PinInChatMessage{}}, "text", "", types.EditAttributePinInChat},
	}
}

func TestKindsArrive(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	for name, want := range oneOfEach() {
		id := anna.Write(office.Number(), want.content)
		got := await(c, name, func(m *events.Message) bool { return m.Info.ID == id })
		if got.Info.Type != want.kind || got.Info.MediaType != want.media || got.Info.Edit != want.edit {
			t.Errorf("%s: got type %q, media %q, edit %q, want %q, %q, %q", name, got.Info.Type, got.Info.MediaType, got.Info.Edit, want.kind, want.media, want.edit)
		}
		if len(got.RawMessage.GetMessageContextInfo().GetMessageSecret()) != 32 {
			t.Errorf("%s: got no secret, which real phones add to every message", name)
		}
		got.RawMessage.MessageContextInfo, got.Message.MessageContextInfo = nil, nil // the library copies it inwards
		if !proto.Equal(got.RawMessage, want.content) {
			t.Errorf("%s: got %v, want what was written", name, got.RawMessage)
		}
	}
	settle(t, s)
}

func TestGestures(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	first := anna.Text(office.Number(), "Attivo Notizie")
	c.awaitText("Attivo Notizie")
	edit := anna.Edit(office.Number(), first, "Attiva Notizie")
	got := await(c, "edit", func(m *events.Message) bool { return m.Info.ID == edit })
	word := got.Message.GetProtocolMessage()
	if !got.IsEdit || got.Info.Edit != types.EditAttributeMessageEdit || word.GetKey().GetID() != first || word.GetEditedMessage().GetConversation() != "Attiva Notizie" {
		t.Errorf("got %v as %q, want the edit of %s", got.RawMessage, got.Info.Edit, first)
	}
	news := c.say(lidOf(anna), "Strada chiusa")
	expectText(t, anna, "Strada chiusa")
	reply := anna.Reply(office.Number(), "Strada chiusa", "fino a quando?")
	got = await(c, "reply", func(m *events.Message) bool { return m.Info.ID == reply })
	quote := got.Message.GetExtendedTextMessage().GetContextInfo()
	if bodyOf(got) != "fino a quando?" || quote.GetStanzaID() != news || quote.GetQuotedMessage().GetConversation() != "Strada chiusa" || quote.GetParticipant() != lidOf(office).String() {
		t.Errorf("got %v, want an answer to %s", got.RawMessage, news)
	}
	reaction := anna.React(office.Number(), news, "👍")
	got = await(c, "reaction", func(m *events.Message) bool { return m.Info.ID == reaction })
	if mark := got.Message.GetReactionMessage(); mark.GetKey().GetID() != news || mark.GetText() != "👍" {
		t.Errorf("got %v, want a thumb on %s", mark, news)
	}
	gone := anna.Revoke(office.Number(), first)
	got = await(c, "revocation", func(m *events.Message) bool { return m.Info.ID == gone })
	if word = got.Message.GetProtocolMessage(); word.GetType() != waE2E.ProtocolMessage_REVOKE || word.GetKey().GetID() != first || got.Info.Edit != types.EditAttributeSenderRevoke {
		t.Errorf("got %v as %q, want %s taken back", word, got.Info.Edit, first)
	}
	settle(t, s)
	if shown := office.Messages(); len(shown) < 2 || shown[1].Kind != "edit" || shown[1].Text != "Attiva Notizie" {
		t.Errorf("got %+v on the office's phone, want the edit", shown)
	}
}

const goodCard = "BEGIN:VCARD\nVERSION:3.0\nN:;Comune;;;\nFN:Comune\nTEL;type=CELL;waid=393343679575:+39 334 367 9575\nEND:VCARD"

// TestCard sends a card that a phone can save, and some that it cannot.
func TestCard(t *testing.T) {
	t.Parallel()
	for name, card := range map[string]string{
		"good":           goodCard,
		"without number": "BEGIN:VCARD\nVERSION:3.0\nN:;Comune;;;\nFN:Comune\nEND:VCARD",
		"other number":   "BEGIN:VCARD\nVERSION:3.0\nN:;Comune;;;\nFN:Comune\nTEL;waid=39333:+39 334\nEND:VCARD",
		"no card":        "Comune, +39 334 367 9575",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCulprit(t)
			_, err := c.SendMessage(t.Context(), lidOf(c.anna), &waE2E.Message{ContactMessage: &waE2E.ContactMessage{DisplayName: proto.String("Comune"), Vcard: &card}})
			if err != nil {
				t.Fatal(err)
			}
			shown, err := c.anna.AwaitMessages(soon(t), 1)
			if err != nil || shown[0].Kind != "contact" || shown[0].CardName != "Comune" || shown[0].Card != card || shown[0].Text != "" {
				t.Errorf("got %+v, %v, want the card", shown, err)
			}
			if name != "good" {
				c.expect(whatsapptest.BadPlaintext)
			} else if settle(t, c.s); len(c.s.Offences()) != 0 {
				t.Errorf("got offences %v for a good card", c.s.Offences())
			}
		})
	}
}
