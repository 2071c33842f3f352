package store

import (
	"errors"
	"testing"
	"time"
)

func entry(p Person, consent time.Time) Entry {
	return Entry{Person: p, Details: Details{"Anna", "Bianchi", "Uboldo"}, ConsentAt: consent, Consent: "modulo allo sportello"}
}

func TestImport(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	f := openForgotten(t, tw.dir, keyFile(t))
	must(t, f.Remember([]Erasure{left(citizen(3), noon()), left(citizen(4), noon())}))
	tw.handle(citizen(5), noon(), func(i *Inbox) error { return i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}) })
	tw.leave(citizen(5), noon()) // and is not erased yet
	list := []Entry{
		entry(Person{Number: citizen(0).Number}, noon().Add(time.Hour)), // listed
		entry(Person{LID: citizen(1).LID}, noon().Add(time.Hour)),       // listed
		entry(Person{Number: citizen(3).Number}, noon().Add(-time.Hour)),
		entry(Person{Number: citizen(4).Number}, noon().Add(time.Hour)), // consented again after they left
		entry(Person{Number: citizen(5).Number}, noon().Add(-time.Hour)),
		entry(Person{Number: citizen(6).Number}, noon().Add(-24*time.Hour)),
	}
	now := noon().Add(48 * time.Hour)
	want := Imported{Added: 2, Listed: 2, Unsubscribed: 2}
	got, err := tw.Import(t.Context(), list, f, now, true)
	must(t, err)
	equal(t, "tried", got, want)
	equal(t, "subscribers after the trial", tw.rows("subscribers"), 2)
	got, err = tw.Import(t.Context(), list, f, now, false)
	must(t, err)
	equal(t, "imported", got, want)
	all := tw.list()
	equal(t, "subscribers", len(all), 4)
	equal(t, "untouched", all[0].Details, Details{"Mario", "Rossi", "Saronno"})
	equal(t, "the last", all[3], Subscriber{
		ID: all[3].ID, Person: Person{Number: citizen(6).Number}, Details: Details{"Anna", "Bianchi", "Uboldo"}, Since: now,
		Evidence: Evidence{Written: noon().Add(-24 * time.Hour), Source: "modulo allo sportello"}, Code: all[3].Code,
	})
	got, err = tw.Import(t.Context(), list, f, now, false)
	must(t, err)
	equal(t, "again", got, Imported{Listed: 4, Unsubscribed: 2})
	n, err := tw.Replay(t.Context(), f, now)
	must(t, err)
	equal(t, "taken off again", n, 0)
}

// All or none.
func TestImportIsOneTransaction(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	_, err := tw.Import(t.Context(), []Entry{entry(citizen(1), noon()), entry(Person{Number: "0331"}, noon())}, nil, noon(), false)
	if !errors.Is(err, ErrNumber) {
		t.Fatalf("got %v, want %v", err, ErrNumber)
	}
	equal(t, "subscribers", tw.rows("subscribers"), 0)
}

func TestSubscribeAgainBringsDetailsUpToDate(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	code := tw.only().Code
	tw.handle(Person{LID: lid}, noon().Add(time.Hour), func(i *Inbox) error {
		sub, known, err := i.Subscriber()
		equal(t, "known", known, true)
		equal(t, "name", sub.FamilyName, "Rossi")
		return errors.Join(err, i.Subscribe(Details{"Maria", "Bianchi", "Uboldo"}, Evidence{}))
	})
	equal(t, "entry", tw.only(), Subscriber{ID: 1, Person: Person{number, lid}, Details: Details{"Maria", "Bianchi", "Uboldo"}, Since: noon(),
		Evidence: Evidence{MessageID: "in-ID2", Written: noon().Add(time.Hour)}, Code: code})
}

func TestCancelTakesWhatWaits(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	me := Person{number, lid}
	tw.handle(me, noon(), func(i *Inbox) error {
		return errors.Join(i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}), i.Answer(Confirmation, "Benvenuto"))
	})
	tw.handle(me, noon(), func(i *Inbox) error { return i.Answer(Help, "Scrivi AIUTO") })
	inHand := tw.claimAnswer(noon())
	a := tw.publish(announcement("1.txt"))
	tw.leave(me, noon())
	equal(t, "state", tw.look(a.ID).State, Finished)
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 1, Unsubscribed: 1})
	must(t, tw.Retry(t.Context(), inHand, noon(), Unanswered)) // it is not said again
	equal(t, "what remains to be said", tw.claimAnswer(noon()).Answer, Goodbye)
	_, more, err := tw.ClaimAnswer(t.Context(), noon())
	must(t, err)
	equal(t, "more", more, false)
}

// subscribeLate carries out a registration that had to wait for us.
func (tw *town) subscribeLate(p Person, wrote, now time.Time) {
	tw.t.Helper()
	_, err := tw.Handle(tw.t.Context(), Incoming{ID: tw.newID(), From: p, At: wrote}, now, tw.newID, func(i *Inbox) error {
		return i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{})
	})
	must(tw.t, err)
}

