package outbox

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// What becomes of a delivery after each end of an attempt, and whether the next
// message may follow at once.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	failed := func(o whatsapp.Outcome, f whatsapp.FaultKind) error { return &whatsapp.SendError{Outcome: o, Fault: f} }
	for _, test := range []struct {
		name   string
		before int // attempts
		err    error

		sent, failed int
		waits        time.Duration // until it may be claimed again; 0 if it has not ended: at once
		charged      int
		pause        bool
	}{
		{"taken", 0, nil, 1, 0, 0, 1, false},
		{"the link is down", 3, failed(whatsapp.NotSent, whatsapp.FaultLink), 0, 0, 0, 0, true},
		{"the link broke on the way", 0, failed(whatsapp.Uncertain, whatsapp.FaultLink), 0, 0, 10 * time.Second, 1, true},
		{"too fast", MaxAttempts, failed(whatsapp.Refused, whatsapp.FaultLimit), 0, 0, probePause, 0, false},
		{"no answer", 0, failed(whatsapp.Uncertain, whatsapp.FaultSession), 0, 0, 10 * time.Second, 1, true},
		{"no answer, once more", 1, failed(whatsapp.Uncertain, whatsapp.FaultSession), 0, 0, 30 * time.Second, 1, true},
		{"no answer, for the last time", MaxAttempts - 1, failed(whatsapp.Uncertain, whatsapp.FaultSession), 0, 1, 0, 1, false},
		{"a bad session", 0, failed(whatsapp.Refused, whatsapp.FaultSession), 0, 0, 10 * time.Second, 1, true},
		{"an error nobody knows", 0, errors.New("strange"), 0, 0, 10 * time.Second, 1, true},
		{"not now", 0, failed(whatsapp.Refused, whatsapp.FaultTemporary), 0, 0, time.Hour, 1, false},
		{"not now, for the last time", MaxAttempts - 1, failed(whatsapp.Refused, whatsapp.FaultTemporary), 0, 1, 0, 1, false},
		{"has to write first", 0, failed(whatsapp.Refused, whatsapp.FaultStranger), 0, 0, 24 * time.Hour, 1, false},
		{"has still to write first", strangerAttempts - 1, failed(whatsapp.Refused, whatsapp.FaultStranger), 0, 1, 0, 1, false},
		{"nobody there", 0, failed(whatsapp.Refused, whatsapp.FaultRecipient), 0, 1, 0, 1, false},
		{"not acceptable", 0, failed(whatsapp.Refused, whatsapp.FaultMessage), 0, 1, 0, 1, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			x, o := claimed(t)
			o.Attempts = test.before
			pause, err := x.settle(t.Context(), []result{x.judge(o, test.err, time.Now(), time.Now())})
			if err != nil {
				t.Fatal(err)
			}
			if pause > 0 != test.pause {
				t.Errorf("pause %v, want one: %v", pause, test.pause)
			}
			list, err := x.Store.Announcements(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			if c := list[0].Counts; c.Sent != test.sent || c.Failed != test.failed {
				t.Errorf("counts %+v, want %d sent and %d failed", c, test.sent, test.failed)
			}
			if test.sent+test.failed == 0 {
				comesBack(t, x.Store, o.MessageID, test.waits, test.charged)
			}
		})
	}
}

// comesBack checks that the message is given out again, after the wait and not
// before, with its ID.
func comesBack(t *testing.T, db *store.Store, id string, wait time.Duration, charged int) {
	t.Helper()
	now := time.Now()
	if wait > 0 {
		if _, ok, err := db.ClaimDelivery(t.Context(), now.Add(wait-5*time.Second), store.Ordinary, whatsapp.EditWindow); ok || err != nil {
			t.Errorf("given out again too early, or %v", err)
		}
	}
	again, ok, err := db.ClaimDelivery(t.Context(), now.Add(wait), store.Ordinary, whatsapp.EditWindow)
	if err != nil || !ok {
		t.Fatalf("not given out again after %v: %v", wait, err)
	}
	if again.MessageID != id || again.Attempts != charged {
		t.Errorf("came back with another ID, or %d attempts, want %d", again.Attempts, charged)
	}
}

// claimed is an outbox with nothing but a list of one person, and the delivery to
// that person in hand.
func claimed(t *testing.T) (*Outbox, store.Outgoing) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	db, err := store.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	in := store.Incoming{ID: "A", From: store.Person{LID: "12345"}, At: now}
	_, err = db.Handle(ctx, in, now, whatsapp.NewMessageID, func(i *store.Inbox) error {
		return i.Subscribe(store.Details{GivenName: "N", FamilyName: "N", Comune: "N"}, store.Evidence{})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Publish(ctx, store.NewAnnouncement{Content: store.Content{Name: "a.txt", File: "a.txt", Text: "a", AcceptedAt: now, NotBefore: now}}, whatsapp.MessageIDPrefix); err != nil {
		t.Fatal(err)
	}
	o, ok, err := db.ClaimDelivery(ctx, now, store.Ordinary, whatsapp.EditWindow)
	if err != nil || !ok {
		t.Fatalf("nothing to claim: %v", err)
	}
	return &Outbox{Options: Options{Log: slog.New(slog.DiscardHandler), Store: db}}, o
}

// A lone message has the folder looked at at once, a stream of them once a second, and
// its last one at once again.
func TestG8_TheFolderIsToldOnceASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x, o := claimed(t)
		x.Folder = loop.NewBell()
		rung := func() bool {
			select {
			case <-x.Folder:
				return true
			default:
				return false
			}
		}
		over := func() { x.record(t.Context(), x.judge(o, nil, time.Now(), time.Now())) }
		time.Sleep(time.Minute)
		if over(); !rung() {
			t.Error("the first message told nobody")
		}
		rings := 0
		for range 60 {
			time.Sleep(50 * time.Millisecond)
			if over(); rung() {
				rings++
			}
		}
		if rings != 3 {
			t.Errorf("%d rings in three seconds of messages", rings)
		}
		time.Sleep(50 * time.Millisecond)
		over()
		if x.tellFolder(); !rung() {
			t.Error("the last message told nobody")
		}
		if x.tellFolder(); rung() {
			t.Error("nothing has ended, and the folder is told")
		}
		o.Announcement = 0
		time.Sleep(time.Minute)
		if over(); rung() {
			t.Error("an answer is no business of the folder's")
		}
	})
}
