package whatsapp_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// picture is a JPEG of that size, and its thumbnail.
func picture(t *testing.T, width, height int) (data, thumbnail []byte) {
	t.Helper()
	encode := func(width, height int) []byte {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	return encode(width, height), encode(width/10, height/10)
}

const leaflet = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// uploaded is a picture that has been uploaded.
func (w *town) uploaded(client *whatsapp.Client) (media *whatsapp.Media, data []byte) {
	w.t.Helper()
	data, thumbnail := picture(w.t, 120, 80)
	upload, err := client.Upload(w.t.Context(), whatsapp.Image, data)
	if err != nil {
		w.t.Fatalf("upload: %v", err)
	}
	return &whatsapp.Media{Kind: whatsapp.Image, MIME: "image/jpeg", Width: 120, Height: 80, Thumbnail: thumbnail, Upload: upload}, data
}

func (w *town) sendContent(client *whatsapp.Client, to *whatsapptest.Phone, content whatsapp.Content) string {
	w.t.Helper()
	id := whatsapp.NewMessageID()
	if _, err := client.Send(w.t.Context(), addressOf(to), id, content); err != nil {
		w.t.Fatalf("send: %v", err)
	}
	return id
}

// The phones of the fake download, decrypt and verify each file, and compare the copy of the Comune's phone.
func TestEveryKindOfFileArrives(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		photo, thumbnail := picture(t, 120, 80)
		files := []struct {
			media whatsapp.Media
			data  []byte
		}{
			{whatsapp.Media{Kind: whatsapp.Image, MIME: "image/jpeg", Width: 120, Height: 80, Thumbnail: thumbnail}, photo},
			{whatsapp.Media{Kind: whatsapp.Document, MIME: "application/pdf", Name: "festa.pdf", Pages: 1}, []byte(leaflet)},
		}
		for _, file := range files {
			for _, caption := range []string{"", "Festa in piazza\n*domenica*"} {
				before := bytes.Clone(file.data)
				upload, err := client.Upload(t.Context(), file.media.Kind, file.data)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(file.data, before) {
					t.Error("the upload changed the caller's bytes")
				}
				media := file.media
				media.Upload = upload
				shown := len(mario.Messages())
				id := w.sendContent(client, mario, whatsapp.Content{Text: caption, Media: &media})
				messages, err := mario.AwaitMessages(t.Context(), shown+1)
				if err != nil {
					t.Fatal(err)
				}
				got := messages[shown]
				if got.ID != id || got.Kind != string(media.Kind) || got.Text != caption || !bytes.Equal(got.Media, file.data) {
					t.Errorf("got %q with %q and %d bytes, want %q with %q and %d", got.Kind, got.Text, len(got.Media), media.Kind, caption, len(file.data))
				}
			}
		}
		w.settle()
	})
}

// Phones go by it when a file is forwarded.
func TestFilesSayWhenTheyWereUploaded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		pc := w.computer(mario)
		client := w.paired(w.options())
		media, _ := w.uploaded(client)
		w.sendContent(client, mario, whatsapp.Content{Media: media})
		if got := pc.next(t).RawMessage.GetImageMessage(); got == nil || got.MediaKeyTimestamp != nil {
			t.Error("it says when, and nobody knows")
		}
		media.Uploaded = time.Now().Add(-time.Minute)
		w.sendContent(client, mario, whatsapp.Content{Media: media})
		if got := pc.next(t).RawMessage.GetImageMessage().GetMediaKeyTimestamp(); got != media.Uploaded.Unix() {
			t.Errorf("it says %d", got)
		}
		w.settle()
	})
}

func TestOneUploadServesEverybody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		line := newMediaLine(w)
		options := w.options()
		options.HTTPClient = line.client()
		client := w.paired(options)
		media, data := w.uploaded(client)
		var town []*whatsapptest.Phone
		for i := range 50 {
			town = append(town, w.server.NewPhone("+39350000"+string([]byte{'0' + byte(i/10), '0' + byte(i%10)})+"00"))
		}
		for _, phone := range town {
			w.sendContent(client, phone, whatsapp.Content{Text: "Festa", Media: media})
		}
		w.settle()
		for _, phone := range town {
			if got := phone.Messages(); len(got) != 1 || !bytes.Equal(got[0].Media, data) {
				t.Fatalf("got %d messages, want one with the picture", len(got))
			}
		}
		if got := line.uploads(); got != 1 {
			t.Errorf("got %d uploads, want one", got)
		}
	})
}

