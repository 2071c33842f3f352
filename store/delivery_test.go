package store

import (
	"testing"
	"time"
)

func TestLifeOfADelivery(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := tw.publish(announcement("fiera.txt"))
	equal(t, "counts", a.Counts, Counts{Recipients: 2, Waiting: 2})
	first, second := tw.claim(noon()), tw.claim(noon())
	if first.MessageID == second.MessageID || first.To == second.To {
		t.Fatalf("claimed %v and %v", first.MessageID, second.MessageID)
	}
	equal(t, "text", first.Text, "testo di fiera.txt")
	must(t, tw.Sent(t.Context(), first, noon().Add(time.Second)))
	equal(t, "state", tw.look(a.ID).State, Running)
	must(t, tw.Sent(t.Context(), second, noon().Add(2*time.Second)))
	must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{first.MessageID, second.MessageID, "unknown"}, State: Delivered, At: noon()}))
	must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{second.MessageID}, State: Read, At: noon()}))
	got := tw.look(a.ID)
	equal(t, "counts", got.Counts, Counts{Recipients: 2, Sent: 2, Delivered: 2, Read: 1})
	equal(t, "state", got.State, Finished)
	equal(t, "first", got.FirstSent, noon().Add(time.Second))
	equal(t, "last", got.LastSent, noon().Add(2*time.Second))
}

// Every action on a delivery in every state: what it becomes. A blank means
// that nothing may change.
func TestStateMachine(t *testing.T) {
	t.Parallel()
	states := []string{"pending", "sending", "sent", "delivered", "read", "failed", "expired", "cancelled"}
	for _, c := range []struct {
		action string
		do     func(tw *town, o Outgoing) error
		from   map[string]string
	}{
		{"claim", func(tw *town, _ Outgoing) error {
			_, _, err := tw.ClaimDelivery(tw.t.Context(), noon(), Ordinary, editWindow)
			return err
		}, map[string]string{"pending": "sending"}},
		{"sent", func(tw *town, o Outgoing) error { return tw.Sent(tw.t.Context(), o, noon()) },
			map[string]string{"sending": "sent"}},
		{"put back", func(tw *town, o Outgoing) error { return tw.PutBack(tw.t.Context(), o) },
			map[string]string{"sending": "pending"}},
		{"postpone", func(tw *town, o Outgoing) error { return tw.Postpone(tw.t.Context(), o, noon()) },
			map[string]string{"sending": "pending"}},
		{"uncharge", func(tw *town, o Outgoing) error { return tw.Uncharge(tw.t.Context(), []Outgoing{o}, noon()) },
			map[string]string{"failed": "pending"}},
		{"expire", func(tw *town, o Outgoing) error {
			_, err := tw.db.Exec(`UPDATE announcements SET expires = 1`)
			must(tw.t, err)
			_, err = tw.Expire(tw.t.Context(), noon())
			return err
		}, map[string]string{"pending": "expired"}},
		{"retry", func(tw *town, o Outgoing) error { return tw.Retry(tw.t.Context(), o, noon(), Unanswered) },
			map[string]string{"sending": "pending"}},
		{"fail", func(tw *town, o Outgoing) error { return tw.Fail(tw.t.Context(), o, noon(), Unanswered) },
			map[string]string{"sending": "failed"}},
		{"recover", func(tw *town, _ Outgoing) error { _, err := tw.Recover(tw.t.Context(), noon()); return err },
			map[string]string{"sending": "pending"}},
		{"stop", func(tw *town, o Outgoing) error { _, err := tw.Stop(tw.t.Context(), o.Announcement); return err },
			map[string]string{"pending": "cancelled"}},
		{"delivered", func(tw *town, o Outgoing) error {
			return tw.Receipts(tw.t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: noon()})
		}, map[string]string{"pending": "delivered", "sending": "delivered", "sent": "delivered",
			"failed": "delivered", "expired": "delivered", "cancelled": "delivered"}},
		{"read", func(tw *town, o Outgoing) error {
			return tw.Receipts(tw.t.Context(), Receipt{IDs: []string{o.MessageID}, State: Read, At: noon()})
		}, map[string]string{"pending": "read", "sending": "read", "sent": "read", "delivered": "read",
			"failed": "read", "expired": "read", "cancelled": "read"}},
	} {
		t.Run(c.action, func(t *testing.T) {
			t.Parallel()
			for _, from := range states {
				tw := newTown(t)
				tw.crowd(2) // the other delivery keeps the announcement running
				tw.publish(announcement("1.txt"))
				o := tw.claim(noon())
				_, err := tw.db.Exec(`UPDATE deliveries SET state = ? WHERE id = ?`, from, o.id)
				must(t, err)
				_, err = tw.db.Exec(`UPDATE deliveries SET due = ? WHERE id <> ?`, stamp{noon().Add(time.Hour)}, o.id)
				must(t, err)
				must(t, c.do(tw, o))
				want := c.from[from]
				if want == "" {
					want = from
				}
				equal(t, c.action+" of "+from, tw.state(o), want)
				tw.tallyMustBeTrue()
			}
		})
	}
}

func (tw *town) state(o Outgoing) (state string) {
	tw.t.Helper()
	must(tw.t, tw.db.QueryRow("SELECT state FROM "+o.one("answers", "deliveries")+" WHERE id = ?", o.id).Scan(&state))
	return state
}

