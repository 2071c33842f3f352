package bot_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
)

const siren = "Il fiume esce dagli argini: salite ai piani alti."

// While the siren sounds, who registers, who cancels and who asks for help is answered
// within a second, and who has cancelled before their turn gets nothing.
func TestG2_AnswersDuringASiren(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(size(2000, 400))
		time.Sleep(time.Minute)
		w.server.SetRoundTrip(50 * time.Millisecond)
		began := time.Now()
		w.drop("urgenti", "a.txt", siren)
		w.reached(people, siren, 33)
		last := w.lastToHaveIt(people)
		newcomer, asking := w.citizen(9001), w.citizen(9002)
		wrote := time.Now()
		w.write(last, "Disattiva Notizie")
		w.write(newcomer, "Attiva Notizie Gianbattista Zanardelli Saronno")
		w.write(asking, "Aiuto")
		for _, answer := range []struct {
			to    *whatsapptest.Phone
			words string
		}{{last, "cancellat"}, {newcomer, "Iscrizione attiva"}, {asking, "112"}} {
			if took := w.await(answer.to, answer.words).At.Sub(wrote); took > time.Second || time.Since(wrote) > time.Second {
				t.Errorf("an answer took %v", time.Since(wrote))
			}
		}
		if n := len(taken(people, siren)); n >= len(people)-1 {
			t.Errorf("it was over after %v: this test looks at the wrong thing", time.Since(began))
		}
		others := slices.DeleteFunc(slices.Clone(people), func(p *whatsapptest.Phone) bool { return p == last })
		times := w.arrivals(others, siren)
		time.Sleep(time.Hour)
		if n := count(last, siren); n != 0 {
			t.Errorf("who cancelled before their turn has it %d times", n)
		}
		for i, p := range others {
			if n := count(p, siren); n != 1 || p.Repeats() > 0 {
				t.Errorf("phone %d has it %d times, and %d repeats", i, n, p.Repeats())
			}
		}
		t.Logf("the last of %d had it after %v", len(people), times[len(times)-1].Sub(began))
	})
}

// lastToHaveIt is whose turn comes last.
func (w *town) lastToHaveIt(people []*whatsapptest.Phone) *whatsapptest.Phone {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.cfg.DataDir, "store.db")+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var lid string
	if err := db.QueryRowContext(w.t.Context(), `SELECT s.lid FROM deliveries d JOIN subscribers s ON s.id = d.subscriber
		WHERE d.state = 'pending' ORDER BY d.due DESC, d.id DESC LIMIT 1`).Scan(&lid); err != nil {
		w.t.Fatalf("nobody waits for their turn: this test looks at the wrong thing (%v)", err)
	}
	return people[slices.IndexFunc(people, func(p *whatsapptest.Phone) bool { return p.LID() == lid })]
}

// An erasure overlaps a wave as little as it overlaps a send, and is not kept waiting by
// one wave after the other.
func TestG5_NobodyIsForgottenWhileAWaveIsOnTheWire(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Window = 8 })
		people := w.subscribe(200)
		time.Sleep(time.Minute)
		w.server.SetRoundTrip(5 * time.Second) // so that it takes longer than the time between goodbye and erasure
		w.drop("urgenti", "a.txt", siren)
		w.reached(people, siren, 1)
		w.write(people[199], "Disattiva Notizie")
		time.Sleep(5 * time.Minute)
		waves, forgotten, during := 0, 0, false
		for line := range strings.Lines(w.log.String()) {
			switch {
			case strings.Contains(line, `msg="wave claimed"`):
				waves++
				during = during || forgotten > 0
			case strings.Contains(line, `msg="wave ended"`):
				waves--
			case strings.Contains(line, `msg="erasure begun"`):
				forgotten++
				if waves != 0 {
					t.Errorf("somebody is forgotten while %d waves are on the wire", waves)
				}
			}
		}
		if forgotten != 1 || !during {
			t.Errorf("forgotten %d times, before the last wave: %v", forgotten, during)
		}
		if n := len(taken(people, siren)); n < 199 {
			t.Errorf("%d of 200 have it", n)
		}
	})
}

// What staff stop while the siren sounds stops with what is on the wire.
func TestG8_ASirenIsStopped(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(300)
		time.Sleep(time.Minute)
		w.server.SetRoundTrip(time.Second)
		w.drop("urgenti", "a.txt", siren)
		w.reached(people, siren, 1)
		w.take("a.txt")
		stopped := time.Now()
		time.Sleep(time.Hour)
		n := len(taken(people, siren))
		late := 0
		for _, at := range taken(people, siren) {
			if at.After(stopped.Add(time.Second)) {
				late++
			}
		}
		if n == 300 || late > 2*32 {
			t.Errorf("%d have it, %d of them later than a second after it was stopped", n, late)
		}
		if list := w.announcements(); len(list) != 1 || list[0].Waiting != 0 || list[0].Failed != 0 || list[0].Sent != n {
			t.Errorf("announcements %+v, though %d have it", list, n)
		}
	})
}

// When WhatsApp says that it is too much, at most two windows have left; then one
// message at a time asks whether it still is, and when all is well it goes on.
func TestG7_ARedLightStopsASiren(t *testing.T) {
	slow(t)
	t.Parallel()
	for _, code := range []int{429, 400, 463} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				people := w.subscribe(200)
				time.Sleep(time.Minute)
				w.server.SetRoundTrip(50 * time.Millisecond)
				var mu sync.Mutex
				tried := map[string]int{} // by ID: what is on the wire when the session is made anew comes twice
				w.server.SetRefuser(func(_ *whatsapptest.Phone, id string) int {
					mu.Lock()
					defer mu.Unlock()
					tried[id]++
					return code
				})
				sum := func() (ids, times int) {
					mu.Lock()
					defer mu.Unlock()
					for _, n := range tried {
						times += n
					}
					return len(tried), times
				}
				w.drop("urgenti", "a.txt", siren)
				time.Sleep(50 * time.Second)
				if n, _ := sum(); n < 32 || n > 64 {
					t.Errorf("%d messages left before it stopped, want at most two windows", n)
				}
				_, before := sum()
				time.Sleep(30 * time.Minute)
				if _, after := sum(); after-before > 33 {
					t.Errorf("%d messages within half an hour", after-before)
				}
				w.server.SetRefuser(nil)
				w.arrivals(people, siren)
				time.Sleep(time.Minute)
				if list := w.announcements(); len(list) != 1 || list[0].Sent != 200 || list[0].Failed != 0 {
					t.Errorf("counts %+v", list[0].Counts)
				}
				for i, p := range people {
					if n := count(p, siren); n != 1 {
						t.Errorf("phone %d has it %d times", i, n)
					}
				}
			})
		})
	}
}
