// Package pace says when the next message of an announcement may leave: not
// right after a start, not under a red light, not faster than the configured
// pace, not above the daily ceiling and, unless it is urgent, only inside the
// hours, from the launch date on and outside an election, but for what was
// released by hand. Answers to citizens do not ask.
//
// It is all arithmetic: the same question has the same answer, however often it
// is asked. What has left is remembered elsewhere and given as a [State], so
// that the promise holds across restarts.
package pace

import (
	"time"

	"banditore/store"
)

// Policy is what the Comune configured. The zero value lets everything leave
// at once.
type Policy struct {
	Every       time.Duration // between two messages of announcements
	UrgentEvery time.Duration // the same before an urgent one
	DailyLimit  int           // messages in any 24 hours; 0 is no ceiling
	Grace       time.Duration // after the start, so that a crash loop bothers nobody

	// Ordinary announcements leave inside Hours, and not before the first
	// minute of the day of Launch (zero: no launch). Both are by the clock of
	// Location; nil is UTC.
	Hours    Hours
	Location *time.Location
	Launch   time.Time

	// Election is when a public body communicates only what is impersonal and
	// indispensable (art. 9 L. 28/2000): ordinary announcements wait for its end.
	Election Window
}

// Window is a stretch of time from its first moment to before its last. The
// zero value holds no moment.
type Window struct{ From, To time.Time }

func (w Window) holds(t time.Time) bool { return !t.Before(w.From) && t.Before(w.To) }

// State is what has happened so far. A zero time means: it has not.
type State struct {
	Started          time.Time // this process
	LastAnnouncement time.Time // the last message of any announcement left
	NthLast          time.Time // the message left that is the DailyLimit-th from the end

	Red time.Time // nothing of an announcement leaves before it: the known end of a suspension
}

// Next is the earliest moment from now on at which the next message of an
// announcement of this priority may leave. It is now when nothing stands against
// it. A time of the state that lies ahead of now, because the clock was put
// back, counts as now; that of a red light is meant to.
func (p Policy) Next(now time.Time, s State, k store.Priority) time.Time {
	every := p.Every
	if k == store.Urgent {
		every = p.UrgentEvery
	}
	next := latest(now, s.Red,
		after(now, s.Started, p.Grace),
		after(now, s.LastAnnouncement, every))
	if p.DailyLimit > 0 {
		next = latest(next, after(now, s.NthLast, 24*time.Hour))
	}
	if k == store.Urgent {
		return next
	}
	next = p.Hours.next(latest(next, p.launch()), p.location())
	if k == store.Ordinary && p.Election.holds(next) {
		next = p.Hours.next(p.Election.To, p.location())
	}
	return next
}

// Repeat is the earliest moment at which a message may leave once more that a phone of
// its recipient could not decrypt. It waits as [Policy.Next] says, but for the hours,
// the launch and an election: it is the rest of a delivery that had its time. The phone
// has rung, shows that a message is on its way, and asks no more than five times; what
// is held back until the morning may never be shown.
func (p Policy) Repeat(now time.Time, s State, k store.Priority) time.Time {
	if k != store.Urgent {
		p.UrgentEvery = p.Every
	}
	return p.Next(now, s, store.Urgent)
}

// launch is the first minute of the day of Launch; without a launch it is long past.
func (p Policy) launch() time.Time {
	year, month, day := p.Launch.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, p.location())
}

func (p Policy) location() *time.Location {
	if p.Location == nil {
		return time.UTC
	}
	return p.Location
}

// after is event + d. An event that never happened, the zero time, holds up
// nothing: it is long past.
func after(now, event time.Time, d time.Duration) time.Time {
	return earlier(event, now).Add(d)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func latest(first time.Time, others ...time.Time) time.Time {
	for _, t := range others {
		if t.After(first) {
			first = t
		}
	}
	return first
}
