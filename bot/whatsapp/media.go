package whatsapp

import (
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// MediaKind says how a phone shows a file.
type MediaKind string

// The kinds.
const (
	Image    MediaKind = "image"
	Video    MediaKind = "video"
	Document MediaKind = "document"
)

// Media is a file of a message. It has been uploaded before, once for all its recipients.
type Media struct {
	Kind          MediaKind
	MIME          string
	Name          string // of the file, as a phone shows and saves it; required for documents, of no use for others
	Width, Height int    // of pictures and videos, in pixels; 0: unknown
	Seconds       int    // of videos; 0: unknown
	Pages         int    // of documents; 0: unknown
	Thumbnail     []byte // a JPEG that is shown until the file has been downloaded; nil: none
	Upload        Upload
	Uploaded      time.Time // when that was; zero: unknown
}

// Upload is where WhatsApp keeps an encrypted file, and what a phone needs to read it: whoever has it can. It may be stored
// as JSON and used in any number of messages until WhatsApp drops the file, after some days.
type Upload struct {
	URL        string
	DirectPath string
	Key        []byte
	SHA256     []byte // of the file
	EncSHA256  []byte // of the encrypted file
	Length     uint64 // of the file
}

var (
	errMediaKind   = &ContentError{"a file must be an image, a video or a document, with the MIME type of one"}
	errMediaName   = &ContentError{"a document needs a file name"}
	errMediaUpload = &ContentError{"a file must have been uploaded before it is sent"}
	errMediaFacts  = &ContentError{"a file's dimensions, seconds and pages cannot be negative"}
)

// kind is the library's name for a kind, and the form of its MIME types.
func (k MediaKind) kind() (kind whatsmeow.MediaType, mime string, ok bool) {
	switch k {
	case Image:
		return whatsmeow.MediaImage, "image/", true
	case Video:
		return whatsmeow.MediaVideo, "video/", true
	case Document:
		return whatsmeow.MediaDocument, "", true
	}
	return "", "", false
}

func (m *Media) check() error {
	_, mime, ok := m.Kind.kind()
	switch {
	case !ok, !strings.HasPrefix(m.MIME, mime), !strings.Contains(m.MIME, "/"):
		return errMediaKind
	case m.Kind == Document && m.Name == "":
		return errMediaName
	case min(m.Width, m.Height, m.Seconds, m.Pages) < 0:
		return errMediaFacts
	}
	return m.Upload.check()
}

const keySize, hashSize = 32, 32

func (u Upload) check() error {
	if !strings.HasPrefix(u.DirectPath, "/") || len(u.Key) != keySize || len(u.SHA256) != hashSize || len(u.EncSHA256) != hashSize || u.Length == 0 {
		return errMediaUpload
	}
	return nil
}

// message is the message that shows the file, in the library's form. It shares the byte slices and nothing else.
func (m Media) message(caption string) *waE2E.Message {
	switch m.Kind {
	case Image:
		return &waE2E.Message{ImageMessage: m.image(caption)}
	case Video:
		return &waE2E.Message{VideoMessage: m.video(caption)}
	}
	document := &waE2E.Message{DocumentMessage: m.document(caption)}
	if caption == "" {
		return document
	}
	// WhatsApp's own clients wrap a document that has a caption, so that old ones, which would not show it, notice.
	return &waE2E.Message{DocumentWithCaptionMessage: &waE2E.FutureProofMessage{Message: document}}
}

func (m *Media) image(caption string) *waE2E.ImageMessage {
	return &waE2E.ImageMessage{
		Mimetype: &m.MIME, Width: count(m.Width), Height: count(m.Height), JPEGThumbnail: m.Thumbnail, Caption: nonempty(caption),
		URL: &m.Upload.URL, DirectPath: &m.Upload.DirectPath, MediaKey: m.Upload.Key, MediaKeyTimestamp: m.keyTime(),
		FileSHA256: m.Upload.SHA256, FileEncSHA256: m.Upload.EncSHA256, FileLength: &m.Upload.Length,
	}
}

func (m *Media) video(caption string) *waE2E.VideoMessage {
	return &waE2E.VideoMessage{
		Mimetype: &m.MIME, Width: count(m.Width), Height: count(m.Height), Seconds: count(m.Seconds), JPEGThumbnail: m.Thumbnail, Caption: nonempty(caption),
		URL: &m.Upload.URL, DirectPath: &m.Upload.DirectPath, MediaKey: m.Upload.Key, MediaKeyTimestamp: m.keyTime(),
		FileSHA256: m.Upload.SHA256, FileEncSHA256: m.Upload.EncSHA256, FileLength: &m.Upload.Length,
	}
}

func (m *Media) document(caption string) *waE2E.DocumentMessage {
	return &waE2E.DocumentMessage{
		Mimetype: &m.MIME, FileName: &m.Name, Title: &m.Name, PageCount: count(m.Pages), JPEGThumbnail: m.Thumbnail, Caption: nonempty(caption),
		URL: &m.Upload.URL, DirectPath: &m.Upload.DirectPath, MediaKey: m.Upload.Key, MediaKeyTimestamp: m.keyTime(),
		FileSHA256: m.Upload.SHA256, FileEncSHA256: m.Upload.EncSHA256, FileLength: &m.Upload.Length,
	}
}

// keyTime is when the file was encrypted. WhatsApp's own clients say so, and go by it when a file is forwarded.
func (m *Media) keyTime() *int64 {
	if m.Uploaded.IsZero() {
		return nil
	}
	return proto.Int64(m.Uploaded.Unix())
}

// count and nonempty leave out what is not known, or not there.
func count(n int) *uint32 {
	if n == 0 {
		return nil
	}
	return proto.Uint32(uint32(n))
}

func nonempty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
