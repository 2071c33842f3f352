package bot_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// unlinked lets the Comune's phone drop the link while the daemon runs, has
// citizens write meanwhile, and links it again a day later. The daemon is not
// started.
func (w *town) unlinked(meanwhile func()) {
	w.t.Helper()
	time.Sleep(time.Second) // a card may be in hand: the library would send it without the copy for the phone
	w.server.Unlink(comune)
	time.Sleep(time.Hour)
	w.stop()
	meanwhile()
	time.Sleep(24 * time.Hour)
	w.pair()
}

// cast are the people of a gap: what each of them wrote in it is in his name.
type cast struct {
	stays, leaves, returns, joins, wavers, slow, talks *whatsapptest.Phone
}

// gap plays the time without a linked device up to the new link. An announcement
// waits, and the daemon is not started.
func (w *town) gap(history whatsapptest.History) cast {
	w.t.Helper()
	w.phone.SetHistory(history)
	people := w.subscribe(3)
	c := cast{people[0], people[1], people[2], w.citizen(10), w.citizen(11), w.citizen(12), w.citizen(13)}
	w.drop("da_inviare", "prima.txt", "La prima notizia.")
	for _, p := range people {
		w.await(p, "La prima notizia.")
	}
	w.unlinked(func() {
		w.write(c.joins, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.write(c.leaves, "Disattiva Notizie")
		w.write(c.returns, "Disattiva Notizie")
		w.write(c.wavers, "Attiva Notizie Ada Quaglia Saronno")
		w.write(c.slow, "Attiva Notizie")
		w.write(c.talks, "Buongiorno, quando aprite?")
		time.Sleep(time.Hour)
		w.write(c.returns, "Attiva Notizie Gianbattista Zanardelli Uboldo")
		w.write(c.wavers, "Disattiva Notizie")
		w.write(c.slow, "Isotta Quaglia Saronno")
	})
	w.drop("da_inviare", "seconda.txt", "La seconda notizia.")
	return c
}

// check waits until the gap is made good, and compares what everybody got.
func (c cast) check(w *town) {
	t := w.t
	t.Helper()
	for _, p := range []*whatsapptest.Phone{c.stays, c.returns, c.joins, c.slow} {
		w.await(p, "La seconda notizia.")
	}
	w.await(c.leaves, "cancellat")
	time.Sleep(10 * time.Minute)

	for who, p := range map[string]*whatsapptest.Phone{"who left": c.leaves, "who joined and left": c.wavers, "who only talked": c.talks} {
		if count(p, "La seconda notizia.") != 0 {
			t.Errorf("%s got the announcement", who)
		}
	}
	if len(answers(c.wavers))+len(answers(c.talks)) != 0 {
		t.Errorf("answered what was to be forgotten: %q %q", answers(c.wavers), answers(c.talks))
	}
	for _, p := range []*whatsapptest.Phone{c.joins, c.slow} {
		got := answers(p)
		if !strings.Contains(got[0], "Iscrizione attiva") || !strings.Contains(got[0], "ritardo") {
			t.Errorf("the first answer is %q, want a late confirmation", got[0])
		}
	}
	if got := len(w.list()); got != 4 {
		t.Errorf("%d on the list, want 4", got)
	}
	for _, p := range []*whatsapptest.Phone{c.stays, c.leaves, c.returns} {
		if n := count(p, "La prima notizia."); n != 1 {
			t.Errorf("the old announcement was shown %d times", n)
		}
	}
	for _, p := range []*whatsapptest.Phone{c.stays, c.returns, c.joins, c.slow} {
		if n := count(p, "La seconda notizia."); n != 1 {
			t.Errorf("the announcement was shown %d times", n)
		}
	}
	if traces := w.traces(c.leaves.LID(), c.leaves.Number()[1:]); len(traces) > 0 {
		t.Errorf("who left in the gap is still in %v", traces)
	}
}

// What citizens wrote while no device was linked is carried out, cancellations
// first, before any announcement leaves, however the phone tells of it.
func TestG3_TheUnlinkedGap(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, history := range map[string]whatsapptest.History{
		"as phones do":               {},
		"one message in each part":   {Chunk: 1},
		"parts in the wrong order":   {Chunk: 1, Backwards: true},
		"parts that take their time": {Chunk: 3, Delay: 4 * time.Second},
		"parts that come twice":      {Chunk: 2, Twice: true},
		"in the message itself":      {Inline: true, Chunk: 2},
		"by number":                  {ByNumber: true},
		"no other address":           {Bare: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				c := w.gap(history)
				w.start()
				c.check(w)
			})
		})
	}
}

