package store

import (
	"testing"
	"time"
)

// Who left gets neither the correction nor the deletion of what he has got, nor
// does he once he is back: what he got was in an earlier life of his.
func TestG1_WhoLeftIsNeitherCorrectedNorDeleted(t *testing.T) {
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
	equal(t, "corrected when he is back", tw.look(c.ID).Recipients, 1)

	// The other leaves between the correction and its message, and with a deletion in hand.
	tw.leave(citizen(1), noon().Add(time.Minute))
	equal(t, "left", tw.look(c.ID).Unsubscribed, 1)
	equal(t, "to delete", tw.withdraw(a.ID, noon().Add(time.Minute)).Withdrawal.Asked, 0)
	_, ok, err := tw.ClaimDelivery(t.Context(), noon().Add(time.Hour), Ordinary, editWindow)
	must(t, err)
	equal(t, "something leaves", ok, false)
}

// Who leaves while a deletion for him is in hand is wanted no more, and nothing of
// it comes back.
func TestG1_WhoLeavesWithADeletionInHand(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	tw.withdraw(a.ID, noon())
	hand := tw.claim(noon())
	equal(t, "form", hand.Form, Revoke)
	tw.leave(citizen(0), noon())
	wanted, err := tw.Wanted(t.Context(), hand.MessageID, noon())
	must(t, err)
	equal(t, "wanted", wanted, false)
	must(t, tw.PutBack(t.Context(), hand))
	must(t, tw.Uncharge(t.Context(), []Outgoing{hand}, noon()))
	_, ok, err := tw.ForRetry(t.Context(), hand.MessageID, noon())
	must(t, err)
	equal(t, "for a retry", ok, false)
	equal(t, "rows", tw.rows("deliveries"), 0)
	equal(t, "withdrawal", *tw.look(a.ID).Withdrawal, Withdrawal{At: noon()}) // nobody is waited for, nor missed
}

// A deletion that had to wait until phones do not carry it out any more is not
// sent, and nobody is said to have it deleted.
func TestG7_ADeletionThatHadToWaitTooLong(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	tw.sendAt(noon().Add(2 * time.Hour))
	tw.withdraw(a.ID, noon().Add(3*time.Hour))
	later := noon().Add(deleteWindow)
	tw.catchUp(later) // say, the number was suspended meanwhile
	equal(t, "withdrawal", *tw.look(a.ID).Withdrawal, Withdrawal{At: noon().Add(3 * time.Hour), Asked: 1, Waiting: 1, TooOld: 1})
	equal(t, "form", tw.sendAt(later).Form, Revoke)
	tw.tallyMustBeTrue()

	b := tw.publish(announcement("b.txt"))
	tw.sendAt(later)
	tw.withdraw(b.ID, later)
	tw.catchUp(later.Add(10 * deleteWindow))
	equal(t, "weeks later", *tw.look(b.ID).Withdrawal, Withdrawal{At: later, TooOld: 1})
}

