package whatsapp

import (
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

func TestWhatThePhoneSays(t *testing.T) {
	t.Parallel()
	at := time.Unix(1e9, 0)
	from := func(device uint16, own bool) types.MessageSource {
		return types.MessageSource{IsFromMe: own, Sender: types.JID{User: "117540327481234", Device: device, Server: types.HiddenUserServer}}
	}
	phone, computer, citizen := from(0, true), from(3, true), from(0, false)
	receipt := func(kind types.ReceiptType, source types.MessageSource) *events.Receipt {
		return &events.Receipt{MessageSource: source, Timestamp: at, Type: kind}
	}
	message := func(source types.MessageSource) types.MessageInfo {
		return types.MessageInfo{MessageSource: source, Timestamp: at}
	}
	for name, test := range map[string]struct {
		event any
		want  bool
	}{
		"it got its copy of what we sent":  {receipt(types.ReceiptTypeSender, phone), true},
		"it could not read its copy":       {receipt(types.ReceiptTypeRetry, phone), true},
		"it got a word of ours":            {receipt(types.ReceiptTypePeerMsg, phone), true},
		"a chat was read on it":            {receipt(types.ReceiptTypeReadSelf, phone), true},
		"a chat was read, with blue ticks": {receipt(types.ReceiptTypeRead, phone), true},
		"another computer got its copy":    {receipt(types.ReceiptTypeSender, computer), false},
		"a citizen read something":         {receipt(types.ReceiptTypeRead, citizen), false},
		"typed on it, or its history":      {&events.Message{Info: message(phone)}, true},
		"typed on it and unreadable":       {&events.UndecryptableMessage{Info: message(phone)}, true},
		"typed on another computer":        {&events.Message{Info: message(computer)}, false},
		"a citizen's message":              {&events.Message{Info: message(citizen)}, false},
		"an old message of its memory":     {&events.Message{Info: message(phone), SourceWebMsg: &waWeb.WebMessageInfo{}}, false},
		"something else":                   {&events.AppState{}, false},
	} {
		got, ok := ofPhone(test.event)
		if ok != test.want || ok && !got.Equal(at) {
			t.Errorf("%s: got %v, %t, want %t", name, got, ok, test.want)
		}
	}
}

// Whatever OnPhoneSeen does must not lose a receipt or a text.
func TestG9_APanicOfOnPhoneSeenIsCaught(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	calls := 0
	c.options.OnPhoneSeen = func(time.Time) { calls++; panic("Zarlenga") }
	c.hear(&events.Message{Info: types.MessageInfo{MessageSource: types.MessageSource{IsFromMe: true}, Timestamp: time.Now()}})
	if calls != 1 {
		t.Errorf("got %d calls, want one", calls)
	}
}

// WhatsApp's clock may be ahead of ours: a time that has not come would hide all that follows.
func TestThePhoneIsNotSeenInTheFuture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := openForTest(t, t.TempDir())
		var seen []time.Time
		c.options.OnPhoneSeen = func(at time.Time) { seen = append(seen, at) }
		for _, ahead := range []time.Duration{time.Hour, 0} {
			own := types.MessageSource{IsFromMe: true}
			c.hear(&events.Message{Info: types.MessageInfo{MessageSource: own, Timestamp: time.Now().Add(ahead)}})
			if len(seen) == 0 || !seen[len(seen)-1].Equal(time.Now()) {
				t.Errorf("%v ahead: seen at %v, now is %v", ahead, seen, time.Now())
			}
			time.Sleep(2 * phonePause)
			synctest.Wait()
		}
	})
}
