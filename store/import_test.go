package store

import (
	"errors"
	"testing"
	"time"
)

func entry(p Person, consent time.Time) Entry {
	return Entry{Person: p, Details: Details{"Anna", "Bianchi", "Uboldo"}, ConsentAt: consent, Consent: "modulo allo sportello"}
}

func TestImport(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	f := openForgotten(t, tw.dir, keyFile(t))
	must(t, f.Remember([]Erasure{left(citizen(3), noon()), left(citizen(4), noon())}))
	tw.handle(citizen(5), noon(), func(i *Inbox) error { return i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}) })
	tw.leave(citizen(5), noon()) // and is not erased yet
	list := []Entry{
		entry(Person{Number: citizen(0).Number}, noon().Add(time.Hour)), // listed
		entry(Person{LID: citizen(1).LID}, noon().Add(time.Hour)),       // listed
		entry(Person{Number: citizen(3).Number}, noon().Add(-time.Hour)),
		entry(Person{Number: citizen(4).Number}, noon().Add(time.Hour)), // consented again after he left
		entry(Person{Number: citizen(5).Number}, noon().Add(-time.Hour)),
		entry(Person{Number: citizen(6).Number}, noon().Add(-24*time.Hour)),
	}
	now := noon().Add(48 * time.Hour)
	want := Imported{Added: 2, Listed: 2, Unsubscribed: 2}
	got, err := tw.Import(t.Context(), list, f, now, true)
	must(t, err)
	equal(t, "tried", got, want)
	equal(t, "subscribers after the trial", tw.rows("subscribers"), 2)
	got, err = tw.Import(t.Context(), list, f, now, false)
	must(t, err)
	equal(t, "imported", got, want)
	all := tw.list()
	equal(t, "subscribers", len(all), 4)
	equal(t, "untouched", all[0].Details, Details{"Mario", "Rossi", "Saronno"})
	equal(t, "the last", all[3], Subscriber{
		ID: all[3].ID, Person: Person{Number: citizen(6).Number}, Details: Details{"Anna", "Bianchi", "Uboldo"}, Since: now,
		Evidence: Evidence{Written: noon().Add(-24 * time.Hour), Source: "modulo allo sportello"},
	})
	got, err = tw.Import(t.Context(), list, f, now, false)
	must(t, err)
	equal(t, "again", got, Imported{Listed: 4, Unsubscribed: 2})
	n, err := tw.Replay(t.Context(), f, now)
	must(t, err)
	equal(t, "taken off again", n, 0)
}

// All or none.
func TestImportIsOneTransaction(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	_, err := tw.Import(t.Context(), []Entry{entry(citizen(1), noon()), entry(Person{Number: "0331"}, noon())}, nil, noon(), false)
	if !errors.Is(err, ErrNumber) {
		t.Fatalf("got %v, want %v", err, ErrNumber)
	}
	equal(t, "subscribers", tw.rows("subscribers"), 0)
}
