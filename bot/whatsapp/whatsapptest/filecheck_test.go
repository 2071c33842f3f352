package whatsapptest_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

func photo(width, height int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil) // a buffer takes all
	return b.Bytes()
}

func drawing(width, height int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)))
	return b.Bytes()
}

func box(kind string, body ...[]byte) []byte {
	all := bytes.Join(body, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(all)+8)), kind...), all...)
}

// film is an MP4 of sound and a picture, turned by a quarter when it was filmed upright.
func film(width, height uint16, milliseconds uint32, turned bool) []byte {
	length := make([]byte, 100)
	binary.BigEndian.PutUint32(length[12:], 1000)
	binary.BigEndian.PutUint32(length[16:], milliseconds)
	picture := make([]byte, 84)
	binary.BigEndian.PutUint16(picture[76:], width)
	binary.BigEndian.PutUint16(picture[80:], height)
	if turned {
		picture[40+4+1], picture[40+12+1] = 1, 1 // b and c of the matrix
	} else {
		picture[40+1], picture[40+16+1] = 1, 1 // a and d
	}
	return bytes.Join([][]byte{
		box("ftyp", []byte("isom\x00\x00\x02\x00isommp42")),
		box("moov", box("mvhd", length), box("trak", box("tkhd", make([]byte, 84))), box("trak", box("tkhd", picture))),
		box("mdat", []byte("...")),
	}, nil)
}

// leaflet is a PDF of some pages in a tree of two levels; one more was there before an update.
func leaflet(pages int) []byte {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n3 0 obj<</Type/Pages/Kids[99 0 R]>>endobj\n99 0 obj<</Type/Page>>endobj\n")
	b.WriteString("2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Pages/Parent 2 0 R/Kids[")
	for i := range pages {
		fmt.Fprintf(&b, "%d 0 R ", 10+i)
	}
	b.WriteString("]>>endobj\n")
	for i := range pages {
		fmt.Fprintf(&b, "%d 0 obj<</Type /Page/Parent 3 0 R>>endobj\n", 10+i)
	}
	b.WriteString("trailer<</Root 1 0 R>>\n%%EOF\n")
	return []byte(b.String())
}

// packedLeaflet is a PDF of two pages whose objects are packed in a stream, as PDF 1.5 has it.
func packedLeaflet() []byte {
	bodies := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", "<</Type/Page/Parent 2 0 R>>", "<</Type/Page/Parent 2 0 R>>"}
	index, all := "", ""
	for i, body := range bodies {
		index += fmt.Sprintf("%d %d ", i+1, len(all))
		all += body + " "
	}
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	_, _ = w.Write([]byte(index + all)) // a buffer takes all
	_ = w.Close()
	return fmt.Appendf(nil, "%%PDF-1.5\n5 0 obj<</Type/ObjStm/N 4/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n"+
		"6 0 obj<</Type/XRef/Root 1 0 R>>stream\n\nendstream endobj\n%%%%EOF\n", len(index), packed.Len(), packed.Bytes())
}

// attach uploads a file and makes a message of it that tells the truth, and no more than it must.
func (c *client) attach(kind whatsmeow.MediaType, data []byte, mime string) *waE2E.Message {
	c.t.Helper()
	up, err := c.Upload(c.t.Context(), data, kind)
	if err != nil {
		c.t.Fatal(err)
	}
	switch kind {
	case whatsmeow.MediaImage:
		return &waE2E.Message{ImageMessage: &waE2E.ImageMessage{URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, Mimetype: &mime,
			FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength}}
	case whatsmeow.MediaVideo:
		return &waE2E.Message{VideoMessage: &waE2E.VideoMessage{URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, Mimetype: &mime,
			FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength}}
	}
	return &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, Mimetype: &mime,
		FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength, FileName: proto.String("volantino.pdf")}}
}

func (c *client) picture(width, height int) *waE2E.Message {
	c.t.Helper()
	return c.attach(whatsmeow.MediaImage, photo(width, height), "image/jpeg")
}

// put sends any content and returns its ID.
func (c *culprit) put(content *waE2E.Message) string {
	c.t.Helper()
	response, err := c.SendMessage(c.t.Context(), lidOf(c.anna), content)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.ID
}

