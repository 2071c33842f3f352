package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"banditore/store"
)

// link makes the Comune's phone, links a client with it, lets the client tell one person
// something, which a new link has to wait for, and ends it.
func (s *sender) link(ctx context.Context) error {
	if err := errors.Join(os.Mkdir(s.data(), 0o700), configFile(s.dir, s.number)); err != nil {
		return err
	}
	if err := s.server.do(ctx, "Phone", s.number); err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	var code string
	if err := s.client.call(ctx, "Link", Nothing{}, &code); err != nil {
		return err
	}
	if err := s.server.do(ctx, "Scan", Scan{Number: s.number, Code: code}); err != nil {
		return err
	}
	if err := s.client.do(ctx, "Begin", Nothing{}); err != nil {
		return err
	}
	if s.name != plainSender {
		if err := s.endHistory(ctx); err != nil {
			return err
		}
		s.before = 1
	}
	one := Block{From: s.people.From + s.people.People, People: 1}
	lids, err := s.enlist(ctx, one)
	if err != nil {
		return err
	}
	if _, err := s.say(ctx, one, lids); err != nil {
		return err
	}
	return s.client.stop()
}

// open starts the client's process.
func (s *sender) open() (err error) {
	args := []string{s.dir, s.addr}
	if s.name == plainSender {
		args[0] = s.data()
	}
	if s.o.verbose {
		args = append(args, "verbose")
	}
	s.client, err = start(s.name, args...)
	return err
}

// begin starts the client's process and returns when it has logged in.
func (s *sender) begin(ctx context.Context) error {
	if err := s.open(); err != nil {
		return err
	}
	var before int
	if err := s.server.call(ctx, "Logins", Nothing{}, &before); err != nil {
		return err
	}
	if err := s.client.do(ctx, "Begin", Nothing{}); err != nil {
		return err
	}
	return until(ctx, func() (bool, error) {
		var now int
		err := s.server.call(ctx, "Logins", Nothing{}, &now)
		return now > before, err
	})
}

// endHistory spares the run the ten seconds in which a new link waits for what the phone has
// to tell of the past, which is nothing here, and waits for the folders.
func (s *sender) endHistory(ctx context.Context) error {
	db, err := store.Open(ctx, s.data())
	if err != nil {
		return err
	}
	defer db.Close()
	err = until(ctx, func() (bool, error) {
		gap, err := db.Gap(ctx)
		return gap.Link != "", err
	})
	if err != nil {
		return err
	}
	if err := db.CloseGap(ctx); err != nil {
		return err
	}
	return until(ctx, func() (bool, error) {
		_, err := os.Stat(filepath.Join(s.dir, "spool", "stato.html"))
		return err == nil, nil
	})
}

// until asks again and again, but not for ever.
func until(ctx context.Context, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if is, err := done(); is || err != nil {
			return err
		}
		if err := pause(ctx, 2*time.Millisecond); err != nil {
			return err
		}
	}
}
