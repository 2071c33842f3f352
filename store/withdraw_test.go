package store

import (
	"testing"
	"time"
)

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
	must(t, tw.Receipt(t.Context(), []string{o.MessageID}, Delivered, later))
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

// What a correction promised is promised no more when it is withdrawn alone.
func TestAmendedBy(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	first := tw.publish(correction(wrong, noon()))
	second := tw.publish(correction(first, noon()))
	equal(t, "amended by", tw.look(wrong.ID).CorrectedBy, first.Name)
	equal(t, "amended by", tw.look(first.ID).CorrectedBy, second.Name)
	tw.withdraw(second.ID, noon())
	equal(t, "amended by", tw.look(first.ID).CorrectedBy, "")
	equal(t, "amended by", tw.look(wrong.ID).CorrectedBy, first.Name)
}
