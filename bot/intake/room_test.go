package intake

import (
	"bytes"
	"context"
	"database/sql"
	"image"
	"image/png"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// room is an intake with a real folder and a real list, whose loop the test turns.
type room struct {
	*Intake
	t    *testing.T
	dir  string // the spool
	data string // the list
}

// newRoom opens a room with one person on the list.
func newRoom(t *testing.T) *room {
	t.Helper()
	data := t.TempDir()
	db, err := store.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	now := time.Now()
	in := store.Incoming{ID: "A", From: store.Person{LID: "12345"}, At: now}
	_, err = db.Handle(t.Context(), in, now, whatsapp.NewMessageID, func(i *store.Inbox) error {
		return i.Subscribe(store.Details{GivenName: "N", FamilyName: "N", Comune: "Saronno"}, store.Evidence{})
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, data: data, dir: filepath.Join(t.TempDir(), "spool")}
	r.Intake = New(Options{
		Config: config.Config{
			Service:  config.Service{Name: "@infoSaronno7", Comune: "Saronno"},
			SpoolDir: r.dir,
			Sending:  config.Sending{Location: time.UTC},
			Forget:   config.Forget{DeliveriesDays: 30},
		},
		ScanOnly: true, Store: db, Comune: citizen.NewReader("Saronno").Comune, Log: slog.New(slog.DiscardHandler),
		Note:   func(context.Context, store.Problem) {},
		Hasten: func(context.Context, time.Time) error { return nil },
		Folder: loop.NewBell(), Outgoing: loop.NewBell(), Uploads: loop.NewBell(), Changed: loop.NewBell(),
	})
	if r.Open(t.Context()) == nil {
		t.Fatal("the spool was not opened")
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// drop puts a file into a folder of the spool.
func (r *room) drop(folder, name string, content []byte) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, folder, name), content, 0o660); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) move(name, from, to string) {
	r.t.Helper()
	if err := os.Rename(filepath.Join(r.dir, from, name), filepath.Join(r.dir, to, name)); err != nil {
		r.t.Fatal(err)
	}
}

// turn turns the loop once.
func (r *room) turn() {
	r.t.Helper()
	if err := r.look(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// expect checks what lies in a folder.
func (r *room) expect(folder string, want ...string) {
	r.t.Helper()
	entries, err := os.ReadDir(filepath.Join(r.dir, folder))
	if err != nil {
		r.t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		r.t.Errorf("in %s: %q, want %q", folder, got, want)
	}
}

// picture is a small one.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read reads a file of the spool.
func (r *room) read(folder, name string) string {
	r.t.Helper()
	content, err := os.ReadFile(filepath.Join(r.dir, folder, name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(content)
}

// find is the announcement of that name.
func (r *room) find(name string) store.Announcement {
	r.t.Helper()
	list, err := r.store.Announcements(r.t.Context(), 0)
	if err != nil {
		r.t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(a store.Announcement) bool { return a.Name == name })
	if i < 0 {
		r.t.Fatalf("there is no %s among %+v", name, list)
	}
	return list[i]
}

// only is the one announcement that there is.
func (r *room) only() store.Announcement {
	r.t.Helper()
	list, err := r.store.Announcements(r.t.Context(), 0)
	if err != nil || len(list) != 1 {
		r.t.Fatalf("announcements %+v, %v, want one", list, err)
	}
	return list[0]
}

// next claims the next message of an announcement, if one may leave.
func (r *room) next() (store.Outgoing, bool) {
	r.t.Helper()
	for p := store.Urgent; p >= store.Ordinary; p-- {
		o, ok, err := r.store.ClaimDelivery(r.t.Context(), time.Now(), p, whatsapp.EditWindow)
		if err != nil {
			r.t.Fatal(err)
		}
		if ok {
			return o, true
		}
	}
	return store.Outgoing{}, false
}

// claim is next where something must leave.
func (r *room) claim() store.Outgoing {
	r.t.Helper()
	o, ok := r.next()
	if !ok {
		r.t.Fatal("nothing may leave")
	}
	return o
}

// send lets so many messages leave.
func (r *room) send(n int) {
	r.t.Helper()
	for range n {
		if err := r.store.Sent(r.t.Context(), r.claim(), time.Now()); err != nil {
			r.t.Fatal(err)
		}
	}
}

// sql changes the list behind the store's back.
func (r *room) sql(statement string) {
	r.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(r.data, "store.db"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(r.t.Context(), statement); err != nil {
		r.t.Fatal(err)
	}
}
