package bot

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
	b, o := claimed(t)
	if err := b.store.Sent(t.Context(), o, time.Now()); err != nil {
		t.Fatal(err)
	}
	ahead := time.Now().Add(24 * time.Hour)
	if err := b.watchClock(t.Context(), ahead); err != nil {
		t.Fatal(err)
	}
	a := store.NewAnnouncement{Name: "b.txt", File: "b.txt", Text: "b", AcceptedAt: ahead, NotBefore: ahead}
	if _, err := b.store.Publish(t.Context(), a, whatsapp.NewMessageID); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if _, ok, err := b.store.ClaimDelivery(t.Context(), now, store.Ordinary, whatsapp.EditWindow); ok || err != nil {
		t.Fatalf("it leaves already: this test looks at the wrong thing (%v)", err)
	}
	if err := b.watchClock(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := b.store.ClaimDelivery(t.Context(), now, store.Ordinary, whatsapp.EditWindow); !ok || err != nil {
		t.Errorf("it waits for the clock to come round again (%v)", err)
	}
}
