package whatsapptest

import (
	"crypto/sha256"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Edit replaces the words of a message that this phone wrote to an account. What leaves is a message with an ID of its
// own, which it returns; the recipient's devices put the new words in the old one's place.
func (p *Phone) Edit(to, id, newText string) (editID string) {
	return p.Write(to, &waE2E.Message{EditedMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{
		ProtocolMessage: &waE2E.ProtocolMessage{
			Key:           p.keyTo(to, id, true),
			Type:          waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(),
			EditedMessage: &waE2E.Message{Conversation: proto.String(newText)},
			TimestampMS:   proto.Int64(time.Now().UnixMilli()),
		},
	}}})
}

// Revoke takes back a message that this phone wrote to an account ("delete for everyone"). It returns the ID of the
// message that says so.
func (p *Phone) Revoke(to, id string) string {
	return p.Write(to, &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
		Key: p.keyTo(to, id, true), Type: waE2E.ProtocolMessage_REVOKE.Enum(),
	}})
}

// React puts an emoji on a message that the account wrote, or takes it away again when it is empty.
func (p *Phone) React(to, id, emoji string) string {
	return p.Write(to, &waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{
		Key: p.keyTo(to, id, false), Text: proto.String(emoji), SenderTimestampMS: proto.Int64(time.Now().UnixMilli()),
	}})
}

// Reply answers a message of the account, whose words travel along as the quoted text. The phone need not have shown
// them.
func (p *Phone) Reply(to, quotedText, text string) (id string) {
	quoted := fmt.Sprintf("3EB0%X", sha256.Sum256([]byte(quotedText)))[:22]
	for _, message := range p.Messages() {
		if message.From == to && message.Text == quotedText {
			quoted = message.ID
		}
	}
	return p.Write(to, &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: proto.String(text),
		ContextInfo: &waE2E.ContextInfo{
			StanzaID:      proto.String(quoted),
			Participant:   proto.String(p.chatWith(to)),
			QuotedMessage: &waE2E.Message{Conversation: proto.String(quotedText)},
		},
	}})
}

// keyTo names a message in the chat with an account: one of this phone's, or the account's.
func (p *Phone) keyTo(to, id string, own bool) *waCommon.MessageKey {
	return &waCommon.MessageKey{RemoteJID: proto.String(p.chatWith(to)), FromMe: &own, ID: &id}
}

// chatWith is the address of an account, given by its number in E.164.
func (p *Phone) chatWith(number string) string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.mustFindLocked(number).jid(types.HiddenUserServer, 0).String()
}

// mustFindLocked is the account of a number in E.164. A number without one is a mistake of the test and panics.
func (s *Server) mustFindLocked(number string) *account {
	acct := s.accounts[digits(number)]
	if acct == nil {
		panic("whatsapptest: a message to a number without an account")
	}
	return acct
}
