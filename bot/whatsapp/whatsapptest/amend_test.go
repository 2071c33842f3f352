package whatsapptest_test

import (
	"testing"
	"time"

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
	c.put(c.edit(text, textOf("Sabato")))
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
	if anna.Repeats() != 0 {
		t.Errorf("got %d repeats", anna.Repeats())
	}
}

// TestLateAmendments edits and takes back just in time and too late, by the server's clock: a phone that was off decides
// when it comes as if it had been there.
func TestLateAmendments(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after   time.Duration
		deletes bool
		off     bool
		late    bool
	}{
		"edit":              {15 * time.Minute, false, false, false},
		"edit, off":         {15 * time.Minute, false, true, false},
		"late edit":         {16*time.Minute + time.Second, false, false, true},
		"late edit, off":    {16*time.Minute + time.Second, false, true, true},
		"deletion":          {60 * time.Hour, true, false, false},
		"late deletion":     {60*time.Hour + time.Minute + time.Second, true, false, true},
		"late deletion off": {60*time.Hour + time.Minute + time.Second, true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTown(t, func(t *testing.T, w *town) {
				w.s.Excuse(whatsapptest.LateEdit)
				raw, _ := w.relink()
				c := &culprit{raw, w.s, w.office, w.anna}
				defer leave(raw)
				if test.off {
					w.anna.GoOffline()
				}
				id := c.put(textOf("Domenica"))
				time.Sleep(test.after)
				if test.deletes {
					c.put(c.revoke(id))
				} else {
					c.put(c.edit(id, textOf("Sabato")))
				}
				time.Sleep(100 * time.Hour)
				w.anna.GoOnline()
				settle(t, w.s)
				if got := w.anna.Messages()[0]; (got.Edited || got.Deleted) == test.late {
					t.Errorf("got %+v, want it changed: %v", got, !test.late)
				}
				if got := w.s.Offences(); (len(got) > 0) != test.late {
					t.Errorf("got offences %v, want some: %v", got, test.late)
				}
			})
		})
	}
}

// TestAmendmentsOutOfOrder lets a phone read an edit before the message that it changes, and ask for a message again that
// has been changed.
func TestAmendmentsOutOfOrder(t *testing.T) {
	t.Parallel()
	for name, deletes := range map[string]bool{"edit": false, "deletion": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := whatsapptest.Start(t)
			office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
			c := &culprit{linkedClient(t, s, office), s, office, anna}
			c.put(textOf("Avviso"))
			settle(t, s)
			anna.GoOffline()
			anna.ForgetSessions()
			id := c.put(textOf("Domenica"))
			amendment := c.edit(id, textOf("Sabato"))
			if deletes {
				amendment = c.revoke(id)
			}
			c.forget() // the amendment opens a session that the phone can read
			c.put(amendment)
			settle(t, s)
			anna.GoOnline()
			check := func() {
				t.Helper()
				settle(t, s)
				got := anna.Messages()
				if len(got) != 2 || got[1].ID != id || got[1].Edited == deletes || got[1].Deleted != deletes || got[1].Text == "Domenica" {
					t.Errorf("got %+v, want the state after the %s", got, name)
				}
			}
			if _, err := anna.AwaitMessages(soon(t), 2); err != nil {
				t.Fatal(err)
			}
			check()
			anna.AskAgain(id)
			check()
			if anna.Repeats() != 1 {
				t.Errorf("got %d repeats, want one", anna.Repeats())
			}
		})
	}
}

// TestTheLastEditCounts sends two edits of which the older one comes last.
func TestTheLastEditCounts(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := &culprit{linkedClient(t, s, office), s, office, anna}
	id := c.put(textOf("Domenica"))
	first, second := c.edit(id, textOf("Sabato")), c.edit(id, textOf("Venerdì"))
	word(first).TimestampMS = proto.Int64(time.Now().UnixMilli() - 1000)
	c.put(second)
	c.put(first)
	settle(t, s)
	if got := anna.Messages()[0].Text; got != "Venerdì" {
		t.Errorf("got %q, want the last word", got)
	}
}

// TestHistoryIsAmended links a client that is told what the others sent, as it is now.
func TestHistoryIsAmended(t *testing.T) {
	t.Parallel()
	inTown(t, func(t *testing.T, w *town) {
		raw, _ := w.relink()
		c := &culprit{raw, w.s, w.office, w.anna}
		kept, edited, late, gone := c.put(textOf("Avviso")), c.put(textOf("Domenica")), c.put(textOf("Lunedì")), c.put(textOf("Errore"))
		c.put(c.edit(edited, textOf("Sabato")))
		c.put(c.revoke(gone))
		time.Sleep(time.Hour)
		w.s.Excuse(whatsapptest.LateEdit)
		c.put(c.edit(late, textOf("Martedì")))
		settle(t, w.s)
		leave(raw)
		w.s.Unlink(w.office.Number())
		again, pieces := w.relink()
		defer leave(again)
		words := map[string]string{}
		for _, m := range messages(pieces, recent) {
			words[m.GetKey().GetID()] = m.GetMessage().GetConversation()
		}
		for id, want := range map[string]string{kept: "Avviso", edited: "Sabato", late: "Lunedì", gone: ""} {
			if got, ok := words[id]; !ok || got != want {
				t.Errorf("got %q, %t, want %q", got, ok, want)
			}
		}
	})
}
