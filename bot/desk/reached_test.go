package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"banditore/bot/pace"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// A pace is believed when enough has left, and is never better than the configured one.
func TestEach(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	measured := func(took time.Duration, moments, messages int) store.Reached {
		return store.Reached{From: from, To: from.Add(took), Moments: moments, Messages: messages, Average: time.Minute}
	}
	for _, test := range []struct {
		name                  string
		r                     store.Reached
		every, guess, silence time.Duration
		want                  time.Duration
		known                 bool
	}{
		{"in waves", measured(10*time.Second, 200, 6400), 0, oneInAWave, 0, 1562500 * time.Nanosecond, true},
		{"as configured", measured(54*time.Second, 9, 9), 6 * time.Second, onePlainly, 0, 6 * time.Second, true},
		{"the wire takes as long again", measured(60*time.Second, 30, 30), time.Second, onePlainly, 0, 2 * time.Second, true},
		{"after the clock was put back", measured(0, 9, 9), 6 * time.Second, onePlainly, 0, 6 * time.Second, true},
		{"nothing has come through since", measured(10*time.Second, 200, 1000), 0, oneInAWave, 90 * time.Second, 100 * time.Millisecond, true},
		{"too few", measured(time.Millisecond, 2, 64), 0, oneInAWave, 0, time.Minute, false},
		{"the first ever", store.Reached{}, 0, oneInAWave, 0, oneInAWave, false},
		{"an average counts nights", measured(time.Millisecond, 2, 2), 6 * time.Second, onePlainly, 0, 6 * time.Second, false},
	} {
		if got, known := each(test.r, test.every, test.guess, test.silence); got != test.want || known != test.known {
			t.Errorf("%s: %v, known %v; want %v, %v", test.name, got, known, test.want, test.known)
		}
	}
}

// The page says when the last person has it, and how fast that goes.
func TestEndsTellsThePace(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	span := pace.Span{First: now, Last: now.Add(12 * time.Minute)}
	late := span
	late.Expired = 2
	for want, f := range map[string]Foretold{
		"":                            {PerMinute: 300},
		"finisce oggi verso le 03:12": {Span: span},
		"finisce oggi verso le 03:12 con l'ultimo destinatario, al ritmo di 300 messaggi al minuto":                                        {span, 300},
		"finisce oggi verso le 03:12 con l'ultimo destinatario, al ritmo di 38.000 messaggi al minuto":                                     {span, 38_412},
		"finisce oggi verso le 03:12 con l'ultimo destinatario, al ritmo di 10 messaggi al minuto, ma 2 messaggi scadono prima di partire": {late, 10},
	} {
		if got := f.Ends(now); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for n, want := range map[int]string{7: "7", 99: "99", 304: "300", 2_395: "2.400", 9_960: "10.000", 38_412: "38.000", 120_400: "120.000"} {
		if got := roughly(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

// A silence that nothing explains slows a forecast down; the turn of others, a new
// connection, the night, the ceiling and a red light explain one.
func TestG8_OnlyAStallSlowsTheForecast(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after time.Duration // the last of ten messages, each a second after the other
		then  func(*counter)
		want  int // messages a minute
	}{
		"it goes on":       {4 * time.Second, func(*counter) {}, 60},
		"it has stalled":   {59 * time.Second, func(*counter) {}, 9},
		"for hours":        {3 * time.Hour, func(*counter) {}, 1},
		"a new connection": {time.Hour, func(c *counter) { c.linked(time.Minute) }, 60},
		"a red light": {time.Hour, func(c *counter) {
			c.must(c.db.SetRedLight(c.t.Context(), store.RedLight{Light: store.LightLimited, Until: c.now.Add(time.Hour)}))
		}, 60},
		"the night comes":   {3 * time.Hour, func(*counter) {}, 60},
		"the morning comes": {12*time.Hour + 8*time.Second, func(*counter) {}, 60},
		"the ceiling":       {time.Hour, func(c *counter) { c.cfg.Sending.DailyLimit = 10 }, 60},
		"it waits":          {time.Hour, func(c *counter) { c.must(c.db.Hold(c.t.Context(), 1)); c.news("altro.txt", c.now.Add(time.Hour)) }, 60},
		"others' turn":      {time.Hour, func(c *counter) { c.alert() }, 60},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t)
			c.sit()
			c.cfg.Sending.Every = 0
			if strings.HasSuffix(name, "comes") {
				c.now = time.Date(2026, 11, 30, 19, 59, 45, 0, time.UTC)
			}
			c.linked(time.Hour)
			c.crowd(20)
			c.news("festa.txt", c.now)
			for range 10 {
				c.now = c.now.Add(time.Second)
				c.must(c.db.Sent(t.Context(), c.claim(), c.now))
			}
			c.now = c.now.Add(test.after)
			test.then(c)
			list, err := c.db.Announcements(t.Context(), 0)
			c.must(err)
			foretold, err := Forecast(t.Context(), c.cfg, c.db, list, c.now)
			c.must(err)
			for _, f := range foretold {
				if f.PerMinute != test.want || f.Last.Before(c.now) {
					t.Errorf("%d a minute, the last at %v; want %d", f.PerMinute, f.Last.Sub(c.now), test.want)
				}
			}
			if len(foretold) == 0 {
				t.Error("nothing is foretold")
			}
		})
	}
}

// linked notes that the connection was made some time ago.
func (c *counter) linked(ago time.Duration) {
	c.t.Helper()
	c.must(c.db.SetLink(c.t.Context(), store.Link{State: string(whatsapp.StateConnected), Connected: true, Since: c.now.Add(-ago)}))
}

// crowd takes people over from a list.
func (c *counter) crowd(n int) {
	c.t.Helper()
	var list []store.Entry
	for i := range n {
		list = append(list, store.Entry{Person: store.Person{Number: store.Number(fmt.Sprintf("+39333%07d", i))},
			Details: store.Details{GivenName: "Anna", FamilyName: "Bianchi", Comune: "Saronno"}, ConsentAt: c.now, Consent: "modulo"})
	}
	_, err := c.db.Import(c.t.Context(), list, nil, c.now, false)
	c.must(err)
}

func (c *counter) news(name string, from time.Time) {
	c.t.Helper()
	c.publish(store.NewAnnouncement{Content: store.Content{Name: name, Text: name, NotBefore: from}})
}

// alert lets all of an urgent announcement leave, just now.
func (c *counter) alert() {
	c.t.Helper()
	a := c.publish(store.NewAnnouncement{Content: store.Content{Name: "allerta.txt", Text: "Allerta.", Urgent: true}})
	list, err := c.db.ClaimDeliveries(c.t.Context(), c.now, store.Urgent, time.Minute, 20)
	if c.must(err); len(list) != 20 {
		c.t.Fatalf("%d of %d are urgent", len(list), a.Waiting)
	}
	for _, o := range list {
		c.must(c.db.Sent(c.t.Context(), o, c.now))
	}
}
