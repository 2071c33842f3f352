package outbox

import (
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// What phones say within a moment is noted in one go, whatever comes first, and
// who shows it is told once.
func TestReceiptsOfAMomentAreNotedTogether(t *testing.T) {
	t.Parallel()
	now := time.Now()
	delivered, read := whatsapp.Receipt{At: now}, whatsapp.Receipt{At: now, Read: true}
	for name, said := range map[string][]whatsapp.Receipt{
		"in order": {delivered, read}, "turned round": {read, delivered}, "said again": {delivered, read, read, delivered},
	} {
		x, o, _ := wired(t)
		x.brake.sending(o.MessageID)
		for i := range said {
			said[i].IDs = []string{o.MessageID, "unknown"}
		}
		if err := x.Receipts(t.Context(), said); err != nil {
			t.Fatal(err)
		}
		list, err := x.Store.Announcements(t.Context(), 1)
		if err != nil || len(list) != 1 || list[0].Delivered != 1 || list[0].Read != 1 {
			t.Errorf("%s: got %+v, %v, want one that was read", name, list, err)
		}
		if !rang(x.Changed) || !x.brake.heard(o.MessageID) {
			t.Errorf("%s: nobody was told", name)
		}
	}
}

// A phone that could not decrypt a message gets it again while it is its
// recipient's to read, and never another.
func TestResendGivesOnlyWhatMayBeRead(t *testing.T) {
	t.Parallel()
	x, o := claimed(t)
	if content, ok := x.Resend(t.Context(), o.MessageID); !ok || content.Text != o.Text {
		t.Errorf("got %q, %v, want the text of the message", content.Text, ok)
	}
	if _, ok := x.Resend(t.Context(), "unknown"); ok {
		t.Error("an unknown message has a text")
	}
	in := store.Incoming{ID: "B", From: o.To, At: time.Now()}
	if _, err := x.Store.Handle(t.Context(), in, time.Now(), whatsapp.NewMessageID, func(i *store.Inbox) error {
		_, err := i.Cancel()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, ok := x.Resend(t.Context(), o.MessageID); ok {
		t.Error("who has left gets the message again")
	}
}
