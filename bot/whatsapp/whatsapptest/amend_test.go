package whatsapptest_test

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

// edit is the new content of a message to Anna.
func (c *culprit) edit(id string, content *waE2E.Message) *waE2E.Message {
	return c.BuildEdit(lidOf(c.anna), id, content)
}

func (c *culprit) revoke(id string) *waE2E.Message {
	return c.BuildRevoke(lidOf(c.anna), types.EmptyJID, id)
}

// word is the part of an edit that says what it edits.
func word(edit *waE2E.Message) *waE2E.ProtocolMessage {
	return edit.GetEditedMessage().GetMessage().GetProtocolMessage()
}

// both sends any content with any attributes of the stanza.
func (c *culprit) both(attrs waBinary.Attrs, content *waE2E.Message) {
	c.t.Helper()
	copied := &waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{DestinationJID: proto.String(lidOf(c.anna).String()), Message: content}}
	c.message(attrs, c.payload(lidOf(c.anna), plaintext(content)), c.payload(c.ownPhone(), plaintext(copied)))
}

// putAs sends any content under an ID.
func (c *culprit) putAs(id string, content *waE2E.Message) {
	c.t.Helper()
	if _, err := c.SendMessage(c.t.Context(), lidOf(c.anna), content, whatsmeow.SendRequestExtra{ID: id}); err != nil {
		c.t.Fatal(err)
	}
}

// TestRefusedAmendments edits and takes back what cannot be, in forms that no phone carries out.
func TestRefusedAmendments(t *testing.T) {
	t.Parallel()
	other := types.NewJID("100000000000001", types.HiddenUserServer)
	for name, test := range map[string]struct {
		kind    whatsapptest.OffenceKind
		provoke func(c *culprit, id string)
	}{
		"edit of nothing":     {whatsapptest.BadEdit, func(c *culprit, _ string) { c.put(c.edit("3EB0", textOf(secret))) }},
		"deletion of nothing": {whatsapptest.BadEdit, func(c *culprit, _ string) { c.put(c.revoke("3EB0")) }},
		"edit of hers": {whatsapptest.BadEdit, func(c *culprit, _ string) {
			hers := c.anna.Text(c.office.Number(), "ciao")
			settle(c.t, c.s)
			c.put(c.edit(hers, textOf(secret)))
		}},
		"deletion of hers": {whatsapptest.BadEdit, func(c *culprit, id string) {
			revoke := c.revoke(id)
			revoke.ProtocolMessage.Key.FromMe = proto.Bool(false)
			c.both(waBinary.Attrs{"edit": "7"}, revoke)
		}},
		"deletion as in a group": {whatsapptest.BadEdit, func(c *culprit, id string) {
			revoke := c.revoke(id)
			revoke.ProtocolMessage.Key.Participant = proto.String(lidOf(c.office).String())
			c.put(revoke)
		}},
		"edit of no message": {whatsapptest.BadEdit, func(c *culprit, _ string) { c.put(c.edit("", textOf(secret))) }},
		"edit in another chat": {whatsapptest.BadEdit, func(c *culprit, id string) {
			c.put(c.BuildEdit(other, id, textOf(secret)))
		}},
		"edit under the number": {whatsapptest.BadEdit, func(c *culprit, id string) {
			c.put(c.BuildEdit(numberOf(c.anna), id, textOf(secret)))
		}},
		"edit in no chat": {whatsapptest.BadEdit, func(c *culprit, id string) {
			edit := c.edit(id, textOf(secret))
			word(edit).Key.RemoteJID = nil
			c.put(edit)
		}},
		"edit without time": {whatsapptest.BadEdit, func(c *culprit, id string) {
			edit := c.edit(id, textOf(secret))
			word(edit).TimestampMS = nil
			c.put(edit)
		}},
		"edit timed in seconds": {whatsapptest.BadEdit, func(c *culprit, id string) {
			edit := c.edit(id, textOf(secret))
			word(edit).TimestampMS = proto.Int64(time.Now().Unix())
			c.put(edit)
		}},
		"edit from the future": {whatsapptest.BadEdit, func(c *culprit, id string) {
			edit := c.edit(id, textOf(secret))
			word(edit).TimestampMS = proto.Int64(time.Now().Add(time.Hour).UnixMilli())
			c.put(edit)
		}},
		"edit of an edit": {whatsapptest.BadEdit, func(c *culprit, _ string) {
			first := c.put(c.edit(c.put(textOf("Fiera")), textOf("Mercato")))
			c.put(c.edit(first, textOf(secret)))
		}},
		"deletion of an edit": {whatsapptest.BadEdit, func(c *culprit, _ string) {
			c.put(c.revoke(c.put(c.edit(c.put(textOf("Fiera")), textOf("Mercato")))))
		}},
		"edit under the same ID":     {whatsapptest.BadEdit, func(c *culprit, id string) { c.putAs(id, c.edit(id, textOf(secret))) }},
		"deletion under the same ID": {whatsapptest.BadEdit, func(c *culprit, id string) { c.putAs(id, c.revoke(id)) }},
		"words under an edit's ID": {whatsapptest.BadEdit, func(c *culprit, _ string) {
			c.putAs(c.put(c.edit(c.put(textOf("Fiera")), textOf("Mercato"))), textOf(secret))
		}},
		"edit without content": {whatsapptest.BadEdit, func(c *culprit, id string) {
			c.both(waBinary.Attrs{"edit": "1"}, c.edit(id, nil))
		}},
		"edit without words": {whatsapptest.BadEdit, func(c *culprit, id string) { c.put(c.edit(id, textOf(""))) }},
		"text into picture":  {whatsapptest.BadEdit, func(c *culprit, id string) { c.put(c.edit(id, c.picture(4, 3))) }},
		"picture into text": {whatsapptest.BadEdit, func(c *culprit, _ string) {
			c.put(c.edit(c.put(c.picture(4, 3)), textOf(secret)))
		}},
		"another picture": {whatsapptest.BadEdit, func(c *culprit, _ string) {
			c.put(c.edit(c.put(c.picture(4, 3)), c.picture(4, 3)))
		}},
		"another width": {whatsapptest.BadEdit, func(c *culprit, _ string) {
			content := c.picture(4, 3)
			id := c.put(content)
			content.ImageMessage.Width = proto.Uint32(4)
			c.put(c.edit(id, content))
		}},
		"contact card": {whatsapptest.BadEdit, func(c *culprit, _ string) {
			card := &waE2E.Message{ContactMessage: &waE2E.ContactMessage{DisplayName: proto.String("Comune"), Vcard: proto.String(goodCard)}}
			c.put(c.edit(c.put(card), textOf(secret)))
		}},
		"what was taken back": {whatsapptest.BadEdit, func(c *culprit, id string) {
			c.put(c.revoke(id))
			c.put(c.edit(id, textOf(secret)))
		}},
		"edit without a mark": {whatsapptest.WrongLabel, func(c *culprit, id string) { c.both(nil, c.edit(id, textOf(secret))) }},
		"edit marked as a deletion": {whatsapptest.WrongLabel, func(c *culprit, id string) {
			c.both(waBinary.Attrs{"edit": "7"}, c.edit(id, textOf(secret)))
		}},
		"edit called a file": {whatsapptest.WrongLabel, func(c *culprit, id string) {
			c.both(waBinary.Attrs{"edit": "1", "type": "media"}, c.edit(id, textOf(secret)))
		}},
		"deletion without a mark": {whatsapptest.WrongLabel, func(c *culprit, id string) { c.both(nil, c.revoke(id)) }},
		"words with a mark":       {whatsapptest.WrongLabel, func(c *culprit, _ string) { c.message(waBinary.Attrs{"edit": "1"}, c.good()...) }},
		"picture without its name": {whatsapptest.WrongLabel, func(c *culprit, _ string) {
			c.both(waBinary.Attrs{"type": "media"}, c.picture(4, 3))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCulprit(t)
			id := c.put(textOf("Sagra"))
			settle(t, c.s)
			test.provoke(c, id)
			c.expect(test.kind)
			if got := c.anna.Messages()[0]; test.kind == whatsapptest.BadEdit && (got.Edited || got.Text != "Sagra" && !got.Deleted) {
				t.Errorf("got %+v, want nothing changed", got)
			}
		})
	}
}

