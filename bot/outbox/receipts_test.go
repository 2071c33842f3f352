package outbox

import (
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

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
