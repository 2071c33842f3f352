package whatsapptest_test

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

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
			inTown(t, func(t *testing.T, w *town) {
				raw, _ := w.relink()
				defer leave(raw)
				c := &culprit{raw, w.s, w.office, w.anna}
				c.put(textOf("Avviso"))
				settle(t, w.s)
				w.anna.GoOffline()
				w.anna.ForgetSessions()
				id := c.put(textOf("Domenica"))
				amendment := c.edit(id, textOf("Sabato"))
				if deletes {
					amendment = c.revoke(id)
				}
				c.forget() // the amendment opens a session that the phone can read
				c.put(amendment)
				w.anna.GoOnline()
				for repeats := range 2 {
					time.Sleep(time.Minute) // for what is asked again
					got := w.anna.Messages()
					if len(got) != 2 || got[1].ID != id || got[1].Edited == deletes || got[1].Deleted != deletes || got[1].Text == "Domenica" {
						t.Errorf("got %+v, want the state after the %s", got, name)
					}
					if w.anna.Repeats() != repeats {
						t.Errorf("got %d repeats, want %d", w.anna.Repeats(), repeats)
					}
					w.anna.AskAgain(id)
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

// TestEditAfterDeletion lets a phone ask for an edit again, so that it comes after the deletion that was sent after it: a
// phone ignores it, and nobody is to blame.
func TestEditAfterDeletion(t *testing.T) {
	t.Parallel()
	inTown(t, func(t *testing.T, w *town) {
		raw, _ := w.relink()
		defer leave(raw)
		c := &culprit{raw, w.s, w.office, w.anna}
		id := c.put(textOf("Domenica"))
		settle(t, w.s)
		w.anna.GoOffline()
		w.anna.ForgetSessions()
		c.put(c.edit(id, textOf("Sabato")))
		time.Sleep(time.Second)
		c.forget() // the deletion opens a session that the phone can read
		c.put(c.revoke(id))
		w.anna.GoOnline()
		time.Sleep(time.Minute)
		if got := w.anna.Messages()[0]; !got.Deleted || got.Edited || got.Text != "" {
			t.Errorf("got %+v, want it deleted", got)
		}
	})
}

// TestUnreadableAmendments lets both phones ask again for each message of a story.
func TestUnreadableAmendments(t *testing.T) {
	t.Parallel()
	inTown(t, func(t *testing.T, w *town) {
		raw, _ := w.relink()
		defer leave(raw)
		c := &culprit{raw, w.s, w.office, w.anna}
		picture := c.picture(40, 30)
		edited := proto.Clone(picture).(*waE2E.Message)
		edited.ImageMessage.Caption = proto.String("Sabato")
		unreadable := func(content *waE2E.Message) (id string) {
			t.Helper()
			w.office.ForgetSessions()
			w.anna.ForgetSessions()
			id = c.put(content)
			time.Sleep(time.Minute)
			return id
		}
		check := func(fine func(whatsapptest.Message) bool) {
			t.Helper()
			for whose, list := range map[string][]whatsapptest.Message{"Anna's": w.anna.Messages(), "the copy": w.office.SentCopies()} {
				if len(list) != 2 || !fine(list[1]) {
					t.Errorf("%s: got %+v", whose, list)
				}
			}
		}
		c.put(textOf("Avviso")) // opens the sessions
		settle(t, w.s)
		id := unreadable(picture)
		unreadable(c.edit(id, edited))
		check(func(m whatsapptest.Message) bool { return m.Text == "Sabato" && m.Edited && m.Media != nil })
		unreadable(c.revoke(id))
		check(func(m whatsapptest.Message) bool { return m.Deleted && m.Media == nil })
	})
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
