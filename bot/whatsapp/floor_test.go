package whatsapp_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// lines collects what OnLine is told.
type lines struct {
	mu   sync.Mutex
	told []whatsapp.Line
}

func (l *lines) hear(line whatsapp.Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, line)
}

func (l *lines) last() (line whatsapp.Line, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.told) == 0 {
		return whatsapp.Line{}, 0
	}
	return l.told[len(l.told)-1], len(l.told)
}

func (l *lines) all() []whatsapp.Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.told)
}

// Whatever breaks the session right after it was made, for ten minutes: a handful of logins, and the service is back by
// itself when it stops.
func TestG7_ALineThatBreaksAfterEachLogin(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]whatsapptest.Break{
		"in the handshake":   {Handshake: true},
		"at the login":       {},
		"after the backlog":  {Stanza: "ib"},
		"after a second":     {After: time.Second},
		"in the first reply": {Stanza: "iq"},
		"at a text":          {Stanza: "message"},
		"overload":           {Failure: 503},
		"maintenance":        {Code: "503"},
		"515":                {Code: "515"},
		"an unknown error":   {Code: "599"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				mario := w.server.NewPhone(marioNumber)
				said := &lines{}
				options := w.options()
				options.OnLine = said.hear
				client := w.paired(options)
				time.Sleep(time.Hour)
				if b.Stanza == "message" { // nobody acknowledges it, so it comes after each login
					mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
				}
				w.server.SetBreaker(func(int) *whatsapptest.Break { return &b })
				before := w.server.Stats().Connections
				w.server.DropConnections()
				if b.Stanza == "message" {
					mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
				}
				time.Sleep(10 * time.Minute)
				made := w.server.Stats().Connections - before
				if made > 15 || made < 4 && b.Stanza != "message" {
					t.Errorf("%d connections in ten minutes", made)
				}
				if line, n := said.last(); b.Stanza != "message" && b.Failure == 0 && (n == 0 || !line.Breaks || line.Pause < time.Minute) {
					t.Errorf("said %d times, last %+v", n, line)
				}
				w.server.SetBreaker(nil)
				time.Sleep(25 * time.Minute)
				if !client.Ready() {
					t.Errorf("not back: %v", client.State().State)
				}
				if line, _ := said.last(); line.Breaks {
					t.Error("still said to break")
				}
				w.send(client, mario, "torna l'acqua")
				w.server.DropConnections()
				time.Sleep(5 * time.Second)
				if !client.Ready() {
					t.Errorf("the pause was not reset: %v", client.State().State)
				}
				w.settle()
			})
		})
	}
}

// Random patterns of cuts, with restarts: never more connections than documented.
func TestG7_TheFloorHoldsInAnyWeather(t *testing.T) {
	t.Parallel()
	breaks := []whatsapptest.Break{
		{Handshake: true}, {}, {Stanza: "ib"}, {After: time.Second}, {After: 59 * time.Second}, {After: 61 * time.Second}, {After: 5 * time.Minute},
		{Stanza: "iq"}, {Stanza: "message"}, {Failure: 503}, {Failure: 500}, {Failure: 418}, {Code: "503"}, {Code: "515"}, {Code: "599"}, {After: 11 * time.Minute},
	}
	for seed := range uint64(24) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 4))
				w := newTown(t)
				mario := w.server.NewPhone(marioNumber)
				client := w.paired(w.options())
				kinds := 1 + r.IntN(len(breaks))
				var mu sync.Mutex
				var made []time.Time
				w.server.SetBreaker(func(int) *whatsapptest.Break {
					mu.Lock()
					defer mu.Unlock()
					made = append(made, time.Now())
					return new(breaks[r.IntN(kinds)])
				})
				w.server.DropConnections()
				for range 8 {
					time.Sleep(20 * time.Minute)
					mario.Text(comuneNumber, "ciao")
					client.Renew()
				}
				w.server.SetBreaker(nil)
				time.Sleep(75 * time.Minute)
				if !client.Ready() {
					t.Errorf("seed %d: not back: %v", seed, client.State().State)
				}
				mu.Lock()
				defer mu.Unlock()
				for within, limit := range map[time.Duration]int{time.Minute: 6, 10 * time.Minute: 15, time.Hour: 70} {
					for i := range made {
						if i >= limit && made[i].Sub(made[i-limit]) < within {
							t.Errorf("seed %d: more than %d connections within %v", seed, limit, within)
						}
					}
				}
			})
		})
	}
}

// A text that breaks the line each time is found, and named by its kind alone.
func TestG7_AStanzaThatBreaksTheLineIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		said := &lines{}
		options := w.options()
		options.OnLine = said.hear
		w.paired(options)
		w.server.SetBreaker(func(int) *whatsapptest.Break { return &whatsapptest.Break{Stanza: "message"} })
		w.server.DropConnections()
		time.Sleep(time.Minute)
		for range 6 { // at any distance; three do, unless the library drops one that it has not read when the line breaks
			mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
			time.Sleep(4 * time.Minute)
		}
		if !slices.ContainsFunc(said.all(), func(l whatsapp.Line) bool { return l.Breaks && strings.HasPrefix(l.Stanza, "message") }) {
			t.Errorf("got %+v", said.all())
		}
		w.server.SetBreaker(nil)
		time.Sleep(30 * time.Minute)
		if line, _ := said.last(); line.Breaks {
			t.Error("still said to break")
		}
	})
}
