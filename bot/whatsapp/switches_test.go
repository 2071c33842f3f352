package whatsapp

import (
	"context"
	"testing"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Each switch of the library is a promise: what is lost without it is lost in silence, and most of them are off by themselves.
func TestEverySwitchOfTheLibrary(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	lib, _ := c.newLibrary(c.container.NewDevice())
	for name, on := range map[string]bool{
		"SynchronousAck":                     lib.SynchronousAck,
		"EnableDecryptedEventBuffer":         lib.EnableDecryptedEventBuffer,
		"AutomaticMessageRerequestFromPhone": lib.AutomaticMessageRerequestFromPhone,
		"ManualHistorySyncDownload":          lib.ManualHistorySyncDownload,
		"DisableManualHistorySyncReceipt":    lib.DisableManualHistorySyncReceipt,
		"no UseRetryMessageStore":            !lib.UseRetryMessageStore,
		"DisableLoginAutoReconnect":          lib.DisableLoginAutoReconnect,
		"EnableAutoReconnect":                lib.EnableAutoReconnect,
		"InitialAutoReconnect":               lib.InitialAutoReconnect,
		"AutoTrustIdentity":                  lib.AutoTrustIdentity,
		"SendReportingTokens":                lib.SendReportingTokens,
	} {
		if !on {
			t.Errorf("%s is not set", name)
		}
	}
}

// Only what one other person writes to us in their own chat is private.
func TestG4_WhatIsPrivate(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	l := &link{ownLID: types.NewJID("200000000000001", types.HiddenUserServer)}
	mario, anna := types.NewJID("111111", types.HiddenUserServer), types.NewJID("222222", types.HiddenUserServer)
	for name, test := range map[string]struct {
		change func(*types.MessageInfo)
		want   bool
	}{
		"a message":             {func(*types.MessageInfo) {}, true},
		"in somebody's chat":    {func(i *types.MessageInfo) { i.Chat = anna }, false},
		"of a broadcast":        {func(i *types.MessageInfo) { i.Chat = types.NewJID("1700000000", types.BroadcastServer) }, false},
		"in a group":            {func(i *types.MessageInfo) { i.IsGroup = true }, false},
		"our own":               {func(i *types.MessageInfo) { i.IsFromMe = true }, false},
		"our own, by its LID":   {func(i *types.MessageInfo) { i.Sender, i.Chat = l.ownLID, l.ownLID }, false},
		"a word of our phone's": {func(i *types.MessageInfo) { i.Category = "peer" }, false},
		"without ID":            {func(i *types.MessageInfo) { i.ID = "" }, false},
		"WhatsApp's own":        {func(i *types.MessageInfo) { i.Sender, i.Chat = types.PSAJID, types.PSAJID }, false},
	} {
		info := types.MessageInfo{ID: "3EB0", MessageSource: types.MessageSource{Sender: mario, Chat: mario}}
		test.change(&info)
		if got := c.isPrivate(l, info); got != test.want {
			t.Errorf("%s: private is %v, want %v", name, got, test.want)
		}
	}
}

// Nothing is repeated to a LID that is not that person's any more, also when their old phone asks.
func TestG7_NoRetryToAStaleLID(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	c.options.Resend = func(context.Context, string, Sender) (Content, bool) { return Content{Text: "avviso"}, true }
	if _, err := c.db.Exec(`INSERT INTO banditore_stale_lids (lid, number, fresh, since) VALUES ('111111', '', '', 0)`); err != nil {
		t.Fatal(err)
	}
	for lid, want := range map[string]bool{"111111": false, "222222": true} {
		from := types.NewJID(lid, types.HiddenUserServer)
		receipt := &events.Receipt{MessageSource: types.MessageSource{Chat: from, Sender: from}}
		if got := c.allowRetry(receipt, "3EB0", 1, nil); got != want {
			t.Errorf("to %s: allowed is %v, want %v", lid, got, want)
		}
	}
}

// A phone that has linked us is not asked again because the line broke where WhatsApp cuts it.
func TestALineThatEndsAfterTheLink(t *testing.T) {
	t.Parallel()
	for _, linked := range []bool{false, true} {
		end := (&offer{linked: linked}).over(&events.Disconnected{})
		if end == nil || end.linked != linked || end.err != nil {
			t.Errorf("linked %v: got %+v", linked, end)
		}
	}
}

// What was personal is wiped from the journal too, once it has been read.
func TestG5_WhatWasPersonalIsTidiedUp(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	for _, personal := range []bool{false, true} {
		c.reader.untidy = false
		if err := c.reader.drop(nil, notice{id: 1, kind: noticeLIDs, personal: personal}); err != nil {
			t.Fatal(err)
		}
		if c.reader.untidy != personal {
			t.Errorf("personal %v: untidy is %v", personal, c.reader.untidy)
		}
	}
}
