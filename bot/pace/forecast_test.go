package pace

import (
	"testing"
	"time"
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
		{"one at a time", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Left: 3}}, []Span{{First: at(24, 9, 0, 0), Last: at(24, 9, 0, 12)}}},
		{"after the last one", policy, at(24, 9, 0, 0), State{LastAnnouncement: at(24, 8, 59, 58)}, nil, []Load{{Left: 1}}, []Span{{First: at(24, 9, 0, 4), Last: at(24, 9, 0, 4)}}},
		{"the rest in the morning", policy, at(24, 19, 59, 50), State{}, nil, []Load{{Left: 3}}, []Span{{First: at(24, 19, 59, 50), Last: at(25, 8, 0, 0)}}},
		{"held back", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Left: 1, NotBefore: at(24, 9, 2, 0)}}, []Span{{First: at(24, 9, 2, 0), Last: at(24, 9, 2, 0)}}},
		{"urgent overtakes", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Left: 1}, {Left: 2, Kind: Urgent}},
			[]Span{{First: at(24, 9, 0, 7), Last: at(24, 9, 0, 7)}, {First: at(24, 9, 0, 0), Last: at(24, 9, 0, 1)}}},
		{"one after the other", policy, at(24, 9, 0, 0), State{}, nil, []Load{{Left: 2}, {Left: 1}},
			[]Span{{First: at(24, 9, 0, 0), Last: at(24, 9, 0, 6)}, {First: at(24, 9, 0, 12), Last: at(24, 9, 0, 12)}}},
		{"the ceiling counts what has left", capped, at(24, 9, 0, 0), State{}, []time.Time{at(23, 10, 0, 0), at(23, 11, 0, 0)}, []Load{{Left: 2}},
			[]Span{{First: at(24, 9, 0, 0), Last: at(24, 10, 0, 0)}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := test.policy.Forecast(test.now, test.state, test.recent, test.loads)
			for i, want := range test.want {
				if !got[i].First.Equal(want.First) || !got[i].Last.Equal(want.Last) {
					t.Errorf("load %d: %v to %v, want %v to %v", i, got[i].First, got[i].Last, want.First, want.Last)
				}
			}
		})
	}
}

// A forecast for a whole town is quick enough to be asked for.
func BenchmarkForecast(b *testing.B) {
	policy := Policy{Every: 6 * time.Second, DailyLimit: 5000}
	for b.Loop() {
		policy.Forecast(time.Unix(0, 0), State{}, nil, []Load{{Left: 40000}})
	}
}
