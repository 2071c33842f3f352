package store

import (
	"errors"
	"fmt"
	"sync"
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
	must(t, tw.Receipt(t.Context(), []string{first.MessageID, second.MessageID, "unknown"}, Delivered, noon()))
	must(t, tw.Receipt(t.Context(), []string{second.MessageID}, Read, noon()))
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
		{"refloat", func(tw *town, o Outgoing) error { return tw.Uncharge(tw.t.Context(), []Outgoing{o}, noon()) },
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
			return tw.Receipt(tw.t.Context(), []string{o.MessageID}, Delivered, noon())
		}, map[string]string{"pending": "delivered", "sending": "delivered", "sent": "delivered",
			"failed": "delivered", "expired": "delivered", "cancelled": "delivered"}},
		{"read", func(tw *town, o Outgoing) error {
			return tw.Receipt(tw.t.Context(), []string{o.MessageID}, Read, noon())
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

func TestG2_NobodyClaimsTheSame(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	const people = 200
	tw.crowd(people)
	tw.publish(announcement("1.txt"))
	// Another process has the file open as well.
	other, err := Open(t.Context(), tw.dir)
	must(t, err)
	defer other.Close()
	claims := make(chan string)
	var claimants sync.WaitGroup
	for _, s := range []*Store{tw.Store, tw.Store, other, other} {
		claimants.Go(func() {
			for {
				o, ok, err := s.ClaimDelivery(t.Context(), noon(), Ordinary, editWindow)
				if err != nil {
					t.Error(err)
				}
				if !ok {
					return
				}
				claims <- o.MessageID
			}
		})
	}
	go func() { claimants.Wait(); close(claims) }()
	seen := map[string]int{}
	for id := range claims {
		seen[id]++
		equal(t, "claims of one delivery", seen[id], 1)
	}
	equal(t, "claimed", len(seen), people)
}

func TestOrderOfClaims(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	tw.publish(announcement("a.txt"))
	held := tw.publish(announcement("held.txt"))
	must(t, tw.Hold(t.Context(), held.ID))
	later := announcement("later.txt")
	later.NotBefore = noon().Add(time.Hour)
	tw.publish(later)
	tw.publish(announcement("b.txt"))
	urgent := announcement("urgent.txt")
	urgent.Urgent = true
	tw.publish(urgent)
	preview := announcement("preview.txt")
	preview.Preview, preview.PreviewNumbers = true, []Number{number}
	tw.publish(preview)

	claim := func(now time.Time, least Priority) string {
		o, ok, err := tw.ClaimDelivery(t.Context(), now, least, editWindow)
		must(t, err)
		if !ok {
			return "nothing"
		}
		equal(t, "urgent", o.Urgent, o.Announcement >= 5)
		return tw.look(o.Announcement).Name
	}
	for i, want := range []string{"urgent.txt", "urgent.txt", "preview.txt", "nothing"} {
		equal(t, fmt.Sprint("urgent claim ", i), claim(noon(), Urgent), want)
	}
	for i, want := range []string{"a.txt", "a.txt", "b.txt", "b.txt", "nothing"} {
		equal(t, fmt.Sprint("claim ", i), claim(noon(), Ordinary), want)
	}
	equal(t, "an hour later", claim(noon().Add(time.Hour), Ordinary), "later.txt")
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "held does not wait", due, dueAt(Ordinary, noon().Add(time.Hour)))
	must(t, tw.Release(t.Context(), held.ID, false))
	equal(t, "released", claim(noon(), Ordinary), "held.txt")
	n, err := tw.Waiting(t.Context())
	must(t, err)
	equal(t, "waiting", n, 11)
}

func dueAt(c Priority, at time.Time) (d Due) {
	d.Delivery[c] = at
	return d
}

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
			return tw.Receipt(tw.t.Context(), []string{o.MessageID}, Read, noon())
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
	must(t, tw.Receipt(t.Context(), []string{o.MessageID}, Read, noon()))
	equal(t, "counts", tw.look(o.Announcement).Counts, want)
}

