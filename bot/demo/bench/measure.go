package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The senders that are compared.
const (
	plainSender    = "plain"
	ordinarySender = "ordinary"
	urgentSender   = "urgent"
)

// allSenders are those of a whole run, in the order of the tables.
func allSenders() []string { return []string{plainSender, ordinarySender, urgentSender} }

// What a sender's people have got from it before.
const (
	first     = "first contact"
	later     = "later"
	restarted = "after a restart"
)

// measureAt compares the senders at one round trip time, on a server of its own.
func (r *results) measureAt(ctx context.Context, o options, trip time.Duration) error {
	server, err := start("server")
	if err != nil {
		return err
	}
	defer server.kill()
	var addr string
	if err := server.call(ctx, "Address", Nothing{}, &addr); err != nil {
		return err
	}
	for i, name := range o.senders {
		s := &sender{o: o, r: r, trip: trip, name: name, server: server, addr: addr,
			number: fmt.Sprintf("+39334367957%d", i), people: Block{From: i * 1_000_000, People: o.people[name]}}
		if err := s.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return judge(ctx, server)
}

// judge fails a run in which the protocol was offended.
func judge(ctx context.Context, server *process) error {
	var offences []string
	if err := server.call(ctx, "Offences", Nothing{}, &offences); err != nil || len(offences) == 0 {
		return err
	}
	return fmt.Errorf("%d offences against the protocol, first of all %s", len(offences), offences[0])
}

// sender is one who tells people something, with a number, a link and a directory of its own.
type sender struct {
	o      options
	r      *results
	trip   time.Duration
	name   string
	server *process
	addr   string
	client *process
	dir    string
	number string
	people Block
	lids   []string
	texts  int // so far
	before int // who got the first text of a new link, and gets the others too
}

// measure is what happens to one sender, from its link to its third announcement.
func (s *sender) measure(ctx context.Context) (err error) {
	if s.dir, err = os.MkdirTemp("", "banditore-bench-"); err != nil {
		return err
	}
	defer func() {
		if s.client != nil {
			err = errors.Join(err, s.client.stop())
		}
		err = errors.Join(err, os.RemoveAll(s.dir))
	}()
	if err := s.link(ctx); err != nil {
		return err
	}
	f := footprint{trip: s.trip, sender: s.name, people: s.people.People}
	if err := s.tellTwice(ctx, &f); err != nil {
		return err
	}
	if s.name != plainSender {
		if err := s.startAgain(ctx, &f); err != nil {
			return err
		}
	}
	s.r.kept = append(s.r.kept, f)
	return s.server.do(ctx, "RoundTrip", time.Duration(0))
}

// tellTwice tells people something at first contact and later, and ends the client, so that
// what it keeps of them is in its files.
func (s *sender) tellTwice(ctx context.Context, f *footprint) error {
	before, err := s.size(ctx)
	if err != nil {
		return err
	}
	if s.lids, err = s.enlist(ctx, s.people); err != nil {
		return err
	}
	if err := s.server.do(ctx, "RoundTrip", s.trip); err != nil {
		return err
	}
	if err := s.begin(ctx); err != nil {
		return err
	}
	if err := pause(ctx, s.o.putOff); err != nil {
		return err
	}
	for _, contact := range []string{first, later} {
		if err := s.tell(ctx, contact); err != nil {
			return err
		}
	}
	if err := s.client.stop(); err != nil {
		return err
	}
	after, err := s.size(ctx)
	f.session, f.list = after.session-before.session, after.list-before.list
	return err
}

// startAgain tells them a third thing as soon as a new process has logged in.
func (s *sender) startAgain(ctx context.Context, f *footprint) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	if err := s.tell(ctx, restarted); err != nil || s.o.idle == 0 {
		return err
	}
	end, err := s.profile(ctx, "idle")
	if err != nil {
		return err
	}
	before, err := s.client.cpu()
	if err != nil {
		return err
	}
	if err := pause(ctx, s.o.idle); err != nil {
		return err
	}
	after, err := s.client.cpu()
	f.idle, f.idled = after-before, s.o.idle
	return errors.Join(err, end())
}

// tell lets everybody know something new, and measures it.
func (s *sender) tell(ctx context.Context, contact string) error {
	end, err := s.profile(ctx, contact)
	if err != nil {
		return err
	}
	cpu, err := s.client.cpu()
	if err != nil {
		return err
	}
	began := time.Now()
	seen, err := s.say(ctx, s.people, s.lids)
	if err != nil {
		return fmt.Errorf("%s: %w", contact, err)
	}
	if seen.Repeats > 0 {
		return fmt.Errorf("%s: %d messages came twice", contact, seen.Repeats)
	}
	if err := pause(ctx, s.o.putOff); err != nil {
		return err
	}
	spent, err := s.client.cpu()
	if err != nil {
		return err
	}
	row := result{trip: s.trip, sender: s.name, contact: contact, people: s.people.People, first: seen.First.Sub(began), last: seen.Last.Sub(began)}
	row.rate = float64(row.people-1) / max(seen.Last.Sub(seen.First), time.Microsecond).Seconds()
	row.cpu = (spent - cpu) / time.Duration(row.people+s.before)
	if row.peak, err = s.client.peak(); err != nil {
		return err
	}
	s.r.rows = append(s.r.rows, row)
	fmt.Fprintf(os.Stderr, "%6s  %-8s  %-15s  %6d people  %7.1f messages/s  %4d MB\n", inMs(s.trip), s.name, contact, row.people, row.rate, row.peak>>20)
	return end()
}

// profile begins a profile of the client, if profiles are wanted, and returns what ends it.
func (s *sender) profile(ctx context.Context, contact string) (end func() error, err error) {
	if s.o.profiles == "" {
		return func() error { return nil }, nil
	}
	dir, err := filepath.Abs(s.o.profiles)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s-%s-%s.pprof", s.name, s.trip, strings.ReplaceAll(contact, " ", "-"))
	end = func() error { return s.client.do(ctx, "EndProfile", Nothing{}) }
	return end, errors.Join(os.MkdirAll(dir, 0o755), s.client.do(ctx, "BeginProfile", filepath.Join(dir, name)))
}

// say lets people know something new and returns when all of their phones have shown it.
func (s *sender) say(ctx context.Context, people Block, lids []string) (seen Seen, err error) {
	ctx, end := s.client.with(ctx)
	defer end()
	s.texts++
	text := fmt.Sprintf("Avviso numero %d: una notizia per tutti, con qualche parola in più.", s.texts)
	if s.name == plainSender {
		err = s.client.do(ctx, "Send", Letter{LIDs: lids, Text: text})
	} else {
		err = s.drop(fmt.Sprintf("avviso-%d.txt", s.texts), text)
	}
	if err != nil {
		return seen, err
	}
	return seen, s.server.call(ctx, "Await", Wait{Block: people, Text: text}, &seen)
}