// A phone that could not decrypt is sent the file again, also by the next process: from the words and the upload that the
// outbox kept.
func TestG2_WhoCannotDecryptGetsTheFileAgain(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newTown(t)
			mario := w.server.NewPhone(marioNumber)
			kept := make(map[string]whatsapp.Content)
			options := w.options()
			options.Resend = func(_ context.Context, id string, _ whatsapp.Sender) (whatsapp.Content, bool) {
				content, ok := kept[id]
				return content, ok
			}
			client := w.paired(options)
			w.send(client, mario, "primo")
			w.settle()
			media, data := w.uploaded(client)
			mario.GoOffline()
			mario.ForgetSessions()
			content := whatsapp.Content{Text: "Festa", Media: media}
			kept[w.sendContent(client, mario, content)] = content
			if restart {
				client.Close()
				w.again(options)
			}
			mario.GoOnline()
			ctx, cancel := w.soon()
			defer cancel()
			got, err := mario.AwaitText(ctx, "Festa")
			if err != nil || !bytes.Equal(got.Media, data) {
				t.Errorf("restart %t: got %v and %d bytes, want the picture again", restart, err, len(got.Media))
			}
			w.settle()
		})
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	hash := make([]byte, 32)
	upload := whatsapp.Upload{URL: "https://example.org/x", DirectPath: "/x", Key: hash, SHA256: hash, EncSHA256: hash, Length: 1}
	card := &whatsapp.Card{Name: "Comune", Number: "+39029999999"}
	good := whatsapp.Media{Kind: whatsapp.Document, MIME: "application/pdf", Name: "a.pdf", Upload: upload}
	with := func(change func(*whatsapp.Media)) *whatsapp.Media {
		media := good
		change(&media)
		return &media
	}
	for name, content := range map[string]whatsapp.Content{
		"nothing":                 {},
		"text and card":           {Text: "x", Card: card},
		"card and file":           {Card: card, Media: &good},
		"card that edits":         {Card: card, Edits: "3EB0"},
		"card without number":     {Card: &whatsapp.Card{Name: "Comune"}},
		"edit without words":      {Edits: "3EB0"},
		"deletion with words":     {Deletes: "3EB0", Text: "x"},
		"deletion with a file":    {Deletes: "3EB0", Media: &good},
		"deletion that edits":     {Deletes: "3EB0", Edits: "3EB0"},
		"no kind":                 {Media: with(func(m *whatsapp.Media) { m.Kind = "audio" })},
		"image that is a pdf":     {Media: with(func(m *whatsapp.Media) { m.Kind = whatsapp.Image })},
		"no type":                 {Media: with(func(m *whatsapp.Media) { m.MIME = "" })},
		"document without a name": {Media: with(func(m *whatsapp.Media) { m.Name = "" })},
		"negative pages":          {Media: with(func(m *whatsapp.Media) { m.Pages = -1 })},
		"not uploaded":            {Media: with(func(m *whatsapp.Media) { m.Upload = whatsapp.Upload{} })},
		"no key":                  {Media: with(func(m *whatsapp.Media) { m.Upload.Key = nil })},
		"half a hash":             {Media: with(func(m *whatsapp.Media) { m.Upload.EncSHA256 = hash[:16] })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := whatsapp.Open(t.Context(), whatsapp.Options{Dir: t.TempDir(), Number: comuneNumber})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			_, err = client.Send(t.Context(), whatsapp.Address{Number: marioNumber}, whatsapp.NewMessageID(), content)
			wantFault(t, err, whatsapp.Refused, whatsapp.FaultMessage)
			wantContentError(t, err)
		})
	}
}
