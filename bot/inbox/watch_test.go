package inbox_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// The longest waits: for the first part, after a part, and in all.
const (
	historyPatience = 45 * time.Second
	historyQuiet    = 10 * time.Second
	historyLimit    = 10 * time.Minute
)

// watch looks until when the history is waited for, from now on.
func (r *room) watch() time.Duration {
	r.t.Helper()
	until, err := r.WatchHistory(r.t.Context(), time.Now())
	r.must(err)
	if until != r.Until() {
		r.t.Errorf("it says %v, and then %v", until, r.Until())
	}
	if until.IsZero() {
		return 0
	}
	return time.Until(until)
}

// over waits until nothing more is waited for.
func (r *room) over() {
	r.t.Helper()
	began := time.Now()
	for wait := r.watch(); wait > 0; wait = r.watch() {
		if time.Since(began) > time.Hour {
			r.t.Fatal("the history is waited for without end")
		}
		time.Sleep(wait)
	}
}

// Announcements wait for the first part, then for the next, and for parts that are
// known to be there; but not without end.
func TestHowLongTheHistoryIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		wait := func(what string, want time.Duration) {
			t.Helper()
			if got := r.watch(); got != want {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		wait("for the first part", historyPatience)
		time.Sleep(30 * time.Second)
		wait("for the first part", historyPatience-30*time.Second)
		r.part(r.at(began.Add(time.Hour), someone(10), registers))
		wait("for another part", historyQuiet)
		time.Sleep(4 * time.Second)
		wait("for another part", historyQuiet-4*time.Second)
		r.link.waiting = 1
		time.Sleep(time.Minute)
		wait("for a part that is there", historyQuiet)
		r.link.trouble = errors.New("disk full")
		if _, err := r.WatchHistory(t.Context(), time.Now()); err == nil {
			t.Error("trouble is passed over")
		}
		if got := time.Until(r.Until()); got != historyQuiet {
			t.Errorf("in trouble it is waited for %v", got)
		}
		r.link.trouble = nil
		start := time.Now()
		r.over()
		if took := time.Since(start) + 94*time.Second; took != historyLimit {
			t.Errorf("it was waited for %v in all", took)
		}
		time.Sleep(time.Hour)
		wait("after the end", 0)
		if r.link.over != 2 {
			t.Errorf("it was said %d times that no part is needed, want once for each link", r.link.over)
		}
	})
}

// A phone that sends one part after the other does not stop the service for ever.
func TestAHistoryWithoutEndIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, _ := gap(t)
		began := time.Now()
		for r.watch() > 0 && time.Since(began) < time.Hour {
			r.part()
			time.Sleep(5 * time.Second)
		}
		if took := time.Since(began); took != historyLimit {
			t.Errorf("it was waited for %v", took)
		}
	})
}

// A part that an earlier process has read says nothing of the next one: from the
// login on there is time for it.
func TestAPartReadEarlierIsNoEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, _ := gap(t)
		r.part()
		time.Sleep(time.Hour)
		r.restart()
		if got := r.watch(); got != historyQuiet {
			t.Errorf("it is waited for %v, want %v", got, historyQuiet)
		}
	})
}

// A part that was kept from an earlier link, and is read again over this one, is no
// sign that this one's history has begun: somebody may have left since. It is kept.
func TestG3_APartOfAnEarlierLinkIsNoBeginning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		r.watch()
		keep, err := r.HistoryRead(t.Context(), "an earlier link", []whatsapp.Text{r.at(began.Add(time.Hour), someone(10), registers)})
		r.must(err)
		if got := r.watch(); !keep || got != historyPatience {
			t.Errorf("kept: %v; it is waited for %v, want %v", keep, got, historyPatience)
		}
	})
}
