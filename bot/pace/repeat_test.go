package pace_test

import (
	"testing"
	"time"

	"banditore/bot/pace"
	"banditore/store"
)

// What a phone could not decrypt waits for the pace, the ceiling and a red light, but
// not for the morning.
func TestG7_ARepeatWaitsForAllButTheHours(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 21, 1, 0, 0, time.UTC)
	p := pace.Policy{Every: 20 * time.Second, DailyLimit: 100, Launch: now.AddDate(0, 0, 7)}
	for name, c := range map[string]struct {
		state pace.State
		k     store.Priority
		want  time.Duration
	}{
		"free":                {pace.State{}, store.Ordinary, 0},
		"the pace":            {pace.State{LastAnnouncement: now.Add(-5 * time.Second)}, store.Ordinary, 15 * time.Second},
		"the pace, if urgent": {pace.State{LastAnnouncement: now.Add(-5 * time.Second)}, store.Urgent, 0},
		"the ceiling":         {pace.State{NthLast: now.Add(-23 * time.Hour)}, store.Urgent, time.Hour},
		"a red light":         {pace.State{Red: now.Add(time.Minute)}, store.Urgent, time.Minute},
	} {
		if got := p.Repeat(now, c.state, c.k).Sub(now); got != c.want {
			t.Errorf("%s: in %v, want %v", name, got, c.want)
		}
	}
	if p.Next(now, pace.State{}, store.Ordinary).Equal(now) {
		t.Error("before the launch the message itself may leave: this test looks at the wrong thing")
	}
}
