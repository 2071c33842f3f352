package whatsapptest

import (
	"crypto/sha256"
	"regexp"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// read turns a decrypted message into what a phone shows. Files are fetched and verified; what is wrong with one is the
// fault.
func (s *Server) read(content *waE2E.Message) (Message, *fault) {
	content = unwrapLayers(content)
	if c, ok := claimsOf(content); ok {
		return s.readFile(content, c)
	}
	if words := content.GetProtocolMessage().GetEditedMessage(); words != nil {
		message, _ := s.read(words)
		return Message{Kind: "edit", Text: message.Text}, nil
	}
	return readWords(content), nil
}

// readWords is read for what has no file.
func readWords(content *waE2E.Message) Message {
	switch {
	case content.Conversation != nil:
		return Message{Kind: "text", Text: content.GetConversation()}
	case content.ExtendedTextMessage != nil:
		return Message{Kind: "text", Text: content.GetExtendedTextMessage().GetText()}
	case content.ContactMessage != nil:
		return Message{Kind: "contact", CardName: content.GetContactMessage().GetDisplayName(), Card: content.GetContactMessage().GetVcard()}
	}
	return Message{Kind: "other"}
}

// checkCard says what is wrong with a contact card, so that no phone could save it with one tap; "" when nothing is.
func checkCard(contact *waE2E.ContactMessage) string {
	lines := strings.Split(strings.ReplaceAll(contact.GetVcard(), "\r\n", "\n"), "\n")
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	has := func(prefix string) bool {
		return slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, prefix) && len(line) > len(prefix) })
	}
	switch {
	case contact.GetDisplayName() == "":
		return "a contact card without a display name"
	case len(lines) < 2 || lines[0] != "BEGIN:VCARD" || lines[1] != "VERSION:3.0" || lines[len(lines)-1] != "END:VCARD":
		return "a contact card that is no vCard 3.0"
	case !has("FN:") || !has("N:"):
		return "a contact card without FN or N"
	}
	for _, line := range lines {
		if found := telephone.FindStringSubmatch(line); found != nil {
			if shown := strings.Map(onlyDigits, found[2]); found[1] != shown {
				return "a contact card whose waid is not its number"
			}
			return ""
		}
	}
	return "a contact card without a number on WhatsApp (TEL with waid)"
}

// telephone is the line of a contact card that a phone offers to write to.
var telephone = regexp.MustCompile(`^(?:item1\.)?TEL;(?:[^:]*;)?waid=([0-9]+)[^:]*:(\+[0-9 ]+)$`)

func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// message is what was written, with what real phones add to it so that it can be reported or voted on: a secret, which a
// client keeps.
func (t *text) message() *waE2E.Message {
	content := &waE2E.Message{Conversation: &t.words}
	if t.content != nil {
		content = proto.Clone(t.content).(*waE2E.Message)
	}
	if content.MessageContextInfo == nil {
		content.MessageContextInfo = &waE2E.MessageContextInfo{}
	}
	if content.MessageContextInfo.MessageSecret == nil {
		secret := sha256.Sum256([]byte("secret/" + t.id))
		content.MessageContextInfo.MessageSecret = secret[:]
	}
	return content
}
