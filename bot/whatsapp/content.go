package whatsapp

import (
	"errors"
	"fmt"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// Content is what a message shows: exactly one of its fields is set.
type Content struct {
	Text string
	Card *Card
}

// Card is a contact that a phone offers to save with one tap.
type Card struct {
	Name   string
	Number string // E.164
}

var errContent = errors.New("a message is either a text or a contact card with a name and a number")

// message puts the content into the library's form.
func (c Content) message() (*waE2E.Message, error) {
	switch {
	case c.Card == nil && c.Text != "":
		return &waE2E.Message{Conversation: proto.String(c.Text)}, nil
	case c.Card == nil || c.Text != "" || c.Card.Name == "" || !strings.HasPrefix(c.Card.Number, "+") || !isDigits(c.Card.Number[1:]):
		return nil, errContent
	}
	return &waE2E.Message{ContactMessage: &waE2E.ContactMessage{
		DisplayName: proto.String(c.Card.Name), Vcard: proto.String(c.Card.vCard()),
	}}, nil
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
