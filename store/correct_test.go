package store

import (
	"errors"
	"testing"
	"time"
)

func TestFindCorrectable(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	first := tw.publish(announcement("Festa.txt"))
	for _, stem := range []string{"Festa", "FESTA", "festa"} {
		got, ok, err := tw.FindCorrectable(t.Context(), stem)
		must(t, err)
		equal(t, stem, ok && got.ID == first.ID, true)
	}
	c := correction(first, noon())
	c.Name = "festa RETTIFICA.txt"
	second := tw.publish(c)
	got, _, err := tw.FindCorrectable(t.Context(), "festa")
	must(t, err)
	equal(t, "the newest correction is corrected", got.ID, second.ID)
	tw.withdraw(second.ID, noon())
	got, _, err = tw.FindCorrectable(t.Context(), "festa")
	must(t, err)
	equal(t, "not what was withdrawn", got.ID, first.ID)
	_, ok, err := tw.FindCorrectable(t.Context(), "Fest")
	must(t, err)
	equal(t, "another name", ok, false)
}

// What staff see in inviati is a name too, but an older announcement of the same
// name is never meant.
func TestFindCorrectableOfTheSameName(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	find := func(stem string) int64 {
		t.Helper()
		got, ok, err := tw.FindCorrectable(t.Context(), stem)
		must(t, err)
		equal(t, stem, ok, true)
		return got.ID
	}
	old := tw.publish(announcement("festa.txt"))
	a := announcement("festa.txt")
	a.File = "festa (2).txt"
	second := tw.publish(a)
	equal(t, "by the name in inviati", find("festa (2)"), second.ID)
	c := correction(second, noon())
	c.Name, c.File = "festa (2) RETTIFICA.txt", "festa (2) RETTIFICA.txt"
	right := tw.publish(c)
	equal(t, "its correction, by the one name", find("festa (2)"), right.ID)
	equal(t, "its correction, by the other", find("festa"), right.ID)
	equal(t, "its correction, by its own", find("Festa (2) Rettifica"), right.ID)
	tw.withdraw(right.ID, noon())
	tw.withdraw(second.ID, noon())
	if got := find("festa"); got == old.ID || tw.look(got).Withdrawal == nil {
		t.Error("an older announcement is found in place of the one that was withdrawn")
	}
	pictures := flyer("mercato-1.jpg", 2)
	pictures.Text = ""
	equal(t, "several pictures", tw.publish(pictures).ID, find("mercato"))
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
		_, err = tw.Publish(t.Context(), a, tw.newID)
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
			_, err := tw.Publish(t.Context(), c, tw.newID)
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
	must(t, tw.Receipt(t.Context(), []string{o.MessageID}, Delivered, later))
	tw.catchUp(later)
	equal(t, "form", tw.sendAt(later).Form, Correction)
	tw.tallyMustBeTrue()
}
