package upkeep

import (
	"errors"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// The list remembers whom to forget until the session has forgotten them, and the
// hash is kept before either: a crash in between is made good.
func TestG5_TheListIsErasedLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 1)
		r.leave(0)
		r.session = func() error { return errors.New("session.db is locked") }
		next := r.due(time.Time{})
		if r.listed() != 1 || !r.forgotten.UnsubscribedAfter(person(0), time.Time{}) {
			t.Fatalf("%d to be forgotten, want the one; left: %v", r.listed(), r.forgotten.UnsubscribedAfter(person(0), time.Time{}))
		}
		if got := time.Until(next); got != eraseTrouble {
			t.Errorf("tried again in %v", got)
		}
		r.session = func() error { return nil }
		time.Sleep(eraseTrouble - time.Second)
		r.due(time.Time{})
		if r.listed() != 1 {
			t.Error("tried again at once")
		}
		time.Sleep(time.Second)
		r.due(time.Time{})
		if r.listed() != 0 || r.erased != 1 {
			t.Errorf("%d to be forgotten, %d erased from the session", r.listed(), r.erased)
		}
	})
}

// Keys that were put aside may hold who is forgotten.
func TestG5_ParkedKeysGoWithWhoeverLeaves(t *testing.T) {
	t.Parallel()
	r := newRoom(t, 1)
	parked := filepath.Join(r.dir, "session.db.parked")
	if err := os.WriteFile(parked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r.leave(0)
	if err := r.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(parked); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("still there: %v", err)
	}
}

// While the phone's history is waited for nobody is forgotten, also not again after
// trouble.
func TestG1_NobodyIsForgottenWhileTheHistoryIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]bool{"as a rule": false, "after trouble": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t, 1)
				if trouble {
					r.Begin(time.Now())
				}
				r.leave(0)
				notBefore := time.Now().Add(10 * time.Minute)
				next := r.due(notBefore)
				if r.listed() != 1 {
					t.Error("forgotten already")
				}
				if !next.Equal(notBefore) {
					t.Errorf("looked at again in %v", time.Until(next))
				}
				time.Sleep(10 * time.Minute)
				r.due(notBefore)
				if r.listed() != 0 {
					t.Error("never forgotten")
				}
			})
		})
	}
}

// Who leaves just after somebody else was forgotten waits a little: each erasure
// writes both databases anew.
func TestWhoLeavesTogetherIsForgottenTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 3)
		r.leave(0)
		r.due(time.Time{})
		time.Sleep(time.Second)
		r.leave(1)
		next := r.due(time.Time{})
		if r.listed() != 1 || time.Until(next) != erasePause-time.Second {
			t.Errorf("%d to be forgotten, in %v", r.listed(), time.Until(next))
		}
		r.leave(2)
		time.Sleep(erasePause)
		r.due(time.Time{})
		if r.listed() != 0 || r.erased != 3 {
			t.Errorf("%d to be forgotten, %d erased", r.listed(), r.erased)
		}
	})
}

// Bytes that an erasure left because a command was reading go at the next start,
// though nobody is to be forgotten any more.
func TestG5_WhatTheLastProcessOwesIsErased(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 2)
		next, end := iter.Pull2(r.db.Subscribers(t.Context()))
		defer end()
		if _, err, ok := next(); err != nil || !ok {
			t.Fatalf("the list cannot be read: %v", err)
		}
		r.leave(0)
		r.leave(1)
		r.due(time.Time{})
		if !r.traces("Ermenegilda") || r.listed() != 0 {
			t.Fatalf("%d to be forgotten: the reader did not hinder the erasure, this test looks at the wrong thing", r.listed())
		}
		end()
		r.start()
		r.Begin(time.Now())
		r.due(time.Time{})
		if r.traces("Ermenegilda") {
			t.Error("still there")
		}
	})
}
