package store

import (
	"testing"
	"time"
)

func TestG7_RedLightsSurvive(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	first := RedLight{Light: "limited", Since: noon(), Until: noon().Add(time.Minute), Code: 429, Tries: 1}
	second := RedLight{Light: "locked", Since: noon(), Until: noon().Add(time.Hour), Told: true}
	must(t, tw.SetRedLight(t.Context(), second))
	must(t, tw.SetRedLight(t.Context(), first))
	first.Tries = 2
	must(t, tw.SetRedLight(t.Context(), first))
	must(t, tw.Close())
	again, err := Open(t.Context(), tw.dir)
	must(t, err)
	tw.Store = again
	list, err := tw.RedLights(t.Context())
	must(t, err)
	equal(t, "red lights", len(list), 2)
	equal(t, "first", list[0], first)
	equal(t, "second", list[1], second)
	must(t, tw.ClearRedLight(t.Context(), "limited"))
	list, err = tw.RedLights(t.Context())
	must(t, err)
	equal(t, "left", len(list), 1)
}

// What was charged to a message while nothing got through is given back, but
// not to one that has ended in another way since.
func TestG7_RefloatChargesNobody(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(4)
	a := tw.publish(announcement("1.txt"))
	retried, failed, delivered, pending := tw.claim(noon()), tw.claim(noon()), tw.claim(noon()), tw.claim(noon())
	must(t, tw.Retry(t.Context(), retried, noon().Add(time.Hour), Unanswered))
	must(t, tw.Fail(t.Context(), failed, noon(), Unreachable))
	must(t, tw.Fail(t.Context(), delivered, noon(), Unanswered))
	must(t, tw.Receipt(t.Context(), []string{delivered.MessageID}, Delivered, noon()))
	must(t, tw.PutBack(t.Context(), pending))
	equal(t, "failed for that reason", tw.look(a.ID).Reasons[Unreachable], 1)
	must(t, tw.Uncharge(t.Context(), []Outgoing{retried, failed, delivered}, noon().Add(time.Minute)))
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 4, Waiting: 3, Sent: 1, Delivered: 1})
	equal(t, "reasons", len(tw.look(a.ID).Reasons), 0)
	equal(t, "who waited goes first", tw.claim(noon().Add(time.Minute)).MessageID, pending.MessageID)
	for _, want := range []Outgoing{retried, failed} {
		o := tw.claim(noon().Add(time.Minute))
		equal(t, "message ID", o.MessageID, want.MessageID)
		equal(t, "attempts", o.Attempts, 0)
	}
	tw.tallyMustBeTrue()
}

// An announcement that has ended stays ended.
func TestRefloatWakesNothingThatHasEnded(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(announcement("1.txt"))
	o := tw.claim(noon())
	must(t, tw.Fail(t.Context(), o, noon(), Unreachable))
	must(t, tw.Uncharge(t.Context(), []Outgoing{o}, noon()))
	equal(t, "state", tw.look(a.ID).State, Finished)
	equal(t, "failed", tw.look(a.ID).Failed, 1)
}

func TestReasonsAreCounted(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(5)
	a := tw.publish(announcement("1.txt"))
	for _, reason := range []Reason{Unreachable, NoToken, Unreachable} {
		must(t, tw.Fail(t.Context(), tw.claim(noon()), noon(), reason))
	}
	late := tw.claim(noon())
	must(t, tw.Fail(t.Context(), late, noon(), Unanswered))
	equal(t, "no answer", tw.look(a.ID).Reasons[Unanswered], 1)
	must(t, tw.Receipt(t.Context(), []string{late.MessageID}, Read, noon())) // it had arrived after all
	tw.leave(citizen(0), noon())
	got := tw.look(a.ID)
	equal(t, "unreachable", got.Reasons[Unreachable], 2)
	equal(t, "no token", got.Reasons[NoToken], 1)
	equal(t, "no answer", got.Reasons[Unanswered], 0)
	equal(t, "failed", got.Failed, 3)
}

// Who has to write first gets what waited for him as soon as he does.
func TestWhoWritesGetsWhatWaitedForThat(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	tw.publish(announcement("1.txt"))
	waiting, other := tw.claim(noon()), tw.claim(noon())
	must(t, tw.Retry(t.Context(), waiting, noon().Add(24*time.Hour), NoToken))
	must(t, tw.Retry(t.Context(), other, noon().Add(time.Hour), Rejected))
	now := noon().Add(time.Minute)
	tw.handle(waiting.To, now, func(i *Inbox) error { return i.Answer(Other, "Qui nessuno legge") })
	equal(t, "his", tw.claim(now).MessageID, waiting.MessageID)
	_, ok, err := tw.ClaimDelivery(t.Context(), now, Ordinary, editWindow)
	must(t, err)
	equal(t, "the other's", ok, false)
}

func TestExpire(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	short := announcement("oggi.txt")
	short.Expires = noon().Add(time.Hour)
	a := tw.publish(short)
	tw.publish(announcement("sempre.txt"))
	must(t, tw.Sent(t.Context(), tw.claim(noon()), noon()))
	inHand := tw.claim(noon())
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "wakes for it", due.Expiring, short.Expires)
	tw.expire(short.Expires.Add(-time.Millisecond), false)
	equal(t, "before", tw.look(a.ID).Counts, Counts{Recipients: 3, Waiting: 2, Sent: 1})

	after := short.Expires
	o := tw.claim(after)
	equal(t, "what is claimed then", tw.look(o.Announcement).Name, "sempre.txt")
	tw.expire(after, true)
	tw.expire(after, false)
	equal(t, "after", tw.look(a.ID).Counts, Counts{Recipients: 3, Waiting: 1, Sent: 1, Expired: 1})
	must(t, tw.Retry(t.Context(), inHand, after, Unanswered))
	tw.expire(after, true)
	got := tw.look(a.ID)
	equal(t, "the one in hand", got.Counts, Counts{Recipients: 3, Sent: 1, Expired: 2})
	equal(t, "state", got.State, Finished)
	tw.tallyMustBeTrue()
}

func (tw *town) expire(now time.Time, want bool) {
	tw.t.Helper()
	expired, err := tw.Expire(tw.t.Context(), now)
	must(tw.t, err)
	equal(tw.t, "expired", expired, want)
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

// What may have left as the program died counts for the pace.
func TestG7_RecoverCountsForThePace(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(announcement("1.txt"))
	tw.claim(noon())
	now := noon().Add(time.Minute)
	_, err := tw.Recover(t.Context(), now)
	must(t, err)
	last, nth, err := tw.LastSends(t.Context(), 1, now)
	must(t, err)
	equal(t, "last", last, now)
	equal(t, "counted", nth, now)
}
