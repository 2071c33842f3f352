package store

import "testing"

// alarm is an urgent announcement of n messages with n attachments.
func alarm(n int) NewAnnouncement {
	a := flyer("allerta.txt", n)
	a.Urgent = true
	return a
}

// Urgent words leave before what cannot be uploaded, to everybody before anything
// else, and once.
func TestG2_WordsGoFirst(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := tw.publish(alarm(2))
	ahead := func(want bool) {
		t.Helper()
		done, err := tw.WordsFirst(t.Context(), a.ID, idPrefix)
		must(t, err)
		equal(t, "the words go ahead", done, want)
	}
	binds := func() bool {
		due, err := tw.DueUploads(t.Context(), noon())
		must(t, err)
		return due[0].Binds
	}
	equal(t, "binds", binds(), true)
	ahead(true)
	equal(t, "binds", binds(), false)
	ahead(false)
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 2, Waiting: 2, PartsWaiting: 4})
	for range 2 {
		equal(t, "part", tw.sendAt(noon()).Part, 0)
	}
	_, more, err := tw.ClaimDelivery(t.Context(), noon(), Ordinary, editWindow)
	must(t, err)
	equal(t, "claimed before the upload", more, false)
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due before the upload", due.Delivery[Urgent].IsZero(), true)
	equal(t, "uploads", tw.upload(noon()), 2)
	for i := range 4 {
		equal(t, "part", tw.sendAt(noon()).Part, 1+i/2)
		tw.tallyMustBeTrue()
	}
	equal(t, "state", tw.look(a.ID).State, Finished)
}

// What is not urgent, or may have left, or shows no words, stays as it was.
func TestG2_WordsThatStay(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	silent := alarm(1)
	silent.Text, silent.File = "", "b.txt"
	left := tw.publish(alarm(1))
	tw.upload(noon())
	for name, a := range map[string]Announcement{"left": left, "ordinary": tw.publish(flyer("c.txt", 1)), "without words": tw.publish(silent)} {
		done, err := tw.WordsFirst(t.Context(), a.ID, idPrefix)
		must(t, err)
		equal(t, name, done, false)
	}
}

// Of what cannot be sent each person's first message fails; urgent words leave.
func TestG3_Unsendable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a    NewAnnouncement
		want Counts
	}{
		"ordinary": {flyer("a.txt", 2), Counts{Recipients: 3, Failed: 3}},
		"urgent":   {alarm(2), Counts{Recipients: 3, Waiting: 3, PartsFailed: 6}},
	} {
		tw := newTown(t)
		tw.crowd(3)
		a := tw.publish(c.a)
		_, err := tw.WordsFirst(t.Context(), a.ID, idPrefix)
		must(t, err)
		must(t, tw.Unsendable(t.Context(), a.ID))
		equal(t, name, tw.look(a.ID).Counts, c.want)
		tw.tallyMustBeTrue()
		for range c.want.Waiting {
			equal(t, "part", tw.sendAt(noon()).Part, 0)
		}
		equal(t, name, tw.look(a.ID).State, Finished)
	}
}

// Words that were believed to have failed bring nothing back that cannot leave: the
// announcement would never end.
func TestG3_UnsendableEndsAllTheSame(t *testing.T) {
	t.Parallel()
	for _, mend := range []string{"receipt", "refloat"} {
		tw := newTown(t)
		tw.crowd(2)
		a := tw.publish(alarm(3))
		_, err := tw.WordsFirst(t.Context(), a.ID, idPrefix)
		must(t, err)
		must(t, tw.Unsendable(t.Context(), a.ID))
		o := tw.claim(noon())
		must(t, tw.Fail(t.Context(), o, noon(), Unanswered))
		if mend == "refloat" {
			must(t, tw.Uncharge(t.Context(), []Outgoing{o}, noon()))
			tw.sendAt(noon())
		} else {
			must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: noon()}))
		}
		tw.sendAt(noon())
		equal(t, mend, tw.look(a.ID).State, Finished)
		equal(t, mend, tw.look(a.ID).Counts.PartsFailed, 6)
		tw.tallyMustBeTrue()
	}
}

// The words of a correction do not wait either, whoever they go to; and what shows
// no attachment does not fail with it.
func TestG2_WordsOfACorrectionGoFirst(t *testing.T) {
	t.Parallel()
	for _, refused := range []bool{false, true} {
		tw := newTown(t)
		tw.crowd(2)
		plain := announcement("a.txt")
		plain.Urgent = true
		wrong := tw.publish(plain)
		reached := tw.sendAt(noon())
		a := alarm(1)
		a.File, a.Corrects, a.EditWindow, a.AcceptedAt = "b.txt", wrong.ID, editWindow, noon()
		right := tw.publish(a)
		done, err := tw.WordsFirst(t.Context(), right.ID, idPrefix)
		must(t, err)
		equal(t, "the words go ahead", done, true)
		if refused {
			must(t, tw.Unsendable(t.Context(), right.ID))
		}
		first := tw.sendAt(noon())
		equal(t, "form", first.Form, Correction)
		equal(t, "to", first.To, reached.To)
		equal(t, "form", tw.sendAt(noon()).Form, News)
		_, more, err := tw.ClaimDelivery(t.Context(), noon(), Ordinary, editWindow)
		must(t, err)
		equal(t, "claimed before the upload", more, false)
		tw.upload(noon())
		parts := 0
		for {
			o, more, err := tw.ClaimDelivery(t.Context(), noon(), Ordinary, editWindow)
			must(t, err)
			if !more {
				break
			}
			parts++
			equal(t, "part", o.Part, 1)
			equal(t, "attachments", o.Attachments, right.ID)
			must(t, tw.Sent(t.Context(), o, noon()))
		}
		equal(t, "pictures", parts == 2, !refused)
		equal(t, "state", tw.look(right.ID).State, Finished)
		tw.tallyMustBeTrue()
	}
}

// A correction in words alone shows nothing that WhatsApp could refuse.
func TestG3_UnsendableSparesWords(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	wrong := tw.publish(flyer("a.txt", 1))
	tw.upload(noon())
	tw.sendAt(noon())
	a := correction(wrong, noon())
	a.Editable = false
	right := tw.publish(a)
	must(t, tw.Unsendable(t.Context(), right.ID))
	equal(t, "counts", tw.look(right.ID).Counts, Counts{Recipients: 2, Waiting: 1, Failed: 1})
	equal(t, "form", tw.sendAt(noon()).Form, Correction)
}

// uploadSome uploads what is due, or not; words go ahead, or WhatsApp takes an
// attachment for nobody.
func (p *life) uploadSome() {
	due, err := p.DueUploads(p.t.Context(), p.now)
	must(p.t, err)
	for _, a := range due {
		switch k := p.r.IntN(12); {
		case k < 6:
			must(p.t, p.Uploaded(p.t.Context(), a.ID, []byte("{}"), p.now))
		case k < 8:
			done, err := p.WordsFirst(p.t.Context(), a.Announcement, idPrefix)
			must(p.t, err)
			p.note("words of %d go ahead: %v", a.Announcement, done)
			equal(p.t, "it was known that they would", done, a.Binds && done)
		case k < 9 && p.r.IntN(4) == 0:
			_, err := p.WordsFirst(p.t.Context(), a.Announcement, idPrefix)
			must(p.t, err)
			must(p.t, p.Unsendable(p.t.Context(), a.Announcement))
			p.note("%d is unsendable", a.Announcement)
			return
		}
	}
}
