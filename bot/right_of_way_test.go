package bot_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
)

// line is a round trip long enough to see who waits for whom.
const line = time.Second

// taken is when WhatsApp's server took a text for each of the people who have
// it, in the order in which it did.
func taken(people []*whatsapptest.Phone, text string) (times []time.Time) {
	for _, p := range people {
		for _, m := range p.Messages() {
			if m.Text == text {
				times = append(times, m.At)
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// reached waits until at least n of the people have a text.
func (w *town) reached(people []*whatsapptest.Phone, text string, n int) {
	w.t.Helper()
	for began := time.Now(); len(taken(people, text)) < n; time.Sleep(line / 20) {
		if time.Since(began) > time.Hour {
			w.t.Fatalf("%q reached %d people within an hour, want %d", text, len(taken(people, text)), n)
		}
	}
}

// ask lets somebody who never wrote before ask something, and returns how long
// the answer took.
func (w *town) ask(n int) time.Duration {
	w.t.Helper()
	p := w.citizen(1000 + n)
	wrote := time.Now()
	w.write(p, "A che ora apre l'anagrafe?")
	return w.await(p, "112").At.Sub(wrote)
}

// An ordinary announcement that leaves as fast as it can keeps a citizen's
// answer waiting for less than one of its messages, whatever the moment, and
// whether its recipients' devices and keys have to be asked for or not. Against a round
// trip of one second that was, on 28 November 2026, 0.99 s at most beside messages of one
// second, 1.95 s beside those of two (the first after a restart), 2.99 s beside those of
// three (first contact).
func TestAnAnswerWaitsForLessThanOneMessage(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, prepare := range map[string]func(*town){
		"warm":            func(*town) {},
		"after a restart": func(w *town) { w.restart(time.Minute) },
		"cold": func(w *town) {
			w.stop()
			w.session(`DELETE FROM whatsmeow_sessions`)
			w.start()
			time.Sleep(time.Minute)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				people := w.subscribe(size(90, 45))
				prepare(w)
				w.server.SetRoundTrip(line)
				w.ask(0) // our own phone's devices and keys are asked for once
				quiet := w.ask(1)

				w.drop("da_inviare", "a.txt", "Una notizia.")
				w.reached(people, "Una notizia.", 3)
				var sum, longest time.Duration
				trials := 0
				for len(taken(people, "Una notizia.")) < len(people)-3 {
					trials++
					time.Sleep(time.Duration(trials) * 137 * time.Millisecond % (5 * line))
					took := w.ask(1 + trials)
					sum, longest = sum+took, max(longest, took)
				}
				w.arrivals(people, "Una notizia.")

				message := time.Hour
				times := taken(people, "Una notizia.")
				for i := 1; i < len(times); i++ {
					message = min(message, times[i].Sub(times[i-1]))
				}
				if pause := longest - quiet; pause >= message || trials < size(20, 12) {
					t.Errorf("an answer waited %v longer (%d trials), want less than one message, %v", pause, trials, message)
				}
				t.Logf("one message of the announcement %v; an answer without it %v, with it %v at most and %v on average: %v and %v longer (%d trials)",
					message, quiet, longest, sum/time.Duration(trials), longest-quiet, sum/time.Duration(trials)-quiet, trials)
			})
		})
	}
}

// session runs a statement on session.db, while no daemon does.
func (w *town) session(statement string) {
	w.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(w.cfg.DataDir, "session.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(w.t.Context(), statement); err != nil {
		w.t.Fatal(err)
	}
}

// Urgent announcements overtake an ordinary one that is leaving: the message in
// hand ends, and the next one is urgent, until there is none.
func TestUrgentOvertakesAtTheNextMessage(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Spool.Scan = 730 * time.Millisecond })
		people := w.subscribe(30)
		w.server.SetRoundTrip(line)
		w.drop("da_inviare", "a.txt", "Ordinario.")
		const alarms = 3
		for i := range alarms {
			w.reached(people, "Ordinario.", 5*(i+1))
			time.Sleep(time.Duration(rand.Int64N(int64(line))))
			w.drop("urgenti", fmt.Sprint(i, ".txt"), fmt.Sprintf("Urgente %d.", i))
			w.arrivals(people, fmt.Sprintf("Urgente %d.", i))
		}
		w.arrivals(people, "Ordinario.")
		ordinary := taken(people, "Ordinario.")
		for i := range alarms {
			urgent := taken(people, fmt.Sprintf("Urgente %d.", i))
			first, last := urgent[0], urgent[len(urgent)-1]
			accepted := w.announcements()[alarms-1-i].AcceptedAt
			inHand, between := 0, 0
			for _, at := range ordinary {
				switch {
				case at.After(accepted) && at.Before(first):
					inHand++
				case !at.Before(first) && !at.After(last):
					between++
				}
			}
			if inHand > 1 || between > 0 {
				t.Errorf("alarm %d: %d ordinary messages left between its acceptance and its first message, %d before its last", i, inHand, between)
			}
			if wait := first.Sub(accepted); wait > line {
				t.Errorf("alarm %d waited %v for its first message, want at most the one in hand", i, wait)
			}
			if !last.Before(ordinary[len(ordinary)-1]) {
				t.Errorf("alarm %d ended after the announcement that it overtook", i)
			}
		}
	})
}

