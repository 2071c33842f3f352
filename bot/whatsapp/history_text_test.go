package whatsapp

import (
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"google.golang.org/protobuf/proto"
)

// Of a phone's history only what somebody else wrote is handed over, with an ID and a time that can be stored.
func TestG9_WhatOfTheHistoryIsAText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*waWeb.WebMessageInfo)
		is     bool
	}{
		"a text":            {func(*waWeb.WebMessageInfo) {}, true},
		"the longest ID":    {func(m *waWeb.WebMessageInfo) { m.Key.ID = proto.String(strings.Repeat("A", longestID)) }, true},
		"the last second":   {func(m *waWeb.WebMessageInfo) { m.MessageTimestamp = proto.Uint64(farFuture) }, true},
		"our own":           {func(m *waWeb.WebMessageInfo) { m.Key.FromMe = proto.Bool(true) }, false},
		"no ID":             {func(m *waWeb.WebMessageInfo) { m.Key.ID = nil }, false},
		"an endless ID":     {func(m *waWeb.WebMessageInfo) { m.Key.ID = proto.String(strings.Repeat("A", longestID+1)) }, false},
		"the year 10000":    {func(m *waWeb.WebMessageInfo) { m.MessageTimestamp = proto.Uint64(farFuture + 1) }, false},
		"after all time":    {func(m *waWeb.WebMessageInfo) { m.MessageTimestamp = proto.Uint64(1 << 63) }, false},
		"a missed call":     {func(m *waWeb.WebMessageInfo) { m.MessageStubType = waWeb.WebMessageInfo_CALL_MISSED_VOICE.Enum() }, false},
		"a picture":         {func(m *waWeb.WebMessageInfo) { m.Message = &waE2E.Message{ImageMessage: &waE2E.ImageMessage{}} }, false},
		"nothing but a key": {func(m *waWeb.WebMessageInfo) { m.Message = nil }, false},
	} {
		m := &waWeb.WebMessageInfo{
			Key:              &waCommon.MessageKey{ID: proto.String("ABC"), FromMe: proto.Bool(false)},
			Message:          &waE2E.Message{Conversation: proto.String("Attiva Notizie")},
			MessageTimestamp: proto.Uint64(1_790_000_000),
		}
		c.change(m)
		if text, ok := textOfHistory(m); ok != c.is || ok && (text.Body != "Attiva Notizie" || text.At.Year() > 9999) {
			t.Errorf("%s: got %v at %v, %v, want %v", name, text, text.At, ok, c.is)
		}
	}
}

// What session.db could not take may be a part of the history: it counts until the connection that lost it has ended.
func TestG3_WhatWasLostCountsAsHistory(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	check := func(want int) {
		t.Helper()
		if n, err := c.HistoryWaiting(t.Context()); err != nil || n != want {
			t.Errorf("got %d parts that wait, %v, want %d", n, err, want)
		}
	}
	check(0)
	c.order.lose()
	check(1)
	c.order.renew()
	check(0)
}
