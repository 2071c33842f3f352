package outbox

import (
	"fmt"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// drill is a brake with a clock and people.
type drill struct {
	brake
	t   *testing.T
	now time.Time
}

func newDrill(t *testing.T) *drill {
	return &drill{t: t, now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
}

// to is a delivery to the n-th person.
func to(n int) store.Outgoing {
	return store.Outgoing{MessageID: fmt.Sprint("ID", n), To: store.Person{LID: store.LID(fmt.Sprint(n))}, Announcement: 1}
}

func answer(n int) store.Outgoing {
	o := to(n)
	o.Announcement, o.Answer = 0, store.Confirmation
	return o
}

func (d *drill) fails(o store.Outgoing, f whatsapp.FaultKind, code int) verdict {
	d.now = d.now.Add(time.Second)
	return d.failed(o, &whatsapp.SendError{Outcome: whatsapp.Refused, Fault: f, Code: code}, d.now, d.now)
}

func (d *drill) passes(o store.Outgoing) []store.Light {
	d.now = d.now.Add(time.Second)
	return d.passed(o, d.now, d.now)
}

// mustBe checks which light is red, "" for none.
func (d *drill) mustBe(want store.Light) {
	d.t.Helper()
	list := d.red()
	if got := len(list); got > 1 || (got == 1) != (want != "") || got == 1 && store.Light(list[0].Light) != want {
		d.t.Fatalf("red: %+v, want %q", list, want)
	}
}

// Failures in a row, of two people at least, open the brake; all that was
// charged meanwhile is given back.
func TestG7_FailuresInARow(t *testing.T) {
	t.Parallel()
	for _, fault := range []whatsapp.FaultKind{whatsapp.FaultSession, whatsapp.FaultTemporary} {
		d := newDrill(t)
		for n := range failuresInARow - 1 {
			if v := d.fails(to(n), fault, 400); v.changed != "" || v.spared {
				t.Fatalf("failure %d: %+v", n+1, v)
			}
		}
		v := d.fails(to(9), fault, 400)
		d.mustBe(store.LightFailing)
		if !v.spared || len(v.uncharge) != failuresInARow {
			t.Errorf("got %+v, want it spared and all %d given back", v, failuresInARow)
		}
		if answers, announcements := d.opens(); !answers.Equal(d.now.Add(probePause)) || !announcements.Equal(answers) {
			t.Errorf("opens for answers at %v, for announcements at %v", answers, announcements)
		}
		if green := d.passes(to(1)); len(green) != 1 {
			t.Errorf("turned green %v", green)
		}
		d.mustBe("")
	}
}

// A success in between starts the row anew.
func TestASuccessEndsTheRow(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	for round := range 5 {
		d.fails(to(round), whatsapp.FaultSession, 500)
		for range 12 {
			d.passes(to(99))
		}
	}
	d.mustBe("")
}

// Six of the last fifty are too many, though others get through in between.
func TestG7_ABadShareOfTheLastFifty(t *testing.T) {
	t.Parallel()
	for _, apart := range []int{3, 8, 12} {
		d := newDrill(t)
		for n := range failuresOfMany {
			d.fails(to(n), whatsapp.FaultSession, 0)
			if n < failuresOfMany-1 {
				for range apart - 1 {
					d.passes(to(99))
				}
			}
		}
		want := store.LightFailing
		if apart*(failuresOfMany-1) >= many {
			want = ""
		}
		d.mustBe(want)
	}
}

// One person whose messages never get through is charged for it; nobody else
// waits.
func TestOnePersonOpensNoBrake(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	for range 3 * failuresInARow {
		if v := d.fails(to(1), whatsapp.FaultSession, 0); v.spared {
			t.Fatalf("got %+v", v)
		}
	}
	d.mustBe("")
}

// While it is red, one message that alone is left is charged once in an hour:
// it must come to an end. Of two, neither is.
func TestWhoKeepsALightRedAloneIsCharged(t *testing.T) {
	t.Parallel()
	for people, want := range map[int]int{1: 5, 2: 0} {
		d := newDrill(t)
		for n := range failuresInARow {
			d.fails(to(n), whatsapp.FaultSession, 0)
		}
		d.mustBe(store.LightFailing)
		charged := 0
		for i := range 5 * 60 { // five hours, a probe each minute
			d.now = d.now.Add(time.Minute)
			if v := d.fails(to(i%people), whatsapp.FaultSession, 0); !v.spared {
				charged++
			}
		}
		if charged != want {
			t.Errorf("%d people: %d attempts charged in five hours, want %d", people, charged, want)
		}
	}
}

// What is the link's or the message's own fault says nothing about the account.
func TestFaultsThatDoNotCount(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	for n := range 100 {
		for _, f := range []whatsapp.FaultKind{whatsapp.FaultLink, whatsapp.FaultMessage} {
			if v := d.fails(to(n), f, 0); v.changed != "" || v.spared {
				t.Fatalf("%s: %+v", f, v)
			}
		}
	}
	d.mustBe("")
}

func TestG7_ALimitCountsAtOnce(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	v := d.fails(answer(1), whatsapp.FaultLimit, 429)
	if !v.spared || v.changed != store.LightLimited || d.light(store.LightLimited).Code != 429 {
		t.Errorf("got %+v", v)
	}
	for want := 1; want < 3; want++ {
		d.now = d.now.Add(time.Minute)
		d.fails(answer(1), whatsapp.FaultLimit, 429)
		if got := d.light(store.LightLimited).Tries; got != want {
			t.Errorf("%d tries, want %d", got, want)
		}
	}
	d.passes(answer(1))
	d.mustBe("")
}

// The 463 table: one person, or three different ones in ten minutes.
func TestG7_Strangers(t *testing.T) {
	t.Parallel()
	t.Run("one person, again and again", func(t *testing.T) {
		d := newDrill(t)
		for range 10 {
			if v := d.fails(to(1), whatsapp.FaultStranger, 463); v.spared {
				t.Fatalf("got %+v", v)
			}
		}
		d.mustBe("")
	})
	t.Run("three in an hour", func(t *testing.T) {
		d := newDrill(t)
		for n := range 9 {
			d.fails(to(n), whatsapp.FaultStranger, 463)
			d.now = d.now.Add(6 * time.Minute)
		}
		d.mustBe("")
	})
	t.Run("three in ten minutes", func(t *testing.T) {
		d := newDrill(t)
		d.fails(to(1), whatsapp.FaultStranger, 463)
		d.passes(to(2))
		d.fails(to(3), whatsapp.FaultStranger, 463)
		v := d.fails(to(4), whatsapp.FaultStranger, 463)
		d.mustBe(store.LightLocked)
		if !v.spared || len(v.uncharge) != strangers {
			t.Errorf("got %+v, want it spared and three given back", v)
		}
		answers, announcements := d.opens()
		if !answers.IsZero() || !announcements.Equal(d.now.Add(lockPause)) {
			t.Errorf("opens for answers at %v, for announcements at %v", answers, announcements)
		}
		d.passes(answer(7)) // proves nothing
		d.mustBe(store.LightLocked)
		d.now = announcements
		if v := d.fails(to(5), whatsapp.FaultStranger, 463); !v.spared || d.light(store.LightLocked).Until.Sub(d.now) != 2*lockPause {
			t.Errorf("the probe: %+v, next at %v", v, d.light(store.LightLocked).Until)
		}
		d.now = d.light(store.LightLocked).Until
		d.passes(to(5))
		d.mustBe("")
	})
}

// WhatsApp's own word about the lock is better than our guess, and ends it.
func TestG7_WhatsAppNamesTheEndOfTheLock(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	until := d.now.Add(3 * 24 * time.Hour)
	if r, red := d.told(true, until, d.now); !red || !r.Told {
		t.Fatalf("got %+v", r)
	}
	for n := range 5 { // answers that are refused as well
		d.fails(answer(n), whatsapp.FaultStranger, 463)
	}
	if _, announcements := d.opens(); !announcements.Equal(until) {
		t.Errorf("opens at %v, want what WhatsApp said", announcements)
	}
	d.passes(to(1)) // had left before
	d.mustBe(store.LightLocked)
	if d.over(until.Add(-time.Second)) || !d.over(until) {
		t.Error("the lock is not over when WhatsApp said")
	}
	d.mustBe("")
	d.told(true, time.Time{}, d.now)
	if _, announcements := d.opens(); !announcements.Equal(d.now.Add(lockPause)) {
		t.Errorf("without an end it opens at %v", announcements)
	}
	d.told(false, time.Time{}, d.now)
	d.mustBe("")
}

// A lock outlives what a message that gets through proves about the rest.
func TestLightsAreKeptApart(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	d.told(true, d.now.Add(24*time.Hour), d.now)
	d.fails(answer(1), whatsapp.FaultLimit, 429)
	if answers, _ := d.opens(); answers.IsZero() {
		t.Error("answers leave though there is too much")
	}
	d.passes(answer(1))
	d.mustBe(store.LightLocked)
}

// WhatsApp may forget one person, not ten in a row.
func TestG7_TenUnknownInARow(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	for n := range lostInARow - 1 {
		if v := d.fails(to(n), whatsapp.FaultRecipient, 404); v.spared {
			t.Fatalf("got %+v", v)
		}
	}
	if v := d.fails(to(50), whatsapp.FaultRecipient, 404); !v.spared {
		t.Errorf("the tenth: %+v, want it spared", v)
	}
	d.mustBe(store.LightFailing)
	d.now = d.now.Add(chargePause)
	if v := d.fails(to(51), whatsapp.FaultRecipient, 404); v.spared {
		t.Errorf("after an hour: %+v, want it believed", v)
	}
}

// When nothing waits any more, a light does not stay red until somebody writes.
func TestALightThatNothingTries(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	d.fails(to(1), whatsapp.FaultLimit, 429)
	until := d.light(store.LightLimited).Until
	if green := d.idle(until.Add(idlePause - time.Second)); len(green) != 0 {
		t.Errorf("turned green too early: %v", green)
	}
	d.told(true, d.now.Add(time.Minute), d.now)
	if green := d.idle(until.Add(idlePause)); len(green) != 1 || green[0] != store.LightLimited {
		t.Errorf("turned green: %v, want the limit and not the lock", green)
	}
}

// A light that another process left red is obeyed.
func TestG7_LightsAreTakenUp(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	d.resume([]store.RedLight{{Light: store.LightFailing, Since: d.now, Until: d.now.Add(time.Minute), Tries: 3}})
	d.mustBe(store.LightFailing)
	d.fails(to(1), whatsapp.FaultSession, 0)
	if got := d.light(store.LightFailing).Tries; got != 4 {
		t.Errorf("%d tries, want 4", got)
	}
}

func TestNextProbe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		light store.Light
		tries int
		want  time.Duration
	}{
		{store.LightFailing, 0, probePause}, {store.LightFailing, probesQuick - 1, probePause}, {store.LightFailing, probesQuick, probePauseLong},
		{store.LightLimited, 0, probePause}, {store.LightLimited, 1000, probePauseLong},
		{store.LightLocked, 0, time.Hour}, {store.LightLocked, 1, 2 * time.Hour}, {store.LightLocked, 2, 4 * time.Hour},
		{store.LightLocked, 3, 6 * time.Hour}, {store.LightLocked, 1 << 40, 6 * time.Hour},
	} {
		if got := nextProbe(c.light, c.tries); got != c.want {
			t.Errorf("%s after %d: %v, want %v", c.light, c.tries, got, c.want)
		}
	}
}