// TestAmendments changes a text and a picture, and takes them back.
func TestAmendments(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := &culprit{linkedClient(t, s, office), s, office, anna}
	web := anna.LinkDevice()
	picture := c.picture(40, 30)
	picture.ImageMessage.Caption = proto.String("Sagra domenica")
	text, image := c.put(textOf("Domenica")), c.put(picture)
	settle(t, s)
	late := anna.LinkDevice() // it never gets the originals
	settle(t, s)

	check := func(what string, first, second whatsapptest.Message) {
		t.Helper()
		settle(t, s)
		for whose, list := range map[string][]whatsapptest.Message{
			"Anna's": anna.Messages(), "her computer's": web.Messages(), "the copy": office.SentCopies(),
		} {
			if len(list) != 2 {
				t.Fatalf("%s, %s: got %d messages, want two", what, whose, len(list))
			}
			for i, want := range []whatsapptest.Message{first, second} {
				got := list[i]
				if got.ID != []string{text, image}[i] || got.Text != want.Text || got.Edited != want.Edited || got.Deleted != want.Deleted ||
					(got.Media == nil) != (got.Sum == "") || (got.Media != nil) != (i == 1 && !want.Deleted) {
					t.Errorf("%s, %s: got %+v, want %+v", what, whose, got, want)
				}
			}
		}
		if got := len(late.Messages()); got != 0 {
			t.Errorf("%s: a device that has none of them shows %d", what, got)
		}
	}
	check("at first", whatsapptest.Message{Text: "Domenica"}, whatsapptest.Message{Text: "Sagra domenica"})
	edited := whatsapptest.Message{Text: "Sabato", Edited: true}
	amendment := c.edit(text, textOf("Sabato"))
	c.putAs(c.put(amendment), amendment) // it may come again, and counts once
	check("text edited", edited, whatsapptest.Message{Text: "Sagra domenica"})
	picture = proto.Clone(picture).(*waE2E.Message) // the library may still hold the other
	picture.ImageMessage.Caption = proto.String("Sagra sabato")
	c.put(c.edit(image, picture))
	check("caption edited", edited, whatsapptest.Message{Text: "Sagra sabato", Edited: true})
	if got := expectText(t, anna, "Sabato"); got.ID != text {
		t.Errorf("got %s, want the edited message", got.ID)
	}
	c.put(c.revoke(text))
	check("text taken back", whatsapptest.Message{Edited: true, Deleted: true}, whatsapptest.Message{Text: "Sagra sabato", Edited: true})
	c.put(c.revoke(image))
	c.put(c.revoke(image)) // to do it twice is no fault
	check("all taken back", whatsapptest.Message{Edited: true, Deleted: true}, whatsapptest.Message{Edited: true, Deleted: true})
	if anna.Repeats() != 1 {
		t.Errorf("got %d repeats, want that of the edit", anna.Repeats())
	}
}
