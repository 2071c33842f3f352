package upkeep

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"
)

// Whoever is erased is out of the memory within an hour, and it is cleared at most once in fifty minutes.
func TestG5_TheMemoryIsClearedWithinAnHour(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	var cleared []time.Time
	var trouble error
	u := New(Options{Log: slog.New(slog.DiscardHandler), ClearMemory: func(context.Context) error {
		if trouble == nil {
			cleared = append(cleared, now)
		}
		return trouble
	}})
	if next := u.nextClearing(); !next.IsZero() {
		t.Errorf("nobody was erased, and it is cleared at %v", next)
	}
	var owed time.Time
	for i := range 600 { // ten hours, a minute each
		now = now.Add(time.Minute)
		if i%7 == 3 && i%100 < 60 {
			u.noteErased(now)
			if owed.IsZero() {
				owed = now
			}
		}
		trouble = nil
		if i%5 == 0 {
			trouble = errors.New("somebody is at work")
		}
		before := len(cleared)
		u.clear(t.Context(), now)
		if len(cleared) > before {
			owed = time.Time{}
		}
		if !owed.IsZero() && now.Sub(owed) > time.Hour {
			t.Fatalf("minute %d: still remembered after %v", i, now.Sub(owed))
		}
	}
	for i := range cleared[1:] {
		if pause := cleared[i+1].Sub(cleared[i]); pause < memoryPause {
			t.Errorf("cleared after %v", pause)
		}
	}
	if len(cleared) < 5 {
		t.Errorf("cleared %d times", len(cleared))
	}
}
