package inbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
	"banditore/bot/inbox"
	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/settings"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// room is an inbox on a store of its own, beside a link that says what the test
// wants.
type room struct {
	*inbox.Inbox
	t       *testing.T
	db      *store.Store
	options inbox.Options
	link    *link
	texts   int             // written so far
	seen    map[string]bool // IDs of the answers to them
}

// link implements [inbox.Line].
type link struct {
	name    string
	waiting int   // parts of the history
	trouble error // instead of an answer
	over    int   // how often it was said that no part is needed any more
}

func (l *link) Link() string                                { return l.name }
func (l *link) HistoryWaiting(context.Context) (int, error) { return l.waiting, l.trouble }
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
	r := &room{t: t, db: db, link: &link{}, seen: map[string]bool{}}
	r.options = inbox.Options{
		Store: db, Log: slog.New(slog.DiscardHandler), Texts: texts, Reader: citizen.NewReader("Saronno"),
		Line: func() inbox.Line { return r.link }, PerPersonHour: 20, KeepQuestions: 48 * time.Hour,
		Outgoing: loop.NewBell(), Changed: loop.NewBell(),
	}
	for _, c := range change {
		c(&r.options)
	}
	r.restart()
	return r
}

// restart goes on with what the store remembers alone.
func (r *room) restart() {
	r.t.Helper()
	r.Inbox = inbox.New(r.options)
	r.must(r.Remember(r.t.Context(), time.Now()))
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// someone is a citizen of whom WhatsApp shows both identities.
func someone(n int) whatsapp.Address {
	return whatsapp.Address{Number: fmt.Sprintf("+39333%07d", n), LID: fmt.Sprintf("1%014d", n)}
}

// text is what somebody writes now.
func (r *room) text(from whatsapp.Address, words string) whatsapp.Text {
	r.texts++
	return whatsapp.Text{ID: fmt.Sprint("TEXT", r.texts), From: from, Kind: whatsapp.KindText, Body: words, At: time.Now()}
}

// take hands texts over, and tells the kinds of the answers to each that wait to
// leave: those to one text in a group, "-" for none.
func (r *room) take(texts ...whatsapp.Text) string {
	r.t.Helper()
	var groups []string
	for _, text := range texts {
		r.must(r.Receive(r.t.Context(), text))
		var kinds []string
		for _, a := range r.record(text.From).Answers {
			if !r.seen[a.MessageID] {
				kinds, r.seen[a.MessageID] = append(kinds, string(a.Kind)), true
			}
		}
		groups = append(groups, strings.Join(append(kinds, "-")[:max(1, len(kinds))], "+"))
	}
	return strings.Join(groups, " ")
}

// say is take for words that somebody writes now, one after the other.
func (r *room) say(from whatsapp.Address, words ...string) string {
	r.t.Helper()
	var groups []string
	for _, w := range words {
		groups = append(groups, r.take(r.text(from, w)))
	}
	return strings.Join(groups, " ")
}

// expect compares what take or say told.
func (r *room) expect(got, want string) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("answered %q, want %q", got, want)
	}
}

func (r *room) record(who whatsapp.Address) store.Record {
	r.t.Helper()
	record, err := r.db.Record(r.t.Context(), message.PersonOf(who))
	r.must(err)
	return record
}

func (r *room) onList(who whatsapp.Address) bool {
	r.t.Helper()
	return r.record(who).Subscriber != nil
}

// leave claims and records what may leave now, and tells its kinds.
func (r *room) leave() string {
	r.t.Helper()
	var kinds []string
	for {
		o, ok, err := r.db.ClaimAnswer(r.t.Context(), time.Now())
		r.must(err)
		if !ok {
			return strings.Join(kinds, " ")
		}
		kinds = append(kinds, string(o.Answer))
		r.must(r.db.Sent(r.t.Context(), o, time.Now()))
	}
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

// gap is a room after a day without a link, and the moment at which it began.
// Maria, the second citizen, is on the list.
func gap(t *testing.T) (r *room, began time.Time) {
	t.Helper()
	r = newRoom(t)
	r.link.name = "first"
	r.say(someone(2), "Attiva Notizie Maria Bianchi Saronno")
	r.leave()
	_, err := r.WatchHistory(t.Context(), time.Now())
	r.must(err)
	time.Sleep(historyPatience)
	_, err = r.WatchHistory(t.Context(), time.Now())
	r.must(err)
	began = time.Now()
	time.Sleep(24 * time.Hour)
	r.link.name = "second"
	return r, began
}

// at is what somebody wrote at a moment.
func (r *room) at(at time.Time, from whatsapp.Address, words string) whatsapp.Text {
	t := r.text(from, words)
	t.At = at
	return t
}

// part hands a part of the history over.
func (r *room) part(texts ...whatsapp.Text) (keep bool) {
	r.t.Helper()
	keep, err := r.HistoryRead(r.t.Context(), r.link.name, texts)
	r.must(err)
	return keep
}
