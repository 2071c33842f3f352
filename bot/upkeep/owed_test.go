package upkeep

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// held has somebody read session.db until end, and notes when upkeep tries to
// complete an erasure meanwhile.
func (r *room) held() (tried *[]time.Time, end func()) {
	tried = new([]time.Time)
	r.session = func() error { return whatsapp.ErrBusy }
	r.compact = func() error {
		*tried = append(*tried, time.Now())
		return whatsapp.ErrBusy
	}
	return tried, func() { r.session, r.compact = nothing, nothing }
}

// run lives for so long, as the loop that sends does.
func (r *room) run(d time.Duration) {
	r.t.Helper()
	for end := time.Now().Add(d); ; {
		next := r.due(time.Time{})
		if next.IsZero() || next.After(end) {
			time.Sleep(time.Until(end))
			return
		}
		time.Sleep(time.Until(next))
	}
}

// While another program reads session.db everybody is erased as far as that goes.
// What it hinders is tried again after a second, and then ever more rarely.
func TestG5_AReaderKeepsNobodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 2)
		r.due(time.Time{})
		tried, end := r.held()
		began := time.Now()
		r.leave(0)
		r.run(10 * time.Minute)
		if r.listed() != 0 || r.traces("12345") {
			t.Errorf("%d are still to be forgotten; the list holds the first: %v", r.listed(), r.traces("12345"))
		}
		var after []time.Duration
		for _, at := range *tried {
			after = append(after, at.Sub(began))
		}
		want := []time.Duration{1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363, 423, 483, 543}
		for i := range want {
			want[i] *= time.Second
		}
		if !slices.Equal(after, want) {
			t.Errorf("tried after %v, want %v", after, want)
		}
		r.leave(1)
		r.run(time.Minute)
		if r.listed() != 0 || r.traces("12346") {
			t.Error("the second waits for the reader")
		}
		end()
		r.run(time.Minute)
		if next := r.nextOwed(); !next.IsZero() {
			t.Errorf("tried again in %v, though nothing is owed", time.Until(next))
		}
	})
}

// After five minutes somebody is told which file it is and what to do, also when
// the daemon is started anew meanwhile; and it is over when the reader has ended.
func TestG11_AnErasureIsOwed(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]bool{"one process": false, "a restart": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t, 1)
				r.Begin(time.Now())
				_, end := r.held()
				began := time.Now()
				r.leave(0)
				r.run(5*time.Minute - time.Second)
				if r.told.Sentence != "" {
					t.Fatalf("told too early: %q", r.told.Sentence)
				}
				r.run(time.Minute)
				p := r.told
				if p.Kind != store.ProblemErasure || p.Severity != store.Alarm || !p.Since.Equal(began) {
					t.Errorf("told %+v, want an alarm since %v", p, began)
				}
				if !strings.Contains(p.Sentence, "session.db") || strings.Contains(p.Sentence, "store.db") || !strings.Contains(p.Advice, "banditore backup") {
					t.Errorf("told %q %q", p.Sentence, p.Advice)
				}
				if again {
					if err := r.db.SetProblem(t.Context(), p); err != nil {
						t.Fatal(err)
					}
					r.told = store.Problem{}
					r.start()
					r.Begin(time.Now())
					r.run(time.Second)
					if r.told.Sentence != p.Sentence || !r.told.Since.Equal(began) {
						t.Errorf("after a restart: %+v", r.told)
					}
				}
				end()
				r.run(time.Minute)
				if r.told.Kind != store.ProblemErasure || r.told.Sentence != "" {
					t.Errorf("still told: %q", r.told.Sentence)
				}
			})
		})
	}
}

// Whoever leaves after the reader has ended completes what was owed, too, and that is
// told at once.
func TestG11_TheNextErasureCompletesTheLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 2)
		_, end := r.held()
		r.leave(0)
		r.run(6 * time.Minute)
		if r.told.Sentence == "" {
			t.Fatal("nobody is told")
		}
		end()
		r.leave(1)
		r.due(time.Time{})
		if r.listed() != 0 || r.told.Sentence != "" {
			t.Errorf("%d are still to be forgotten; still told: %q", r.listed(), r.told.Sentence)
		}
	})
}

// A log that only grows is looked at while something else wakes the loop, once a
// minute at most, and wakes it by itself as long as it cannot be emptied.
func TestALogThatGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 1)
		if next := r.due(time.Time{}); time.Until(next) != time.Hour {
			t.Errorf("woken in %v for nothing", time.Until(next))
		}
		tried, end := r.held()
		for range 120 {
			time.Sleep(time.Second)
			if r.due(time.Time{}); len(*tried) > 0 {
				break
			}
		}
		if next := r.due(time.Time{}); len(*tried) != 1 || time.Until(next) != owedPause {
			t.Errorf("tried %d times; next in %v", len(*tried), time.Until(next))
		}
		r.run(6 * time.Minute)
		if r.told.Sentence == "" {
			t.Error("nobody is told")
		}
		end()
		r.run(time.Minute)
		if r.told.Sentence != "" {
			t.Errorf("still told: %q", r.told.Sentence)
		}
	})
}

// A process that runs no loop says that the erasure is not complete; the next one
// completes it, though nobody is listed any more.
func TestG5_ACommandSaysWhatIsOwed(t *testing.T) {
	t.Parallel()
	r := newRoom(t, 1)
	tried, end := r.held()
	r.leave(0)
	if err := r.Forget(t.Context()); !errors.Is(err, store.ErrBusy) || !strings.Contains(err.Error(), "session.db") {
		t.Errorf("got %v, want %v of session.db", err, store.ErrBusy)
	}
	end()
	before := len(*tried)
	r.start()
	completed := false
	r.compact = func() error { completed = true; return nil }
	if err := r.Forget(t.Context()); err != nil || !completed || before == 0 {
		t.Errorf("got %v, completed: %v, tried before: %d", err, completed, before)
	}
}
