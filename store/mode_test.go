package store

import (
	"fmt"
	"testing"
	"time"
)

// mode sets from when ordinary news reach somebody.
func (tw *town) mode(p Person, at, from time.Time) {
	tw.t.Helper()
	tw.handle(p, at, func(i *Inbox) error { return i.SetNewsFrom(from) })
}

// got sends all that is due until then, and says how many messages each citizen got.
func (tw *town) got(at time.Time) map[Person]int {
	tw.t.Helper()
	got := map[Person]int{}
	for {
		o, ok, err := tw.ClaimDelivery(tw.t.Context(), at, Ordinary, editWindow)
		must(tw.t, err)
		if !ok {
			return got
		}
		got[o.To]++
		must(tw.t, tw.Sent(tw.t.Context(), o, at))
	}
}

// An ordinary announcement reaches whose pause is over when it leaves, also when it
// is not when it is published; an urgent one and a preview reach everybody.
func TestG1_AnnouncementsReachWhoWantsThem(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(5)
	morning := noon().Add(20 * time.Hour)
	for n, from := range []time.Time{{}, Never(), morning.Add(time.Millisecond), morning, noon().Add(-time.Hour)} {
		tw.mode(citizen(n), noon().Add(-time.Minute), from)
	}
	modes, err := tw.Modes(t.Context(), noon())
	must(t, err)
	equal(t, "modes", modes, Modes{All: 2, Urgent: 1, Paused: 2})
	modes, err = tw.Modes(t.Context(), morning.Add(time.Hour))
	must(t, err)
	equal(t, "the day after", modes, Modes{All: 4, Urgent: 1})
	equal(t, "never", tw.list()[1].NewsFrom, Never())
	equal(t, "until", tw.list()[3].NewsFrom, morning)

	ordinary := announcement("1.txt")
	ordinary.NotBefore = morning
	equal(t, "ordinary", tw.publish(ordinary).Counts, Counts{Recipients: 3, Waiting: 3, Paused: 2})
	got := tw.got(morning)
	for n, want := range []int{1, 0, 0, 1, 1} {
		equal(t, fmt.Sprint("citizen ", n), got[citizen(n)], want)
	}
	at := announcement("2.txt")
	equal(t, "published and leaving now", tw.publish(at).Counts, Counts{Recipients: 2, Waiting: 2, Paused: 3})
	urgent := announcement("3.txt")
	urgent.Urgent = true
	equal(t, "urgent", tw.publish(urgent).Counts, Counts{Recipients: 5, Waiting: 5})
	preview := announcement("4.txt")
	preview.Preview, preview.PreviewNumbers = true, []Number{citizen(1).Number}
	equal(t, "preview", tw.publish(preview).Counts, Counts{Recipients: 1, Waiting: 1})
	elsewhere := announcement("5.txt")
	elsewhere.Comuni = []string{"Uboldo"}
	over := tw.publish(elsewhere)
	equal(t, "for nobody here", over.Counts, Counts{})
	equal(t, "ended", over.State, Finished)
	tw.tallyMustBeTrue()
}

// Who pauses is not sent what waits for them, and counts as paused; what has begun is
// finished, and what leaves when the pause is over waits on.
func TestG1_WhoPausesGetsNothingThatWaits(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	paused := citizen(1)
	urgent, later, begun := announcement("urgent.txt"), announcement("later.txt"), announcement("begun.txt")
	urgent.Urgent = true
	later.NotBefore = noon().Add(10 * 24 * time.Hour)
	begun.Messages = 3
	tw.publish(begun)
	for range 3 { // everybody's first message
		o := tw.claim(noon())
		must(t, tw.Sent(t.Context(), o, noon()))
		must(t, tw.Store.exec(t.Context(), "test", `UPDATE deliveries SET due = 1e18 WHERE part = 1`)) // so that the next is another's
	}
	must(t, tw.Store.exec(t.Context(), "test", `UPDATE deliveries SET due = 1 WHERE part = 1`))
	waiting := announcement("waiting.txt")
	waiting.Messages = 2
	tw.publish(waiting)
	tw.publish(urgent)
	tw.publish(later)
	tw.mode(paused, noon(), noon().Add(7*24*time.Hour))
	equal(t, "what waits", tw.look(2).Counts, Counts{Recipients: 2, Waiting: 2, PartsWaiting: 2, Paused: 1})
	equal(t, "urgent", tw.look(3).Counts, Counts{Recipients: 3, Waiting: 3})
	equal(t, "what leaves after the pause", tw.look(4).Counts, Counts{Recipients: 3, Waiting: 3})
	equal(t, "what has begun", tw.look(1).Counts, Counts{Recipients: 3, Sent: 3, PartsWaiting: 6})
	tw.tallyMustBeTrue()
	got := tw.got(noon().Add(11 * 24 * time.Hour))
	equal(t, "paused", got[paused], 2+1+1)
	equal(t, "another", got[citizen(0)], 2+2+1+1)

	// Who resumes gets what is published from then on.
	tw.mode(paused, noon().Add(time.Hour), time.Time{})
	equal(t, "nothing from the pause", len(tw.got(noon().Add(11*24*time.Hour))), 0)
	equal(t, "the next", tw.publish(announcement("next.txt")).Counts, Counts{Recipients: 3, Waiting: 3})
	tw.tallyMustBeTrue()
}

