package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Kind says what a citizen sent.
type Kind string

const (
	KindText       Kind = "text"
	KindAudio      Kind = "audio" // voice notes too
	KindImage      Kind = "image"
	KindVideo      Kind = "video"
	KindSticker    Kind = "sticker"
	KindDocument   Kind = "document"
	KindContact    Kind = "contact"
	KindLocation   Kind = "location"
	KindPoll       Kind = "poll"
	KindInvite     Kind = "invite"     // into a group or a channel
	KindCall       Kind = "call"       // has been rejected
	KindUnreadable Kind = "unreadable" // could not be decrypted; it may still come, with the same ID
	KindOther      Kind = "other"
)

// Text is what a citizen wrote to us privately.
type Text struct {
	ID   string // the sender's phone chose it: unique per sender, not in the world
	From Address
	Kind Kind
	Body string    // as typed; "" unless Kind is KindText, captions included
	At   time.Time // when WhatsApp's server took it
}

// LogValue keeps the sender and the words out of every log.
func (t Text) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", t.ID), slog.String("kind", string(t.Kind)))
}

// Receipt is a phone's word about messages it got.
type Receipt struct {
	IDs  []string
	Read bool // false: it arrived; true: it was read, on phones that tell
	At   time.Time
}

// A text that our phone decrypted for us is acknowledged by the library whatever we answer, so it is tried here.
const (
	rescueTries = 5
	rescuePause = 2 * time.Second
	historyTime = 2 * time.Minute
)

func (c *Client) received(l *link, event *events.Message) bool {
	if notice := event.Message.GetProtocolMessage().GetHistorySyncNotification(); notice != nil && event.Info.IsFromMe {
		return c.history(l, notice)
	}
	text, ok := c.textOf(event)
	if !ok {
		return true
	}
	if c.options.OnText == nil {
		return false
	}
	err := c.handText(text)
	for try := 1; err != nil && event.UnavailableRequestID != "" && try < rescueTries; try++ {
		select {
		case <-time.After(rescuePause):
		case <-c.stopping.Done():
			return false
		}
		err = c.handText(text)
	}
	if err != nil {
		c.log.Error("a text could not be recorded and will come again", "text", text, "error", err)
		c.resetSoon(l)
		return false
	}
	c.people.remember(event.Info.Sender, event.Info.SenderAlt)
	return true
}

func (c *Client) handText(text Text) error {
	return c.guarded(func() error { return c.options.OnText(c.life, text) })
}

// guarded turns a panic into an error: to the library a panic would count as success, and the text would be lost.
func (c *Client) guarded(call func() error) (err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			// Neither the value nor the arguments on the stack may be printed: both can hold a citizen's words.
			c.log.Error("panic while handling what came from whatsapp", "stack", redact(string(debug.Stack())))
			err = errors.New("the handler panicked")
		}
	}()
	return call()
}

// textOf reads a private message of another person. Everything else is none of our business: our own messages and what
// our phone tells us, groups, status updates, channels, edits, reactions, votes and withdrawals.
func (c *Client) textOf(event *events.Message) (Text, bool) {
	info := event.Info
	private := info.Sender.Server == types.DefaultUserServer || info.Sender.Server == types.HiddenUserServer
	if info.IsFromMe || info.IsGroup || !private || info.Category == "peer" || info.Sender.IsBot() || info.Sender.User == types.PSAJID.User {
		return Text{}, false
	}
	kind, body := contentOf(event.Message)
	if kind == "" || event.IsEdit || info.Edit != types.EditAttributeEmpty {
		return Text{}, false
	}
	identities := []types.JID{info.Sender, info.SenderAlt}
	if info.SenderAlt.IsEmpty() {
		identities[1] = c.people.other(c.life, info.Sender)
	}
	return Text{ID: info.ID, From: addressOf(identities...), Kind: kind, Body: body, At: info.Timestamp}, true
}

// contentOf tells what a message is, and "" for one that shows nothing in a chat.
func contentOf(m *waE2E.Message) (Kind, string) {
	switch {
	case m == nil, m.ProtocolMessage != nil, m.ReactionMessage != nil, m.EncReactionMessage != nil, m.PollUpdateMessage != nil,
		m.KeepInChatMessage != nil, m.PinInChatMessage != nil, m.EditedMessage != nil:
		return "", ""
	case m.Conversation != nil:
		return KindText, m.GetConversation()
	case m.ExtendedTextMessage != nil:
		return KindText, m.GetExtendedTextMessage().GetText()
	case m.AudioMessage != nil:
		return KindAudio, ""
	case m.ImageMessage != nil:
		return KindImage, ""
	case m.VideoMessage != nil, m.PtvMessage != nil:
		return KindVideo, ""
	case m.StickerMessage != nil:
		return KindSticker, ""
	case m.DocumentMessage != nil:
		return KindDocument, ""
	case m.ContactMessage != nil, m.ContactsArrayMessage != nil:
		return KindContact, ""
	case m.LocationMessage != nil, m.LiveLocationMessage != nil:
		return KindLocation, ""
	case m.SenderKeyDistributionMessage != nil:
		return "", ""
	}
	return KindOther, ""
}

func (c *Client) receipted(event *events.Receipt) bool {
	var read bool
	switch event.Type {
	case types.ReceiptTypeDelivered, types.ReceiptTypeInactive:
	case types.ReceiptTypeRead, types.ReceiptTypePlayed:
		read = true
	default:
		return true
	}
	if event.IsFromMe || event.IsGroup {
		return true
	}
	if c.options.OnReceipt == nil {
		return false
	}
	receipt := Receipt{IDs: event.MessageIDs, Read: read, At: event.Timestamp}
	err := c.guarded(func() error { return c.options.OnReceipt(c.life, receipt) })
	if err != nil {
		c.log.Error("a receipt could not be recorded and will come again", "error", err)
		if l := c.current(); l != nil {
			c.resetSoon(l)
		}
		return false
	}
	return true
}

// history reads the phone's history for what sending needs, the tokens and LIDs of people who wrote before, and drops the
// conversations. It runs to its end before the notice is acknowledged; a failure means that the notice comes again.
func (c *Client) history(l *link, notice *waE2E.HistorySyncNotification) bool {
	ctx, cancel := context.WithTimeout(c.stopping, historyTime)
	defer cancel()
	err := c.guarded(func() error { return fetchHistory(ctx, l.lib, notice) })
	if err != nil {
		c.log.Warn("the phone's history could not be read", "error", err)
	}
	return err == nil
}

func fetchHistory(ctx context.Context, lib *whatsmeow.Client, notice *waE2E.HistorySyncNotification) error {
	if _, err := lib.DownloadHistorySync(ctx, notice, true); err != nil {
		return fmt.Errorf("history sync: %w", clean(err))
	}
	if notice.GetDirectPath() == "" {
		return nil // it came inside the notice
	}
	// A copy left on the server is WhatsApp's to expire; it is no reason to read everything again.
	_ = lib.DeleteMedia(ctx, whatsmeow.MediaHistory, notice.GetDirectPath(), notice.GetFileEncSHA256(), notice.GetEncHandle())
	return nil
}