// What a clock that ran ahead noted of when a message left is believed as little as
// the rest: WhatsApp takes no edit and no deletion for longer than it does.
func TestRewindOfWhatHasLeft(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	ahead, now := noon(), noon().Add(-7*24*time.Hour)
	a := tw.publish(announcement("a.txt"))
	tw.sendAt(ahead)
	must(t, tw.Rewind(t.Context(), now, 0))
	late := now.Add(deleteWindow)
	c := tw.publish(correction(tw.look(a.ID), late))
	equal(t, "form", tw.sendAt(late).Form, Correction)
	equal(t, "too old", tw.withdraw(a.ID, late).Withdrawal.TooOld, 1)
	equal(t, "the correction is not", tw.look(c.ID).Withdrawal.Asked, 1)
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

// What is told of a person says what each message was for: not every row is a piece
// of news.
func TestRecordTellsCorrectionsAndDeletions(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	a := tw.publish(flyer("a.txt", 2))
	tw.upload(noon())
	tw.sendAt(noon())
	tw.publish(correction(a, noon()))
	tw.sendAt(noon())
	tw.withdraw(a.ID, noon())
	r, err := tw.Record(t.Context(), Person{Number: number})
	must(t, err)
	var got []Form
	for _, d := range r.Deliveries {
		got = append(got, d.Form)
		equal(t, "known when it left", d.Sent.IsZero(), d.State != "sent")
	}
	if len(got) < 4 || got[0] != News || got[1] != News || r.Deliveries[1].Part != 1 || got[2] != Edit || got[3] != Revoke {
		t.Errorf("forms %v of %+v", got, r.Deliveries)
	}
}

// Of two entries that are one person's, the message that changes or deletes what
// is on his phone stays.
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
	done, err := tw.WordsFirst(t.Context(), wrong.ID, tw.newID)
	equal(t, "words ahead", done && err == nil, true)
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

// Old rows of corrections and withdrawals leave their counts, too.
func TestPurgeOfCorrections(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	a := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	tw.sendAt(noon())
	c := tw.publish(correction(a, noon()))
	for range 3 {
		tw.sendAt(noon())
	}
	tw.withdraw(c.ID, noon())
	for range 3 {
		tw.sendAt(noon())
	}
	before, corrected := tw.look(a.ID), tw.look(c.ID)
	month := noon().Add(30 * 24 * time.Hour)
	_, err := tw.Purge(t.Context(), month, month)
	must(t, err)
	equal(t, "rows", tw.rows("deliveries"), 0)
	tw.catchUp(noon().Add(time.Hour))
	after := tw.look(c.ID)
	equal(t, "counts", tw.look(a.ID).Counts, before.Counts)
	equal(t, "counts of the correction", after.Counts, corrected.Counts)
	equal(t, "amended", after.Amended, Amended{Edited: 2, Direct: 1})
	equal(t, "withdrawal", *after.Withdrawal, *corrected.Withdrawal)
	equal(t, "deleted", after.Withdrawal.Deleted, 3)
}

// A pending edit follows the person, not the number: to his new LID, and never to
// who has his number now.
func TestG1_AnEditFollowsThePerson(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		name string
		want LID
	}{"a new LID of his": {"Mario", "999"}, "a new owner of his number": {"Anna", lid}} {
		tw := newTown(t)
		tw.subscribe(Person{number, lid})
		a := tw.publish(announcement("a.txt"))
		sent := tw.sendAt(noon())
		tw.publish(correction(a, noon()))
		hand := tw.claim(noon())
		must(t, tw.PutBack(t.Context(), hand))
		tw.handle(Person{number, "999"}, noon(), func(i *Inbox) error {
			return i.Subscribe(Details{c.name, "Rossi", "Saronno"}, Evidence{})
		})
		edit := tw.sendAt(noon())
		equal(t, what+": LID", edit.To.LID, c.want)
		equal(t, what+": target", edit.Target, sent.MessageID)
		equal(t, what+": number", edit.To.Number == number, c.want != lid)
		equal(t, what+": deletions", tw.withdraw(a.ID, noon()).Withdrawal.Asked, 1)
		equal(t, what+": deleted at", tw.sendAt(noon()).To.LID, c.want)
	}
}

// An alert does not wait until an ordinary announcement is deleted on all phones; a
// wrong alert is deleted before the next one leaves.
func TestG6_AnAlertOvertakesDeletions(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	alert := func(name string) NewAnnouncement {
		a := announcement(name)
		a.Urgent = true
		return a
	}
	fair, wrong := tw.publish(announcement("a.txt")), tw.publish(alert("b.txt"))
	for range 4 {
		tw.sendAt(noon())
	}
	tw.withdraw(fair.ID, noon())
	right := tw.publish(alert("c.txt"))
	equal(t, "first", tw.sendAt(noon()).Announcement, right.ID)
	tw.withdraw(wrong.ID, noon())
	for range 2 {
		o := tw.sendAt(noon())
		equal(t, "the wrong alert goes", o.Form == Revoke && o.Urgent, true)
	}
	equal(t, "then", tw.sendAt(noon()).Announcement, right.ID)
	tw.publish(announcement("d.txt"))
	equal(t, "and what is deleted before what is ordinary", tw.sendAt(noon()).Form, Revoke)
}
