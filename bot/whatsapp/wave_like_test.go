package whatsapp_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/encoding/prototext"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// record is what a client sent and what phones made of it, with what is random or a time left out.
type record struct {
	stanzas  []string
	contents []string
}

// hear keeps messages, and the questions in which a client gives somebody a token.
func (r *record) hear(server *whatsapptest.Server) {
	server.Tap(func(node *waBinary.Node) {
		if node.Tag == "message" || node.Tag == "iq" && node.Attrs["xmlns"] == "privacy" {
			r.stanzas = append(r.stanzas, plainly(node, ""))
		}
	}, func(to *whatsapptest.Phone, id string, message *waE2E.Message) {
		forgetSecrets(message)
		text, err := prototext.MarshalOptions{Multiline: false}.Marshal(message)
		if err != nil {
			panic(err) // what has been read can be written
		}
		r.contents = append(r.contents, fmt.Sprintf("%s to %s: %s", id, to.Number(), bytes.ReplaceAll(text, []byte("  "), []byte(" "))))
	})
}

// plainly writes a stanza out: the order of attributes and of a message's parts means nothing, and of what is random only
// the length is told, unless that is random too.
func plainly(node *waBinary.Node, indent string) string {
	var attrs []string
	for key, value := range node.Attrs {
		if key == "t" || key == "id" && node.Tag == "iq" {
			value = "..."
		}
		attrs = append(attrs, fmt.Sprintf("%s=%v", key, value))
	}
	slices.Sort(attrs)
	line := indent + node.Tag + " " + strings.Join(attrs, " ")
	switch content := node.Content.(type) {
	case []byte:
		switch node.Tag {
		case "enc":
			return line + " ciphertext"
		case "cstoken":
			return fmt.Sprintf("%s %x", line, content)
		}
		return fmt.Sprintf("%s of %d bytes", line, len(content))
	case []waBinary.Node:
		var parts []string
		for _, child := range content {
			parts = append(parts, plainly(&child, indent+"  "))
		}
		slices.Sort(parts)
		return line + "\n" + strings.Join(parts, "\n")
	}
	return line
}

// forgetSecrets takes out of a message what is random or a time, and tells only that it is there.
func forgetSecrets(message *waE2E.Message) {
	if message == nil {
		return
	}
	if info := message.GetMessageContextInfo(); info != nil {
		info.MessageSecret = bytes.Repeat([]byte{1}, len(info.MessageSecret))
	}
	for _, inner := range []*waE2E.Message{
		message.GetDeviceSentMessage().GetMessage(), message.GetEditedMessage().GetMessage(), message.GetDocumentWithCaptionMessage().GetMessage(),
		message.GetProtocolMessage().GetEditedMessage(),
	} {
		forgetSecrets(inner)
	}
	if word := message.GetProtocolMessage(); word.GetTimestampMS() != 0 {
		*word.TimestampMS = 1
	}
	if m := message.GetImageMessage(); m != nil {
		m.MediaKey, m.FileEncSHA256, m.URL, m.DirectPath, m.MediaKeyTimestamp = nil, nil, nil, nil, nil
	}
	if m := message.GetDocumentMessage(); m != nil {
		m.MediaKey, m.FileEncSHA256, m.URL, m.DirectPath, m.MediaKeyTimestamp = nil, nil, nil, nil, nil
	}
	if m := message.GetVideoMessage(); m != nil {
		m.MediaKey, m.FileEncSHA256, m.URL, m.DirectPath, m.MediaKeyTimestamp = nil, nil, nil, nil, nil
	}
}

// film is the least that is an MP4 of three seconds.
func film() []byte {
	box := func(kind string, body ...[]byte) []byte {
		all := bytes.Join(body, nil)
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(all)+8)), kind...), all...)
	}
	length, track := make([]byte, 100), make([]byte, 84)
	binary.BigEndian.PutUint32(length[12:], 1000)
	binary.BigEndian.PutUint32(length[16:], 3000)
	track[41], track[57] = 1, 1 // it is not turned
	binary.BigEndian.PutUint16(track[76:], 120)
	binary.BigEndian.PutUint16(track[80:], 80)
	return bytes.Join([][]byte{box("ftyp", []byte("isom\x00\x00\x02\x00isommp42")), box("moov", box("mvhd", length), box("trak", box("tkhd", track)))}, nil)
}

// kindOf is a message of the comparison. Before the edit of a message, and its deletion, there must be that message.
type kindOf struct {
	name    string
	content func(of func(kind string) (id string)) whatsapp.Content // of is the ID of an earlier one to the same person
}

// kinds are all that a town sends, files uploaded.
func (w *town) kinds(client *whatsapp.Client) []kindOf {
	w.t.Helper()
	picture, _ := w.uploaded(client)
	upload := func(media whatsapp.Media, data []byte) *whatsapp.Media {
		var err error
		if media.Upload, err = client.Upload(w.t.Context(), media.Kind, data); err != nil {
			w.t.Fatal(err)
		}
		return &media
	}
	pdf := upload(whatsapp.Media{Kind: whatsapp.Document, MIME: "application/pdf", Name: "festa.pdf", Pages: 1}, []byte(leaflet))
	video := upload(whatsapp.Media{Kind: whatsapp.Video, MIME: "video/mp4", Width: 120, Height: 80, Seconds: 3, Thumbnail: picture.Thumbnail}, film())
	always := func(c whatsapp.Content) func(func(string) string) whatsapp.Content {
		return func(func(string) string) whatsapp.Content { return c }
	}
	return []kindOf{
		{"text", always(whatsapp.Content{Text: "avviso *uno*"})},
		{"picture", always(whatsapp.Content{Text: "avviso due", Media: picture})},
		{"document", always(whatsapp.Content{Text: "avviso tre", Media: pdf})},
		{"bare document", always(whatsapp.Content{Media: pdf})},
		{"video", always(whatsapp.Content{Text: "avviso quattro", Media: video})},
		{"edit of a text", func(of func(string) string) whatsapp.Content {
			return whatsapp.Content{Text: "avviso uno e mezzo", Edits: of("text")}
		}},
		{"edit of a caption", func(of func(string) string) whatsapp.Content {
			return whatsapp.Content{Text: "avviso due e mezzo", Media: picture, Edits: of("picture")}
		}},
		{"deletion", func(of func(string) string) whatsapp.Content { return whatsapp.Content{Deletes: of("text")} }},
		{"contact card", always(whatsapp.Content{Card: &whatsapp.Card{Name: "Comune; di Saronno", Number: comuneNumber}})},
	}
}

