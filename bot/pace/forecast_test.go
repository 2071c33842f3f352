package pace

import (
	"testing"
	"time"

	"banditore/store"
)

func TestForecast(t *testing.T) {
	t.Parallel()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	hours, err := ParseHours("08:00-20:00")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute, second int) time.Time {
		return time.Date(2026, time.November, day, hour, minute, second, 0, rome)
	}
	policy := Policy{Every: 6 * time.Second, UrgentEvery: time.Second, Hours: hours, Location: rome}
	capped := policy
	capped.DailyLimit = 3
	voting := policy
	voting.Election = Window{at(23, 0, 0, 0), at(26, 0, 0, 0)}
	slow := policy
	slow.UrgentEvery = time.Minute
	for _, test := range []struct {
		name   string
		policy Policy
		now    time.Time
		state  State
		recent []time.Time
		loads  []Load
		want   []Span
	}{
		{"nothing left", policy, at(24, 9, 0, 0), State{}, nil, []Load{{}}, []Span{{}}},
		{"one at a time", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Waiting: 3}}, []Span{{First: at(24, 9, 0, 0), Last: at(24, 9, 0, 12)}}},
		{"after the last one", policy, at(24, 9, 0, 0), State{LastAnnouncement: at(24, 8, 59, 58)}, nil, []Load{{Waiting: 1}}, []Span{{First: at(24, 9, 0, 4), Last: at(24, 9, 0, 4)}}},
		{"the rest in the morning", policy, at(24, 19, 59, 50), State{}, nil, []Load{{Waiting: 3}}, []Span{{First: at(24, 19, 59, 50), Last: at(25, 8, 0, 0)}}},
		{"held back", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Waiting: 1, NotBefore: at(24, 9, 2, 0)}}, []Span{{First: at(24, 9, 2, 0), Last: at(24, 9, 2, 0)}}},
		{"urgent overtakes", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Waiting: 1}, {Waiting: 2, Priority: store.Urgent}},
			[]Span{{First: at(24, 9, 0, 7), Last: at(24, 9, 0, 7)}, {First: at(24, 9, 0, 0), Last: at(24, 9, 0, 1)}}},
		{"one after the other", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Waiting: 2}, {Waiting: 1}},
			[]Span{{First: at(24, 9, 0, 0), Last: at(24, 9, 0, 6)}, {First: at(24, 9, 0, 12), Last: at(24, 9, 0, 12)}}},
		{"the ceiling counts what has left", capped, at(24, 9, 0, 0), State{}, []time.Time{at(23, 10, 0, 0), at(23, 11, 0, 0)}, []Load{{Waiting: 2}},
			[]Span{{First: at(24, 9, 0, 0), Last: at(24, 10, 0, 0)}}},
		{"the clock was put back", capped, at(24, 9, 0, 0), State{LastAnnouncement: at(24, 11, 0, 0)}, []time.Time{at(24, 10, 0, 0), at(24, 11, 0, 0)}, []Load{{Waiting: 2}},
			[]Span{{First: at(24, 9, 0, 6), Last: at(25, 9, 0, 0)}}},
		{"a red light", policy, at(24, 9, 0, 0), State{Red: at(24, 20, 0, 0)}, nil, []Load{{Waiting: 1}, {Waiting: 1, Priority: store.Urgent}},
			[]Span{{First: at(25, 8, 0, 0), Last: at(25, 8, 0, 0)}, {First: at(24, 20, 0, 0), Last: at(24, 20, 0, 0)}}},
		{"an election", voting, at(24, 9, 0, 0), State{}, nil, []Load{{Waiting: 1}, {Waiting: 1, Priority: store.Released}},
			[]Span{{First: at(26, 8, 0, 0), Last: at(26, 8, 0, 0)}, {First: at(24, 9, 0, 0), Last: at(24, 9, 0, 0)}}},
		{"the released go first", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Waiting: 1}, {Waiting: 1, Priority: store.Released}},
			[]Span{{First: at(24, 9, 0, 6), Last: at(24, 9, 0, 6)}, {First: at(24, 9, 0, 0), Last: at(24, 9, 0, 0)}}},
		{"the rest is too late", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Waiting: 5, Expires: at(24, 9, 0, 12)}, {Waiting: 1}},
			[]Span{{First: at(24, 9, 0, 0), Last: at(24, 9, 0, 6), Expired: 3}, {First: at(24, 9, 0, 12), Last: at(24, 9, 0, 12)}}},
		{"a hundred million", Policy{}, at(24, 9, 0, 0), State{}, nil, []Load{{Waiting: 100_000_000}, {Waiting: 1}}, []Span{{First: at(24, 9, 0, 0), Last: at(24, 9, 0, 0)}, {First: at(24, 9, 0, 0), Last: at(24, 9, 0, 0)}}},
		{"all is too late", voting, at(24, 9, 0, 0), State{}, nil, []Load{{Waiting: 5, Expires: at(25, 20, 0, 0)}}, []Span{{Expired: 5}}},
		{"nothing overtakes a slow urgent one", slow, at(24, 9, 0, 0), State{LastAnnouncement: at(24, 9, 0, 0)}, nil, []Load{{Waiting: 1}, {Waiting: 1, Priority: store.Urgent, NotBefore: at(24, 9, 0, 5)}},
			[]Span{{First: at(24, 9, 1, 6), Last: at(24, 9, 1, 6)}, {First: at(24, 9, 1, 0), Last: at(24, 9, 1, 0)}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := test.policy.Forecast(test.now, test.state, test.recent, test.loads)
			for i, want := range test.want {
				if !got[i].First.Equal(want.First) || !got[i].Last.Equal(want.Last) || got[i].Expired != want.Expired {
					t.Errorf("load %d: got %+v, want %+v", i, got[i], want)
				}
			}
		})
	}
}

// A forecast for a whole town is quick enough to be asked for, and so are those
// of many announcements, some of which wait for years.
func BenchmarkForecast(b *testing.B) {
	now := time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC)
	many := Policy{
		Every: 6 * time.Second, UrgentEvery: time.Second, DailyLimit: 5000, Hours: Hours{from: 8 * 60, to: 20 * 60},
		Election: Window{now.AddDate(0, 0, 5), now.AddDate(1, 0, 0)},
	}
	var loads []Load
	for i := range 10 {
		loads = append(loads, Load{Waiting: 8000, Priority: store.Priority(i % 3), NotBefore: now.AddDate(0, i, 0).Add(12 * time.Hour)})
	}
	for _, c := range []struct {
		name   string
		policy Policy
		loads  []Load
	}{
		{"one", Policy{Every: 6 * time.Second, DailyLimit: 5000}, []Load{{Waiting: 40000}}},
		{"ten", many, loads},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.policy.Forecast(now, State{}, nil, c.loads)
			}
		})
	}
}
