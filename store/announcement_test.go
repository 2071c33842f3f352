package store

import (
	"errors"
	"testing"
)

func TestStop(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(4)
	a := tw.publish(announcement("1.txt"))
	must(t, tw.Sent(t.Context(), tw.claim(noon()), noon()))
	inHand, uncertain := tw.claim(noon()), tw.claim(noon())
	stopped, err := tw.Stop(t.Context(), a.ID)
	must(t, err)
	equal(t, "state", stopped.State, Stopped)
	equal(t, "counts", stopped.Counts, Counts{Recipients: 4, Waiting: 2, Sent: 1, Cancelled: 1})
	must(t, tw.Sent(t.Context(), inHand, noon()))
	must(t, tw.Retry(t.Context(), uncertain, noon(), Unanswered))
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 4, Sent: 2, Cancelled: 2})
	equal(t, "state", tw.look(a.ID).State, Stopped)
	_, err = tw.Stop(t.Context(), 99)
	if !errors.Is(err, ErrNoAnnouncement) {
		t.Fatalf("got %v", err)
	}
}

func TestLastDeliveryEndsTheAnnouncement(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*town, Outgoing) error{
		"sent":   func(tw *town, o Outgoing) error { return tw.Sent(tw.t.Context(), o, noon()) },
		"failed": func(tw *town, o Outgoing) error { return tw.Fail(tw.t.Context(), o, noon(), Unreachable) },
		"receipt": func(tw *town, o Outgoing) error {
			return tw.Receipts(tw.t.Context(), Receipt{IDs: []string{o.MessageID}, State: Read, At: noon()})
		},
		"departure": func(tw *town, _ Outgoing) error { tw.leave(citizen(0), noon()); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(1)
			a := tw.publish(announcement("1.txt"))
			o := tw.claim(noon())
			equal(t, "before", tw.look(a.ID).State, Running)
			must(t, end(tw, o))
			equal(t, "after", tw.look(a.ID).State, Finished)
			equal(t, "waiting", tw.look(a.ID).Waiting, 0)
		})
	}
}

func TestElectionReleasesOneByOne(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(announcement("a.txt"))
	b := tw.publish(announcement("b.txt"))
	must(t, tw.Release(t.Context(), b.ID, true))
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "ordinary", due.Delivery[Ordinary], noon())
	equal(t, "released", due.Delivery[Released], noon())
	o, ok, err := tw.ClaimDelivery(t.Context(), noon(), Released, editWindow)
	must(t, err)
	equal(t, "claimed", ok, true)
	equal(t, "which", o.Announcement, b.ID)
	_, ok, err = tw.ClaimDelivery(t.Context(), noon(), Released, editWindow)
	must(t, err)
	equal(t, "another", ok, false)
	must(t, tw.Release(t.Context(), b.ID, false))
	equal(t, "stays released", tw.look(b.ID).Released, true)
}

func TestAnnouncementsNewestFirst(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, name := range []string{"a.txt", "b.txt", "c.txt"} {
		tw.publish(announcement(name))
	}
	for limit, want := range map[int]string{0: "c.txtb.txta.txt", 1: "c.txt", 2: "c.txtb.txt", 9: "c.txtb.txta.txt"} {
		list, err := tw.Announcements(t.Context(), limit)
		must(t, err)
		var got string
		for _, a := range list {
			got += a.Name
		}
		equal(t, "names", got, want)
	}
}

// What a correction promised is promised no more when it is withdrawn alone.
func TestCorrectedBy(t *testing.T) {
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
