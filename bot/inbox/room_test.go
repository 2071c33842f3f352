package inbox_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
	"banditore/bot/inbox"
	"banditore/bot/loop"
	"banditore/bot/settings"
	"banditore/store"
)

// room is an inbox on a store of its own, beside a link that says what the test
// wants.
type room struct {
	*inbox.Inbox
	t    *testing.T
	db   *store.Store
	link *link
}

// link implements [inbox.Line].
type link struct {
	name    string
	waiting int // parts of the history
	over    int // how often it was said that no part is needed any more
}

func (l *link) Link() string                                { return l.name }
func (l *link) HistoryWaiting(context.Context) (int, error) { return l.waiting, nil }
func (l *link) HistoryOver(context.Context) error           { l.over++; return nil }

// newRoom opens a room with the settings of the example, changed if need be.
func newRoom(t *testing.T, change ...func(*inbox.Options)) *room {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	cfg, err := config.Load("../../config.example.yaml", settings.Check)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := settings.Texts(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, db: db, link: &link{}}
	o := inbox.Options{
		Store: db, Log: slog.New(slog.DiscardHandler), Texts: texts, Reader: citizen.NewReader("Saronno"),
		Line: func() inbox.Line { return r.link }, PerPersonHour: 20, KeepQuestions: 48 * time.Hour,
		Outgoing: loop.NewBell(), Changed: loop.NewBell(),
	}
	for _, c := range change {
		c(&o)
	}
	r.Inbox = inbox.New(o)
	return r
}

// waiting is how many messages wait to leave.
func (r *room) waiting() int {
	r.t.Helper()
	n, err := r.db.Waiting(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}