// TestTrueFiles sends files of which all is said that can be said, and shows it.
func TestTrueFiles(t *testing.T) {
	t.Parallel()
	c := newCulprit(t)
	full := c.attach(whatsmeow.MediaImage, photo(400, 300), "image/jpeg")
	full.ImageMessage.Width, full.ImageMessage.Height, full.ImageMessage.JPEGThumbnail = proto.Uint32(400), proto.Uint32(300), photo(100, 75)
	full.ImageMessage.Caption = proto.String("Festa")
	video := c.attach(whatsmeow.MediaVideo, film(640, 480, 9500, true), "video/mp4")
	video.VideoMessage.Width, video.VideoMessage.Height, video.VideoMessage.Seconds = proto.Uint32(480), proto.Uint32(640), proto.Uint32(9)
	document := func(data []byte, pages uint32) *waE2E.Message {
		m := c.attach(whatsmeow.MediaDocument, data, "application/pdf")
		m.DocumentMessage.PageCount, m.DocumentMessage.JPEGThumbnail = proto.Uint32(pages), photo(71, 100)
		return m
	}
	for _, test := range []struct {
		content *waE2E.Message
		data    []byte
		want    whatsapptest.Message
	}{
		{full, photo(400, 300), whatsapptest.Message{Kind: "image", Text: "Festa", MIME: "image/jpeg", Width: 400, Height: 300, Thumbnail: photo(100, 75)}},
		{c.picture(30, 20), photo(30, 20), whatsapptest.Message{Kind: "image", MIME: "image/jpeg"}},
		{c.attach(whatsmeow.MediaImage, drawing(3, 2), "image/png"), drawing(3, 2), whatsapptest.Message{Kind: "image", MIME: "image/png"}},
		{video, film(640, 480, 9500, true), whatsapptest.Message{Kind: "video", MIME: "video/mp4", Width: 480, Height: 640, Seconds: 9}},
		{document(leaflet(3), 3), leaflet(3), whatsapptest.Message{Kind: "document", MIME: "application/pdf", FileName: "volantino.pdf", Pages: 3, Thumbnail: photo(71, 100)}},
		{document(packedLeaflet(), 2), packedLeaflet(), whatsapptest.Message{Kind: "document", MIME: "application/pdf", FileName: "volantino.pdf", Pages: 2, Thumbnail: photo(71, 100)}},
	} {
		id := c.put(test.content)
		settle(t, c.s)
		shown, copies := c.anna.Messages(), c.office.SentCopies()
		for _, got := range []whatsapptest.Message{shown[len(shown)-1], copies[len(copies)-1]} {
			sum := sha256.Sum256(test.data)
			if got.ID != id || got.Sum != hex.EncodeToString(sum[:]) || !bytes.Equal(got.Media, test.data) || !bytes.Equal(got.Thumbnail, test.want.Thumbnail) {
				t.Errorf("%s: got %d bytes, sum %s", test.want.MIME, len(got.Media), got.Sum)
			}
			said := whatsapptest.Message{Kind: got.Kind, Text: got.Text, MIME: got.MIME, FileName: got.FileName, Width: got.Width, Height: got.Height, Pages: got.Pages, Seconds: got.Seconds}
			test.want.Thumbnail = got.Thumbnail
			said.Thumbnail = got.Thumbnail
			if fmt.Sprint(said) != fmt.Sprint(test.want) {
				t.Errorf("got %v, want %v", said, test.want)
			}
		}
	}
	if got := c.s.Offences(); len(got) != 0 {
		t.Errorf("got offences %v for true files: the other tests rest on them", got)
	}
	if got := c.s.Stats().Uploads; got != 6 {
		t.Errorf("got %d uploads, want 6", got)
	}
}

