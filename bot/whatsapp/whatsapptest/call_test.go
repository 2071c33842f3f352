package whatsapptest_test

import (
	"testing"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

func TestCall(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]func(*whatsapptest.Phone) *whatsapptest.Phone{
		"LID": (*whatsapptest.Phone).ByLID, "number": (*whatsapptest.Phone).ByNumber, "web": (*whatsapptest.Phone).LinkDevice,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := whatsapptest.Start(t)
			office := s.NewPhone("+393343679575")
			anna := address(s.NewPhone("+393331234567"))
			c := linkedClient(t, s, office)
			id := anna.Call(office.Number())
			offer := await[*events.CallOffer](c, "CallOffer", nil)
			if offer.CallID != id || offer.CallCreator.User == "" || offer.CallCreatorAlt.User == "" || offer.From.User != offer.CallCreator.User {
				t.Errorf("got %+v, want call %s with both addresses", offer.BasicCallMeta, id)
			}
			if err := c.RejectCall(t.Context(), offer.CallCreator, id); err != nil {
				t.Fatal(err)
			}
			if err := anna.AwaitRejected(soon(t), id); err != nil {
				t.Fatal(err)
			}
			if end := await[*events.CallTerminate](c, "CallTerminate", nil); end.CallID != id {
				t.Errorf("got the end of %s, want %s", end.CallID, id)
			}
			settle(t, s)
			if got := anna.Rejected(id); got != 1 {
				t.Errorf("got %d rejections, want 1", got)
			}
		})
	}
}

// TestCallWhileAway calls a client that is off: it hears of the call and of its end at the next login.
func TestCallWhileAway(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	settle(t, s)
	c.close()
	id := anna.Call(office.Number())
	anna.HangUp(id)
	anna.HangUp(id)
	c = openClient(t, s, c.file)
	c.connect()
	if preview := await[*events.OfflineSyncPreview](c, "OfflineSyncPreview", nil); preview.Total != 2 || preview.Messages != 0 {
		t.Errorf("got %+v, want the call and its end", preview)
	}
	if offer := await[*events.CallOffer](c, "CallOffer", nil); offer.CallID != id {
		t.Errorf("got call %s, want %s", offer.CallID, id)
	}
	await[*events.CallTerminate](c, "CallTerminate", nil)
	settle(t, s)
	if got := anna.Rejected(id); got != 0 {
		t.Errorf("got %d rejections, want none", got)
	}
}

func TestCallOffences(t *testing.T) {
	t.Parallel()
	for name, reject := range map[string]func(c *culprit, id string){
		"unknown call": func(c *culprit, _ string) { _ = c.RejectCall(c.t.Context(), lidOf(c.anna), "nobody") },
		"without id": func(c *culprit, id string) {
			c.send("call", waBinary.Attrs{"to": lidOf(c.anna)}, waBinary.Node{Tag: "reject", Attrs: waBinary.Attrs{"call-id": id}})
		},
		"without children": func(c *culprit, _ string) { c.send("call", waBinary.Attrs{"to": lidOf(c.anna), "id": "A"}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCulprit(t)
			reject(c, c.anna.Call(c.office.Number()))
			c.expect(whatsapptest.Malformed)
		})
	}
	t.Run("other caller", func(t *testing.T) {
		t.Parallel()
		c := newCulprit(t)
		bruno := c.s.NewPhone("+393331234568")
		_ = c.RejectCall(t.Context(), lidOf(bruno), c.anna.Call(c.office.Number()))
		c.expect(whatsapptest.WrongAddress)
	})
	t.Run("other address of the caller", func(t *testing.T) {
		t.Parallel()
		c := newCulprit(t)
		_ = c.RejectCall(t.Context(), numberOf(c.anna), c.anna.Call(c.office.Number()))
		c.expect(whatsapptest.WrongAddress)
	})
	t.Run("taking the call", func(t *testing.T) {
		t.Parallel()
		c := newCulprit(t)
		id := c.anna.Call(c.office.Number())
		c.send("call", waBinary.Attrs{"to": lidOf(c.anna), "id": "A"}, waBinary.Node{Tag: "accept", Attrs: waBinary.Attrs{"call-id": id}})
		c.expect(whatsapptest.UnknownStanza)
	})
}
