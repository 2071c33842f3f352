package pace

import (
	"testing"
	"time"

	"banditore/store"
)

// objection says which promise a message would break that left at t. It puts
// every promise in its own words, so that Next is not held against itself.
func objection(p Policy, s State, k store.Priority, t time.Time) string {
	every := map[store.Priority]time.Duration{store.Ordinary: p.Every, store.Released: p.Every, store.Urgent: p.UrgentEvery}[k]
	local := t.In(p.location())
	minute, from, to := local.Hour()*60+local.Minute(), p.Hours.from, p.Hours.to
	closed := from < to && (minute < from || minute >= to) || from > to && minute < from && minute >= to
	switch {
	case t.Before(s.Red):
		return "under a red light"
	case !s.Started.IsZero() && t.Sub(s.Started) < p.Grace:
		return "in the grace after the start"
	case !s.LastAnnouncement.IsZero() && t.Sub(s.LastAnnouncement) < every:
		return "too soon after the last one"
	case p.DailyLimit > 0 && !s.NthLast.IsZero() && t.Sub(s.NthLast) < 24*time.Hour:
		return "above the ceiling"
	case k == store.Urgent:
		return ""
	case closed:
		return "outside the hours"
	case !p.Launch.IsZero() && local.Format(time.DateOnly) < p.Launch.Format(time.DateOnly):
		return "before the launch"
	case k == store.Ordinary && !p.Election.From.After(t) && p.Election.To.After(t):
		return "during the election"
	}
	return ""
}

// checkNext holds one answer of Next to everything it promises, for a state of
// which nothing lies ahead of now.
func checkNext(t *testing.T, p Policy, now time.Time, s State, k store.Priority) time.Time {
	t.Helper()
	next := p.Next(now, s, k)
	if next.Before(now) {
		t.Fatalf("priority %d, %+v: at %v named %v, which is over", k, p, now, next)
	}
	if o := objection(p, s, k, next); o != "" {
		t.Fatalf("priority %d, %+v, %+v: at %v named %v, %s", k, p, s, now, next, o)
	}
	for _, ask := range []time.Time{next, now.Add(next.Sub(now) / 3), next.Add(-time.Nanosecond)} {
		if ask.Before(now) {
			continue
		}
		if again := p.Next(ask, s, k); !again.Equal(next) {
			t.Fatalf("priority %d, %+v, %+v: at %v named %v, then at %v %v", k, p, s, now, next, ask, again)
		}
	}
	// What can change from not allowed to allowed does so at one of these, or as the hours open.
	cause := latest(now, s.Red, s.Started.Add(p.Grace), s.LastAnnouncement.Add(p.Every), s.NthLast.Add(24*time.Hour), p.launch(), p.Election.To)
	if next.Sub(cause) > 49*time.Hour {
		t.Fatalf("priority %d, %+v, %+v: at %v named %v, two days after %v", k, p, s, now, next, cause)
	}
	return next
}

// soonest finds what Next names by looking at every minute. Only what is free
// in the middle of one cannot be found so: it is given.
func soonest(p Policy, now time.Time, s State, k store.Priority, free []time.Time) time.Time {
	t := now
	for objection(p, s, k, t) != "" {
		minute := t.Truncate(time.Minute).Add(time.Minute)
		for _, f := range free {
			if f.After(t) && f.Before(minute) {
				minute = f
			}
		}
		t = minute
	}
	return t
}

func FuzzNext(f *testing.F) {
	throwSeeds(f, 400)
	f.Fuzz(func(t *testing.T, thrown []byte) {
		d := &dice{thrown}
		loc := d.location(t)
		now := d.moment(loc)
		p := d.policy(t, now, loc)
		var s State
		if d.oneIn(2) {
			s.Started = now.Add(-d.upTo(time.Hour))
		}
		if d.oneIn(2) {
			s.LastAnnouncement = now.Add(-d.upTo(time.Hour))
		}
		if p.DailyLimit > 0 && d.oneIn(2) {
			s.NthLast = now.Add(-d.upTo(25 * time.Hour))
		}
		if d.oneIn(3) {
			s.Red = d.around(now, 48*time.Hour)
		}
		k := d.priority()
		next := checkNext(t, p, now, s, k)
		free := []time.Time{
			s.Red, s.Started.Add(p.Grace), s.LastAnnouncement.Add(p.Every), s.LastAnnouncement.Add(p.UrgentEvery), s.NthLast.Add(24 * time.Hour),
		}
		if want := soonest(p, now, s, k, free); !next.Equal(want) {
			t.Fatalf("priority %d, %+v, %+v: at %v named %v, but %v is free", k, p, s, now, next, want)
		}
	})
}
