package store

import (
	"errors"
	"testing"
	"time"
)

// A confirmation that could not be sent proves nothing: the proof of consent is
// complete when WhatsApp's server took one.
func TestG1_AConfirmationThatFailedIsNoProof(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(*town, Outgoing) error
		want time.Time
	}{
		{"sent", func(tw *town, o Outgoing) error { return tw.Sent(t.Context(), o, noon()) }, noon()},
		{"failed", func(tw *town, o Outgoing) error { return tw.Fail(t.Context(), o, noon(), Rejected) }, time.Time{}},
		{"put back", func(tw *town, o Outgoing) error { return tw.PutBack(t.Context(), o) }, time.Time{}},
		{"tried again", func(tw *town, o Outgoing) error { return tw.Retry(t.Context(), o, noon(), Unanswered) }, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.handle(citizen(0), noon(), func(i *Inbox) error {
				return errors.Join(i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}), i.Answer(Confirmation, "Benvenuto"))
			})
			must(t, c.end(tw, tw.claimAnswer(noon())))
			equal(t, "confirmed", tw.only().Confirmed, c.want)
		})
	}
}

// Who has begun to get an announcement that is corrected in words gets the rest of
// it, also the message that was in hand when the correction came. Who has not
// begun does not.
func TestG2_ACorrectionInWordsSparesThePartInHand(t *testing.T) {
	t.Parallel()
	for name, takeBack := range map[string]func(*town, Outgoing) error{
		"put back":  func(tw *town, o Outgoing) error { return tw.PutBack(t.Context(), o) },
		"postponed": func(tw *town, o Outgoing) error { return tw.Postpone(t.Context(), o, noon()) },
		"retried":   func(tw *town, o Outgoing) error { return tw.Retry(t.Context(), o, noon(), Unanswered) },
		"recovered": func(tw *town, o Outgoing) error { _, err := tw.Recover(t.Context(), noon()); return err },
		"uncharged": func(tw *town, o Outgoing) error {
			return errors.Join(tw.Fail(t.Context(), o, noon(), Rejected), tw.Uncharge(t.Context(), []Outgoing{o}, noon()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(2)
			wrong := tw.publish(flyer("a.txt", 2))
			tw.upload(noon())
			first := tw.sendAt(noon())
			inHand := tw.claim(noon())
			equal(t, "the same person's", inHand.To, first.To)
			equal(t, "part", inHand.Part, 1)
			begins := tw.claim(noon())
			equal(t, "the other's part", begins.Part, 0)
			right := correction(wrong, noon())
			tw.publish(right)
			for o, want := range map[Outgoing]bool{inHand: true, begins: false} {
				wanted, err := tw.Wanted(t.Context(), o.MessageID, noon())
				must(t, err)
				equal(t, "wanted", wanted, want)
			}

			must(t, takeBack(tw, inHand))
			equal(t, "the part in hand", tw.state(inHand), string(Pending))
			must(t, takeBack(tw, begins))
			equal(t, "what had not begun", tw.state(begins), string(Cancelled))
		})
	}
}

// An edit that is tried again keeps its pause when it becomes a correction, the
// time for edits being over.
func TestG7_ARetriedEditKeepsItsPause(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	tw.publish(correction(wrong, noon()))
	edit := tw.claim(noon())
	equal(t, "form", edit.Form, Edit)
	over := noon().Add(editWindow)
	due := over.Add(30 * time.Minute)
	must(t, tw.Retry(t.Context(), edit, due, Rejected))
	_, ok, err := tw.ClaimDelivery(t.Context(), over.Add(time.Minute), Ordinary, editWindow)
	must(t, err)
	equal(t, "claimed in its pause", ok, false)
	again := tw.claim(due)
	equal(t, "form", again.Form, Correction)
	equal(t, "message ID", again.MessageID, edit.MessageID)
}

// A receipt says nothing of the attempts: they stay, and tell when the message may
// have left. Only of one that was tried once it is known.
func TestG2_AReceiptKeepsTheAttempts(t *testing.T) {
	t.Parallel()
	later := noon().Add(time.Hour)
	for name, c := range map[string]struct {
		attempts int
		sent     time.Time
	}{
		"in hand for the first time":  {0, later},
		"in hand for the second time": {1, noon()}, // the first may have arrived
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(1)
			a := tw.publish(announcement("a.txt"))
			o := tw.claim(noon())
			for range c.attempts {
				must(t, tw.Retry(t.Context(), o, noon(), Unanswered))
				o = tw.claim(noon())
			}
			must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: later}))
			var attempts int
			var sent stamp
			must(t, tw.db.QueryRow(`SELECT attempts, sent_at FROM deliveries WHERE id = ?`, o.id).Scan(&attempts, &sent))
			equal(t, "attempts", attempts, c.attempts)
			equal(t, "sent", sent.Time, c.sent)

			// What may have left an hour ago cannot be edited any more.
			right := correction(a, later.Add(time.Minute))
			tw.publish(right)
			form := map[bool]Form{true: Edit, false: Correction}[c.attempts == 0]
			equal(t, "form of the correction", tw.claim(later.Add(time.Minute)).Form, form)
		})
	}
}

// Whose first message is in hand when a correction in words comes has begun: the
// rest of it waits for that one.
func TestG2_ACorrectionInWordsSparesWhoIsBeingSent(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(flyer("a.txt", 2))
	tw.upload(noon())
	first := tw.claim(noon())
	tw.publish(correction(wrong, noon()))
	equal(t, "waiting", tw.look(wrong.ID).PartsWaiting, 1)
	must(t, tw.Sent(t.Context(), first, noon()))
	rest := tw.claim(noon())
	equal(t, "the rest", rest.Announcement, wrong.ID)
	equal(t, "part", rest.Part, 1)
}
