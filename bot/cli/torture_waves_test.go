package cli_test

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// What happens to waves, beside what happens to everything.
const (
	stalled   trouble = "acks of whole waves late"
	limited   trouble = "refused with 429"
	stranger  trouble = "refused with 463"
	unmatched trouble = "refused with 479"
	forget    trouble = "phone forgets its sessions"
	again     trouble = "phone asks for a message that it shows"
	join      trouble = "somebody subscribes"
)

var codes = map[trouble]int{limited: 429, stranger: 463, unmatched: 479}

// siege is a town in which the sirens sound while everything goes wrong.
type siege struct {
	*place
	random *rand.Rand
	daemon *process

	people  []*whatsapptest.Phone // subscribers when it begins
	leaving map[*whatsapptest.Phone]bool
	joined  []*whatsapptest.Phone
	owed    map[*whatsapptest.Phone][]string // what who joined must show
	hits    chan moment

	mu      sync.Mutex // guards what the server's goroutines touch
	next    []moment
	offered int
	known   map[string]bool // IDs that were offered
	holding bool            // acks are withheld
}

// sirens are three urgent announcements, each dropped while the one before is leaving.
var sirens = []string{"Il fiume cresce.", "Il ponte è chiuso.", "Restate in casa."}

// Waves of urgent announcements, and whatever can befall them. Whoever stays shows each once, who left shows nothing
// after the goodbye and leaves no byte, and status agrees with the phones.
func TestG2_TortureOfWaves(t *testing.T) {
	t.Parallel()
	seed := *tortureSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	phones, rounds := sized(400, 60), sized(10, 2)
	t.Logf("-torture.seed=%d", seed)
	s := &siege{
		place: newPlace(t), random: rand.New(rand.NewPCG(seed, 0)), leaving: map[*whatsapptest.Phone]bool{},
		owed: map[*whatsapptest.Phone][]string{}, known: map[string]bool{},
	}
	s.pair()
	s.daemon = s.place.daemon()
	s.people = s.citizens(phones)
	s.settle()
	s.plan(rounds)
	// A question that comes again after a kill is answered with the keys that it brings, again, as the library does.
	s.server.Excuse(whatsapptest.PrekeyReused)
	s.server.SetRefuser(s.refuse)
	s.server.SetAckStaller(s.stall)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+rounds)*2*time.Minute)
	defer cancel()
	s.restart()
	for i := range sirens {
		s.sound(ctx, i)
	}
	s.until(ctx, "the last trouble", s.isOver)
	s.restart() // or who was refused would wait
	for i := range sirens {
		s.until(ctx, "report", func() bool { return exists(filepath.Join(s.dir, "spool", "inviati", siren(i)+".esito.txt")) })
	}
	s.server.SetRefuser(nil)
	s.server.SetAckStaller(nil)
	s.server.ReleaseAcks()
	s.judge()
}

