package store

import (
	"errors"
	"testing"
	"time"
)

// Who is in hand of the wrong text when it is corrected twice gets the last one,
// though the first correction was stopped meanwhile.
func TestG2_CorrectedTwiceWhileInHand(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	wrong := tw.publish(announcement("a.txt"))
	hand := tw.claim(noon())
	second := tw.publish(correction(wrong, noon()))
	third := tw.publish(correction(second, noon()))
	equal(t, "the first correction", tw.look(second.ID).State, Stopped)
	must(t, tw.Sent(t.Context(), hand, noon()))
	tw.catchUp(noon())
	edit := tw.sendAt(noon())
	equal(t, "announcement", edit.Announcement, third.ID)
	equal(t, "target", edit.Target, hand.MessageID)
	equal(t, "the other", tw.sendAt(noon()).Form, News)
	equal(t, "counts", tw.look(third.ID).Counts, Counts{Recipients: 2, Sent: 2})
}

// Whose edit has failed still has the wrong text: the next correction is for him too.
func TestCorrectionThatFailedIsCorrected(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	sent := tw.sendAt(noon())
	second := tw.publish(correction(wrong, noon()))
	must(t, tw.Fail(t.Context(), tw.claim(noon()), noon(), Rejected))
	tw.publish(correction(second, noon()))
	edit := tw.claim(noon())
	equal(t, "form", edit.Form, Edit)
	equal(t, "target", edit.Target, sent.MessageID)
}

// What was to be edited cannot be when the next correction is no edit.
func TestWaitingEditBecomesACorrection(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	second := tw.publish(correction(wrong, noon()))
	long := correction(second, noon())
	long.Editable = false
	tw.publish(long)
	equal(t, "form", tw.claim(noon()).Form, Correction)
}

// A correction with attachments of its own stops those of the wrong one too.
func TestCorrectTheFlyer(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"its own flyer": 0, "the words only": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(1)
			wrong := tw.publish(flyer("a.txt", 2))
			tw.upload(noon())
			tw.sendAt(noon())
			c := correction(wrong, noon())
			if want == 0 {
				c.Attachments, c.Editable = flyer("b.txt", 2).Attachments, false
			}
			right := tw.publish(c)
			equal(t, "of the wrong one", tw.look(wrong.ID).PartsWaiting, want)
			tw.upload(noon())
			o := tw.sendAt(noon())
			equal(t, "announcement", o.Announcement, right.ID)
			equal(t, "attachments", o.Attachments, right.ID)
			equal(t, "then", tw.sendAt(noon()).Announcement == wrong.ID, want == 1)
		})
	}
}

// A fault that was not his own comes out after the correction: he gets the right
// text, not the wrong one.
func TestRefloatAfterACorrection(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(flyer("a.txt", 2))
	tw.upload(noon())
	o := tw.claim(noon())
	must(t, tw.Fail(t.Context(), o, noon(), Unreachable))
	right := tw.publish(correction(wrong, noon()))
	equal(t, "recipients", right.Recipients, 0)
	must(t, tw.Uncharge(t.Context(), []Outgoing{o}, noon()))
	equal(t, "of the wrong one", tw.look(wrong.ID).Counts, Counts{Recipients: 1, Cancelled: 1})
	tw.catchUp(noon())
	next := tw.sendAt(noon())
	equal(t, "announcement", next.Announcement, right.ID)
	equal(t, "form", next.Form, News)
}

// What was deleted with a correction cannot be changed by another: that one comes
// as a new message.
func TestEditOfWhatIsWithdrawn(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	first := tw.publish(correction(wrong, noon()))
	equal(t, "first", tw.sendAt(noon()).Form, Edit)
	tw.withdraw(first.ID, noon())
	second := correction(wrong, noon())
	second.Name, second.File = "b", "b"
	tw.publish(second)
	equal(t, "then", tw.sendAt(noon()).Form, Revoke)
	equal(t, "in the end", tw.sendAt(noon()).Form, Correction)
	tw.tallyMustBeTrue()
}

// Each deletion is for itself: one that fails keeps no other from leaving.
func TestDeletionsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(flyer("a.txt", 2))
	tw.upload(noon())
	tw.sendAt(noon())
	tw.sendAt(noon())
	tw.withdraw(a.ID, noon())
	must(t, tw.Fail(t.Context(), tw.claim(noon()), noon(), Rejected))
	second := tw.sendAt(noon())
	equal(t, "form", second.Form, Revoke)
	equal(t, "part", second.Part, 1)
	equal(t, "withdrawal", *tw.look(a.ID).Withdrawal, Withdrawal{At: noon(), Asked: 1, Failed: 1})
}

func TestWithdrawOfNothing(t *testing.T) {
	t.Parallel()
	_, err := newTown(t).Withdraw(t.Context(), 99, noon(), deleteWindow, func() string { return "ID" })
	if !errors.Is(err, ErrNoAnnouncement) {
		t.Fatalf("got %v", err)
	}
}

// A preview shows what a correction would be, and corrects nothing.
func TestPreviewOfACorrection(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	p := correction(wrong, noon())
	p.Preview, p.PreviewNumbers = true, []Number{number}
	tw.publish(p)
	equal(t, "preview", tw.sendAt(noon()).Form, News)
	got := tw.look(wrong.ID)
	equal(t, "amended by", got.CorrectedBy, "")
	equal(t, "counts", got.Counts, Counts{Recipients: 1, Waiting: 1})
}

// Two entries turn out to be one person's, of whom the one has begun to get what
// the other waits for: he gets the rest.
func TestG2_MergedInMidAnnouncement(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"number", "LID"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.subscribe(Person{Number: number})
			tw.subscribe(Person{LID: lid})
			a := tw.publish(flyer("a.txt", 2))
			tw.upload(noon())
			o := tw.claim(noon())
			if (o.To.Number != "") != (first == "number") {
				must(t, tw.Postpone(t.Context(), o, noon().Add(time.Second)))
				o = tw.claim(noon())
			}
			must(t, tw.Sent(t.Context(), o, noon()))
			tw.handle(Person{number, lid}, noon(), func(*Inbox) error { return nil })
			equal(t, "list", tw.only().Person, Person{number, lid})
			equal(t, "part", tw.sendAt(noon().Add(time.Minute)).Part, 1)
			equal(t, "state", tw.look(a.ID).State, Finished)
		})
	}
}
