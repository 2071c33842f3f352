package pace

import (
	"testing"
	"time"
	_ "time/tzdata" // the tests need Rome wherever they run

	"banditore/store"
)

func rome(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func hours(t *testing.T, s string) Hours {
	t.Helper()
	h, err := ParseHours(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// at reads a moment with its offset, for the nights when the clock on the wall
// does not say enough.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	moment, err := time.Parse("2006-01-02 15:04:05 -07", s)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// In 2026 Rome's clock skips 02:00-03:00 on 29 March, and shows it twice on 25
// October.
func TestG6_Hours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, hours, now, want string }{
		{"inside", "08:00-20:00", "2026-07-01 12:00:00 +02", "2026-07-01 12:00:00 +02"},
		{"first minute", "08:00-20:00", "2026-07-01 08:00:00 +02", "2026-07-01 08:00:00 +02"},
		{"a second before", "08:00-20:00", "2026-07-01 07:59:59 +02", "2026-07-01 08:00:00 +02"},
		{"last second", "08:00-20:00", "2026-07-01 19:59:59 +02", "2026-07-01 19:59:59 +02"},
		{"evening", "08:00-20:00", "2026-07-01 20:00:00 +02", "2026-07-02 08:00:00 +02"},
		{"night", "08:00-20:00", "2026-07-02 03:21:09 +02", "2026-07-02 08:00:00 +02"},
		{"end of the year", "08:00-20:00", "2026-12-31 20:30:00 +01", "2027-01-01 08:00:00 +01"},
		{"whole day", "00:00-24:00", "2026-07-01 03:00:00 +02", "2026-07-01 03:00:00 +02"},
		{"until midnight", "18:00-24:00", "2026-07-01 23:59:59 +02", "2026-07-01 23:59:59 +02"},
		{"after midnight", "18:00-24:00", "2026-07-02 00:00:00 +02", "2026-07-02 18:00:00 +02"},
		{"from midnight", "00:00-06:00", "2026-07-01 06:00:00 +02", "2026-07-02 00:00:00 +02"},
		{"over midnight, evening", "20:00-06:00", "2026-07-01 23:00:00 +02", "2026-07-01 23:00:00 +02"},
		{"over midnight, night", "20:00-06:00", "2026-07-02 05:59:00 +02", "2026-07-02 05:59:00 +02"},
		{"over midnight, day", "20:00-06:00", "2026-07-02 06:00:00 +02", "2026-07-02 20:00:00 +02"},

		{"into the short night", "08:00-20:00", "2026-03-28 20:00:00 +01", "2026-03-29 08:00:00 +02"},
		{"opening that is skipped", "02:30-06:00", "2026-03-29 01:00:00 +01", "2026-03-29 03:00:00 +02"},
		{"window that is skipped", "02:15-02:45", "2026-03-29 01:00:00 +01", "2026-03-30 02:15:00 +02"},
		{"closing that is skipped", "22:00-02:30", "2026-03-29 01:59:59 +01", "2026-03-29 01:59:59 +01"},
		{"closed after the skip", "22:00-02:30", "2026-03-29 03:00:00 +02", "2026-03-29 22:00:00 +02"},

		{"into the long night", "08:00-20:00", "2026-10-24 20:00:00 +02", "2026-10-25 08:00:00 +01"},
		{"opening that comes twice", "02:30-06:00", "2026-10-25 01:00:00 +02", "2026-10-25 02:30:00 +02"},
		{"between the openings", "02:30-06:00", "2026-10-25 02:10:00 +01", "2026-10-25 02:30:00 +01"},
		{"closing that comes twice", "22:00-02:30", "2026-10-25 02:40:00 +02", "2026-10-25 02:00:00 +01"},
		{"closed the second time", "22:00-02:30", "2026-10-25 02:30:00 +01", "2026-10-25 22:00:00 +01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := Policy{Hours: hours(t, c.hours), Location: rome(t)}
			now, want := at(t, c.now), at(t, c.want)
			if got := p.Next(now, State{}, store.Ordinary); !got.Equal(want) {
				t.Errorf("ordinary: got %v, want %v", got.In(p.Location), want.In(p.Location))
			}
			if got := p.Next(now, State{}, store.Urgent); !got.Equal(now) {
				t.Errorf("urgent: got %v, want %v", got, now)
			}
		})
	}
}