// plan spreads the troubles of so many rounds over the messages.
func (s *siege) plan(rounds int) {
	end, order := len(s.people)*len(sirens)*8/10, s.random.Perm(len(s.people))
	add := func(t trouble) {
		m := moment{trouble: t, at: 1 + s.random.IntN(end), unacked: s.random.IntN(2) == 0, phone: s.random.IntN(len(s.people))}
		m.delay = time.Duration(s.random.IntN(20)) * time.Millisecond
		if t == leave || t == forget { // not both, and once
			m.phone, order = order[0], order[1:]
			if t == leave {
				s.leaving[s.people[m.phone]] = true
			}
		}
		s.next = append(s.next, m)
	}
	for range rounds {
		for _, t := range []trouble{
			kill, kill, kill, kill, kill, cut, cut, stalled, stalled, limited, stranger, unmatched,
			forget, forget, forget, again, again, leave, leave, leave, join, join,
		} {
			add(t)
		}
	}
	slices.SortStableFunc(s.next, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	s.hits = make(chan moment, len(s.next))
}

// refuse is asked about every message that the server is offered. It says what to refuse it with.
func (s *siege) refuse(_ *whatsapptest.Phone, id string) (code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offered++
	new := !s.known[id] // nobody sends once more what a phone asked for and the server refused
	s.known[id] = true
	for len(s.next) > 0 && s.offered >= s.next[0].at {
		m := s.next[0]
		if codes[m.trouble] != 0 {
			if code != 0 || !new {
				break // it is the next message's
			}
			code = codes[m.trouble]
		}
		s.holding = s.holding || m.trouble == stalled || m.unacked && (m.trouble == kill || m.trouble == cut)
		s.next = s.next[1:]
		s.hits <- m
	}
	return code
}

func (s *siege) stall(*whatsapptest.Phone, string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holding
}

// strike lets a trouble happen.
func (s *siege) strike(m moment) {
	pause(m.delay)
	phone := s.people[m.phone]
	switch m.trouble {
	case kill:
		s.restart()
	case limited: // nothing leaves for a while
		pause(300 * time.Millisecond)
		s.restart()
	case cut:
		s.server.DropConnections()
		s.release()
	case stalled:
		pause(10 * m.delay)
		s.release()
	case forget:
		phone.ForgetSessions()
	case again:
		if list := phone.Messages(); !s.leaving[phone] {
			phone.AskAgain(list[len(list)-1].ID)
		}
	case leave:
		phone.Text(comune, "Disattiva Notizie")
	case join:
		c := s.server.NewPhone(fmt.Sprintf("+39397%07d", len(s.joined)))
		c.Text(comune, fmt.Sprintf("Attiva Notizie Gianbattista%d Zanardelli%d Saronno", len(s.joined), len(s.joined)))
		s.joined = append(s.joined, c)
	}
}

// release lets acks through again; those of a connection that is gone come over the next one, or never.
func (s *siege) release() {
	s.mu.Lock()
	s.holding = false
	s.mu.Unlock()
	s.server.ReleaseAcks()
}

// restart kills the daemon. Hours go by, so that what was refused for the time being is tried again, and another
// window is set.
func (s *siege) restart() {
	s.daemon.end(syscall.SIGKILL)
	mustDo(s.t, hoursGoBy(s.dir))
	s.write("config.yaml", []string{windowOf(4), windowOf(4), settings}[s.random.IntN(3)])
	s.release()
	s.daemon = s.place.daemon()
}

// hoursGoBy makes what waits for its next attempt due. A repeat that may have left is not hurried so much: its phone says
// within seconds that it has it, which comes only when the daemon is there again.
func hoursGoBy(dir string) error {
	return errors.Join(
		change(dir, `UPDATE deliveries SET due = 1 WHERE state = 'pending' AND due < 9223372036854775807`),
		change(dir, `UPDATE answers SET due = 1 WHERE state = 'pending'`),
		change(dir, `UPDATE repeats SET due = iif(served = 0, 1, min(due, at + 20000)) WHERE waiting = 1`),
		change(dir, `UPDATE red_lights SET until = 1`),
		forgetLogins(dir))
}

// forgetLogins lets the next daemon connect at once, however often the line broke under the one before.
func forgetLogins(dir string) error {
	return changeIn(dir, "session.db", `DELETE FROM banditore_facts WHERE name = 'logins'`)
}

// change does something to the database of a daemon that does not run.
func change(dir, statement string) error { return changeIn(dir, "store.db", statement) }

func changeIn(dir, name, statement string) error {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "data", name)+"?mode=rw&_busy_timeout=5000")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

// isOver tells whether all troubles have come.
func (s *siege) isOver() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.next) == 0 && len(s.hits) == 0
}

func siren(i int) string { return fmt.Sprintf("sirena%d.txt", i+1) }

// sound drops an announcement, and waits until half of the phones show it.
func (s *siege) sound(ctx context.Context, i int) {
	s.t.Helper()
	for _, c := range s.joined {
		if counts(c, map[string]int{"Iscrizione attiva": 1})["Iscrizione attiva"] > 0 {
			s.owed[c] = append(s.owed[c], sirens[i])
		}
	}
	s.write(filepath.Join("spool", "urgenti", siren(i)), sirens[i])
	s.until(ctx, sirens[i], func() bool { return s.seeing(sirens[i]) >= len(s.people)/2 })
}

// stillness is how long nothing may arrive before hours go by: it may all wait for its next attempt.
const stillness = 10 * time.Second

// until deals with the troubles until something is so.
func (s *siege) until(ctx context.Context, what string, good func() bool) {
	s.t.Helper()
	arrived, since := 0, time.Now()
	for !good() {
		select {
		case m := <-s.hits:
			s.strike(m)
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			s.t.Fatalf("%s: %v\n%s", what, ctx.Err(), tail(s.said()))
		}
		n := 0
		for _, text := range sirens {
			n += s.seeing(text)
		}
		if n > arrived {
			arrived, since = n, time.Now()
		} else if time.Since(since) > stillness {
			s.restart()
			since = time.Now()
		}
	}
}