// TestFalseFiles says something of each file that is not so.
func TestFalseFiles(t *testing.T) {
	t.Parallel()
	picture := func(change func(*waE2E.ImageMessage)) func(*culprit) *waE2E.Message {
		return func(c *culprit) *waE2E.Message {
			m := c.picture(400, 300)
			change(m.ImageMessage)
			return m
		}
	}
	video := func(change func(*waE2E.VideoMessage)) func(*culprit) *waE2E.Message {
		return func(c *culprit) *waE2E.Message {
			m := c.attach(whatsmeow.MediaVideo, film(640, 480, 9500, false), "video/mp4")
			change(m.VideoMessage)
			return m
		}
	}
	document := func(change func(*waE2E.DocumentMessage)) func(*culprit) *waE2E.Message {
		return func(c *culprit) *waE2E.Message {
			m := c.attach(whatsmeow.MediaDocument, leaflet(3), "application/pdf")
			change(m.DocumentMessage)
			return m
		}
	}
	holding := func(kind whatsmeow.MediaType, data []byte, mime string) func(*culprit) *waE2E.Message {
		return func(c *culprit) *waE2E.Message { return c.attach(kind, data, mime) }
	}
	for name, content := range map[string]func(*culprit) *waE2E.Message{
		"width":                  picture(func(m *waE2E.ImageMessage) { m.Width = proto.Uint32(300) }),
		"height":                 picture(func(m *waE2E.ImageMessage) { m.Height = proto.Uint32(400) }),
		"no type":                picture(func(m *waE2E.ImageMessage) { m.Mimetype = nil }),
		"another type":           picture(func(m *waE2E.ImageMessage) { m.Mimetype = proto.String("image/png") }),
		"another URL":            picture(func(m *waE2E.ImageMessage) { m.URL = proto.String("https://mmg.whatsapp.net/v/t62/x") }),
		"no thumbnail":           picture(func(m *waE2E.ImageMessage) { m.JPEGThumbnail = []byte("jpeg") }),
		"thumbnail of a PNG":     picture(func(m *waE2E.ImageMessage) { m.JPEGThumbnail = drawing(100, 75) }),
		"half a thumbnail":       picture(func(m *waE2E.ImageMessage) { m.JPEGThumbnail = photo(100, 75)[:400] }),
		"empty thumbnail":        picture(func(m *waE2E.ImageMessage) { m.JPEGThumbnail = []byte{} }),
		"large thumbnail":        picture(func(m *waE2E.ImageMessage) { m.JPEGThumbnail = photo(400, 300) }),
		"upright thumbnail":      picture(func(m *waE2E.ImageMessage) { m.JPEGThumbnail = photo(75, 100) }),
		"half a picture":         holding(whatsmeow.MediaImage, photo(400, 300)[:700], "image/jpeg"),
		"half a drawing":         holding(whatsmeow.MediaImage, drawing(400, 300)[:60], "image/png"),
		"words as a picture":     holding(whatsmeow.MediaImage, []byte("parole"), "image/jpeg"),
		"a film as a picture":    holding(whatsmeow.MediaImage, film(4, 3, 1, false), "video/mp4"),
		"a picture as a film":    holding(whatsmeow.MediaVideo, photo(4, 3), "image/jpeg"),
		"a film of another type": holding(whatsmeow.MediaVideo, film(4, 3, 1, false), "video/webm"),
		"half a film":            holding(whatsmeow.MediaVideo, film(4, 3, 1, false)[:100], "video/mp4"),
		"a film without picture": holding(whatsmeow.MediaVideo, box("ftyp", []byte("isom")), "video/mp4"),
		"width of a film":        video(func(m *waE2E.VideoMessage) { m.Width = proto.Uint32(480) }),
		"height of a film":       video(func(m *waE2E.VideoMessage) { m.Height = proto.Uint32(640) }),
		"seconds":                video(func(m *waE2E.VideoMessage) { m.Seconds = proto.Uint32(8) }),
		"more seconds":           video(func(m *waE2E.VideoMessage) { m.Seconds = proto.Uint32(11) }),
		"thumbnail of a film":    video(func(m *waE2E.VideoMessage) { m.JPEGThumbnail = photo(50, 50) }),
		"pages":                  document(func(m *waE2E.DocumentMessage) { m.PageCount = proto.Uint32(4) }),
		"no name":                document(func(m *waE2E.DocumentMessage) { m.FileName = nil }),
		"no type of document":    document(func(m *waE2E.DocumentMessage) { m.Mimetype = nil }),
		"PDF called a text":      document(func(m *waE2E.DocumentMessage) { m.Mimetype = proto.String("text/plain") }),
		"text called a PDF":      holding(whatsmeow.MediaDocument, []byte("parole"), "application/pdf"),
		"pages packed": func(c *culprit) *waE2E.Message {
			m := c.attach(whatsmeow.MediaDocument, packedLeaflet(), "application/pdf")
			m.DocumentMessage.PageCount = proto.Uint32(1)
			return m
		},
		"thumbnail of a document": document(func(m *waE2E.DocumentMessage) { m.JPEGThumbnail = []byte("%PDF") }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCulprit(t)
			c.put(content(c))
			c.expect(whatsapptest.FalseMedia)
		})
	}
}
