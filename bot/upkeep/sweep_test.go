package upkeep

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// sweeping notes when session.db is looked through, and answers with fail.
func (r *room) sweeping() (at *[]time.Duration, fail *error) {
	began := time.Now()
	at, fail = new([]time.Duration), new(error)
	r.sweeps = func(context.Context, whatsapp.Reasons) (int, error) {
		*at = append(*at, time.Since(began))
		return 0, *fail
	}
	return at, fail
}

// session.db is looked through at the start, two minutes after somebody may have come
// in, however many come, and once a day.
func TestG5_SweepsComeInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 0)
		at, _ := r.sweeping()
		r.Begin(time.Now())
		r.run(10 * time.Minute)
		if want := []time.Duration{0}; !slices.Equal(*at, want) {
			t.Fatalf("after the start looked at %v, want %v", *at, want)
		}
		*at = nil
		for range 9 { // from the tenth minute on
			r.Kept()
			if !rang(r.outgoing) {
				t.Fatal("the loop was not woken")
			}
			<-r.outgoing
			for range 3 {
				r.Kept() // which wakes nobody again
			}
			if rang(r.outgoing) {
				t.Error("the loop is woken for each of many")
			}
			r.run(2 * time.Minute)
		}
		if len(*at) < 8 || (*at)[0] > 13*time.Minute {
			t.Errorf("with many coming looked at %v", *at)
		}
		for i, then := range (*at)[1:] {
			if pause := then - (*at)[i]; pause < 2*time.Minute {
				t.Errorf("looked again after %v", pause)
			}
		}
		r.run(time.Hour)
		*at = nil
		r.run(49 * time.Hour)
		if len(*at) != 2 {
			t.Errorf("in two quiet days looked at %v", *at)
		}
	})
}

// While the phone's history is read nobody is swept out: it may tell who registered.
func TestG5_SweepsWaitForTheHistory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 0)
		at, _ := r.sweeping()
		r.Begin(time.Now())
		until := time.Now().Add(5 * time.Minute)
		if next := r.due(until); len(*at) != 0 || next.After(until) {
			t.Errorf("looked at %v, next in %v", *at, time.Until(next))
		}
		time.Sleep(time.Until(until))
		if r.due(until); len(*at) != 1 {
			t.Errorf("afterwards looked at %v", *at)
		}
	})
}

// A look that fails is tried again each minute; after five minutes somebody is told, and
// when it goes well again, that it is over.
func TestG11_SweepsThatFail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 0)
		began := time.Now()
		at, fail := r.sweeping()
		*fail = errors.New("the disk is full")
		r.Begin(time.Now())
		r.run(4*time.Minute + 30*time.Second)
		if r.toldSweep.Kind != "" || len(*at) != 5 {
			t.Errorf("too early: %+v, looked at %v", r.toldSweep, *at)
		}
		r.run(2 * time.Minute)
		if p := r.toldSweep; p.Kind != store.ProblemSweep || p.Sentence == "" || p.Advice == "" || p.Severity != store.Alarm || !p.Since.Equal(began) {
			t.Errorf("told of %+v", p)
		}
		*fail = nil
		r.run(2 * time.Minute)
		if p := r.toldSweep; p.Sentence != "" {
			t.Errorf("it goes on: %+v", p)
		}
	})
}

// What a reader keeps from its end is owed like the end of an erasure; it is no sweep
// that failed.
func TestG5_ASweepMayOweItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, 0)
		held := true
		r.compact = func() error {
			if held {
				return whatsapp.ErrBusy
			}
			return nil
		}
		r.sweeps = func(context.Context, whatsapp.Reasons) (int, error) { return 1, r.compact() }
		r.Begin(time.Now())
		r.run(6 * time.Minute)
		if r.told.Sentence == "" || r.toldSweep.Sentence != "" {
			t.Errorf("told of %+v and %+v", r.told, r.toldSweep)
		}
		held = false
		r.run(2 * time.Minute)
		if r.told.Sentence != "" || r.owes() != nil {
			t.Errorf("it is over, and told is %+v", r.told)
		}
	})
}

// The reasons are the list's, and the preview numbers of the configuration.
func TestG5_Reasons(t *testing.T) {
	t.Parallel()
	r := newRoom(t, 2)
	has, err := r.broom.reasons(t.Context(), []whatsapp.Address{{LID: string(person(0).LID)}, {Number: preview}, {LID: preview[1:]}, {Number: "+393330000000"}, {}, {LID: string(person(1).LID)}})
	if want := []bool{true, true, false, false, false, true}; err != nil || !slices.Equal(has, want) {
		t.Errorf("got %v, %v, want %v", has, err, want)
	}
}