// The parts come in any order, and each to whatever process is linked just then:
// the one that pairs, a daemon that is stopped again, the next one. Each of them
// knows what the others have read.
func TestG3_TheGapOverSeveralLogins(t *testing.T) {
	slow(t)
	t.Parallel()
	for seed := range size(12, 4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(11, uint64(seed)))
				w := raise(t)
				c := w.gap(whatsapptest.History{Chunk: 1 + r.IntN(2), Order: r.Perm(20), Inline: r.IntN(2) == 0, Twice: r.IntN(3) == 0, Hold: true})
				running := false
				synctest.Wait() // for the phone to have made the parts
				for w.phone.ReleaseNext() {
					switch r.IntN(4) {
					case 0:
						if running {
							w.stop()
						} else {
							w.start()
						}
						running = !running
					case 1:
						w.server.DropConnections()
					}
					time.Sleep(time.Duration(r.IntN(4000)) * time.Millisecond)
				}
				if !running {
					w.start()
				}
				c.check(w)
			})
		})
	}
}

// noFiles is a network that lets no file of the history through for a while.
type noFiles struct {
	http.RoundTripper
	on atomic.Bool
}

func (n *noFiles) RoundTrip(r *http.Request) (*http.Response, error) {
	if n.on.Load() && r.Method == http.MethodGet && strings.Contains(r.URL.RawQuery+r.URL.Path, "md-msg-hist") {
		return &http.Response{StatusCode: http.StatusServiceUnavailable, Body: http.NoBody, Request: r, Header: http.Header{}}, nil
	}
	return n.RoundTripper.RoundTrip(r)
}

// Announcements wait for parts whose files cannot be had yet, for ten minutes. A
// part that comes later still cancels, also after a restart.
func TestG3_PartsThatCannotBeHadAreWaitedFor(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, test := range map[string]struct {
		lasts   time.Duration
		restart bool
	}{"five minutes": {5 * time.Minute, false}, "an hour": {time.Hour, false}, "an hour and a restart": {time.Hour, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				files := &noFiles{RoundTripper: w.server.HTTPClient().Transport}
				w.client = &http.Client{Transport: files}
				people := w.subscribe(2)
				stays, leaves := people[0], people[1]
				joins := w.citizen(10)
				w.unlinked(func() {
					w.write(leaves, "Disattiva Notizie")
					w.write(joins, "Attiva Notizie Ermenegilda Quaglia Saronno")
					files.on.Store(true)
				})
				w.drop("da_inviare", "a.txt", "Una notizia.")
				w.start()
				began := time.Now()
				if test.restart {
					time.Sleep(11 * time.Minute)
					w.stop()
					w.start()
				}
				mend := time.AfterFunc(time.Until(began.Add(test.lasts)), func() { files.on.Store(false) })
				defer mend.Stop()
				w.await(stays, "Una notizia.")
				if took := time.Since(began); !test.restart && (took < min(test.lasts, 9*time.Minute) || took > 10*time.Minute+30*time.Second) {
					t.Errorf("the announcement left after %v", took)
				}
				w.await(leaves, "cancellat")
				time.Sleep(2 * time.Hour)
				early := test.lasts < 10*time.Minute
				if got := count(leaves, "Una notizia."); (got == 0) != early {
					t.Errorf("who left got the announcement %d times", got)
				}
				if joined := len(answers(joins)) > 0; joined != early {
					t.Errorf("who registered was answered: %t", joined)
				}
				if got := w.traces(leaves.LID(), leaves.Number()[1:]); len(got) > 0 {
					t.Errorf("who left is still in %v", got)
				}
			})
		})
	}
}

