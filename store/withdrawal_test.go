package store

import (
	"errors"
	"testing"
	"time"
)

func (tw *town) withdraw(id int64, now time.Time) Announcement {
	tw.t.Helper()
	a, err := tw.Withdraw(tw.t.Context(), id, now, deleteWindow, idPrefix)
	must(tw.t, err)
	return a
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(4)
	a := tw.publish(announcement("a.txt"))
	tw.sendAt(noon()) // too old
	now := noon().Add(deleteWindow)
	sent := tw.sendAt(now.Add(-time.Hour))
	hand := tw.claim(now)
	got := tw.withdraw(a.ID, now)
	equal(t, "state", got.State, Stopped)
	equal(t, "withdrawal", *got.Withdrawal, Withdrawal{At: now, Asked: 1, Waiting: 1, TooOld: 1})
	revoke := tw.sendAt(now)
	equal(t, "form", revoke.Form, Revoke)
	equal(t, "target", revoke.Target, sent.MessageID)
	equal(t, "urgent", revoke.Announcement != a.ID, true)
	must(t, tw.Sent(t.Context(), hand, now)) // it had left
	tw.catchUp(now)
	equal(t, "target", tw.sendAt(now).Target, hand.MessageID)
	tw.withdraw(a.ID, now)
	tw.catchUp(now)
	equal(t, "withdrawal", *tw.look(a.ID).Withdrawal, Withdrawal{At: now, Asked: 2, Deleted: 2, TooOld: 1})
	list, err := tw.Announcements(t.Context(), 0)
	must(t, err)
	equal(t, "announcements listed", len(list), 1)
	_, ok, err := tw.ForRetry(t.Context(), sent.MessageID, now)
	must(t, err)
	equal(t, "what was withdrawn can be asked for", ok, false)
	tw.tallyMustBeTrue()
}

// A phone that was off for two days turns out to have what was believed to have
// failed before it was withdrawn.
func TestWithdrawWhatHadArrivedAfterAll(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(announcement("a.txt"))
	o := tw.claim(noon())
	must(t, tw.Fail(t.Context(), o, noon(), Unanswered))
	equal(t, "to delete", tw.withdraw(a.ID, noon()).Withdrawal.Asked, 0)
	later := noon().Add(48 * time.Hour)
	must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: later}))
	tw.catchUp(later)
	equal(t, "target", tw.sendAt(later).Target, o.MessageID)
	tw.tallyMustBeTrue()
}

// What is withdrawn is withdrawn with its corrections at once: no crash leaves half
// of it on the phones.
func TestG3_WithdrawTakesTheCorrectionsAlong(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	later := noon().Add(time.Hour)
	first := tw.publish(correction(wrong, later))
	tw.sendAt(later)
	tw.sendAt(later)
	second := tw.publish(correction(first, later))
	tw.withdraw(wrong.ID, later)
	for range 3 {
		equal(t, "form", tw.sendAt(later).Form, Revoke)
	}
	for _, id := range []int64{wrong.ID, first.ID, second.ID} {
		equal(t, "state", tw.look(id).State, Stopped)
		equal(t, "withdrawn", tw.look(id).Withdrawal != nil, true)
	}
	list, err := tw.Corrections(t.Context(), wrong.ID)
	must(t, err)
	equal(t, "corrections to be filed", len(list), 1)
	must(t, tw.FiledWithdrawn(t.Context(), first.ID))
	list, err = tw.Corrections(t.Context(), wrong.ID)
	must(t, err)
	equal(t, "corrections to be filed", len(list), 0)
	tw.tallyMustBeTrue()
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
	_, err := newTown(t).Withdraw(t.Context(), 99, noon(), deleteWindow, idPrefix)
	if !errors.Is(err, ErrNoAnnouncement) {
		t.Fatalf("got %v", err)
	}
}

// Who leaves while a deletion for them is in hand is wanted no more, and nothing of
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
