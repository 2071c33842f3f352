package store

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

const deleteWindow = 60 * time.Hour

// correction is the correction of an announcement.
func correction(wrong Announcement, at time.Time) NewAnnouncement {
	a := announcement(fmt.Sprint("giusto ", wrong.ID))
	a.AcceptedAt, a.NotBefore = at, at
	a.Corrects, a.Editable, a.EditWindow, a.Messages = wrong.ID, true, editWindow, wrong.Messages
	return a
}

func (tw *town) catchUp(now time.Time) {
	tw.t.Helper()
	must(tw.t, tw.CatchUp(tw.t.Context(), now, editWindow, deleteWindow, idPrefix))
}

// sendAt claims and sends one message.
func (tw *town) sendAt(now time.Time) Outgoing {
	tw.t.Helper()
	o := tw.claim(now)
	must(tw.t, tw.Sent(tw.t.Context(), o, now))
	return o
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(4)
	wrong := tw.publish(announcement("a.txt"))
	early := tw.sendAt(noon())
	later := noon().Add(editWindow)
	late := tw.sendAt(later.Add(-time.Minute))
	hand := tw.claim(later) // in hand when the correction comes
	right := tw.publish(correction(wrong, later))
	equal(t, "people", right.Counts, Counts{Recipients: 3, Waiting: 3})
	wanted, err := tw.Wanted(t.Context(), hand.MessageID, later)
	must(t, err)
	equal(t, "the one in hand is wanted", wanted, false)

	edit := tw.sendAt(later)
	equal(t, "the first is an edit", edit.Form, Edit)
	equal(t, "of", edit.Target, late.MessageID)
	equal(t, "messages of the original", edit.Messages, wrong.Messages)
	resent := tw.sendAt(later)
	equal(t, "then a correction", resent.Form, Correction)
	equal(t, "to", resent.To, early.To)
	direct := tw.sendAt(later)
	equal(t, "then the news", direct.Form, News)
	equal(t, "ended", tw.look(right.ID).State, Finished)

	must(t, tw.PutBack(t.Context(), hand))
	equal(t, "the wrong one ended", tw.look(wrong.ID).State != Running, true)
	tw.catchUp(later)
	caught := tw.sendAt(later)
	equal(t, "who was in hand", caught.To, hand.To)
	equal(t, "gets the news", caught.Form, News)
	tw.catchUp(later)
	_, more, err := tw.ClaimDelivery(t.Context(), later, Ordinary, editWindow)
	must(t, err)
	equal(t, "more", more, false)
	got := tw.look(right.ID)
	equal(t, "amended", got.Amended, Amended{Edited: 1, Resent: 1, Direct: 2})
	equal(t, "corrects", got.CorrectsName, "a.txt")
	equal(t, "amended by", tw.look(wrong.ID).CorrectedBy, right.Name)
	tw.tallyMustBeTrue()

	_, ok, err := tw.ForRetry(t.Context(), late.MessageID, later)
	must(t, err)
	equal(t, "the wrong one can be asked for again, to be changed", ok, true)
}

// An edit that comes too late becomes a correction, under the same ID.
func TestCorrectTooLate(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	tw.publish(correction(wrong, noon().Add(time.Minute)))
	first := tw.claim(noon().Add(2 * time.Minute))
	equal(t, "form", first.Form, Edit)
	must(t, tw.PutBack(t.Context(), first))
	again := tw.claim(noon().Add(time.Hour))
	equal(t, "form", again.Form, Correction)
	equal(t, "ID", again.MessageID, first.MessageID)
	tw.tallyMustBeTrue()
}

// A file that was stopped by hand and then corrected reaches the others too.
func TestCorrectWhatWasStopped(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	_, err := tw.Stop(t.Context(), wrong.ID)
	must(t, err)
	equal(t, "people", tw.publish(correction(wrong, noon().Add(time.Minute))).Recipients, 3)
}

// What a correction brings replaces the pictures of all that were before it.
func TestCorrectionsOfCorrectionsReplacePictures(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(flyer("a.txt", 2))
	tw.upload(noon())
	tw.sendAt(noon())
	first := correction(wrong, noon().Add(time.Minute))
	second := correction(tw.publish(first), noon().Add(2*time.Minute))
	second.Name, second.File, second.Editable = "b", "b", false
	second.Attachments, second.Messages = flyer("b", 1).Attachments, 1
	right := tw.publish(second)
	tw.upload(noon().Add(3 * time.Minute))
	o := tw.sendAt(noon().Add(3 * time.Minute))
	equal(t, "announcement", o.Announcement, right.ID)
	_, more, err := tw.ClaimDelivery(t.Context(), noon().Add(3*time.Minute), Ordinary, editWindow)
	must(t, err)
	equal(t, "an old picture still leaves", more, false)
	tw.tallyMustBeTrue()
}