// What was tried may have arrived; what waits for them to write has not.
func TestG1_WhatWasTriedIsFinished(t *testing.T) {
	t.Parallel()
	for reason, want := range map[Reason]Counts{
		NoToken:    {Paused: 1},
		Unanswered: {Recipients: 1, Waiting: 1},
	} {
		tw := newTown(t)
		tw.crowd(1)
		a := tw.publish(announcement("1.txt"))
		must(t, tw.Retry(t.Context(), tw.claim(noon()), noon().Add(time.Minute), reason))
		tw.mode(citizen(0), noon(), Never())
		equal(t, string(reason), tw.look(a.ID).Counts, want)
		tw.tallyMustBeTrue()
		hand := tw.publish(announcement("2.txt"))
		equal(t, "nobody is left", hand.State, Finished)
	}
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(announcement("1.txt"))
	o := tw.claim(noon())
	tw.mode(citizen(0), noon(), Never())
	must(t, tw.Sent(t.Context(), o, noon()))
	equal(t, "in hand", tw.look(a.ID).Counts, Counts{Recipients: 1, Sent: 1})
}

// When the last who was waited for pauses, the announcement has ended.
func TestTheLastWhoPausesEndsAnAnnouncement(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(announcement("1.txt"))
	tw.mode(citizen(0), noon(), Never())
	equal(t, "state", tw.look(a.ID).State, Finished)
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Paused: 1})
}

// Whoever is imported keeps their mode, and gets what is published from then on.
func TestG1_ImportedModes(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	a := announcement("1.txt")
	a.AcceptedAt, a.NotBefore = noon(), noon().Add(time.Hour)
	tw.crowd(1)
	tw.publish(a)
	paused, all := entry(citizen(1), noon().Add(-time.Hour)), entry(citizen(2), noon().Add(-time.Hour))
	paused.NewsFrom = Never()
	_, err := tw.Import(t.Context(), []Entry{paused, all}, nil, noon(), false)
	must(t, err)
	equal(t, "mode", tw.list()[1].NewsFrom, Never())
	equal(t, "the others'", tw.list()[2].NewsFrom, time.Time{})
	equal(t, "what was leaving", tw.look(1).Counts, Counts{Recipients: 1, Waiting: 1})
	equal(t, "the next", tw.publish(announcement("2.txt")).Counts, Counts{Recipients: 2, Waiting: 2, Paused: 1})
	tw.tallyMustBeTrue()
}

// A mode lasts as long as somebody is on the list, and no longer.
func TestAModeStaysWithARegistration(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.mode(citizen(0), noon(), Never())
	code := tw.only().Code
	tw.handle(citizen(0), noon(), func(i *Inbox) error { return i.Subscribe(Details{"Maria", "Bianchi", "Uboldo"}, Evidence{}) })
	equal(t, "registered again", tw.only().NewsFrom, Never())
	equal(t, "the same code", tw.only().Code, code)
	tw.leave(citizen(0), noon())
	tw.handle(citizen(0), noon(), func(i *Inbox) error { return i.Subscribe(Details{"Maria", "Bianchi", "Uboldo"}, Evidence{}) })
	equal(t, "after a cancellation", tw.only().NewsFrom, time.Time{})
	if tw.only().Code == code {
		t.Error("the code has outlived a cancellation")
	}
}