// everySort is one person of each sort, and how we know them.
func (w *town) everySort() (people []*whatsapptest.Phone, addresses []whatsapp.Address) {
	people = w.crowd(10)
	for i, phone := range people {
		if i%2 == 1 { // their token comes with what they write
			phone.Text(comuneNumber, "ciao")
		}
		address := addressOf(phone)
		switch {
		case i == 2 || i == 3:
			phone.LinkDevice()
			phone.LinkDevice()
		case i == 4 || i == 5:
			address.Number = ""
		case i == 6 || i == 7:
			address.LID = ""
		case i == 8:
			phone.LinkDevice()
			address.Number = ""
		case i == 9:
			phone.HideNumber() // from now on
			phone.Text(comuneNumber, "ciao di nuovo")
		}
		addresses = append(addresses, address)
	}
	w.settle()
	return people, addresses
}

// history is what a town records when the same happens, sent by Send or by SendWave.
func (w *town) history(send func(*whatsapp.Client, []whatsapp.Letter)) []*record {
	client := w.paired(w.options())
	people, addresses := w.everySort()
	w.session(`INSERT INTO whatsmeow_nct_salt (our_jid, salt) SELECT jid, x'0102030405060708090a0b0c0d0e0f10' FROM whatsmeow_device`)
	kinds := w.kinds(client)
	var all []*record
	for round, pause := range []time.Duration{0, time.Minute, 8 * 24 * time.Hour, 40 * 24 * time.Hour} {
		switch round {
		case 1: // later, the same day: some have answered
			time.Sleep(pause)
			people[0].Text(comuneNumber, "grazie")
			people[3].Text(comuneNumber, "grazie")
		case 2, 3: // after a restart; then tokens are of another week, and at last too old
			client.Close()
			time.Sleep(pause)
			client = w.again(w.options())
			kinds = w.kinds(client)
		}
		w.settle()
		for k, kind := range kinds {
			r := new(record)
			r.hear(w.server)
			var letters []whatsapp.Letter
			for i, to := range addresses {
				id := func(k int) string { return fmt.Sprintf("%s%06d%06d%06d", whatsapp.MessageIDPrefix, round, k, i) }
				content := kind.content(func(name string) string {
					return id(slices.IndexFunc(kinds, func(k kindOf) bool { return k.name == name }))
				})
				letters = append(letters, whatsapp.Letter{To: to, ID: id(k), Content: content})
			}
			send(client, letters)
			w.settle()
			synctest.Wait()
			w.server.Tap(nil, nil)
			slices.Sort(r.stanzas)
			slices.Sort(r.contents)
			all = append(all, r)
		}
	}
	return all
}

// TestG2_WaveIsLikeSend lets the same happen in two towns, and compares what goes over the wire and what phones decrypt.
// The fake has no business accounts with hosted devices.
func TestG2_WaveIsLikeSend(t *testing.T) {
	t.Parallel()
	var plain, waved []*record
	synctest.Test(t, func(t *testing.T) {
		plain = newTown(t).history(func(client *whatsapp.Client, letters []whatsapp.Letter) {
			for _, l := range letters {
				if _, err := client.Send(t.Context(), l.To, l.ID, l.Content); err != nil {
					t.Fatal(err)
				}
			}
		})
	})
	synctest.Test(t, func(t *testing.T) {
		waved = newTown(t).history(func(client *whatsapp.Client, letters []whatsapp.Letter) {
			wantErrors(t, client.SendWave(t.Context(), letters)())
		})
	})
	everything := ""
	for i := range plain {
		everything += strings.Join(plain[i].stanzas, "\n") + "\n"
		differences(t, fmt.Sprintf("message %d: stanza", i), plain[i].stanzas, waved[i].stanzas)
		differences(t, fmt.Sprintf("message %d: content", i), plain[i].contents, waved[i].contents)
	}
	for _, part := range []string{"type=pkmsg", "type=msg", "device-identity", "tctoken", "cstoken", "reporting_token", "xmlns=privacy", "peer_recipient_pn",
		"mediatype=image", "mediatype=document", "mediatype=video", "mediatype=vcard", "edit=1", "edit=7", "decrypt-fail=hide"} {
		if !strings.Contains(everything, part) {
			t.Errorf("nothing with %q was compared", part)
		}
	}
}

// differences tells of the first that one list has and the other has not.
func differences(t *testing.T, what string, plain, waved []string) {
	t.Helper()
	if len(plain) == 0 {
		t.Errorf("%s: nothing was recorded", what)
	}
	for i := range max(len(plain), len(waved)) {
		one, other := "(none)", "(none)"
		if i < len(plain) {
			one = plain[i]
		}
		if i < len(waved) {
			other = waved[i]
		}
		if one != other {
			t.Errorf("%s: by Send\n%s\nby SendWave\n%s", what, one, other)
			return
		}
	}
}
