package whatsapptest_test

import (
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestClientToClient lets two real clients of different accounts talk, lose a session and ask
// each other again.
func TestClientToClient(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	saronno, uboldo := s.NewPhone("+393343679575"), s.NewPhone("+393343679576")
	one, two := linkedClient(t, s, saronno), linkedClient(t, s, uboldo)
	id := one.say(lidOf(uboldo), "uno")
	two.awaitText("uno")
	one.awaitReceipt(id, types.ReceiptTypeInactive) // the other client never said that it is available
	two.say(lidOf(saronno), "due")
	one.awaitText("due")
	one.say(lidOf(uboldo), "tre")
	two.awaitText("tre")
	settle(t, s)

	two.close()
	exec(t, two.file, "DELETE FROM whatsmeow_sessions WHERE their_id LIKE ?", saronno.LID()+"%")
	two = openClient(t, s, two.file)
	two.connect()
	two.awaitConnected()
	one.say(lidOf(uboldo), "quattro")
	await[*events.UndecryptableMessage](two, "UndecryptableMessage", nil)
	two.awaitText("quattro")
	expectText(t, uboldo, "quattro")
	settle(t, s)
}

// TestMedia sends a file both ways through the library.
func TestMedia(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.Excuse(whatsapptest.BadMedia)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	flyer := []byte("il manifesto della sagra")
	upload, err := c.Upload(t.Context(), flyer, whatsmeow.MediaDocument)
	if err != nil {
		t.Fatal(err)
	}
	document := &waE2E.DocumentMessage{
		URL: &upload.URL, DirectPath: &upload.DirectPath, MediaKey: upload.MediaKey, FileEncSHA256: upload.FileEncSHA256,
		FileSHA256: upload.FileSHA256, FileLength: &upload.FileLength, Caption: proto.String("Sagra"),
		Mimetype: proto.String("text/plain"), FileName: proto.String("sagra.txt"),
	}
	if _, err = c.SendMessage(t.Context(), lidOf(anna), &waE2E.Message{DocumentMessage: document}); err != nil {
		t.Fatal(err)
	}
	if got := expectText(t, anna, "Sagra"); got.Kind != "document" || string(got.Media) != string(flyer) {
		t.Errorf("got a %s of %d bytes, want the document", got.Kind, len(got.Media))
	}
	anna.Write(office.Number(), &waE2E.Message{DocumentMessage: document})
	received := await(c, "document", func(m *events.Message) bool { return m.Message.GetDocumentMessage() != nil })
	if got, err := c.Download(t.Context(), received.Message.GetDocumentMessage()); err != nil || string(got) != string(flyer) {
		t.Errorf("got %q, %v, want the file back", got, err)
	}
	settle(t, s)
	if got := s.Offences(); len(got) != 0 {
		t.Fatalf("got %v for a good file", got)
	}

	document.FileSHA256[0] ^= 1
	document.Caption = proto.String("Guasto")
	if _, err = c.SendMessage(t.Context(), lidOf(anna), &waE2E.Message{DocumentMessage: document}); err != nil {
		t.Fatal(err)
	}
	if got := expectText(t, anna, "Guasto"); got.Media != nil {
		t.Error("got a file whose hash does not fit")
	}
	settle(t, s)
	if got := s.Offences(); len(got) == 0 || got[0].Kind != whatsapptest.BadMedia {
		t.Errorf("got %v for a file whose hash does not fit, want bad media", got)
	}
}

// TestOwnComputersSeeIt links two clients to one account: what one of them sends, changes and takes back reaches the other
// too, as it reaches the account's phone.
func TestOwnComputersSeeIt(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	other := linkedClient(t, s, office)
	c := &culprit{linkedClient(t, s, office), s, office, anna}
	settle(t, s)
	copied := func(id string) *events.Message {
		t.Helper()
		got := await(other, "copy", func(m *events.Message) bool { return m.Info.ID == id })
		if !got.Info.IsFromMe || got.Info.Chat.User != anna.LID() {
			t.Errorf("got %+v, want what the account wrote to Anna", got.Info.MessageSource)
		}
		return got
	}
	picture := c.picture(40, 30)
	id := c.put(picture)
	got := copied(id)
	if file, err := other.Download(t.Context(), got.Message.GetImageMessage()); err != nil || string(file) != string(photo(40, 30)) || got.Info.MediaType != "image" {
		t.Errorf("got %d bytes of %q, %v, want the picture", len(file), got.Info.MediaType, err)
	}
	picture = proto.Clone(picture).(*waE2E.Message)
	picture.ImageMessage.Caption = proto.String("Sagra")
	got = copied(c.put(c.edit(id, picture)))
	if word := got.Message.GetProtocolMessage(); got.Info.Edit != types.EditAttributeMessageEdit || word.GetEditedMessage().GetImageMessage().GetCaption() != "Sagra" {
		t.Errorf("got %v as %q, want the caption", word, got.Info.Edit)
	}
	got = copied(c.put(c.revoke(id)))
	if word := got.Message.GetProtocolMessage(); got.Info.Edit != types.EditAttributeSenderRevoke || word.GetKey().GetID() != id {
		t.Errorf("got %v as %q, want the deletion", word, got.Info.Edit)
	}
	settle(t, s)
}
