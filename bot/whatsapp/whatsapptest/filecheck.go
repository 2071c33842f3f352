package whatsapptest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// fault is what is wrong with the file of a message.
type fault struct {
	kind   OffenceKind
	detail string
	since  int // nobody is to blame for what was sent in an earlier epoch
}

// claims is a message with a file: the file, and what the message says of it. Zero is nothing said, which a real phone
// puts up with.
type claims struct {
	kind          string // of [Message]
	keys          string // what the keys are derived for
	file          mediaFile
	url           string
	caption       string
	mime, name    string
	width, height uint32
	seconds       uint32
	pages         uint32
	thumbnail     []byte
	keyTime       int64 // when the file was encrypted, in seconds
}

// claimsOf reads a message without its layers; ok is false for one without a file.
func claimsOf(content *waE2E.Message) (c claims, ok bool) {
	if m := content.ImageMessage; m != nil {
		return claims{kind: "image", keys: "Image", file: m, url: m.GetURL(), caption: m.GetCaption(), keyTime: m.GetMediaKeyTimestamp(), mime: m.GetMimetype(),
			width: m.GetWidth(), height: m.GetHeight(), thumbnail: m.JPEGThumbnail}, true
	}
	if m := content.VideoMessage; m != nil {
		return claims{kind: "video", keys: "Video", file: m, url: m.GetURL(), caption: m.GetCaption(), keyTime: m.GetMediaKeyTimestamp(), mime: m.GetMimetype(),
			width: m.GetWidth(), height: m.GetHeight(), seconds: m.GetSeconds(), thumbnail: m.JPEGThumbnail}, true
	}
	if m := content.DocumentMessage; m != nil {
		return claims{kind: "document", keys: "Document", file: m, url: m.GetURL(), caption: m.GetCaption(), keyTime: m.GetMediaKeyTimestamp(), mime: m.GetMimetype(),
			name: m.GetFileName(), pages: m.GetPageCount(), thumbnail: m.JPEGThumbnail}, true
	}
	if m := content.AudioMessage; m != nil {
		return claims{kind: "audio", keys: "Audio", file: m, url: m.GetURL(), keyTime: m.GetMediaKeyTimestamp(), mime: m.GetMimetype(), seconds: m.GetSeconds()}, true
	}
	return claims{}, false
}

// message is what a phone shows of a file, which is nil when it could not be had.
func (c *claims) message(plain []byte) Message {
	m := Message{Kind: c.kind, Text: c.caption, Media: plain, MIME: c.mime, FileName: c.name, Thumbnail: c.thumbnail,
		Width: int(c.width), Height: int(c.height), Pages: int(c.pages), Seconds: int(c.seconds)}
	if plain != nil {
		sum := sha256.Sum256(plain)
		m.Sum = hex.EncodeToString(sum[:])
	}
	return m
}

// form identifies all that a message with a file says but its caption.
type form [sha256.Size]byte

func formOf(content *waE2E.Message) form {
	bare := proto.Clone(content).(*waE2E.Message)
	bare.MessageContextInfo = nil
	switch {
	case bare.ImageMessage != nil:
		bare.ImageMessage.Caption, bare.ImageMessage.ContextInfo = nil, nil
	case bare.VideoMessage != nil:
		bare.VideoMessage.Caption, bare.VideoMessage.ContextInfo = nil, nil
	case bare.DocumentMessage != nil:
		bare.DocumentMessage.Caption, bare.DocumentMessage.ContextInfo = nil, nil
	}
	plain, err := proto.MarshalOptions{Deterministic: true}.Marshal(bare)
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // it was unmarshaled or made by a test
	}
	return sha256.Sum256(plain)
}

// opened is a file that was fetched and checked once, for all the phones that get it.
type opened struct {
	shown Message
	fault *fault
}

// readFile fetches the file of a message and checks what the message says of it.
func (s *Server) readFile(content *waE2E.Message, c claims) (Message, *fault) {
	key := formOf(content)
	s.mu.Lock()
	known, epoch := s.opened[key], s.epoch
	file, missing := s.downloadLocked(c.file)
	s.mu.Unlock()
	if known == nil && missing != nil {
		known = &opened{c.message(nil), missing}
	} else if known == nil {
		known = c.open(file)
		s.mu.Lock()
		if s.epoch == epoch {
			s.opened[key] = known
		}
		s.mu.Unlock()
	}
	message := known.shown
	message.Text, message.form = c.caption, key
	return message, known.fault
}

func (c *claims) open(file storedFile) *opened {
	plain, err := openFile("WhatsApp "+c.keys+" Keys", file.sealed, c.file)
	if err != nil {
		return &opened{c.message(nil), &fault{kind: BadMedia, detail: err.Error()}}
	}
	if wrong := cmp.Or(c.checkSource(file.at), c.check(plain)); wrong != "" {
		return &opened{c.message(plain), &fault{kind: FalseMedia, detail: wrong}}
	}
	return &opened{c.message(plain), nil}
}

// keyMargin is how far the time of a key may be from that of its upload, which may take minutes.
const keyMargin = 10 * time.Minute

// checkSource says what a message says wrongly of where its file is and since when; "" when nothing is.
func (c *claims) checkSource(uploaded time.Time) string {
	at, err := url.Parse(c.url)
	switch {
	case c.url != "" && (err != nil || at.Scheme != "https" || !isMediaHost(at.Host) || at.RequestURI() != c.file.GetDirectPath()):
		return "a URL that is not that of the direct path"
	case c.keyTime != 0 && time.Unix(c.keyTime, 0).Sub(uploaded).Abs() > keyMargin:
		return "a key of another time than the upload"
	}
	return ""
}

// check says what a message says wrongly of what is in its file; "" when nothing is.
func (c *claims) check(plain []byte) string {
	if c.kind == "audio" { // our clients send none
		return ""
	}
	is := factsOf(plain)
	switch {
	case is.broken != "":
		return is.broken
	case !c.fits(is.mime):
		return fmt.Sprintf("a %s called %q that holds %q", c.kind, c.mime, is.mime)
	case c.kind == "document" && c.name == "":
		return "a document without a file name"
	case c.kind != "document" && is.width > 0 && (wrong(c.width, is.width) || wrong(c.height, is.height)):
		return fmt.Sprintf("a size of %d by %d for %d by %d", c.width, c.height, is.width, is.height)
	case is.pages > 0 && wrong(c.pages, is.pages):
		return fmt.Sprintf("%d pages for %d", c.pages, is.pages)
	case c.seconds > 0 && is.seconds > 0 && (float64(c.seconds) <= is.seconds-1 || float64(c.seconds) >= is.seconds+1):
		return fmt.Sprintf("%d seconds for %.1f", c.seconds, is.seconds)
	case c.thumbnail != nil:
		return checkThumbnail(c.thumbnail, is.width, is.height)
	}
	return ""
}

// wrong reports whether a number is said that is not so; not to say it is no fault.
func wrong(said uint32, is int) bool { return said != 0 && int(said) != is }

// fits reports whether a file of a kind that we know, or of another (""), may go with the message's MIME type.
func (c *claims) fits(is string) bool {
	said, _, _ := strings.Cut(c.mime, ";")
	switch {
	case c.kind == "image":
		return said == is && strings.HasPrefix(is, "image/")
	case c.kind == "video":
		return is == mimeMP4 && (said == is || said == "video/3gpp")
	case is != "":
		return said == is || said == "application/octet-stream"
	}
	return strings.Contains(said, "/") && !sniffable(said)
}
