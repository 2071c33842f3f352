package upkeep

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// room is the upkeep of a real list, and what it has told the others.
type room struct {
	*Upkeep
	t         *testing.T
	db        *store.Store
	forgotten *store.Forgotten
	dir       string
	session   func() error // erases from the session
	compact   func() error // completes that
	told      store.Problem
	toldSweep store.Problem
	erased    int // people, from the session
	sweeps    func(context.Context, whatsapp.Reasons) (int, error)
	outgoing  loop.Bell
	changed   loop.Bell
	folder    loop.Bell
}

// preview is the number in the configuration.
const preview = "+393339999999"

// newRoom opens a room with so many people on the list.
func newRoom(t *testing.T, people int) *room {
	t.Helper()
	r := &room{t: t, dir: t.TempDir(), session: nothing, compact: nothing, outgoing: loop.NewBell(), changed: loop.NewBell(), folder: loop.NewBell()}
	r.sweeps = func(context.Context, whatsapp.Reasons) (int, error) { return 0, nil }
	key := filepath.Join(t.TempDir(), "forget.key")
	err := os.WriteFile(key, []byte("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if r.forgotten, err = store.OpenForgotten(r.dir, key); err != nil {
		t.Fatal(err)
	}
	if r.db, err = store.Open(t.Context(), r.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.db.Close() })
	for n := range people {
		in := store.Incoming{ID: fmt.Sprint(n), From: person(n), At: time.Now()}
		_, err := r.db.Handle(t.Context(), in, in.At, whatsapp.NewMessageID, func(i *store.Inbox) error {
			return i.Subscribe(store.Details{GivenName: "Ermenegilda", FamilyName: "N", Comune: "N"}, store.Evidence{})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	r.start()
	return r
}

// start is a new process.
func (r *room) start() {
	r.Upkeep = New(Options{
		Store: r.db, Forgotten: r.forgotten, Log: slog.New(slog.DiscardHandler), DataDir: r.dir,
		Forget: config.Forget{DeliveriesDays: 30, RememberDays: 90},
		ForgetSession: func(_ context.Context, people []whatsapp.Address) error {
			if err := r.session(); err != nil {
				return err
			}
			r.erased += len(people)
			return nil
		},
		CompactSession: func(context.Context) error { return r.compact() },
		SweepSession:   func(ctx context.Context, reasons whatsapp.Reasons) (int, error) { return r.sweeps(ctx, reasons) },
		Previews:       []store.Number{preview},
		Note: func(_ context.Context, p store.Problem) {
			if p.Kind == store.ProblemSweep {
				r.toldSweep = p
				return
			}
			r.told = p
		},
		Outgoing: r.outgoing, Changed: r.changed, Folder: r.folder,
	})
}

func person(n int) store.Person { return store.Person{LID: store.LID(fmt.Sprint(12345 + n))} }

// leave takes the nth person off the list, to be forgotten at once.
func (r *room) leave(n int) {
	r.t.Helper()
	if _, err := r.db.Forget(r.t.Context(), person(n), time.Now(), time.Now()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) publish(c store.Content) {
	r.t.Helper()
	if _, err := r.db.Publish(r.t.Context(), store.NewAnnouncement{Content: c}, whatsapp.MessageIDPrefix); err != nil {
		r.t.Fatal(err)
	}
}

// due does what is due now, and tells when there is something to do again.
func (r *room) due(notBefore time.Time) time.Time {
	r.t.Helper()
	due, err := r.Due(r.t.Context(), time.Now(), notBefore)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.Next(due, notBefore)
}

// listed is how many people are still to be forgotten.
func (r *room) listed() int {
	r.t.Helper()
	list, err := r.db.DueErasures(r.t.Context(), time.Now())
	if err != nil {
		r.t.Fatal(err)
	}
	return len(list)
}

// traces tells whether the list's files hold a word.
func (r *room) traces(word string) bool {
	r.t.Helper()
	files, err := filepath.Glob(filepath.Join(r.dir, "store.db*"))
	if err != nil || len(files) == 0 {
		r.t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			r.t.Fatal(err)
		}
		if bytes.Contains(content, []byte(word)) {
			return true
		}
	}
	return false
}

func nothing() error { return nil }

func rang(b loop.Bell) bool { return len(b) > 0 }