// inOrder lists the people in the order in which the newest announcement is to
// reach them.
func (w *town) inOrder(people []*whatsapptest.Phone) []*whatsapptest.Phone {
	w.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(w.cfg.DataDir, "store.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(w.t.Context(), `SELECT s.lid FROM deliveries d JOIN subscribers s ON s.id = d.subscriber
		WHERE d.announcement = (SELECT max(id) FROM announcements) ORDER BY d.id`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var list []*whatsapptest.Phone
	for rows.Next() {
		var lid string
		if err := rows.Scan(&lid); err != nil {
			w.t.Fatal(err)
		}
		i := slices.IndexFunc(people, func(p *whatsapptest.Phone) bool { return p.LID() == lid })
		list = append(list, people[i])
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return list
}

// leaver is somebody who cancelled while an announcement was leaving.
type leaver struct {
	phone   *whatsapptest.Phone
	jitter  time.Duration // between the message before the last and his text
	arrived time.Time     // when his text reached us
}

// Who cancels while an announcement leaves gets no more of it from the moment
// the cancellation has arrived, even if his row is the next, and nothing at all
// after the goodbye.
func TestWhoCancelsInMidAnnouncementGetsNoMore(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(size(80, 50))
		w.server.SetRoundTrip(line)
		spared, late := 0, 0
		for round := range 3 {
			text := fmt.Sprintf("Notizia %d.", round)
			w.drop("da_inviare", fmt.Sprint(round, ".txt"), text)
			w.reached(people, text, 1)
			var leavers []leaver
			order := w.inOrder(people)
			for next := 4; next < len(order); next += 5 {
				w.await(order[next-2], text)
				l := leaver{phone: order[next], jitter: time.Duration(1+rand.Int64N(1500)) * time.Millisecond}
				time.Sleep(l.jitter) // the text arrives a round trip later, as a rule while the message before his is in hand
				w.write(l.phone, "Disattiva Notizie")
				l.arrived = time.Now().Add(line)
				leavers = append(leavers, l)
				w.await(l.phone, "cancellat")
			}
			time.Sleep(5 * time.Minute) // what leaves too late has left by now
			for _, l := range leavers {
				if l.check(t, text) {
					spared++
				} else {
					late++
				}
			}
		}
		t.Logf("%d were spared, %d wrote when their message was in hand or gone", spared, late)
		if spared < size(10, 6) || late == 0 {
			t.Errorf("%d spared, %d late: these trials prove little", spared, late)
		}
	})
}

// check looks at what somebody got who has left, and tells whether he was spared
// the announcement.
func (l leaver) check(t *testing.T, text string) (spared bool) {
	t.Helper()
	messages := l.phone.Messages()
	if last := messages[len(messages)-1]; !strings.Contains(last.Text, "cancellat") {
		t.Errorf("somebody's last message is %q, not his goodbye (written %v into the message before the last)", last.Text, l.jitter)
	}
	times := taken([]*whatsapptest.Phone{l.phone}, text)
	if len(times) > 0 && times[0].After(l.arrived) {
		t.Errorf("%q left %v after the cancellation had arrived (written %v into the message before the last)",
			text, times[0].Sub(l.arrived), l.jitter)
	}
	return len(times) == 0
}

// Over ten announcements nobody is always late: others begin and others end
// each time, and everybody is about as often early as late.
func TestEverybodyIsSometimesFirst(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = time.Second })
		people := w.subscribe(20)
		const rounds = 10
		sum := make(map[*whatsapptest.Phone]int)
		firsts, lasts := make(map[*whatsapptest.Phone]bool), make(map[*whatsapptest.Phone]bool)
		var before *whatsapptest.Phone
		for round := range rounds {
			text := fmt.Sprintf("Notizia %d.", round)
			w.drop("da_inviare", fmt.Sprint(round, ".txt"), text)
			w.arrivals(people, text)
			times := taken(people, text)
			for _, p := range people {
				at := taken([]*whatsapptest.Phone{p}, text)[0]
				sum[p] += slices.IndexFunc(times, at.Equal)
			}
			order := w.inOrder(people)
			first, last := order[0], order[len(order)-1]
			if firsts[first] || lasts[last] || last == before {
				t.Errorf("announcement %d begins or ends with somebody with whom another did", round)
			}
			firsts[first], lasts[last], before = true, true, last
		}
		lowest, highest := 20.0, 0.0
		for _, p := range people {
			mean := float64(sum[p]) / rounds
			lowest, highest = min(lowest, mean), max(highest, mean)
		}
		if lowest < 6 || highest > 13 {
			t.Errorf("somebody's place is %.1f on average and another's %.1f, of 0 to 19", lowest, highest)
		}
		t.Logf("the places, 0 to 19, are between %.1f and %.1f on average", lowest, highest)
	})
}
