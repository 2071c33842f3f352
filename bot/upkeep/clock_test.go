package upkeep

import (
	"log/slog"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// When the clock is put back, what was accepted by the wrong one leaves by the
// right one.
func TestG6_AClockThatIsPutBack(t *testing.T) {
	t.Parallel()
	db, o := claimed(t)
	if err := db.Sent(t.Context(), o, time.Now()); err != nil {
		t.Fatal(err)
	}
	u := New(Options{Store: db, Log: slog.New(slog.DiscardHandler)})
	ahead := time.Now().Add(24 * time.Hour)
	if err := u.WatchClock(t.Context(), ahead); err != nil {
		t.Fatal(err)
	}
	a := store.NewAnnouncement{Content: store.Content{Name: "b.txt", File: "b.txt", Text: "b", AcceptedAt: ahead, NotBefore: ahead}}
	if _, err := db.Publish(t.Context(), a, whatsapp.NewMessageID); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if _, ok, err := db.ClaimDelivery(t.Context(), now, store.Ordinary, whatsapp.EditWindow); ok || err != nil {
		t.Fatalf("it leaves already: this test looks at the wrong thing (%v)", err)
	}
	if err := u.WatchClock(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := db.ClaimDelivery(t.Context(), now, store.Ordinary, whatsapp.EditWindow); !ok || err != nil {
		t.Errorf("it waits for the clock to come round again (%v)", err)
	}
}

// claimed returns a store with one person on its list, and an announcement that is
// leaving to them.
func claimed(t *testing.T) (*store.Store, store.Outgoing) {
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
	if _, err := db.Publish(ctx, store.NewAnnouncement{Content: store.Content{Name: "a.txt", File: "a.txt", Text: "a", AcceptedAt: now, NotBefore: now}}, whatsapp.NewMessageID); err != nil {
		t.Fatal(err)
	}
	o, ok, err := db.ClaimDelivery(ctx, now, store.Ordinary, whatsapp.EditWindow)
	if err != nil || !ok {
		t.Fatalf("nothing to claim: %v", err)
	}
	return db, o
}
