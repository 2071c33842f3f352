package whatsapp

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

const (
	historyTime  = 2 * time.Minute
	historyLimit = 64 << 20 // bytes of one part, unpacked; phones cut their history into parts of a few megabytes
)

var (
	errHistorySize = errors.New("a part of the history is too large")
	errDamaged     = errors.New("what the phone told cannot be understood")
)

// read hands over what a notice holds or points to, and tells whether it is to be kept for another reading.
func (r *reader) read(l *link, n notice) (keep bool, err error) {
	message := new(waE2E.Message)
	if err := proto.Unmarshal(n.content, message); err != nil {
		return false, errDamaged
	}
	if wrapped := message.GetDeviceSentMessage().GetMessage(); wrapped != nil {
		message = wrapped
	}
	word := message.GetProtocolMessage()
	switch n.kind {
	case noticeHistory:
		return r.c.history(l, n, word.GetHistorySyncNotification())
	case noticeResend:
		return false, r.c.resent(l, word.GetPeerDataOperationRequestResponseMessage())
	case noticeKeys:
		return false, r.c.learnKeys(l, n, word.GetAppStateSyncKeyShare())
	case noticeLIDs:
		return false, r.c.learnLIDs(word.GetLidMigrationMappingSyncMessage())
	}
	return false, errDamaged // of a later version
}

// history reads a part of the phone's history: the library keeps the tokens and LIDs that sending needs, OnHistory gets what
// citizens wrote, and the conversations are dropped.
func (c *Client) history(l *link, n notice, part *waE2E.HistorySyncNotification) (keep bool, err error) {
	ctx, cancel := context.WithTimeout(c.stopping, historyTime)
	defer cancel()
	content, err := fetchHistory(ctx, l.lib, part)
	if err != nil {
		return false, err
	}
	c.log.Debug("a part of the phone's history is here")
	if keep, err = c.handHistory(n.link, content); err != nil {
		return false, handError{err}
	}
	c.log.Debug("a part of the phone's history has been handed over")
	if n.link != l.name || n.message == "" {
		return keep, nil // it was told over a link that is no more
	}
	// The library's own way to say so names nobody once the link has ended meanwhile.
	receipt := binary.Node{Tag: "receipt", Attrs: binary.Attrs{
		"id": n.message, "type": string(types.ReceiptTypeHistorySync), "to": Address{Number: c.options.Number}.numberJID(),
	}}
	//lint:ignore SA1019 see above
	if err := l.lib.DangerousInternals().SendNode(ctx, receipt); err != nil {
		c.log.Warn("the phone was not told that its history has been read", "error", clean(err))
	}
	return keep, nil
}

// fileOf is where the file of a notice is; nil: it has none.
func fileOf(n notice) *waE2E.HistorySyncNotification {
	message := new(waE2E.Message)
	if n.kind != noticeHistory || proto.Unmarshal(n.content, message) != nil {
		return nil
	}
	if file := message.GetProtocolMessage().GetHistorySyncNotification(); file.GetDirectPath() != "" {
		return file
	}
	return nil
}

// deleteFile deletes the file of a part. A copy left on the server is WhatsApp's to expire.
func (c *Client) deleteFile(l *link, file *waE2E.HistorySyncNotification) {
	ctx, cancel := context.WithTimeout(c.stopping, historyTime)
	defer cancel()
	_ = l.lib.DeleteMedia(ctx, whatsmeow.MediaHistory, file.GetDirectPath(), file.GetFileEncSHA256(), file.GetEncHandle())
}

// fetchHistory downloads a part, if it did not come inside the notice, and has the library read it once its size is known.
func fetchHistory(ctx context.Context, lib *whatsmeow.Client, notice *waE2E.HistorySyncNotification) (*waHistorySync.HistorySync, error) {
	notice = proto.Clone(notice).(*waE2E.HistorySyncNotification)
	if notice.InitialHistBootstrapInlinePayload == nil {
		if notice.GetFileLength() > historyLimit {
			return nil, errHistorySize
		}
		packed, err := lib.Download(ctx, notice)
		if err != nil {
			return nil, fmt.Errorf("history sync: %w", err)
		}
		notice.InitialHistBootstrapInlinePayload = packed // from where the library takes it instead
	}
	if err := checkSize(notice.GetInitialHistBootstrapInlinePayload()); err != nil {
		return nil, err
	}
	part, err := lib.DownloadHistorySync(asked(ctx), notice, true)
	if err != nil {
		return nil, fmt.Errorf("%w: history sync: %w", errDamaged, clean(err)) // it was only to be unpacked
	}
	return part, nil
}

