package whatsapp

import (
	"context"
	"testing"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Only a recipient's phone says that a message arrived: that our own has a copy of it, or that a group has, is none of that.
func TestOnlyRecipientsConfirm(t *testing.T) {
	t.Parallel()
	var mario types.MessageSource
	mario.Sender = types.NewJID("111111", types.HiddenUserServer)
	own, group := mario, mario
	own.IsFromMe, group.IsGroup = true, true
	for name, c := range map[string]struct {
		source types.MessageSource
		kind   types.ReceiptType
		told   bool
		read   bool
	}{
		"arrived":              {mario, types.ReceiptTypeDelivered, true, false},
		"read":                 {mario, types.ReceiptTypeRead, true, true},
		"our own copy":         {own, types.ReceiptTypeDelivered, false, false},
		"our own copy is read": {own, types.ReceiptTypeRead, false, false},
		"a group":              {group, types.ReceiptTypeDelivered, false, false},
		"a retry":              {mario, types.ReceiptTypeRetry, false, false},
		"sent from elsewhere":  {mario, types.ReceiptTypeSender, false, false},
	} {
		client := openForTest(t, t.TempDir())
		var got []Receipt
		client.options.OnReceipts = func(_ context.Context, list []Receipt) error {
			got = append(got, list...)
			return nil
		}
		if !client.receipted(nil, &events.Receipt{MessageSource: c.source, MessageIDs: []string{"3EB0"}, Type: c.kind}) {
			t.Errorf("%s: it is not acknowledged", name)
		}
		if len(got) > 0 != c.told || c.told && got[0].Read != c.read {
			t.Errorf("%s: told %+v", name, got)
		}
	}
}