// The pictures of what was stopped and filed are gone: who had nothing yet could
// not be shown them.
func TestCorrectWhoseAttachmentsAreGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		uploaded, reached, own bool
		want                   error
	}{
		"never uploaded":   {want: ErrAttachmentsGone},
		"uploaded":         {uploaded: true},
		"everybody has it": {uploaded: true, reached: true},
		"with its own":     {own: true},
	} {
		tw := newTown(t)
		tw.crowd(1)
		wrong := tw.publish(flyer("a.txt", 1))
		if c.uploaded {
			tw.upload(noon())
		}
		if c.reached {
			tw.sendAt(noon())
		}
		_, err := tw.Stop(t.Context(), wrong.ID)
		must(t, err)
		must(t, tw.Filed(t.Context(), wrong.ID))
		a := correction(wrong, noon().Add(time.Minute))
		if c.own {
			a.Attachments, a.Editable = flyer("b", 1).Attachments, false
		}
		_, err = tw.Publish(t.Context(), a, idPrefix)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		list, err := tw.Announcements(t.Context(), 0)
		must(t, err)
		equal(t, name+": a correction is left", len(list) == 2, c.want == nil)
	}
}

// An end that was wrong is corrected too; without a new one it holds.
func TestCorrectWhatHasExpired(t *testing.T) {
	t.Parallel()
	for _, later := range []bool{false, true} {
		tw := newTown(t)
		tw.crowd(3)
		a := announcement("a.txt")
		a.Expires = noon().Add(time.Minute)
		wrong := tw.publish(a)
		tw.sendAt(noon())
		now := noon().Add(time.Hour)
		_, err := tw.Expire(t.Context(), now)
		must(t, err)
		c := correction(wrong, now)
		want := 1
		if later {
			c.Expires, want = now.Add(time.Hour), 3
		}
		equal(t, "people", tw.publish(c).Recipients, want)
		tw.tallyMustBeTrue()
	}
}

// Who fits another picture to what WhatsApp takes for nobody reaches everybody.
func TestCorrectWhatWasUnsendable(t *testing.T) {
	t.Parallel()
	for _, own := range []bool{false, true} {
		tw := newTown(t)
		tw.crowd(2)
		wrong := tw.publish(flyer("a.txt", 1))
		must(t, tw.Unsendable(t.Context(), wrong.ID))
		must(t, tw.Filed(t.Context(), wrong.ID))
		c := correction(wrong, noon())
		if !own {
			_, err := tw.Publish(t.Context(), c, idPrefix)
			equal(t, "words alone are refused", errors.Is(err, ErrAttachmentsGone), true)
			continue
		}
		c.Attachments, c.Editable = flyer("b.txt", 1).Attachments, false
		equal(t, "people", tw.publish(c).Recipients, 2)
		tw.upload(noon())
		equal(t, "form", tw.sendAt(noon()).Form, News)
		tw.tallyMustBeTrue()
	}
}

// Whom a correction failed to reach has an older text, and gets the next one.
func TestCorrectWhomACorrectionDidNotReach(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	last := wrong
	for i := range 3 {
		c := correction(last, noon().Add(time.Duration(i)*time.Minute))
		c.Editable = false
		if i < 2 { // with pictures of its own, it comes as news to who missed the one before
			c.Attachments, c.Messages = flyer(c.Name, 1).Attachments, 1
		}
		last = tw.publish(c)
		equal(t, "people", last.Recipients, 1)
		tw.upload(noon())
		if i == 1 {
			must(t, tw.Fail(t.Context(), tw.claim(noon().Add(time.Hour)), noon(), Rejected))
		}
	}
	equal(t, "announcement", tw.sendAt(noon().Add(time.Hour)).Announcement, last.ID)
}

// Who was let leave in spite of an election is corrected in spite of it.
func TestG6_ACorrectionIsReleasedLikeWhatItCorrects(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	must(t, tw.Release(t.Context(), wrong.ID, true))
	tw.sendAt(noon())
	equal(t, "released", tw.publish(correction(wrong, noon())).Released, true)
	equal(t, "released", tw.publish(announcement("b.txt")).Released, false)
}

// A phone that was off for two days turns out to have what was believed to have
// failed before it was corrected: it gets the correction.
func TestG2_CorrectWhatHadArrivedAfterAll(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(announcement("a.txt"))
	o := tw.claim(noon())
	must(t, tw.Fail(t.Context(), o, noon(), Unanswered))
	equal(t, "people", tw.publish(correction(a, noon())).Recipients, 0)
	later := noon().Add(48 * time.Hour)
	must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: later}))
	tw.catchUp(later)
	equal(t, "form", tw.sendAt(later).Form, Correction)
	tw.tallyMustBeTrue()
}
