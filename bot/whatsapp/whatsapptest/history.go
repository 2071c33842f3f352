package whatsapptest

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"fmt"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// History says what a main phone tells a newly linked device of its chats. The zero value is what phones do: a first piece
// with the newest message of each chat, the names, and then pieces with all messages, the newest first, as files.
type History struct {
	None      bool          // nothing comes at all
	Empty     bool          // one piece comes, without chats
	Chunk     int           // messages in each of the later pieces; 0: 100
	Backwards bool          // the later pieces come in the wrong order
	Order     []int         // the pieces come in this order, counted from 0; those that it does not name follow
	Twice     bool          // each piece comes twice, in two messages
	Hold      bool          // nothing comes before Release or ReleaseNext
	Stop      int           // only so many pieces come; 0: all
	Inline    bool          // the first piece stands in the message, not in a file
	Lost      bool          // the files are not there
	ByNumber  bool          // chats go by number, with the LID beside it, instead of the other way round
	Bare      bool          // neither the other address of a chat, nor the list of pairs, nor trust tokens
	Delay     time.Duration // before the first piece, and between pieces
}

// defaultChunk is how many messages go into a piece.
const defaultChunk = 100

// SetHistory changes what this phone, the main phone of an account, tells devices that are linked from now on.
func (p *Phone) SetHistory(h History) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.history = h
}

// piece is a part of a history on its way.
type piece struct {
	content *waHistorySync.HistorySync
	inline  bool
	lost    bool
	again   bool // it comes for the second time, as a file of its own
}

// piecesLocked cuts the history of this phone into pieces, in the order in which they are sent.
func (p *Phone) piecesLocked(now time.Time) []piece {
	h := p.history
	if h.None {
		return nil
	}
	kept := slices.Clone(p.chats.kept)
	slices.SortStableFunc(kept, func(a, b *entry) int { return b.at.Compare(a.at) })
	if h.Empty || len(kept) == 0 {
		return []piece{{content: headed(waHistorySync.HistorySync_INITIAL_BOOTSTRAP, 1, 100), inline: true}}
	}
	first := headed(waHistorySync.HistorySync_INITIAL_BOOTSTRAP, 1, 10)
	first.Conversations = p.conversationsLocked(newestOfEach(kept), h)
	first.GlobalSettings = &waHistorySync.GlobalSettings{ChatDbLidMigrationTimestamp: proto.Int64(now.AddDate(-1, 0, 0).Unix())}
	if !h.Bare {
		first.PhoneNumberToLidMappings = pairs(kept)
	}
	names := headed(waHistorySync.HistorySync_PUSH_NAME, 1, 20)
	names.Pushnames = pushNames(kept, h.ByNumber)
	var later []piece
	for part := range slices.Chunk(kept, cmp.Or(h.Chunk, defaultChunk)) {
		content := headed(waHistorySync.HistorySync_RECENT, len(later)+1, 0)
		content.Conversations = p.conversationsLocked(part, h)
		later = append(later, piece{content: content, lost: h.Lost})
	}
	for i := range later {
		later[i].content.Progress = proto.Uint32(uint32(20 + 80*(i+1)/len(later)))
	}
	if h.Backwards {
		slices.Reverse(later)
	}
	all := append([]piece{{content: first, inline: h.Inline, lost: h.Lost}, {content: names, lost: h.Lost}}, later...)
	all = reorder(all, h.Order)
	if h.Stop > 0 {
		all = all[:min(h.Stop, len(all))]
	}
	return all
}

// reorder puts the pieces that an order names first, in that order. What it names twice or beyond the last is left out.
func reorder(pieces []piece, order []int) []piece {
	var named []piece
	taken := map[int]bool{}
	for _, i := range order {
		if i >= 0 && i < len(pieces) && !taken[i] {
			taken[i] = true
			named = append(named, pieces[i])
		}
	}
	for i, next := range pieces {
		if !taken[i] {
			named = append(named, next)
		}
	}
	return named
}

func headed(kind waHistorySync.HistorySync_HistorySyncType, order, progress int) *waHistorySync.HistorySync {
	return &waHistorySync.HistorySync{SyncType: kind.Enum(), ChunkOrder: proto.Uint32(uint32(order)), Progress: proto.Uint32(uint32(progress))}
}

// newestOfEach picks the newest message of each chat from messages that are sorted.
func newestOfEach(kept []*entry) []*entry {
	var picked []*entry
	seen := map[types.JID]bool{}
	for _, e := range kept {
		if chat := e.chat(false); !seen[chat] {
			seen[chat] = true
			picked = append(picked, e)
		}
	}
	return picked
}

// conversationsLocked sorts messages into their chats.
func (p *Phone) conversationsLocked(kept []*entry, h History) []*waHistorySync.Conversation {
	var list []*waHistorySync.Conversation
	index := map[types.JID]*waHistorySync.Conversation{}
	for i, e := range kept {
		chat := e.chat(h.ByNumber)
		conversation := index[chat]
		if conversation == nil {
			conversation = p.conversationLocked(e, h)
			index[chat] = conversation
			list = append(list, conversation)
		}
		conversation.Messages = append(conversation.Messages, &waHistorySync.HistorySyncMsg{
			Message: e.web(h.ByNumber), MsgOrderID: proto.Uint64(uint64(len(kept) - i)),
		})
	}
	return list
}

