package outbox

import (
	"math"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

func TestBackoffTimetable(t *testing.T) {
	t.Parallel()
	want := []time.Duration{
		10 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute,
		30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 6 * time.Hour,
	}
	for i, w := range want {
		if got := Backoff(i + 1); got != w {
			t.Errorf("after %d attempts: %v, want %v", i+1, got, w)
		}
	}
	if got := Backoff(0); got != want[0] {
		t.Errorf("before any attempt: %v, want %v", got, want[0])
	}
}

// Whatever the number, a pause is one of the timetable, and never shorter than
// the one before.
func FuzzBackoff(f *testing.F) {
	for _, n := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 1 << 62, -1 << 62, math.MaxInt, math.MinInt} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, attempts int) {
		got := Backoff(attempts)
		if got < 10*time.Second || got > 6*time.Hour {
			t.Errorf("after %d attempts: %v", attempts, got)
		}
		if attempts < attempts+1 && Backoff(attempts+1) < got {
			t.Errorf("after %d attempts %v, after one more %v", attempts, got, Backoff(attempts+1))
		}
	})
}

// What is tried as often as we try takes about half a day.
func TestBackoffInAll(t *testing.T) {
	t.Parallel()
	var all time.Duration
	for n := 1; n < MaxAttempts; n++ {
		all += Backoff(n)
	}
	if all < 8*time.Hour || all > 14*time.Hour {
		t.Errorf("%d attempts take %v", MaxAttempts, all)
	}
}

func TestWhatIsRefusedForNowWaitsAnHour(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault    whatsapp.FaultKind
		attempts int
		want     time.Duration
	}{
		{whatsapp.FaultTemporary, 0, time.Hour},
		{whatsapp.FaultTemporary, 6, 3 * time.Hour},
		{"", 0, 10 * time.Second},
	} {
		got := nextAttempt(store.Outgoing{Attempts: test.attempts}, &whatsapp.SendError{Fault: test.fault})
		if got != test.want {
			t.Errorf("%q after %d attempts: %v, want %v", test.fault, test.attempts, got, test.want)
		}
	}
}
