package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// noon is a time like any other, in whole milliseconds as they are stored.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// town is a store in a directory of its own, and what the tests do with it.
type town struct {
	*Store
	t   testing.TB
	dir string
	ids atomic.Int64
}

func newTown(t testing.TB) *town {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	tw := &town{Store: s, t: t, dir: dir}
	t.Cleanup(func() { must(t, tw.Close()) })
	return tw
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got %+v, want %+v", what, got, want)
	}
}

func (tw *town) newID() string { return fmt.Sprintf("ID%d", tw.ids.Add(1)) }

// idPrefix begins the message IDs of deliveries, in tests.
const idPrefix = "3EB0"

// handle carries out a fresh text.
func (tw *town) handle(from Person, at time.Time, decide func(*Inbox) error) {
	tw.t.Helper()
	fresh, err := tw.Handle(tw.t.Context(), Incoming{ID: "in-" + tw.newID(), From: from, At: at}, at, tw.newID, decide)
	must(tw.t, err)
	equal(tw.t, "fresh", fresh, true)
}

func (tw *town) subscribe(p Person) {
	tw.t.Helper()
	tw.handle(p, noon(), func(i *Inbox) error { return i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}) })
}

// leave cancels and says goodbye, which waits in the outbox.
func (tw *town) leave(p Person, at time.Time) {
	tw.t.Helper()
	tw.handle(p, at, func(i *Inbox) error {
		if _, err := i.Cancel(); err != nil {
			return err
		}
		return i.Answer(Goodbye, "Ciao, Mario")
	})
}

func (tw *town) list() (all []Subscriber) {
	tw.t.Helper()
	for s, err := range tw.Subscribers(tw.t.Context()) {
		must(tw.t, err)
		all = append(all, s)
	}
	return all
}

// only is the one subscriber there is.
func (tw *town) only() Subscriber {
	tw.t.Helper()
	all := tw.list()
	if len(all) != 1 {
		tw.t.Fatalf("got %d subscribers, want 1", len(all))
	}
	return all[0]
}

func announcement(name string) NewAnnouncement {
	return NewAnnouncement{Content: Content{Name: name, File: name, Text: "testo di " + name, AcceptedAt: noon(), NotBefore: noon()}}
}

func (tw *town) publish(a NewAnnouncement) Announcement {
	tw.t.Helper()
	published, err := tw.Publish(tw.t.Context(), a, idPrefix)
	must(tw.t, err)
	return published
}

// look is the announcement as it is now.
func (tw *town) look(id int64) Announcement {
	tw.t.Helper()
	a, err := tw.announcement(tw.t.Context(), id)
	must(tw.t, err)
	return a
}

// claim claims a delivery that must be there.
func (tw *town) claim(now time.Time) Outgoing {
	tw.t.Helper()
	o, ok, err := tw.ClaimDelivery(tw.t.Context(), now, Ordinary, editWindow)
	must(tw.t, err)
	equal(tw.t, "a delivery is due", ok, true)
	return o
}

func (tw *town) claimAnswer(now time.Time) Outgoing {
	tw.t.Helper()
	o, ok, err := tw.ClaimAnswer(tw.t.Context(), now)
	must(tw.t, err)
	equal(tw.t, "an answer is due", ok, true)
	return o
}

// citizen is the n-th of many, in no order of their numbers, so that the pages
// of an index split everywhere.
func citizen(n int) Person {
	scrambled := n * 7919 % 10_000_000
	return Person{Number: Number(fmt.Sprintf("+39333%07d", scrambled)), LID: LID(fmt.Sprintf("1%014d", scrambled))}
}

// crowd puts the first n citizens on the list.
func (tw *town) crowd(n int) {
	tw.t.Helper()
	tw.citizens(0, n)
}

// citizens puts the citizens from..to-1 on the list, in one transaction: a
// registration each would take the tests minutes.
func (tw *town) citizens(from, to int) {
	tw.t.Helper()
	must(tw.t, tw.inTx(tw.t.Context(), func(tx *sql.Tx) error {
		for n := from; n < to; n++ {
			i := &Inbox{ctx: tw.t.Context(), tx: tx, in: Incoming{From: citizen(n)}, now: noon()}
			if err := i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (tw *town) rows(table string) (n int) {
	tw.t.Helper()
	must(tw.t, tw.db.QueryRowContext(tw.t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

// editWindow is how long after it has left a message can be changed, in tests.
const editWindow = 15 * time.Minute
