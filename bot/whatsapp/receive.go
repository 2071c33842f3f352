package whatsapp

import (
	"cmp"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Kind says what a citizen sent.
type Kind string

// The kinds.
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
	KindSilent     Kind = "silent"     // shows nothing in the chat, as a reaction or a withdrawal; but we have keys for its sender now
	KindOther      Kind = "other"
)

// Text is what a citizen sent us privately.
type Text struct {
	// ID was chosen by the sender's phone: unique per sender, not in the world. New words for an old message have their own.
	ID   string
	From Address
	Kind Kind
	// Body is what the citizen wrote, in a message, a caption or an edit, or chose from a menu: never what is quoted or
	// forwarded along. Valid UTF-8 of at most 64 KiB.
	Body string
	At   time.Time // when WhatsApp's server took it

	// NumberOnly says that the sender showed no more than a number. A LID in From is what WhatsApp said when it was asked
	// whose it is by now.
	NumberOnly bool
}

// LogValue keeps the sender and the words out of every log, and an ID in which a phone has hidden either.
func (t Text) LogValue() slog.Value {
	id := "[id]"
	if messageID.MatchString(t.ID) && letterAF.MatchString(t.ID) {
		id = redact(t.ID)
	}
	return slog.GroupValue(slog.String("id", id), slog.String("kind", string(t.Kind)))
}

// longestID is beyond any ID that a phone makes.
const longestID = 128

// received hands over a message. What our own phone tells is kept already, and read apart from this.
func (c *Client) received(l *link, event *events.Message) bool {
	if event.UnavailableRequestID != "" {
		return true // it stands in what the phone told
	}
	if _, _, ok := noticeOf(event.RawMessage); ok && event.Info.IsFromMe && event.Info.Sender.Device == 0 {
		return c.told(l, event.Info.ID, event.RawMessage)
	}
	text, ok := c.textOf(l, event)
	if !ok {
		return true
	}
	c.noteReceipts()
	return c.deliver(l, text, true)
}

// textOf reads a message, if it is a citizen's to us alone.
func (c *Client) textOf(l *link, event *events.Message) (Text, bool) {
	info := event.Info
	if web := event.SourceWebMsg; web != nil {
		info.ID = web.GetKey().GetID() // the library puts that of the old message in the place of an edit's
	}
	if !c.isPrivate(l, info) {
		return Text{}, false
	}
	kind, body := contentOf(event.RawMessage)
	kind = cmp.Or(kind, KindSilent)
	alone := info.Sender.Server == types.DefaultUserServer && c.people.doubts.wasAlone(event.Info.ID)
	return Text{ID: info.ID, From: c.people.address(c.life, info.Sender, info.SenderAlt), Kind: kind, Body: body, At: info.Timestamp, NumberOnly: alone}, true
}

// undecryptable tells of a message that cannot be read, so that its sender can be asked for another. The library has
// acknowledged it and asked the phone for it once more.
func (c *Client) undecryptable(l *link, event *events.UndecryptableMessage) bool {
	if !c.isPrivate(l, event.Info) {
		return true
	}
	kind := KindUnreadable
	if event.DecryptFailMode == events.DecryptFailHide && event.Info.Edit != types.EditAttributeMessageEdit { // a reaction, say
		kind = KindSilent
	}
	from := c.people.address(c.life, event.Info.Sender, event.Info.SenderAlt)
	return c.deliver(l, Text{ID: event.Info.ID, From: from, Kind: kind, At: event.Info.Timestamp}, false)
}

// isPrivate tells whether a message is another person's to us alone. Everything else is none of our business: our own
// messages and what our phone tells us, groups, status updates, channels, WhatsApp's own announcements and machines.
func (c *Client) isPrivate(l *link, info types.MessageInfo) bool {
	person := info.Sender.Server == types.DefaultUserServer || info.Sender.Server == types.HiddenUserServer
	return person && isDigits(info.Sender.User) && info.ID != "" && len(info.ID) <= longestID && info.Chat.User == info.Sender.User &&
		!info.IsFromMe && !info.IsGroup && info.Category != "peer" && !info.Sender.IsBot() && info.Sender.User != types.PSAJID.User &&
		!c.isOwn(l, info.Sender)
}

func (c *Client) isOwn(l *link, jid types.JID) bool {
	return jid.User == l.ownLID.User && jid.Server == types.HiddenUserServer ||
		"+"+jid.User == c.options.Number && jid.Server == types.DefaultUserServer
}

// deliver hands a text over. After a failure it comes again: from WhatsApp when it has not been acknowledged, else from us.
func (c *Client) deliver(l *link, text Text, unacknowledged bool) bool {
	if c.options.OnText == nil {
		return false
	}
	if unacknowledged && c.order.overtakes(text) {
		c.log.Info("a text waits for another that comes again", "text", text)
		c.resetSoon(l)
		return false
	}
	err := c.handText(text)
	if unacknowledged {
		c.order.note(text, err == nil)
	}
	switch {
	case err == nil:
		return true
	case unacknowledged:
		c.log.Error("a text could not be recorded and will come again", "text", text, "error", clean(err))
		c.resetSoon(l)
	default:
		c.log.Error("a text could not be recorded and will be tried again", "text", text, "error", clean(err))
		c.deliverLater(text)
	}
	return false
}

func (c *Client) handText(text Text) error {
	c.texting.Lock()
	defer c.texting.Unlock()
	err := c.guarded(func() error { return c.options.OnText(c.life, text) })
	if err == nil {
		c.people.learn(c.life, text.From)
		_ = c.unstale(c.life, text.From.lidJID(), text.At) // else it is asked for once more
	}
	return err
}

// guarded turns a panic into an error: to the library a panic would count as success, and the text would be lost.
func (c *Client) guarded(call func() error) (err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			// Neither the value nor the arguments on the stack may be printed: both can hold a citizen's words.
			c.log.Error("panic in the link to whatsapp", "stack", redact(string(debug.Stack())))
			err = errors.New("the handler panicked")
		}
	}()
	return call()
}
