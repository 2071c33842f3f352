package pace

import (
	"slices"
	"time"

	"banditore/store"
)

// Load is what waits of one announcement.
type Load struct {
	Waiting   int       // messages that have not left
	NotBefore time.Time // the first of them leaves no earlier; zero: at any time
	Expires   time.Time // what has not left by then does not leave; zero: never
	Priority  store.Priority
}

// Span is when the first and the last message of a [Load] will leave, of those
// that do; both are zero when none does.
type Span struct {
	First, Last time.Time
	Expired     int // messages that will not leave, because it will be too late
}

// Forecast says when each load would leave, if nothing went wrong and nobody
// came or left. Loads are given in the order in which they were accepted; a
// higher priority overtakes. Recent are all departures of the last 24 hours,
// oldest first: the ceiling is reckoned from them, s.NthLast does not count, and
// without a ceiling they are not needed. The time a message takes on the wire is
// left out: who knows it gives a policy that is slower by it.
func (p Policy) Forecast(now time.Time, s State, recent []time.Time, loads []Load) []Span {
	spans, loads := make([]Span, len(loads)), slices.Clone(loads)
	recent = slices.Clone(recent)
	// What lies ahead of now counts as now once, not again at each later moment.
	for i, t := range recent {
		recent[i] = earlier(t, now)
	}
	s.Started, s.LastAnnouncement = earlier(s.Started, now), earlier(s.LastAnnouncement, now)
	for {
		s.NthLast = p.nthLast(recent)
		i, at := p.first(now, s, loads)
		switch {
		case i < 0:
			return spans
		case loads[i].pointless(at):
			spans[i].Expired, loads[i].Waiting = loads[i].Waiting, 0
			continue
		case spans[i].First.IsZero():
			spans[i].First = at
		}
		more, every := p.row(i, now, at, loads)
		if p.DailyLimit > 0 {
			recent, more = p.underCeiling(append(recent, at), every, more)
		}
		at = at.Add(time.Duration(more) * every)
		spans[i].Last = at
		loads[i].Waiting -= 1 + more
		now, s.LastAnnouncement = at, at
	}
}

// underCeiling adds departures to recent, each one pace after the last, until there are
// as many more as wanted or the ceiling is reached. It returns how many there were.
func (p Policy) underCeiling(recent []time.Time, every time.Duration, wanted int) ([]time.Time, int) {
	at := recent[len(recent)-1]
	for n := range wanted {
		at = at.Add(every)
		if p.nthLast(recent).Add(24 * time.Hour).After(at) {
			return recent, n
		}
		recent = append(recent, at)
	}
	return recent, wanted
}

// row is how many more messages of a load, which is the first from now on and leaves at
// at, follow each other at its pace before anything else matters: another load, its own
// end, the end of the hours. The ceiling is left out. It is what makes the forecast for
// a million as quick as for a few.
func (p Policy) row(i int, now, at time.Time, loads []Load) (more int, every time.Duration) {
	l := loads[i]
	every = p.Every
	if l.Priority == store.Urgent {
		every = p.UrgentEvery
	}
	end := at.AddDate(100, 0, 0)
	if !l.Expires.IsZero() {
		end = earlier(end, l.Expires)
	}
	for j, other := range loads {
		if j != i && other.Waiting > 0 && other.NotBefore.After(now) {
			end = earlier(end, other.NotBefore)
		}
	}
	if l.Priority != store.Urgent {
		end = earlier(end, p.Hours.closing(at.In(p.location())))
	}
	if l.Priority == store.Ordinary && p.Election.From.After(at) {
		end = earlier(end, p.Election.From)
	}
	switch left := end.Sub(at); {
	case left <= 0:
		return 0, every
	case every <= 0:
		return l.Waiting - 1, 0
	default:
		return int(min(time.Duration(l.Waiting-1), (left-1)/every)), every
	}
}

func (l Load) pointless(at time.Time) bool { return !l.Expires.IsZero() && !at.Before(l.Expires) }

// first is the load whose next message leaves first, and when; -1 when nothing
// is left. Nothing overtakes an urgent one that is due and only waits for its
// pace.
func (p Policy) first(now time.Time, s State, loads []Load) (int, time.Time) {
	urgent, urgentAt := p.quickest(now, s, loads, true)
	other, otherAt := p.quickest(now, s, loads, false)
	due := func(l Load) bool { return l.Waiting > 0 && l.Priority == store.Urgent && !l.NotBefore.After(otherAt) }
	if urgent < 0 || other >= 0 && !slices.ContainsFunc(loads, due) {
		return other, otherAt
	}
	return urgent, urgentAt
}

// quickest is first among the urgent loads, or among the others.
func (p Policy) quickest(now time.Time, s State, loads []Load, urgent bool) (best int, at time.Time) {
	best = -1
	var asked [store.Urgent + 1]bool
	for i, l := range loads {
		if l.Waiting <= 0 || asked[l.Priority] || (l.Priority == store.Urgent) != urgent {
			continue
		}
		asked[l.Priority] = !l.NotBefore.After(now) // no later load of that priority is quicker
		next := p.Next(latest(now, l.NotBefore), s, l.Priority)
		if best < 0 || next.Before(at) || next.Equal(at) && l.Priority > loads[best].Priority {
			best, at = i, next
		}
	}
	return best, at
}

// nthLast is the departure that must be a day old before the next one.
func (p Policy) nthLast(recent []time.Time) time.Time {
	n := len(recent) - p.DailyLimit
	if p.DailyLimit == 0 || n < 0 {
		return time.Time{}
	}
	return recent[n]
}
