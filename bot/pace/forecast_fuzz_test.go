package pace

import (
	"slices"
	"testing"
	"time"

	"banditore/store"
)

// A town sends its announcements one message at a time, as the daemon does: it
// asks the pace for each priority, takes what may leave, and else sleeps.
type town struct {
	policy Policy
	now    time.Time
	state  State
	recent []time.Time
	loads  []Load
	spans  []Span
}

// step sends one message, or sleeps; it is over when nothing is left.
func (w *town) step() (over bool) {
	over = true
	for i, l := range w.loads {
		if l.Waiting > 0 && !l.Expires.IsZero() && !l.Expires.After(w.now) {
			w.spans[i].Expired, w.loads[i].Waiting = l.Waiting, 0
		}
		over = over && w.loads[i].Waiting == 0
	}
	if over {
		return true
	}
	i, wake := w.claim()
	if i < 0 {
		w.now = wake
		return false
	}
	if w.loads[i].Waiting--; w.spans[i].First.IsZero() {
		w.spans[i].First = w.now
	}
	w.spans[i].Last = w.now
	w.recent = append(w.recent, w.now)
	w.state.LastAnnouncement = w.now
	return false
}

// claim is the load whose message leaves now, or else when to look again.
func (w *town) claim() (load int, wake time.Time) {
	day := slices.DeleteFunc(slices.Clone(w.recent), func(t time.Time) bool { return w.now.Sub(t) >= 24*time.Hour })
	w.state.NthLast = time.Time{}
	if n := len(day) - w.policy.DailyLimit; w.policy.DailyLimit > 0 && n >= 0 {
		w.state.NthLast = day[n]
	}
	wake = w.now.AddDate(100, 0, 0)
	var urgent time.Time
	for k := store.Urgent; k >= store.Ordinary; k-- {
		i, due := w.oldest(k)
		if i < 0 {
			continue
		}
		at := latest(due, w.policy.Next(w.now, w.state, k))
		if k == store.Urgent && !due.After(w.now) {
			urgent = at
		}
		if at = latest(at, urgent); !at.After(w.now) {
			return i, w.now
		}
		wake = earlier(wake, at)
	}
	for _, l := range w.loads {
		if l.Waiting > 0 && !l.Expires.IsZero() {
			wake = earlier(wake, l.Expires)
		}
	}
	return -1, wake
}

// oldest is the first load of a priority that is due, or else the one that will be
// due first.
func (w *town) oldest(k store.Priority) (load int, due time.Time) {
	load = -1
	for i, l := range w.loads {
		if l.Waiting == 0 || l.Priority != k {
			continue
		}
		if at := latest(w.now, l.NotBefore); load < 0 || at.Before(due) {
			load, due = i, at
		}
	}
	return load, due
}

func (d *dice) town(t *testing.T) town {
	t.Helper()
	loc := d.location(t)
	w := town{now: d.moment(loc)}
	w.policy = d.policy(t, w.now, loc)
	for range d.below(20) {
		w.recent = append(w.recent, d.around(w.now, 23*time.Hour))
	}
	slices.SortFunc(w.recent, time.Time.Compare)
	if n := len(w.recent); n > 0 && d.oneIn(2) {
		w.state.LastAnnouncement = w.recent[d.below(n)]
	}
	if d.oneIn(2) {
		w.state.Started = d.around(w.now, time.Hour)
	}
	if d.oneIn(4) {
		w.state.Red = d.around(w.now, 48*time.Hour)
	}
	for range d.below(6) {
		l := Load{Waiting: d.below(15), Priority: d.priority()}
		if d.oneIn(2) {
			l.NotBefore = d.around(w.now, 30*time.Hour)
		}
		// With a pace slower than the ordinary one, an urgent one that expires sets free what had waited behind it.
		if d.oneIn(3) && (l.Priority != store.Urgent || w.policy.UrgentEvery <= w.policy.Every) {
			l.Expires = d.around(w.now, 60*time.Hour)
		}
		w.loads = append(w.loads, l)
	}
	w.spans = make([]Span, len(w.loads))
	return w
}

func FuzzForecast(f *testing.F) {
	throwSeeds(f, 600)
	f.Fuzz(func(t *testing.T, thrown []byte) {
		d := &dice{thrown}
		w := d.town(t)
		recent, loads := slices.Clone(w.recent), slices.Clone(w.loads)
		got := w.policy.Forecast(w.now, w.state, w.recent, w.loads)
		if !slices.Equal(w.recent, recent) || !slices.Equal(w.loads, loads) {
			t.Fatal("a forecast changes what it is given")
		}
		// As the store does before it is asked: what lies ahead has just left.
		for i, at := range w.recent {
			w.recent[i] = earlier(at, w.now)
		}
		w.state.Started, w.state.LastAnnouncement = earlier(w.state.Started, w.now), earlier(w.state.LastAnnouncement, w.now)
		steps := 0
		for !w.step() {
			if steps++; steps > 1000 {
				t.Fatalf("%+v: %d steps, and still %+v", w.policy, steps, w.loads)
			}
		}
		for i, want := range w.spans {
			if !got[i].First.Equal(want.First) || !got[i].Last.Equal(want.Last) || got[i].Expired != want.Expired {
				t.Fatalf("%+v, %+v:\nload %d of %+v\n got %+v\nwant %+v", w.policy, w.state, i, loads, got[i], want)
			}
		}
	})
}