func TestDepartures(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	look := func(limit int, now time.Time) [2]time.Time {
		last, nth, err := tw.LastSends(t.Context(), limit, now)
		must(t, err)
		return [2]time.Time{last, nth}
	}
	equal(t, "nothing has left", look(1, noon()), [2]time.Time{})
	tw.crowd(4)
	tw.publish(announcement("1.txt"))
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	must(t, tw.Sent(t.Context(), tw.claim(at(1)), at(1)))
	must(t, tw.Fail(t.Context(), tw.claim(at(2)), at(2), Unreachable))
	must(t, tw.Retry(t.Context(), tw.claim(at(3)), at(60), Unanswered))
	must(t, tw.PutBack(t.Context(), tw.claim(at(4))))
	tw.leave(citizen(9), at(5))
	must(t, tw.Sent(t.Context(), tw.claimAnswer(at(5)), at(5)))

	equal(t, "no ceiling", look(0, at(6)), [2]time.Time{at(3)})
	equal(t, "first from the end", look(1, at(6)), [2]time.Time{at(3), at(5)})
	equal(t, "fourth from the end", look(4, at(6)), [2]time.Time{at(3), at(1)})
	equal(t, "fifth from the end", look(5, at(6)), [2]time.Time{at(3)})
	equal(t, "a day later", look(3, at(2+24*60)), [2]time.Time{at(3)})
	equal(t, "clock put back", look(4, at(2)), [2]time.Time{at(2), at(1)})
	equal(t, "and it goes on from there", look(1, at(3)), [2]time.Time{at(2), at(2)})
}

func TestDeparturesArePruned(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(announcement("1.txt"))
	must(t, tw.Sent(t.Context(), tw.claim(noon()), noon()))
	for day := range 5 {
		at := noon().Add(time.Duration(day*25) * time.Hour)
		tw.leave(citizen(9), at)
		must(t, tw.Sent(t.Context(), tw.claimAnswer(at), at))
	}
	equal(t, "departures", tw.rows("departures"), 2)
	last, _, err := tw.LastSends(t.Context(), 0, noon().Add(1000*time.Hour))
	must(t, err)
	equal(t, "last announcement message", last, noon())
}

func TestAnswersLeaveInOrder(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for n := range 3 {
		tw.handle(citizen(n), noon().Add(time.Duration(n)*time.Second), func(i *Inbox) error { return i.Answer(Other, fmt.Sprint(n)) })
	}
	_, ok, err := tw.ClaimAnswer(t.Context(), noon().Add(-time.Second))
	must(t, err)
	equal(t, "before it is due", ok, false)
	for n := range 3 {
		o := tw.claimAnswer(noon().Add(time.Minute))
		equal(t, "text", o.Text, fmt.Sprint(n))
		equal(t, "recipient", o.To, citizen(n))
		equal(t, "kind", o.Answer, Other)
		equal(t, "announcement", o.Announcement, 0)
	}
	n, err := tw.Waiting(t.Context())
	must(t, err)
	equal(t, "waiting", n, 3)
}

// Nobody is always the last: over many announcements everybody is, in turn.
func TestOrderIsFair(t *testing.T) {
	t.Parallel()
	const people, announcements = 10, 200
	last := map[int64]int{}
	list := make([]int64, people)
	for i := range list {
		list[i] = int64(i)
	}
	for a := range int64(announcements) {
		order := inTurn(list, a+1)
		if len(order) != people {
			t.Fatalf("announcement %d goes to %d of %d people", a+1, len(order), people)
		}
		last[order[people-1]]++
	}
	for _, who := range list {
		if n := last[who]; n < announcements/people/2 || n > announcements/people*2 {
			t.Errorf("person %d was the last %d times of %d", who, n, announcements)
		}
	}
	if got := inTurn(nil, 7); len(got) != 0 {
		t.Errorf("an empty list became %v", got)
	}
}
