package whatsapp

import (
	"bytes"
	"context"
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

func TestTheFormOfFiles(t *testing.T) {
	t.Parallel()
	hash := func(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }
	upload := Upload{URL: "https://example.org/x", DirectPath: "/x?a=b", Key: hash(1), SHA256: hash(2), EncSHA256: hash(3), Length: 7}
	url, path, length, thumbnail := &upload.URL, &upload.DirectPath, &upload.Length, []byte("jpeg")
	document := func(caption *string) *waE2E.Message {
		return &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
			Mimetype: proto.String("application/pdf"), FileName: proto.String("festa.pdf"), Title: proto.String("festa.pdf"), PageCount: proto.Uint32(3),
			JPEGThumbnail: thumbnail, Caption: caption, URL: url, DirectPath: path, MediaKey: hash(1), FileSHA256: hash(2), FileEncSHA256: hash(3), FileLength: length,
		}}
	}
	pdf := Media{Kind: Document, MIME: "application/pdf", Name: "festa.pdf", Pages: 3, Thumbnail: thumbnail, Upload: upload}
	for name, test := range map[string]struct {
		content Content
		want    *waE2E.Message
	}{
		"image": {Content{Text: "Festa", Media: &Media{Kind: Image, MIME: "image/jpeg", Width: 4, Height: 3, Thumbnail: thumbnail, Upload: upload}},
			&waE2E.Message{ImageMessage: &waE2E.ImageMessage{
				Mimetype: proto.String("image/jpeg"), Width: proto.Uint32(4), Height: proto.Uint32(3), JPEGThumbnail: thumbnail, Caption: proto.String("Festa"),
				URL: url, DirectPath: path, MediaKey: hash(1), FileSHA256: hash(2), FileEncSHA256: hash(3), FileLength: length,
			}}},
		"video": {Content{Text: "Festa", Media: &Media{Kind: Video, MIME: "video/mp4", Width: 4, Height: 3, Seconds: 9, Thumbnail: thumbnail, Upload: upload}},
			&waE2E.Message{VideoMessage: &waE2E.VideoMessage{
				Mimetype: proto.String("video/mp4"), Width: proto.Uint32(4), Height: proto.Uint32(3), Seconds: proto.Uint32(9), JPEGThumbnail: thumbnail,
				Caption: proto.String("Festa"), URL: url, DirectPath: path, MediaKey: hash(1), FileSHA256: hash(2), FileEncSHA256: hash(3), FileLength: length,
			}}},
		"nothing known": {Content{Media: &Media{Kind: Image, MIME: "image/png", Upload: upload}},
			&waE2E.Message{ImageMessage: &waE2E.ImageMessage{
				Mimetype: proto.String("image/png"), URL: url, DirectPath: path, MediaKey: hash(1), FileSHA256: hash(2), FileEncSHA256: hash(3), FileLength: length,
			}}},
		"document":              {Content{Media: &pdf}, document(nil)},
		"document with caption": {Content{Text: "Festa", Media: &pdf}, &waE2E.Message{DocumentWithCaptionMessage: &waE2E.FutureProofMessage{Message: document(proto.String("Festa"))}}},
	} {
		if err := test.content.check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := test.content.shown(); !proto.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

// A phone may ask under its number. What an edit or a deletion names is the chat it was sent in, which is that of the LID.
func TestAnAmendmentNamesTheChatItWasSentIn(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	number, lid := types.NewJID("393331234567", types.DefaultUserServer), types.NewJID("117540327481234", types.HiddenUserServer)
	c.people.learn(t.Context(), addressOf(number, lid))
	lib, _ := c.newLibrary(c.container.NewDevice())
	for _, content := range []Content{{Edits: "3EB0A", Text: "x"}, {Deletes: "3EB0A"}} {
		c.options.Resend = func(context.Context, string, Sender) (Content, bool) { return content, true }
		for _, chat := range []types.JID{number, lid} {
			message := lib.GetMessageForRetry(chat, chat, "3EB0B")
			word := message.GetProtocolMessage()
			if content.Edits != "" {
				word = message.GetEditedMessage().GetMessage().GetProtocolMessage()
			}
			if got := word.GetKey().GetRemoteJID(); got != lid.String() {
				t.Errorf("asked from %s, it names %q", chat.Server, got)
			}
		}
	}
}
