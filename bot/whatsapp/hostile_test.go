package whatsapp

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

// hostile is a client whose every callback fails, by turns with an error and with a panic that hold all there is to hide.
func hostile(t *testing.T, log *bytes.Buffer) (*Client, *link) {
	t.Helper()
	failures := 0
	fail := func(what any) error {
		if failures++; failures%2 == 0 {
			panic(what)
		}
		return errors.New("+393331234567 117540327481234@lid <Zarlenga> \"Zarlenga\"")
	}
	c, err := Open(t.Context(), Options{
		Dir: t.TempDir(), Number: "+393343679575",
		Logger:     slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		OnText:     func(_ context.Context, text Text) error { return fail(text) },
		OnHistory:  func(_ context.Context, _ string, texts []Text) (bool, error) { return false, fail(texts) },
		OnReceipts: func(_ context.Context, r []Receipt) error { return fail(r) },
		Resend:     func(context.Context, string, Sender) (Content, bool) { panic("Zarlenga") },
		Wanted:     func(context.Context, string) bool { panic("Zarlenga") },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	l := &link{ownLID: types.NewJID("200000000000001", types.HiddenUserServer)}
	device := c.container.NewDevice()
	l.lib, l.wire = c.newLibrary(device)
	l.sessions = newSessionLock(nil, nil, func() {})
	l.sessions.notices = newNotices(c.wrapped, "", l.ownLID)
	c.link = l
	return c, l
}

// tell lets the phone tell something, reads it once, and tells whether it is to be read again.
func tell(t *testing.T, c *Client, l *link, word *waE2E.ProtocolMessage) (again bool) {
	t.Helper()
	c.told(l, "Zarlenga", &waE2E.Message{ProtocolMessage: word})
	n, ok, err := c.reader.next(true)
	if err != nil || !ok {
		t.Fatalf("got %t, %v, want something to read", ok, err)
	}
	if err := c.reader.deal(l, n); err != nil {
		t.Fatal(err)
	}
	result, err := c.db.Exec("DELETE FROM banditore_notices WHERE id = ?", n.id)
	if err != nil {
		t.Fatal(err)
	}
	left, _ := result.RowsAffected()
	return left > 0
}

func tellHistory(t *testing.T, c *Client, l *link, part *waE2E.HistorySyncNotification) (again bool) {
	t.Helper()
	return tell(t, c, l, &waE2E.ProtocolMessage{HistorySyncNotification: part})
}

func packed(t *testing.T, part *waHistorySync.HistorySync) []byte {
	t.Helper()
	data, err := proto.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	var buffer bytes.Buffer
	writer := zlib.NewWriter(&buffer)
	writer.Write(data)
	writer.Close()
	return buffer.Bytes()
}

func TestG4_NothingHostileIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c, l := hostile(t, &log)
	senders := []types.JID{
		types.NewJID("393331234567", types.DefaultUserServer), types.NewJID("117540327481234", types.HiddenUserServer),
		types.NewJID("Zarlenga", types.DefaultUserServer), types.NewJID("393331234567", types.HostedServer), {User: "Zarlenga", Server: "393331234567"},
		types.NewJID("", types.HiddenUserServer), {},
	}
	ids := []string{"3EB0C767D097B7C3A1", "393331234567AAAA", "Zarlenga", "117540327481234", strings.Repeat("Z", 1<<20), ""}
	messages := []*waE2E.Message{words("Attiva Notizie Zarlenga 3331234567"), edit(words("Zarlenga")), newer(), {
		ContactMessage: &waE2E.ContactMessage{DisplayName: proto.String("Zarlenga"), Vcard: proto.String("+393331234567")},
	}}
	for _, sender := range senders {
		for _, id := range ids {
			info := types.MessageInfo{MessageSource: types.MessageSource{Chat: sender, Sender: sender}, ID: id, PushName: "Zarlenga", Timestamp: time.Unix(1e9, 0)}
			for _, message := range messages {
				c.received(l, (&events.Message{Info: info, RawMessage: message}).UnwrapRaw())
				c.received(l, (&events.Message{Info: info, RawMessage: message, UnavailableRequestID: "Zarlenga"}).UnwrapRaw())
			}
			c.undecryptable(l, &events.UndecryptableMessage{Info: info})
			c.called(l, types.BasicCallMeta{From: sender, CallCreator: sender, CallID: id, Timestamp: time.Unix(1e9, 0)})
			c.noticed(l, &events.CallOfferNotice{BasicCallMeta: types.BasicCallMeta{From: sender, CallID: id + "B"}, Type: "Zarlenga"})
			c.receipted(l, &events.Receipt{MessageSource: info.MessageSource, MessageIDs: []string{id}})
			c.forRetry(c.link.lib)(sender, sender, id)
		}
	}
	hostileHistory(t, c, l, senders)
	if leak := regexp.MustCompile(`(?i)zarlenga|333123|3274812|notizie|\d{9}`).FindString(withoutTimes(log.String())); leak != "" {
		t.Errorf("the log holds %q", leak)
	}
	if n := strings.Count(log.String(), "panic in the link"); n < 20 {
		t.Errorf("got %d panics in the log, so this test cannot fail", n)
	}
}

func withoutTimes(log string) string { return regexp.MustCompile(`time=\S+`).ReplaceAllString(log, "") }

// hostileHistory lets the phone tell of conversations that are none.
func hostileHistory(t *testing.T, c *Client, l *link, senders []types.JID) {
	t.Helper()
	part := &waHistorySync.HistorySync{SyncType: waHistorySync.HistorySync_RECENT.Enum()}
	for _, name := range append([]string{"Zarlenga", "393331234567@c.us", "@", "1@2@3", "117540327481234@lid"}, senders[0].String(), senders[2].String()) {
		part.Conversations = append(part.Conversations, &waHistorySync.Conversation{
			ID: &name, LidJID: proto.String("Zarlenga@lid"), PnJID: proto.String("1"), TcToken: []byte("x"), Name: proto.String("Zarlenga"),
			Messages: []*waHistorySync.HistorySyncMsg{nil, {}, {Message: &waWeb.WebMessageInfo{
				Key: &waCommon.MessageKey{ID: proto.String("Zarlenga")}, Message: words("Zarlenga"), MessageTimestamp: proto.Uint64(1 << 63),
			}}, {Message: &waWeb.WebMessageInfo{Key: &waCommon.MessageKey{ID: proto.String("Zarlenga")}, Message: words("Zarlenga")}}},
		})
		part.PhoneNumberToLidMappings = append(part.PhoneNumberToLidMappings, &waHistorySync.PhoneNumberToLIDMapping{PnJID: &name, LidJID: &name})
	}
	for _, payload := range [][]byte{packed(t, part), packed(t, part), []byte("Zarlenga"), {}, packed(t, part)[:20]} {
		tellHistory(t, c, l, &waE2E.HistorySyncNotification{InitialHistBootstrapInlinePayload: payload})
	}
	for _, packed := range [][]byte{[]byte("Zarlenga"), nil, packedWeb(t, senders[0].String()), packedWeb(t, "Zarlenga"), packedWeb(t, senders[1].String())} {
		result := &waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult{
			PlaceholderMessageResendResponse: &waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult_PlaceholderMessageResendResponse{WebMessageInfoBytes: packed},
		}
		tell(t, c, l, &waE2E.ProtocolMessage{PeerDataOperationRequestResponseMessage: &waE2E.PeerDataOperationRequestResponseMessage{
			PeerDataOperationRequestType: waE2E.PeerDataOperationRequestType_PLACEHOLDER_MESSAGE_RESEND.Enum(),
			PeerDataOperationResult:      []*waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult{result},
		}})
	}
	tell(t, c, l, &waE2E.ProtocolMessage{LidMigrationMappingSyncMessage: &waE2E.LIDMigrationMappingSyncMessage{EncodedMappingPayload: []byte("Zarlenga")}})
}

// packedWeb is an old message as a phone repeats it.
func packedWeb(t *testing.T, chat string) []byte {
	t.Helper()
	data, err := proto.Marshal(&waWeb.WebMessageInfo{Key: &waCommon.MessageKey{RemoteJID: &chat, ID: proto.String("Zarlenga")}, Message: words("Zarlenga")})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A few kilobytes that unpack to more than memory holds are passed over.
func TestG9_HistoryThatExplodesIsPassedOver(t *testing.T) {
	t.Parallel()
	var log, bomb bytes.Buffer
	c, l := hostile(t, &log)
	writer, err := zlib.NewWriterLevel(&bomb, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range historyLimit>>20 + 1 {
		writer.Write(zeros)
	}
	writer.Close()
	if tellHistory(t, c, l, &waE2E.HistorySyncNotification{InitialHistBootstrapInlinePayload: bomb.Bytes()}) {
		t.Error("it would come again for ever")
	}
	if !strings.Contains(log.String(), errHistorySize.Error()) || strings.Contains(log.String(), "unmarshal") {
		t.Error("it was not passed over for its size")
	}
	if tellHistory(t, c, l, &waE2E.HistorySyncNotification{FileLength: proto.Uint64(1 << 40), DirectPath: proto.String("/x")}) {
		t.Error("a file of a terabyte would come again for ever")
	}
}

// What cannot be handed over is not kept without end.
func TestG9_WhatIsOwedIsBounded(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c, l := hostile(t, &log)
	sender := types.NewJID("117540327481234", types.HiddenUserServer)
	for i := range 3 * undeliveredLimit {
		info := types.MessageInfo{MessageSource: types.MessageSource{Chat: sender, Sender: sender}, ID: string(rune('A' + i))}
		c.undecryptable(l, &events.UndecryptableMessage{Info: info})
		c.called(l, types.BasicCallMeta{From: sender, CallID: string(rune('A' + i))})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.undelivered) != undeliveredLimit || len(c.calls) != rememberedCalls {
		t.Errorf("got %d texts that wait and %d calls remembered, want %d and %d", len(c.undelivered), len(c.calls), undeliveredLimit, rememberedCalls)
	}
}

// The ID of a call was chosen by whoever calls: who uses that of another's call does not hide it.
func TestG3_ACallIsKnownByItsCallerAndItsID(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	mario, stranger := types.NewJID("111111", types.HiddenUserServer), types.NewJID("222222", types.HiddenUserServer)
	for i, call := range []struct {
		from  types.JID
		fresh bool
	}{{stranger, true}, {mario, true}, {mario, false}, {stranger, false}} {
		if got := c.isNewCall(call.from, "C"); got != call.fresh {
			t.Errorf("call %d: new is %v", i, got)
		}
	}
}
