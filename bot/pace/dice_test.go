package pace

import (
	"math/rand/v2"
	"testing"
	"time"

	"banditore/store"
)

// dice draw from what the fuzzer throws: a byte that it changes changes one
// decision. When nothing is left they show zero, the plainest of everything.
type dice struct{ thrown []byte }

// throwSeeds adds n throws, always the same ones, for the plain go test.
func throwSeeds(f *testing.F, n int) {
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 7))
		b := make([]byte, 40+r.IntN(200))
		for j := range b {
			b[j] = byte(r.Uint32())
		}
		f.Add(b)
	}
}

func (d *dice) more() bool { return len(d.thrown) > 0 }

// below draws from 0 to n-1.
func (d *dice) below(n int) int {
	drawn := 0
	for most := 1; most < n && d.more(); most *= 256 {
		drawn = drawn*256 + int(d.thrown[0])
		d.thrown = d.thrown[1:]
	}
	return drawn % n
}

func (d *dice) oneIn(n int) bool { return d.below(n) == n-1 }

// upTo draws a duration, often none and seldom a round one.
func (d *dice) upTo(most time.Duration) time.Duration {
	switch d.below(4) {
	case 0:
		return 0
	case 1:
		return time.Duration(d.below(60)) * time.Second % (most + 1)
	case 2:
		return time.Duration(d.below(int(most/time.Minute)+1)) * time.Minute
	default:
		return time.Duration(d.below(int(most/time.Millisecond)+1)) * time.Millisecond
	}
}

// around draws a moment within a few days of another.
func (d *dice) around(t time.Time, most time.Duration) time.Time {
	if d.oneIn(2) {
		most = -d.upTo(most)
		return t.Add(most)
	}
	return t.Add(d.upTo(most))
}

// moment draws from the days on which Rome's clock is changed, a year's end and
// a plain day.
func (d *dice) moment(loc *time.Location) time.Time {
	days := []time.Time{
		time.Date(2026, 7, 1, 0, 0, 0, 0, loc), time.Date(2026, 3, 29, 0, 0, 0, 0, loc),
		time.Date(2026, 10, 25, 0, 0, 0, 0, loc), time.Date(2026, 12, 31, 0, 0, 0, 0, loc),
	}
	return d.around(days[d.below(len(days))].Add(time.Duration(d.below(24))*time.Hour), 30*time.Hour)
}

func (d *dice) location(t *testing.T) *time.Location {
	t.Helper()
	name := []string{"Europe/Rome", "Europe/Rome", "Europe/Rome", "UTC", "America/New_York", "Australia/Lord_Howe"}[d.below(6)]
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func (d *dice) hours() Hours {
	if d.oneIn(4) {
		return Hours{}
	}
	clock := func() int {
		if d.oneIn(3) {
			return 105 + d.below(90) // where the clock skips and comes back
		}
		return d.below(minutesOfDay)
	}
	return Hours{from: clock(), to: clock()}
}

func (d *dice) policy(t *testing.T, now time.Time, loc *time.Location) Policy {
	t.Helper()
	p := Policy{
		Every: d.upTo(time.Hour), UrgentEvery: d.upTo(time.Minute), Grace: d.upTo(time.Hour),
		Hours: d.hours(), Location: loc,
	}
	if d.oneIn(2) {
		p.DailyLimit = 1 + d.below(12)
	}
	day := func() time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()-3+d.below(7), 0, 0, 0, 0, loc)
	}
	if d.oneIn(3) {
		p.Launch = day()
	}
	if d.oneIn(2) {
		p.Election.From = day()
		p.Election.To = p.Election.From.AddDate(0, 0, 1+d.below(4))
	}
	return p
}

func (d *dice) priority() store.Priority { return store.Priority(d.below(int(store.Urgent) + 1)) }
