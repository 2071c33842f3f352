package whatsapp

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// weather is a line with any weather, in a time of its own.
type weather struct {
	now    time.Time
	logins logins
	made   []time.Time
}

// login connects as soon as it may.
func (w *weather) login() {
	w.now = w.now.Add(w.logins.left(w.now))
	w.logins.begin(w.now)
	w.made = append(w.made, w.now)
}

// live lets the session live so long and ends it, and returns the pause after it.
func (w *weather) live(d time.Duration) time.Duration {
	w.login()
	w.now = w.now.Add(d)
	w.logins.end(false, w.now)
	return w.logins.left(w.now)
}

func newWeather() *weather { return &weather{now: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)} }

// most is how many logins fell into any stretch of time.
func most(made []time.Time, within time.Duration) int {
	top := 0
	for i := range made {
		first, _ := slices.BinarySearchFunc(made, made[i].Add(-within), func(t, bound time.Time) int {
			if t.After(bound) {
				return 1
			}
			return -1
		})
		top = max(top, i-first+1)
	}
	return top
}

func TestG7_ThePauseFollowsTheLifeOfTheSession(t *testing.T) {
	t.Parallel()
	w := newWeather()
	if pause := w.live(8 * time.Hour); pause != 0 {
		t.Errorf("after a long session: %v", pause)
	}
	if pause := w.live(2 * time.Second); pause != 0 {
		t.Errorf("after one short session: %v", pause)
	}
	var pauses []time.Duration
	for range 11 {
		pauses = append(pauses, w.live(0))
	}
	s := time.Second
	want := []time.Duration{4 * s, 8 * s, 16 * s, 32 * s, 64 * s, 128 * s, 256 * s, 512 * s, 600 * s, 600 * s, 600 * s}
	if !slices.Equal(pauses, want) {
		t.Errorf("after short ones: %v", pauses)
	}
	if pause := w.live(calmSession); pause != 0 {
		t.Errorf("after a session that lived and worked: %v", pause)
	}
	if pause := w.live(0); pause != floorFirst {
		t.Errorf("the row has not ended: %v", pause)
	}
}

