package upkeep

import (
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// When the clock is put back, what was accepted by the wrong one leaves by the
// right one.
func TestG6_AClockThatIsPutBack(t *testing.T) {
	t.Parallel()
	r := newRoom(t, 1)
	db, u := r.db, r.Upkeep
	r.publish(store.Content{Name: "a.txt", File: "a.txt", Text: "a", AcceptedAt: time.Now(), NotBefore: time.Now()})
	o, ok, err := db.ClaimDelivery(t.Context(), time.Now(), store.Ordinary, whatsapp.EditWindow)
	if err != nil || !ok {
		t.Fatalf("nothing to claim: %v", err)
	}
	if err := db.Sent(t.Context(), o, time.Now()); err != nil {
		t.Fatal(err)
	}
	ahead := time.Now().Add(24 * time.Hour)
	if err := u.WatchClock(t.Context(), ahead); err != nil {
		t.Fatal(err)
	}
	r.publish(store.Content{Name: "b.txt", File: "b.txt", Text: "b", AcceptedAt: ahead, NotBefore: ahead})
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
