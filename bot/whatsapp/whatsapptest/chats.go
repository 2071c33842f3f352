package whatsapptest

import (
	"crypto/sha256"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// chats is what a main phone keeps of its conversations: it tells its linked devices of them. Guarded by the server's
// lock.
type chats struct{ kept []*entry }

// entry is one message in a conversation.
type entry struct {
	id      string
	place   Place    // empty: the private chat with the other
	other   *account // who wrote it, or to whom the owner wrote
	lid     string   // the other's at the time
	own     bool     // the owner wrote it, on the phone or on a linked device
	gone    bool     // it was taken back
	content *waE2E.Message
	words   string // instead of content, if there is no more
	at      time.Time
}

// find looks a message up by its ID, the newest first.
func (c *chats) find(id string) (*entry, bool) {
	for i := len(c.kept) - 1; i >= 0; i-- {
		if c.kept[i].id == id {
			return c.kept[i], true
		}
	}
	return nil, false
}

// keep adds a message, or lets it do to another what it says: replace it, or take it back.
func (c *chats) keep(r *entry) {
	plain := unwrapLayers(r.content)
	word := plain.GetProtocolMessage()
	switch {
	case word.GetType() == waE2E.ProtocolMessage_REVOKE && word != nil:
		if target, ok := c.find(word.GetKey().GetID()); ok && target.other == r.other && target.own == r.own {
			target.gone, target.content, target.words = true, nil, ""
		}
	case word.GetEditedMessage() != nil:
		if target, ok := c.find(word.GetKey().GetID()); ok && target.other == r.other && target.own == r.own {
			target.content = word.GetEditedMessage()
		}
	case word != nil, plain.GetReactionMessage() != nil, plain.GetPollUpdateMessage() != nil: // hang on to other messages
	default:
		c.kept = append(c.kept, r)
	}
}

// fileChatLocked keeps what was written between the owner and another account. Only a main phone does.
func (p *Phone) fileChatLocked(t text, other *account, own bool) {
	if p.id == 0 {
		p.chats.keep(&entry{id: t.id, place: t.place, other: other, lid: other.lid, own: own, content: t.content, words: t.words, at: t.at})
	}
}

// Remember puts a private message into this phone's history as if it had come, or been written by its owner, at a time;
// nobody else gets to know. It returns the message's ID. The other's number must have an account, or the test is wrong
// and it panics.
func (p *Phone) Remember(other string, own bool, body string, at time.Time) (id string) {
	return p.RememberMessage(other, own, &waE2E.Message{Conversation: proto.String(body)}, at)
}

// RememberMessage is [Phone.Remember] for any content.
func (p *Phone) RememberMessage(other string, own bool, content *waE2E.Message, at time.Time) (id string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.counter++
	sum := sha256.Sum256([]byte(p.hand.name + "/memory/" + number(p.counter)))
	id = fmt.Sprintf("3A%X", sum[:9])
	p.fileChatLocked(text{id: id, content: content, at: at}, p.s.mustFindLocked(other), own)
	return id
}

// chat is the address of the conversation: a place's, the other's LID, or its number.
func (r *entry) chat(byNumber bool) types.JID {
	switch {
	case r.place != "":
		return r.place.jid()
	case byNumber:
		return types.NewJID(r.other.number, types.DefaultUserServer)
	}
	return types.NewJID(r.lid, types.HiddenUserServer)
}

// web is the message as it travels in a history. The other's name is that of its main phone.
func (r *entry) web(byNumber bool) *waWeb.WebMessageInfo {
	chat := r.chat(byNumber).String()
	info := &waWeb.WebMessageInfo{
		Key:              &waCommon.MessageKey{RemoteJID: &chat, FromMe: proto.Bool(r.own), ID: proto.String(r.id)},
		MessageTimestamp: proto.Uint64(uint64(r.at.Unix())),
		Status:           waWeb.WebMessageInfo_DELIVERY_ACK.Enum(),
	}
	if r.gone {
		info.MessageStubType = waWeb.WebMessageInfo_REVOKE.Enum()
		return info
	}
	told := text{id: r.id, words: r.words, content: r.content}
	info.Message = told.message()
	if r.own { // a linked device knows the secret of what it sent, and this phone does not keep it
		info.Message.MessageContextInfo = nil
		return info
	}
	info.MessageSecret = info.Message.GetMessageContextInfo().GetMessageSecret()
	if name := r.other.phone.name; name != "" {
		info.PushName = &name
	}
	if r.place != "" {
		participant := types.NewJID(r.lid, types.HiddenUserServer).String()
		info.Participant, info.Key.Participant = &participant, &participant
	}
	return info
}