// A line that breaks now and then, and never soon, is made again at once; one that breaks all the time waits little.
func TestG7_ALineThatBreaksRarelyIsBackAtOnce(t *testing.T) {
	t.Parallel()
	w := newWeather()
	for i := range 50 {
		if pause := w.live(calmSession + time.Duration(i)*time.Minute); pause != 0 {
			t.Fatalf("the %dth time: %v", i, pause)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	start, up := w.now, time.Duration(0)
	for range 100 {
		lived := 2*time.Minute + time.Duration(r.Int64N(int64(7*time.Minute)))
		up += lived
		w.live(lived)
	}
	if share := float64(up) / float64(w.now.Sub(start)); share < 0.7 {
		t.Errorf("connected %.0f%% of the time", 100*share)
	}
}

// Hundreds of patterns of cuts, refusals and restarts: the limits hold, and the line is always made again.
func TestG7_NeverMoreLoginsThanDocumented(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		w := newWeather()
		end := w.now.Add(6 * time.Hour)
		lives := []time.Duration{0, 0, time.Millisecond, time.Second, 59 * time.Second, 61 * time.Second, 9 * time.Minute, calmSession}
		lives = lives[:1+r.IntN(len(lives))]
		restarts := 0
		made := []time.Time{} // by the present process
		var processes [][]time.Time
		for w.now.Before(end) {
			if left := w.logins.left(w.now); left > loginsMemory {
				t.Fatalf("seed %d: waits for %v", seed, left)
			}
			w.login()
			made = append(made, w.now)
			w.now = w.now.Add(lives[r.IntN(len(lives))])
			if r.IntN(6) == 0 {
				w.logins.refuse()
			}
			switch r.IntN(12) {
			case 0:
				w.logins.end(true, w.now)
			case 1:
				w.logins.pardon()
				w.logins.end(false, w.now)
				w.now = w.now.Add(knockPause)
			case 2:
				w.logins.end(false, w.now)
				w.logins.pardon()
				w.now = w.now.Add(knockPause)
			case 3:
				kept := w.logins.kept()
				w.logins = logins{}
				w.logins.takeUp(kept, w.now)
				processes, made = append(processes, made), nil
				restarts++
			default:
				w.logins.end(false, w.now)
			}
		}
		for _, p := range append(processes, made) {
			for _, limit := range loginLimits() {
				if n := most(p, limit.within); n > limit.logins {
					t.Errorf("seed %d: %d logins within %v", seed, n, limit.within)
				}
			}
		}
		if n := most(w.made, time.Hour); n > loginsOfAll {
			t.Errorf("seed %d: %d logins within an hour, %d restarts", seed, n, restarts)
		}
	}
}

// A program that is started again and again does not log in more often than the hour allows, and one whose line was bad goes
// on waiting.
func TestG7_ARestartDoesNotForgetTheFloor(t *testing.T) {
	t.Parallel()
	w := newWeather()
	for range 300 {
		w.login()
		kept := w.logins.kept()
		w.logins = logins{}
		w.logins.takeUp(kept, w.now)
	}
	if n := most(w.made, time.Hour); n != loginsOfAll {
		t.Errorf("%d logins in an hour", n)
	}
	w = newWeather()
	for range 8 {
		w.live(0)
	}
	before := w.logins.left(w.now)
	kept := w.logins.kept()
	w.logins = logins{}
	w.logins.takeUp(kept, w.now)
	if left := w.logins.left(w.now); left != before || left < time.Minute {
		t.Errorf("waits %v after a restart, %v before", left, before)
	}
}

func TestG7_WhatEndsAlikeIsSuspected(t *testing.T) {
	t.Parallel()
	s := func(lived time.Duration, last string) ending { return ending{lived, last} }
	for name, test := range map[string]struct {
		recent []ending
		breaks bool
		stanza string
	}{
		"two":                {[]ending{s(0, "message"), s(0, "message")}, false, ""},
		"brief":              {[]ending{s(0, ""), s(20*time.Second, ""), s(50*time.Second, "")}, true, ""},
		"the same life":      {[]ending{s(5*time.Minute, ""), s(5*time.Minute+time.Second, ""), s(299*time.Second, "")}, true, ""},
		"another life":       {[]ending{s(5*time.Minute, ""), s(2*time.Minute, ""), s(9*time.Minute, "")}, false, ""},
		"the same stanza":    {[]ending{s(5*time.Minute, "call/x"), s(2*time.Minute, "call/x"), s(9*time.Minute, "call/x")}, true, "call/x"},
		"one not heard":      {[]ending{s(4*time.Minute, "call"), s(4*time.Minute, "call"), s(0, "")}, false, ""},
		"brief, one unheard": {[]ending{s(0, "call"), s(20*time.Second, ""), s(0, "call")}, true, "call"},
		"one heard":          {[]ending{s(0, ""), s(0, "call"), s(0, "")}, true, ""},
		"two accused":        {[]ending{s(0, "call"), s(0, "message"), s(0, "call")}, true, ""},
		"different stanzas":  {[]ending{s(5*time.Minute, "call"), s(2*time.Minute, "message"), s(9*time.Minute, "call")}, false, ""},
	} {
		breaks, stanza := suspect(test.recent)
		if breaks != test.breaks || stanza != test.stanza {
			t.Errorf("%s: %v %q", name, breaks, stanza)
		}
	}
}

// The library may read the stanza at which the line broke when the line has broken: it is added to that session, while it is
// known which one that is.
func TestG7_AStanzaThatIsReadLate(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	broken := func(g *logins, lived time.Duration, heard string) time.Time {
		g.begin(start)
		end := start.Add(lived)
		if heard != "" {
			g.hear(heard, end)
		}
		g.end(false, end)
		return end
	}
	var g logins
	broken(&g, 3*time.Minute, "message")
	broken(&g, 8*time.Minute, "message")
	end := broken(&g, 5*time.Minute, "")
	if line := g.hear("message", end.Add(time.Second)); !line.Breaks || line.Stanza != "message" || line.Lived != 5*time.Minute || line.Pause < floorFirst {
		t.Errorf("got %+v", line)
	}
	if g.rows.brief != 1 || g.rows.uneasy != 2 {
		t.Errorf("counted as %+v", g.rows)
	}
	if line := g.hear("message", end.Add(time.Second)); line != (Line{}) {
		t.Errorf("said once more: %+v", line)
	}
	var alike logins // a suspect already: it is named, and counted once
	for range inARow - 1 {
		broken(&alike, 5*time.Minute, "message")
	}
	end = broken(&alike, 5*time.Minute, "")
	counted := alike.rows
	if line := alike.hear("message", end); line.Stanza != "message" || alike.rows != counted {
		t.Errorf("got %+v, counted as %+v, before as %+v", line, alike.rows, counted)
	}
	for name, meanwhile := range map[string]func(g *logins, end time.Time) time.Time{
		"much later":           func(_ *logins, end time.Time) time.Time { return end.Add(likeSession + time.Second) },
		"in the next session":  func(g *logins, end time.Time) time.Time { g.begin(end); return end },
		"pardoned meanwhile":   func(g *logins, end time.Time) time.Time { g.pardon(); return end },
		"an answer, no stanza": func(g *logins, end time.Time) time.Time { g.hear("", end); g.begin(end); return end },
	} {
		var g logins
		at := meanwhile(&g, broken(&g, 5*time.Minute, ""))
		if line := g.hear("message", at); line != (Line{}) || len(g.recent) > 0 && g.recent[0].last != "" {
			t.Errorf("%s: %+v of %+v", name, line, g.recent)
		}
	}
}
