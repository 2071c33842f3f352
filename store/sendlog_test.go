package store

import (
	"slices"
	"testing"
	"time"
)

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

func TestNthLastAnswer(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for n := range 3 {
		tw.handle(citizen(n), noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
		at := noon().Add(time.Duration(n) * 20 * time.Second)
		must(t, tw.Sent(t.Context(), tw.claimAnswer(at), at))
	}
	for n, want := range map[int]time.Time{1: noon().Add(40 * time.Second), 3: noon(), 4: {}} {
		at, err := tw.NthLastAnswer(t.Context(), n, time.Minute, noon().Add(50*time.Second))
		must(t, err)
		equal(t, "nth last", at, want)
	}
	at, err := tw.NthLastAnswer(t.Context(), 3, time.Minute, noon().Add(61*time.Second))
	must(t, err)
	equal(t, "a minute later", at, time.Time{})
}

// The newest are enough to know when the ceiling lets the next one leave.
func TestRecentSends(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(5)
	tw.publish(announcement("1.txt"))
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	for n := range 5 {
		tw.sendAt(at(n))
	}
	tw.leave(citizen(9), at(5))
	must(t, tw.Sent(t.Context(), tw.claimAnswer(at(5)), at(5)))
	for most, want := range map[int][]time.Time{0: nil, 1: {at(5)}, 3: {at(3), at(4), at(5)}, 100: {at(0), at(1), at(2), at(3), at(4), at(5)}} {
		list, last, err := tw.RecentSends(t.Context(), most, at(6))
		must(t, err)
		equal(t, "last of an announcement", last, at(4))
		equal(t, "list", slices.EqualFunc(list, want, time.Time.Equal), true)
	}
	list, last, err := tw.RecentSends(t.Context(), 100, at(24*60+4))
	must(t, err)
	equal(t, "a day later", len(list), 1)
	equal(t, "last of an announcement", last, time.Time{})
}
