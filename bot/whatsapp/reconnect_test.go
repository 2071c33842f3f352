package whatsapp

import (
	"testing"
	"time"
)

func TestG7_NextConnection(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) time.Time { return now.Add(d) }
	for _, test := range []struct {
		name    string
		change  StateChange
		n       int
		pause   time.Duration
		allowed bool
	}{
		{"ban", StateChange{State: StateBanned, Until: in(time.Hour)}, 1, time.Hour + banMargin, true},
		{"ban that is all but over", StateChange{State: StateBanned, Until: in(time.Second)}, 1, 55 * time.Second, true},
		{"ban without end", StateChange{State: StateBanned}, 7, time.Hour, true},
		{"outdated", StateChange{State: StateOutdated}, 1, 55 * time.Second, true},
		{"outdated still", StateChange{State: StateOutdated}, 2, 110 * time.Second, true},
		{"outdated for two hours", StateChange{State: StateOutdated}, 8, 7040 * time.Second, true},
		{"outdated for a week", StateChange{State: StateOutdated}, 90, 2 * time.Hour, true},
		{"refused", StateChange{State: StateRefused}, 1, 55 * time.Second, true},
		{"refused for an hour", StateChange{State: StateRefused}, 61, 10 * time.Minute, true},
		{"refused for a day", StateChange{State: StateRefused}, 201, time.Hour, true},
		{"replaced", StateChange{State: StateReplaced}, 1, 90 * time.Second, true},
		{"replaced again", StateChange{State: StateReplaced}, 2, 90 * time.Second, false},
		{"logged out", StateChange{State: StateLoggedOut, Code: 401}, 1, 0, false},
		{"unpaired", StateChange{State: StateUnpaired}, 1, 0, false},
		{"a broken line is the library's", StateChange{State: StateDisconnected}, 1, 0, false},
	} {
		pause, allowed := nextConnection(test.change, test.n, now)
		if pause != test.pause || allowed != test.allowed {
			t.Errorf("%s: got %v %v, want %v %v", test.name, pause, allowed, test.pause, test.allowed)
		}
	}
}

func TestRefusalsInARow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	var r refusals
	add := func(state State, after time.Duration, want int) {
		t.Helper()
		if got := r.add(state, now.Add(after)); got != want {
			t.Errorf("got %d in a row, want %d", got, want)
		}
	}
	add(StateOutdated, 0, 1)
	add(StateOutdated, 0, 2)
	r.loggedIn()
	add(StateOutdated, 0, 1)
	add(StateReplaced, 0, 1)
	r.loggedIn() // our login is what threw the other out
	add(StateReplaced, time.Minute, 2)
	add(StateReplaced, 2*time.Hour, 1)
}

// The page of WhatsApp is asked often while it fails, rarely while it has nothing new, and hardly ever after a day.
func TestG7_NextSeek(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		refused time.Duration
		failed  bool
		want    time.Duration
	}{
		{0, true, 45 * time.Second},
		{2 * time.Hour, true, 45 * time.Second},
		{3 * time.Hour, true, 10 * time.Minute},
		{25 * time.Hour, true, time.Hour},
		{0, false, 10 * time.Minute},
		{3 * time.Hour, false, time.Hour},
	} {
		if got := nextSeek(test.refused, test.failed); got != test.want {
			t.Errorf("refused for %v, failed %v: got %v, want %v", test.refused, test.failed, got, test.want)
		}
	}
}