// conversationLocked is a chat without its messages, of which e is the newest.
func (p *Phone) conversationLocked(e *entry, h History) *waHistorySync.Conversation {
	conversation := &waHistorySync.Conversation{
		ID:                       proto.String(e.chat(h.ByNumber).String()),
		ConversationTimestamp:    proto.Uint64(uint64(e.at.Unix())),
		EndOfHistoryTransferType: waHistorySync.Conversation_COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY.Enum(),
	}
	if h.Bare || e.place != "" {
		return conversation
	}
	conversation.PnJID = proto.String(e.chat(true).String())
	conversation.LidJID = proto.String(e.chat(false).String())
	if token := e.other.tokens[p.acct.number]; token != nil && e.lid == e.other.lid {
		conversation.TcToken, conversation.TcTokenTimestamp = token, conversation.ConversationTimestamp
	}
	return conversation
}

// pairs lists the addresses that belong together.
func pairs(kept []*entry) []*waHistorySync.PhoneNumberToLIDMapping {
	var list []*waHistorySync.PhoneNumberToLIDMapping
	seen := map[string]bool{}
	for _, e := range kept { // the newest first: a LID that was given up is not told
		if e.place == "" && !seen[e.other.number] {
			seen[e.other.number] = true
			list = append(list, &waHistorySync.PhoneNumberToLIDMapping{
				PnJID: proto.String(e.chat(true).String()), LidJID: proto.String(e.chat(false).String()),
			})
		}
	}
	return list
}

func pushNames(kept []*entry, byNumber bool) []*waHistorySync.Pushname {
	var list []*waHistorySync.Pushname
	for _, e := range newestOfEach(kept) {
		if name := e.other.phone.name; e.place == "" && name != "" {
			list = append(list, &waHistorySync.Pushname{ID: proto.String(e.chat(byNumber).String()), Pushname: &name})
		}
	}
	return list
}

// sendHistory tells a new client of the chats, or keeps for [Phone.Release] what it would tell. What takes time has a
// goroutine of its own.
func (p *Phone) sendHistory(l *linked) {
	p.s.mu.Lock()
	h := p.history
	var sends []func()
	for _, next := range p.piecesLocked(time.Now()) {
		if sends = append(sends, func() { p.sendPiece(l, next) }); h.Twice {
			second := next
			second.again = true
			sends = append(sends, func() { p.sendPiece(l, second) })
		}
	}
	if h.Hold {
		p.held = append(p.held, sends...)
		p.changedLocked()
		sends = nil
	}
	p.s.mu.Unlock()
	if h.Delay <= 0 {
		for _, send := range sends {
			send()
		}
		return
	}
	p.s.wg.Go(func() {
		for _, send := range sends {
			select {
			case <-time.After(h.Delay):
				send()
			case <-p.s.quit:
				return
			}
		}
	})
}

// Release sends all pieces of history that [History.Hold] keeps back, each to the device that it is for, which gets it at
// once or at its next login. A device that was unlinked meanwhile gets nothing.
func (p *Phone) Release() {
	for p.ReleaseNext() {
	}
}

// ReleaseNext sends the next piece that [History.Hold] keeps back and reports whether there was one.
func (p *Phone) ReleaseNext() bool {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if len(p.held) == 0 {
		return false
	}
	p.s.enqueueLocked(p.held[0])
	p.held = p.held[1:]
	return true
}

// AwaitHeld waits until at least n pieces of history are kept back. The error wraps the context's.
func (p *Phone) AwaitHeld(ctx context.Context, n int) error {
	if err := p.await(ctx, func() bool { return len(p.held) >= n }); err != nil {
		return fmt.Errorf("whatsapptest: fewer than %d pieces are kept back: %w", n, err)
	}
	return nil
}

// sendPiece packs a piece, puts it where the client can fetch it, and says so.
func (p *Phone) sendPiece(l *linked, next piece) {
	packed := deflate(next.content)
	kind := waE2E.HistorySyncType(next.content.GetSyncType())
	notice := &waE2E.HistorySyncNotification{SyncType: &kind, ChunkOrder: next.content.ChunkOrder, Progress: next.content.Progress}
	if next.inline {
		notice.InitialHistBootstrapInlinePayload = packed
	} else {
		again := map[bool]string{true: "/again"}
		f := sealFile("WhatsApp History Keys", packed, p.hand.key("history/" + next.content.String() + again[next.again]).Priv[:])
		p.s.storeHistory(f, next.lost)
		notice.DirectPath, notice.MediaKey, notice.FileLength = &f.directPath, f.key, proto.Uint64(uint64(len(packed)))
		notice.FileSHA256, notice.FileEncSHA256 = f.sum, f.sealedSum
		notice.EncHandle = proto.String("handle")
	}
	for _, conversation := range next.content.GetConversations() {
		notice.OldestMsgInChunkTimestampSec = oldest(notice.OldestMsgInChunkTimestampSec, conversation.GetMessages())
	}
	p.sendPeer(l, &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_HISTORY_SYNC_NOTIFICATION.Enum(), HistorySyncNotification: notice,
	})
}

func oldest(so *int64, messages []*waHistorySync.HistorySyncMsg) *int64 {
	at := func(m *waWeb.WebMessageInfo) int64 { return int64(m.GetMessageTimestamp()) }
	for _, message := range messages {
		if so == nil || at(message.GetMessage()) < *so {
			so = proto.Int64(at(message.GetMessage()))
		}
	}
	return so
}

func deflate(content proto.Message) []byte {
	plain, err := proto.Marshal(content)
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // what was read or written before can be written
	}
	var packed bytes.Buffer
	deflater := zlib.NewWriter(&packed)
	_, _ = deflater.Write(plain) // a buffer takes everything
	_ = deflater.Close()
	return packed.Bytes()
}
