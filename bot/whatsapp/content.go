package whatsapp

import (
	"fmt"
	"strings"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Content is what a message shows or does. It means exactly one thing: a text; a file, with Text as its caption or without;
// a contact card; new words (Text) for our message Edits, or a new caption when Media, as it was sent, is there too; or that
// our message Deletes is to be deleted for everyone. Anything else is a *ContentError.
type Content struct {
	Text    string
	Card    *Card
	Media   *Media
	Edits   string // ID of a message of ours to the same person, not older than EditWindow
	Deletes string // ID of a message of ours to the same person, not older than DeleteWindow
}

// Card is a contact that a phone offers to save with one tap.
type Card struct {
	Name   string
	Number string // E.164
}

// ContentError says why a Content means nothing that could be sent.
type ContentError struct{ Problem string }

// Error is the problem.
func (e *ContentError) Error() string { return e.Problem }

var (
	errNoMeaning = &ContentError{"a message must be one thing: a text, a file, a contact card, an edit or a deletion"}
	errTooLong   = &ContentError{"a text is longer than any message can be"}
	errCard      = &ContentError{"a contact card needs a name and a number"}
)

// check makes sure that message will succeed.
func (c Content) check() error {
	switch {
	case len(c.Text) > longestText:
		return errTooLong
	case c.Deletes != "":
		if c != (Content{Deletes: c.Deletes}) {
			return errNoMeaning
		}
		return nil
	case c.Card != nil:
		if c != (Content{Card: c.Card}) {
			return errNoMeaning
		}
		return c.Card.check()
	case c.Media != nil:
		return c.Media.check()
	case c.Text == "":
		return errNoMeaning
	}
	return nil
}

// longestText is much more than WhatsApp shows, in bytes. What no frame holds (16 MiB) breaks the line for everybody: the
// library counts a frame that it did not send.
const longestText = 1 << 20

func (c Card) check() error {
	if c.Name == "" || !strings.HasPrefix(c.Number, "+") || !isDigits(c.Number[1:]) {
		return errCard
	}
	return nil
}

// message puts a content that has been checked into the library's form; the chat is the recipient's.
func (c Content) message(lib *whatsmeow.Client, chat types.JID) *waE2E.Message {
	switch {
	case c.Deletes != "":
		return lib.BuildRevoke(chat, types.EmptyJID, c.Deletes)
	case c.Edits != "":
		// As in the official clients, the edit of a caption holds the whole message: a file that is not named again is gone.
		return lib.BuildEdit(chat, c.Edits, c.shown())
	}
	return c.shown()
}

// shown is what stands in the chat in the end.
func (c Content) shown() *waE2E.Message {
	switch {
	case c.Media != nil:
		return c.Media.message(c.Text)
	case c.Card != nil:
		return &waE2E.Message{ContactMessage: &waE2E.ContactMessage{
			DisplayName: proto.String(c.Card.Name), Vcard: proto.String(c.Card.vCard()),
		}}
	}
	return &waE2E.Message{Conversation: proto.String(c.Text)}
}

// vCard writes the card as WhatsApp's own phones do, version 3.0: waid makes the number one to write to, not only to call.
func (c Card) vCard() string {
	name := escapeVCard(c.Name)
	return fmt.Sprintf("BEGIN:VCARD\r\nVERSION:3.0\r\nN:;%s;;;\r\nFN:%s\r\nTEL;type=CELL;type=VOICE;waid=%s:%s\r\nEND:VCARD\r\n",
		name, name, strings.TrimPrefix(c.Number, "+"), c.Number)
}

// escapeVCard keeps a value from ending its line or its part of it (RFC 2426).
func escapeVCard(s string) string {
	s = strings.NewReplacer("\r\n", `\n`, "\r", `\n`, "\n", `\n`, `\`, `\\`, ";", `\;`, ",", `\,`).Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
