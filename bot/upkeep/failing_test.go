package upkeep

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/store"
)

// G11: an erasure that fails for as long as G5 allows is a problem, until it succeeds.
func TestG11_AnErasureThatFailsIsAProblem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 1)
		began := time.Now()
		r.session = func() error { return errors.New("somebody is still there") }
		r.leave(0)
		for time.Since(began) < owedWorry-eraseTrouble {
			r.due(time.Time{})
			if r.told.Sentence != "" {
				t.Fatalf("told after %v", time.Since(began))
			}
			time.Sleep(eraseTrouble)
		}
		for range 2 {
			r.due(time.Time{})
			time.Sleep(eraseTrouble)
		}
		if p := r.told; p.Kind != store.ProblemErasure || p.Severity != store.Alarm || !strings.Contains(p.Sentence, "Non si riesce a cancellare") || p.Advice == "" {
			t.Fatalf("told %+v", p)
		}
		r.session = nothing
		r.due(time.Time{})
		if r.told.Sentence != "" || r.listed() != 0 {
			t.Errorf("still told %q", r.told.Sentence)
		}
	})
}
