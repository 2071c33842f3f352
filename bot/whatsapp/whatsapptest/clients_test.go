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
