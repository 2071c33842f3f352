package store

import (
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

// Whose edit has failed still has the wrong text: the next correction is for them too.
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

// A fault that was not their own comes out after the correction: they get the right
// text, not the wrong one.
func TestUnchargeAfterACorrection(t *testing.T) {
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

// Of two entries that are one person's, the message that changes or deletes what
// is on their phone stays.
func TestMergeKeepsTheEdit(t *testing.T) {
	t.Parallel()
	for _, first := range []Person{{Number: number}, {LID: lid}} {
		tw := newTown(t)
		tw.subscribe(first)
		second := Person{LID: lid}
		if first.LID != "" {
			second = Person{Number: number}
		}
		tw.subscribe(second)
		a := tw.publish(announcement("a.txt"))
		tw.sendAt(noon())
		tw.publish(correction(a, noon()))
		tw.handle(Person{number, lid}, noon(), func(*Inbox) error { return nil })
		o := tw.sendAt(noon())
		equal(t, "form", o.Form, Edit)
		_, ok, err := tw.ClaimDelivery(t.Context(), noon().Add(time.Hour), Ordinary, editWindow)
		equal(t, "something else leaves", ok || err != nil, false)
	}
}

// Who got a correction as a new message gets the next one as a new message too: what
// an edit would change on their phone is not known.
func TestACorrectionIsNotEdited(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	late := noon().Add(2 * editWindow)
	right := tw.publish(correction(wrong, late))
	equal(t, "too late to edit", tw.sendAt(late).Form, Correction)
	tw.publish(correction(right, late.Add(time.Minute)))
	equal(t, "the next", tw.claim(late.Add(time.Minute)).Form, Correction)
}
