package outbox

import (
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// leave lets leave what may, as Run does, until nothing may any more.
func (x *Outbox) leave(t *testing.T) {
	t.Helper()
	for {
		now := time.Now()
		due, err := x.Store.NextDue(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		state, err := x.paceState(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := x.claimDeliveries(t.Context(), now, due, state)
		x.prepareAhead(t.Context(), list)
		x.ahead.wait()
		switch {
		case err != nil:
			t.Fatal(err)
		case len(list) > 0 && list[0].Urgent != true && x.wave != nil:
			t.Fatal("an ordinary message leaves while a wave is on the wire")
		case len(list) > 1:
			x.sendWave(t.Context(), list)
		case len(list) == 1:
			x.sendOne(t.Context(), list[0])
		case x.wave != nil:
			x.land(t.Context())
		default:
			return
		}
	}
}

// However near the ceiling is, no wave goes beyond it, and all that it allows leaves.
func TestG7_NoWaveGoesBeyondTheCeiling(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 31, 32, 33, 63, 64, 65, 66, 96, 97, 100, 127, 129} {
		x, w := siren(t, 130)
		x.Pace.DailyLimit = limit
		x.leave(t)
		if len(w.sent) != limit {
			t.Errorf("%d messages left, want %d", len(w.sent), limit)
		}
	}
}

// A window of one is the plain path, and so is a pace: no wave is made.
func TestAWindowOfOneIsThePlainPath(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Outbox){
		"a window of one": func(x *Outbox) { x.Window = 1 },
		"a pace":          func(x *Outbox) { x.Pace.UrgentEvery = time.Nanosecond },
	} {
		x, w := siren(t, 8)
		change(x)
		x.leave(t)
		if len(w.sent) != 8 || w.waves > 0 {
			t.Errorf("%s: %d messages left, in %d waves", name, len(w.sent), w.waves)
		}
	}
	x, w := siren(t, 8)
	x.leave(t)
	if len(w.sent) != 8 || w.waves != 1 {
		t.Errorf("%d messages left, in %d waves, want one", len(w.sent), w.waves)
	}
}

// An ordinary announcement waits until the last wave of an urgent one has landed.
func TestNothingOrdinaryLeavesBesideAWave(t *testing.T) {
	t.Parallel()
	x, w := siren(t, 70)
	now := time.Now()
	content := store.Content{Name: "b.txt", File: "b.txt", Text: "b", AcceptedAt: now, NotBefore: now}
	if _, err := x.Store.Publish(t.Context(), store.NewAnnouncement{Content: content}, "3EB0"); err != nil {
		t.Fatal(err)
	}
	x.leave(t)
	if len(w.sent) != 140 || w.waves != 3 {
		t.Errorf("%d messages left, in %d waves", len(w.sent), w.waves)
	}
}

// Whoever comes later is prepared once, and before their turn, by waves and one by one.
func TestEverybodyIsPreparedOnce(t *testing.T) {
	t.Parallel()
	for _, window := range []int{1, 32} {
		x, w := siren(t, 300)
		x.Window = window
		x.leave(t)
		times := make(map[whatsapp.Address]int)
		for _, a := range w.prepared {
			if times[a]++; times[a] > 1 {
				t.Errorf("window %d: somebody is prepared %d times", window, times[a])
			}
		}
		if len(times) != 300-window {
			t.Errorf("window %d: %d people are prepared, want all but the first %d", window, len(times), window)
		}
	}
}
