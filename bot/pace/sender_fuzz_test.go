package pace

import (
	"slices"
	"testing"
	"time"

	"banditore/store"
)

// A sender always sends at the moment that Next names, and remembers what the
// store does. Its clock on the wall may be set; the time that really goes by is
// kept beside it.
type sender struct {
	policy Policy
	now    time.Time     // by the clock on the wall
	real   time.Duration // since the beginning

	departures []departure
	started    time.Duration // by real time: a process does not notice a clock that is set
	red        time.Time
	leaps      int // how often the clock was put forward
}

type departure struct {
	at           time.Time
	real         time.Duration
	leaps        int
	announcement bool
}

func (s *sender) pass(d time.Duration) { s.now, s.real = s.now.Add(d), s.real+d }

func (s *sender) set(d time.Duration) {
	s.now = s.now.Add(d)
	if d > 0 {
		s.leaps++
	}
}

func (s *sender) depart(announcement bool) {
	s.departures = append(s.departures, departure{s.now, s.real, s.leaps, announcement})
}

// state is what the store would tell: what lies ahead of now has just left, for
// good.
func (s *sender) state() State {
	state := State{Started: s.now.Add(s.started - s.real), Red: s.red}
	var day []time.Time
	for i := range s.departures {
		d := &s.departures[i]
		d.at = earlier(d.at, s.now)
		if d.announcement {
			state.LastAnnouncement = latest(state.LastAnnouncement, d.at)
		}
		if s.now.Sub(d.at) < 24*time.Hour {
			day = append(day, d.at)
		}
	}
	slices.SortFunc(day, time.Time.Compare) // a clock that was put back mixes them up
	if n := len(day) - s.policy.DailyLimit; s.policy.DailyLimit > 0 && n >= 0 {
		state.NthLast = day[n]
	}
	return state
}

// send asks, waits and sends.
func (s *sender) send(t *testing.T, k store.Priority) {
	t.Helper()
	next := checkNext(t, s.policy, s.now, s.state(), k)
	s.pass(next.Sub(s.now))
	every := s.policy.Every
	if k == store.Urgent {
		every = s.policy.UrgentEvery
	}
	var shown, happened int
	for _, d := range s.departures {
		clean := d.leaps == s.leaps // no clock has made a gap look longer than it was
		if d.announcement && (s.now.Sub(d.at) < every || clean && s.real-d.real < every) {
			t.Fatalf("priority %d, %+v: %v after the last one", k, s.policy, s.now.Sub(d.at))
		}
		if s.now.Sub(d.at) < 24*time.Hour {
			shown++
		}
		if clean && s.real-d.real < 24*time.Hour {
			happened++
		}
	}
	if limit := s.policy.DailyLimit; limit > 0 && (shown >= limit || happened >= limit) {
		t.Fatalf("priority %d, %+v: the one after %d (really %d) in 24 hours", k, s.policy, shown, happened)
	}
	s.depart(true)
}

func FuzzSender(f *testing.F) {
	throwSeeds(f, 400)
	f.Fuzz(func(t *testing.T, thrown []byte) {
		d := &dice{thrown}
		loc := d.location(t)
		s := &sender{now: d.moment(loc)}
		s.policy = d.policy(t, s.now, loc)
		for range 100 {
			if !d.more() {
				break
			}
			switch d.below(12) {
			case 0, 1, 2, 3, 4:
				s.send(t, d.priority())
			case 5:
				s.depart(false) // an answer asks nobody
			case 6:
				s.pass(d.upTo(30 * time.Hour))
			case 7:
				s.set(d.upTo(30 * time.Hour))
			case 8:
				s.set(-d.upTo(30 * time.Hour))
			case 9:
				s.started = s.real
			case 10:
				s.red = s.now.Add(d.upTo(48 * time.Hour))
			case 11:
				checkNext(t, s.policy, s.now, s.state(), d.priority()) // woken, and too early
			}
		}
	})
}