// What somebody wrote counts in the order of writing, however late it comes: small
// talk since does not undo it, a newer wish does.
func TestG3_TheNewestWishCounts(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		leaves, returns, asks := people[0], people[1], people[2]
		joins, wavers := w.citizen(10), w.citizen(11)
		w.phone.SetHistory(whatsapptest.History{Chunk: 1, Hold: true})
		w.unlinked(func() {
			w.write(leaves, "Disattiva Notizie")
			w.write(asks, "Disattiva Notizie")
			w.write(returns, "Disattiva Notizie")
			w.write(joins, "Attiva Notizie Ermenegilda Quaglia Saronno")
			w.write(wavers, "Attiva Notizie Ada Quaglia Saronno")
		})
		w.start()
		synctest.Wait()
		time.Sleep(5 * time.Second)
		w.write(leaves, "Grazie di tutto, siete stati bravi!") // before the history comes
		w.write(joins, "Buongiorno, quando aprite?")
		w.write(wavers, "Disattiva Notizie")
		w.write(returns, "Attiva Notizie Gianbattista Zanardelli Uboldo")
		time.Sleep(5 * time.Second)
		w.phone.Release()
		w.await(leaves, "cancellat")
		w.await(asks, "cancellat")
		w.await(joins, "Iscrizione attiva")
		time.Sleep(10 * time.Minute)
		if got := len(w.list()); got != 2 {
			t.Errorf("%d on the list, want who joined and who came back", got)
		}
		for who, p := range map[string]*whatsapptest.Phone{"who came back": returns, "who joined and left": wavers} {
			for _, answer := range answers(p)[len(answers(p))-1:] {
				if strings.Contains(answer, "cancellat") || p == wavers && strings.Contains(answer, "Iscrizione attiva") {
					t.Errorf("%s was told %q in the end", who, answer)
				}
			}
		}
	})
}

// Without a history the service goes on by itself within a minute.
func TestWithoutAHistoryItGoesOn(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, test := range map[string]struct {
		history whatsapptest.History
		within  time.Duration
	}{
		"none":        {whatsapptest.History{None: true}, time.Minute},
		"empty":       {whatsapptest.History{Empty: true}, time.Minute},
		"interrupted": {whatsapptest.History{Chunk: 1, Stop: 2}, time.Minute},
		"lost files":  {whatsapptest.History{Lost: true}, 3 * time.Minute}, // they are asked for again
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				w.phone.SetHistory(test.history)
				people := w.subscribe(2)
				w.unlinked(func() {})
				w.drop("da_inviare", "a.txt", "Una notizia.")
				w.start()
				start := time.Now()
				w.arrivals(people, "Una notizia.")
				if took := time.Since(start); took > test.within {
					t.Errorf("it went on after %v", took)
				}
				curious := w.citizen(50)
				expect(t, w.say(curious, "Comandi"), "Comandi")
			})
		})
	}
}

// The first link of all takes up registrations of the last two weeks, and no
// older ones.
func TestTheFirstLinkLooksBackTwoWeeks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &town{t: t, server: whatsapptest.Start(t), log: &logbook{}, cfg: testConfig(t)}
		t.Cleanup(w.checkLog)
		w.phone = w.server.NewPhone(comune)
		early, recent := w.citizen(1), w.citizen(2)
		w.phone.Remember(early.Number(), false, "Attiva Notizie Ada Quaglia Saronno", time.Now().Add(-15*24*time.Hour))
		w.phone.Remember(recent.Number(), false, "Attiva Notizie Isotta Quaglia Saronno", time.Now().Add(-13*24*time.Hour))
		w.pair()
		w.start()
		w.await(recent, "Iscrizione attiva")
		time.Sleep(10 * time.Minute)
		if len(early.Messages()) != 0 || len(w.list()) != 1 {
			t.Errorf("an old registration was taken up: %q", answers(early))
		}
	})
}
