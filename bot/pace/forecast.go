package pace

import (
	"slices"
	"time"
)

// Load is what is left of one announcement.
type Load struct {
	Left      int       // messages that have not left
	NotBefore time.Time // the first of them leaves no earlier; zero: at any time
	Urgent    bool
}

// Span is when the first and the last message of a [Load] will leave; both are
// zero when nothing is left.
type Span struct{ First, Last time.Time }

// Forecast says when each load would leave, if nothing went wrong and nobody
// came or left. Loads are given in the order in which they were accepted;
// urgent ones overtake. Recent are all departures of the last 24 hours, oldest
// first: the ceiling is reckoned from them, s.NthLast does not count. The time
// a message takes on the wire is left out.
func (p Policy) Forecast(now time.Time, s State, recent []time.Time, loads []Load) []Span {
	spans, loads := make([]Span, len(loads)), slices.Clone(loads)
	recent = slices.Clone(recent)
	s.NthLast = p.nthLast(now, recent)
	for {
		i, at := p.first(now, s, loads)
		if i < 0 {
			return spans
		}
		if spans[i].First.IsZero() {
			spans[i].First = at
		}
		spans[i].Last = at
		loads[i].Left--
		now, s.LastAnnouncement = at, at
		recent = append(recent, at)
		s.NthLast = p.nthLast(now, recent)
	}
}

// first is the load whose next message leaves first, and when; -1 when nothing
// is left.
func (p Policy) first(now time.Time, s State, loads []Load) (best int, at time.Time) {
	best = -1
	for i, l := range loads {
		if l.Left == 0 {
			continue
		}
		next := p.Next(latest(now, l.NotBefore), s, l.Urgent)
		overtakes := best >= 0 && next.Equal(at) && l.Urgent && !loads[best].Urgent
		if best < 0 || next.Before(at) || overtakes {
			best, at = i, next
		}
	}
	return best, at
}

func (p Policy) nthLast(now time.Time, recent []time.Time) time.Time {
	n := len(recent) - p.DailyLimit
	if p.DailyLimit == 0 || n < 0 || now.Sub(recent[n]) >= 24*time.Hour {
		return time.Time{}
	}
	return recent[n]
}