// tallyMustBeTrue compares the numbers with the rows, while nobody has left.
func (tw *town) tallyMustBeTrue() {
	tw.t.Helper()
	var wrong int
	must(tw.t, tw.db.QueryRow(`SELECT count(*) FROM tallies t WHERE count <>
		(SELECT count(*) FROM deliveries d WHERE d.announcement = t.announcement AND d.state = t.state
			AND d.form = t.form AND (d.part > 0) = t.extra)`).Scan(&wrong))
	equal(tw.t, "wrong tallies", wrong, 0)
}

func TestAttemptsAndMessageID(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(announcement("1.txt"))
	first := tw.claim(noon())
	must(t, tw.PutBack(t.Context(), first))
	again := tw.claim(noon())
	equal(t, "attempts after putting back", again.Attempts, 0)
	must(t, tw.Retry(t.Context(), again, noon().Add(time.Minute), Unanswered))
	_, early, err := tw.ClaimDelivery(t.Context(), noon().Add(time.Minute-time.Millisecond), Ordinary, editWindow)
	must(t, err)
	equal(t, "claimed before it is due", early, false)
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due", due, dueAt(Ordinary, noon().Add(time.Minute)))
	last := tw.claim(noon().Add(time.Minute))
	equal(t, "attempts after a retry", last.Attempts, 1)
	equal(t, "message ID", last.MessageID, first.MessageID)
	n, err := tw.Recover(t.Context(), noon())
	must(t, err)
	equal(t, "taken back", n, 1)
	equal(t, "message ID after a crash", tw.claim(noon().Add(time.Minute)).MessageID, first.MessageID)
}

// The person has left while the message was under way: whatever its end, it is
// no error, and the counts stay.
func TestVanishedRowIsNoError(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(announcement("1.txt"))
	o := tw.claim(noon())
	tw.leave(citizen(0), noon())
	want := tw.look(o.Announcement).Counts
	must(t, tw.Sent(t.Context(), o, noon()))
	must(t, tw.PutBack(t.Context(), o))
	must(t, tw.Retry(t.Context(), o, noon(), Unanswered))
	must(t, tw.Fail(t.Context(), o, noon(), Unanswered))
	must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{o.MessageID}, State: Read, At: noon()}))
	equal(t, "counts", tw.look(o.Announcement).Counts, want)
}

func TestReceiptSaysDeliveredOrRead(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	if err := tw.Receipts(t.Context(), Receipt{State: "sent", At: noon()}); err == nil {
		t.Fatal("no error")
	}
}

// A receipt that comes before the ack does not lose the departure.
func TestReceiptBeforeTheAck(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := tw.publish(announcement("1.txt"))
	o := tw.claim(noon())
	must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: noon()}))
	equal(t, "first sent", tw.look(a.ID).FirstSent, noon())
	must(t, tw.Sent(t.Context(), o, noon()))
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 2, Waiting: 1, Sent: 1, Delivered: 1})
	last, _, err := tw.LastSends(t.Context(), 0, noon())
	must(t, err)
	equal(t, "departure", last, noon())
}

// What was charged to a message while nothing got through is given back, but
// not to one that has ended in another way since.
func TestG7_UnchargedIsNobodysFault(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(4)
	a := tw.publish(announcement("1.txt"))
	retried, failed, delivered, pending := tw.claim(noon()), tw.claim(noon()), tw.claim(noon()), tw.claim(noon())
	must(t, tw.Retry(t.Context(), retried, noon().Add(time.Hour), Unanswered))
	must(t, tw.Fail(t.Context(), failed, noon(), Unreachable))
	must(t, tw.Fail(t.Context(), delivered, noon(), Unanswered))
	must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{delivered.MessageID}, State: Delivered, At: noon()}))
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
func TestUnchargeWakesNothingThatHasEnded(t *testing.T) {
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
	must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{late.MessageID}, State: Read, At: noon()})) // it had arrived after all
	tw.leave(citizen(0), noon())
	got := tw.look(a.ID)
	equal(t, "unreachable", got.Reasons[Unreachable], 2)
	equal(t, "no token", got.Reasons[NoToken], 1)
	equal(t, "no answer", got.Reasons[Unanswered], 0)
	equal(t, "failed", got.Failed, 3)
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

// What may have left counts for the pace, whatever becomes of it.
func TestG7_WhatMayHaveLeftCounts(t *testing.T) {
	t.Parallel()
	for name, takeBack := range map[string]func(*town, Outgoing) error{
		"postponed": func(tw *town, o Outgoing) error { return tw.Postpone(t.Context(), o, noon().Add(time.Hour)) },
		"retried":   func(tw *town, o Outgoing) error { return tw.Retry(t.Context(), o, noon().Add(time.Hour), Unanswered) },
		"failed":    func(tw *town, o Outgoing) error { return tw.Fail(t.Context(), o, noon(), Unanswered) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(1)
			a := tw.publish(announcement("1.txt"))
			must(t, takeBack(tw, tw.claim(noon())))
			last, _, err := tw.LastSends(t.Context(), 0, noon())
			must(t, err)
			equal(t, "the last that left", last, noon())
			equal(t, "of the announcement", tw.look(a.ID).LastSent, noon())
		})
	}
}