// A late registration gets all messages of what came after it, and the right text
// only.
func TestG3_LateRegistrationAmongCorrections(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	late := func(n int) { t.Helper(); tw.subscribeLate(citizen(n), noon().Add(-time.Minute), noon()) }
	a := flyer("a.txt", 2)
	a.Urgent = true
	wrong := tw.publish(a)
	done, err := tw.WordsFirst(t.Context(), wrong.ID, idPrefix)
	equal(t, "words first", done && err == nil, true)
	late(3)
	equal(t, "words and two pictures for four", tw.rows("deliveries"), 12)
	tw.sendAt(noon())
	c := correction(tw.look(wrong.ID), noon())
	c.Urgent = true
	right := tw.publish(c)
	late(4)
	equal(t, "people", tw.look(right.ID).Recipients, 5)
	tw.upload(noon())
	got := map[Person][]int64{}
	for range 100 {
		o, ok, err := tw.ClaimDelivery(t.Context(), noon(), Ordinary, editWindow)
		must(t, err)
		if !ok {
			break
		}
		must(t, tw.Sent(t.Context(), o, noon()))
		got[o.To] = append(got[o.To], o.Announcement)
	}
	equal(t, "messages for who came last", len(got[citizen(4)]), 3)
	for _, id := range got[citizen(4)] {
		equal(t, "announcement", id, right.ID)
	}
	tw.withdraw(right.ID, noon())
	late(5)
	equal(t, "for who comes after the withdrawal", tw.rows("deliveries WHERE subscriber = (SELECT max(id) FROM subscribers)"), 0)
}

// Whose text waited for us, while a file did not, still gets the announcement.
func TestG3_LateRegistrationGetsWhatCameAfterIt(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(announcement("1.txt")) // at noon
	register := func(p Person, at time.Time) {
		_, err := tw.Handle(t.Context(), Incoming{ID: tw.newID(), From: p, At: at}, noon().Add(time.Minute), tw.newID,
			func(i *Inbox) error { return i.Subscribe(Details{"Eva", "Rossi", "Saronno"}, Evidence{}) })
		must(t, err)
	}
	register(citizen(1), noon().Add(-time.Hour))
	register(citizen(2), noon().Add(time.Second))
	register(citizen(1), noon().Add(-time.Hour)) // again
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 2, Waiting: 2})
	equal(t, "first", tw.claim(noon().Add(time.Hour)).To, citizen(0))
	equal(t, "second", tw.claim(noon().Add(time.Hour)).To, citizen(1))
}

// Who left gets neither the correction nor the deletion of what they have got, nor
// do they once they are back: what they got was in an earlier life of theirs.
func TestG1_WhoUnsubscribedIsNeitherCorrectedNorDeleted(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	tw.sendAt(noon())
	tw.leave(citizen(0), noon())
	c := tw.publish(correction(a, noon()))
	equal(t, "corrected", c.Recipients, 1)
	tw.handle(citizen(0), noon().Add(time.Second), func(i *Inbox) error { return i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}) })
	tw.catchUp(noon().Add(time.Minute))
	equal(t, "corrected when they are back", tw.look(c.ID).Recipients, 1)

	// The other leaves between the correction and its message, and with a deletion in hand.
	tw.leave(citizen(1), noon().Add(time.Minute))
	equal(t, "left", tw.look(c.ID).Unsubscribed, 1)
	equal(t, "to delete", tw.withdraw(a.ID, noon().Add(time.Minute)).Withdrawal.Asked, 0)
	_, ok, err := tw.ClaimDelivery(t.Context(), noon().Add(time.Hour), Ordinary, editWindow)
	must(t, err)
	equal(t, "something leaves", ok, false)
}

// A preview leaves only for numbers that are still in the configuration, and so
// does its deletion.
func TestG1_PreviewNumbersThatWereTakenOut(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	a := announcement("prova.txt")
	a.Preview, a.PreviewNumbers = true, []Number{"+393330000001", "+393330000002"}
	got := tw.publish(a)
	first := tw.sendAt(noon())
	must(t, tw.KeepPreviews(t.Context(), []Number{"+393330000001", "+393330000002"}))
	equal(t, "waiting", tw.look(got.ID).Waiting, 1)
	must(t, tw.KeepPreviews(t.Context(), nil))
	equal(t, "rows", tw.rows("deliveries"), 0)
	after := tw.look(got.ID)
	equal(t, "state", after.State, Finished)
	equal(t, "counts", after.Counts, Counts{Recipients: 2, Sent: 1, Unsubscribed: 1})
	equal(t, "to delete", tw.withdraw(got.ID, noon()).Withdrawal.Asked, 0)
	_, ok, err := tw.ForRetry(t.Context(), first.MessageID, noon())
	must(t, err)
	equal(t, "for a retry", ok, false)
}