func TestG6_Launch(t *testing.T) {
	t.Parallel()
	launch := time.Date(2026, 12, 1, 0, 0, 0, 0, rome(t))
	for _, c := range []struct{ name, hours, now, want string }{
		{"weeks before", "00:00-24:00", "2026-11-01 12:00:00 +01", "2026-12-01 00:00:00 +01"},
		{"weeks before, with hours", "08:00-20:00", "2026-11-01 12:00:00 +01", "2026-12-01 08:00:00 +01"},
		{"a second before", "00:00-24:00", "2026-11-30 23:59:59 +01", "2026-12-01 00:00:00 +01"},
		{"on the day", "08:00-20:00", "2026-12-01 09:00:00 +01", "2026-12-01 09:00:00 +01"},
		{"later", "08:00-20:00", "2027-12-01 09:00:00 +01", "2027-12-01 09:00:00 +01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := Policy{Hours: hours(t, c.hours), Location: rome(t), Launch: launch}
			now, want := at(t, c.now), at(t, c.want)
			if got := p.Next(now, State{}, store.Ordinary); !got.Equal(want) {
				t.Errorf("ordinary: got %v, want %v", got, want)
			}
			if got := p.Next(now, State{}, store.Urgent); !got.Equal(now) {
				t.Errorf("urgent: got %v, want %v", got, now)
			}
		})
	}
	// The date counts, in whatever zone it was written.
	p := Policy{Location: rome(t), Launch: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
	if got := p.Next(at(t, "2026-11-01 12:00:00 +01"), State{}, store.Ordinary); !got.Equal(launch) {
		t.Errorf("launch in UTC: got %v, want %v", got, launch)
	}
}

func TestG7_PaceCeilingAndGrace(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-07-01 12:00:00 +02")
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	p := Policy{Every: 6 * time.Second, UrgentEvery: time.Second, DailyLimit: 100, Grace: 10 * time.Second}
	for _, c := range []struct {
		name             string
		state            State
		ordinary, urgent time.Duration
	}{
		{"nothing has happened", State{}, 0, 0},
		{"just started", State{Started: now}, 10 * time.Second, 10 * time.Second},
		{"started a while ago", State{Started: ago(7 * time.Second)}, 3 * time.Second, 3 * time.Second},
		{"just sent", State{LastAnnouncement: now}, 6 * time.Second, time.Second},
		{"sent a while ago", State{LastAnnouncement: ago(2 * time.Second)}, 4 * time.Second, 0},
		{"sent long ago", State{LastAnnouncement: ago(time.Hour)}, 0, 0},
		{"ceiling reached", State{NthLast: ago(23 * time.Hour)}, time.Hour, time.Hour},
		{"ceiling reached a day ago", State{NthLast: ago(24 * time.Hour)}, 0, 0},
		{"the latest counts", State{Started: now, LastAnnouncement: now, NthLast: ago(20 * time.Hour)}, 4 * time.Hour, 4 * time.Hour},
		{"started, clock put back", State{Started: now.Add(time.Hour)}, 10 * time.Second, 10 * time.Second},
		{"sent, clock put back", State{LastAnnouncement: now.Add(time.Hour)}, 6 * time.Second, time.Second},
		{"ceiling, clock put back", State{NthLast: now.Add(time.Hour)}, 24 * time.Hour, 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := p.Next(now, c.state, store.Ordinary).Sub(now); got != c.ordinary {
				t.Errorf("ordinary: got %v, want %v", got, c.ordinary)
			}
			if got := p.Next(now, c.state, store.Urgent).Sub(now); got != c.urgent {
				t.Errorf("urgent: got %v, want %v", got, c.urgent)
			}
		})
	}
	free := Policy{}
	if got := free.Next(now, State{Started: now, LastAnnouncement: now, NthLast: now}, store.Ordinary); !got.Equal(now) {
		t.Errorf("without a policy: got %v, want %v", got, now)
	}
}

// What the pace pushes out of the hours waits for the next morning.
func TestG6_PaceIntoTheEvening(t *testing.T) {
	t.Parallel()
	p := Policy{Every: time.Minute, Hours: hours(t, "08:00-20:00"), Location: rome(t)}
	now := at(t, "2026-07-01 19:59:30 +02")
	want := at(t, "2026-07-02 08:00:00 +02")
	if got := p.Next(now, State{LastAnnouncement: now}, store.Ordinary); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Whatever the moment of the year, the answer is in the hours, not in the past,
// and the same when it is asked again.
func TestG6_EveryHourOfTheYear(t *testing.T) {
	t.Parallel()
	loc := rome(t)
	for _, window := range []string{"08:00-20:00", "20:00-06:00", "02:15-02:45", "23:59-24:00"} {
		p := Policy{Hours: hours(t, window), Location: loc}
		for now := time.Date(2026, 1, 1, 0, 7, 30, 0, loc); now.Year() == 2026; now = now.Add(time.Hour) {
			next := p.Next(now, State{}, store.Ordinary)
			if next.Before(now) || next.Sub(now) > 49*time.Hour || !p.Hours.holds(next.In(loc)) {
				t.Fatalf("%s: at %v got %v", window, now, next.In(loc))
			}
			if again := p.Next(next, State{}, store.Ordinary); !again.Equal(next) {
				t.Fatalf("%s: at %v got %v, then %v", window, now, next, again)
			}
		}
	}
}
