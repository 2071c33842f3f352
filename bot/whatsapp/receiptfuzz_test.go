package whatsapp

import (
	"context"
	"testing"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// FuzzG4_Receipt gives the library receipts of every kind. Whatever they claim, they are of whom the server has stamped as
// their sender, in that one's own chat; a message is noted for a repeat only to its recipient, or to our own devices for it.
func FuzzG4_Receipt(f *testing.F) {
	const mario, number, own = "117540327481234", "393331234567", "393343679575"
	for _, from := range []string{mario + "@lid", mario + ":7@lid", number + "@s.whatsapp.net", number + ":99@hosted", mario + ":99@hosted.lid",
		"222222@lid", "393339999999@s.whatsapp.net", own + "@s.whatsapp.net", "120363000000000001@g.us", "status@broadcast",
		"1764500000@broadcast", "120363000000000002@newsletter", "867051314767696@bot", "@lid", ""} {
		for _, kind := range []string{"", "inactive", "read", "played", "retry", "sender", "server-error", "brand_new"} {
			f.Add(from, kind, "3EB0C767D097B7C3A1", "3EB0C767D097B7C3A2", mario+"@lid", "", uint8(2))
		}
	}
	f.Add("222222@lid", "retry", "3EB0FF", "3EB0C767D097B7C3A1", "", mario+"@lid", uint8(0))
	f.Add(own+":3@s.whatsapp.net", "retry", "3EB0C767D097B7C3A1", "", "", mario+"@lid", uint8(1))
	var receipts []Receipt
	var wishes []Repeat
	c := openForTest(f, f.TempDir())
	hers := Address{Number: "+" + number, LID: mario}
	c.options.OnReceipts = func(_ context.Context, list []Receipt) error { receipts = append(receipts, list...); return nil }
	c.options.OnRepeat = func(_ context.Context, r Repeat) error { wishes = append(wishes, r); return nil }
	c.options.Resend = func(_ context.Context, _ string, from Sender) (Content, bool) {
		return Content{Text: "avviso"}, from.Is(hers)
	}
	c.people.learn(f.Context(), hers)
	device := c.container.NewDevice()
	jid := types.NewJID(own, types.DefaultUserServer)
	device.ID, device.LID = &jid, types.NewJID("200000000000001", types.HiddenUserServer)
	device.LIDs = c.people
	l := &link{ownLID: device.LID}
	l.lib, l.wire = c.newLibrary(device)
	c.link = l
	//lint:ignore SA1019 the library's own handling is what is tested
	inside := l.lib.DangerousInternals()
	f.Fuzz(func(t *testing.T, from, kind, id, other, participant, recipient string, count uint8) {
		receipts, wishes = nil, nil
		node := &binary.Node{Tag: "receipt", Attrs: binary.Attrs{"type": kind, "id": id, "t": "1000000000"}}
		for name, value := range map[string]string{"from": from, "participant": participant, "recipient": recipient} {
			if jid, err := types.ParseJID(value); err == nil && value != "" {
				node.Attrs[name] = jid
			}
		}
		if kind == "retry" {
			node.Content = []binary.Node{{Tag: "retry", Attrs: binary.Attrs{"id": other, "count": string('0' + rune(count%10)), "t": "1000000000"}}}
		} else if other != "" {
			node.Content = []binary.Node{{Tag: "list", Content: []binary.Node{{Tag: "item", Attrs: binary.Attrs{"id": other}}}}}
		}
		c.overhear(node)
		stamped := deviceOwner(node.AttrGetter().OptionalJIDOrEmpty("from"))
		isHers := stamped.User == mario && stamped.Server == types.HiddenUserServer || stamped.User == number && stamped.Server == types.DefaultUserServer
		isOurs := stamped.User == own || stamped.User == l.ownLID.User
		if event, _, err := inside.ParseReceipt(node); err != nil {
			return
		} else if kind == "retry" {
			_ = inside.HandleRetryReceipt(t.Context(), event, node)
		} else if event.MessageIDs != nil {
			c.receipted(l, event)
			c.noteReceipts()
		}
		for _, r := range receipts {
			if r.From.Is(hers) != isHers || isOurs {
				t.Errorf("from %q: believed as %+v", from, r.From)
			}
			if _, ours := says(types.ReceiptType(kind)); !ours {
				t.Errorf("of type %q", kind)
			}
		}
		for _, r := range wishes {
			if !isHers && !isOurs || isOurs != (r.Space == "") || r.ID != other {
				t.Errorf("from %q: noted %+v", from, r)
			}
		}
	})
}