// checkSize unpacks to nowhere, so that what a few bytes can grow into never stands in memory.
func checkSize(packed []byte) error {
	reader, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil // the library says so too
	}
	if n, _ := io.Copy(io.Discard, io.LimitReader(reader, historyLimit+1)); n > historyLimit {
		return errHistorySize
	}
	return nil
}

// handHistory hands over a part that holds, or could hold, conversations.
func (c *Client) handHistory(link string, part *waHistorySync.HistorySync) (keep bool, err error) {
	switch part.GetSyncType() {
	case waHistorySync.HistorySync_INITIAL_BOOTSTRAP, waHistorySync.HistorySync_RECENT, waHistorySync.HistorySync_FULL,
		waHistorySync.HistorySync_ON_DEMAND:
	default:
		return false, nil
	}
	if c.options.OnHistory == nil {
		return false, nil
	}
	c.texting.Lock()
	defer c.texting.Unlock()
	err = c.guarded(func() (err error) {
		keep, err = c.options.OnHistory(c.life, link, c.textsOf(part))
		return err
	})
	return keep, err
}

// textsOf finds what other people wrote to us alone, oldest first.
func (c *Client) textsOf(part *waHistorySync.HistorySync) []Text {
	type placed struct {
		Text
		order uint64 // the phone's own, within a second
	}
	var all []placed
	for _, conversation := range part.GetConversations() {
		from, ok := c.writer(conversation)
		if !ok {
			continue
		}
		for _, message := range conversation.GetMessages() {
			if text, ok := textOfHistory(message.GetMessage()); ok {
				text.From = from
				all = append(all, placed{text, message.GetMsgOrderID()})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y placed) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.order, y.order))
	})
	texts := make([]Text, len(all))
	for i := range all {
		texts[i] = all[i].Text
	}
	return texts
}

// writer is the other side of a conversation, unless it is a group's, a channel's, a machine's or our own.
func (c *Client) writer(conversation *waHistorySync.Conversation) (Address, bool) {
	var identities []types.JID
	for _, name := range []string{conversation.GetID(), conversation.GetLidJID(), conversation.GetPnJID()} {
		jid, err := types.ParseJID(name)
		if err != nil {
			continue
		}
		if jid.Server == types.LegacyUserServer {
			jid.Server = types.DefaultUserServer
		}
		identities = append(identities, jid)
	}
	if len(identities) == 0 || identities[0].IsBot() || identities[0].User == types.PSAJID.User {
		return Address{}, false
	}
	chat := addressOf(identities[0])
	own := chat.Number == c.options.Number
	if l := c.current(); l != nil {
		own = own || chat.LID != "" && chat.LID == l.ownLID.User
	}
	shown := addressOf(identities...)
	if shown.LID == "" { // what the number's LID was when we learnt it says little of who wrote
		return shown, chat != Address{} && !own
	}
	return c.people.address(c.life, identities...), chat != Address{} && !own
}

// textOfHistory reads one message of a conversation with one person.
func textOfHistory(m *waWeb.WebMessageInfo) (Text, bool) {
	key := m.GetKey()
	stub := m.GetMessageStubType() != waWeb.WebMessageInfo_UNKNOWN // of the phone itself: a missed call, a changed key
	if key.GetFromMe() || stub || key.GetID() == "" || len(key.GetID()) > longestID || m.GetMessageTimestamp() > farFuture {
		return Text{}, false
	}
	kind, body := contentOf(m.GetMessage())
	if body == "" {
		return Text{}, false
	}
	return Text{ID: key.GetID(), Kind: kind, Body: body, At: time.Unix(int64(m.GetMessageTimestamp()), 0)}, true
}

// farFuture is a time (the year 9999, in seconds) beyond which a timestamp is nonsense.
const farFuture = 253402300799
