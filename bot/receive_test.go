package bot

import (
	"log/slog"
	"testing"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/settings"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// G9: a text whose sender has no possible address cannot be answered. It must
// not come back for ever, as one does whose handling failed.
func TestG9_ASenderWithoutAnAddressIsPassedOver(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	cfg, err := config.Load("../config.example.yaml", settings.Check)
	if err != nil {
		t.Fatal(err)
	}
	words, err := settings.Texts(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b := &Bot{log: slog.New(slog.DiscardHandler), store: db, texts: words, reader: citizen.NewReader("Saronno"), outgoing: loop.NewBell(), changed: loop.NewBell(),
		chatter: newChatter(20)}
	for _, test := range []struct {
		name    string
		text    whatsapp.Text
		answers int
	}{
		{"too short a number", whatsapp.Text{ID: "A", From: whatsapp.Address{Number: "+123"}}, 0},
		{"too long a number", whatsapp.Text{ID: "B", From: whatsapp.Address{Number: "+1234567890123456"}}, 0},
		{"no address", whatsapp.Text{ID: "C"}, 0},
		{"no message ID", whatsapp.Text{From: whatsapp.Address{LID: "12345"}}, 0},
		{"a LID makes up for the number", whatsapp.Text{ID: "D", From: whatsapp.Address{Number: "+123", LID: "12345"}}, 1},
	} {
		before, err := db.Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		test.text.Body = "Aiuto"
		if err := b.handle(t.Context(), &reply{Bot: b, text: test.text}, time.Now()); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		after, err := db.Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if after-before != test.answers {
			t.Errorf("%s: %d answers, want %d", test.name, after-before, test.answers)
		}
	}
}

// A phone that could not decrypt a message gets it again while it is its
// recipient's to read, and never another.
func TestResendGivesOnlyWhatMayBeRead(t *testing.T) {
	t.Parallel()
	b, o := claimed(t)
	if content, ok := b.resend(t.Context(), o.MessageID); !ok || content.Text != o.Text {
		t.Errorf("got %q, %v, want the text of the message", content.Text, ok)
	}
	if _, ok := b.resend(t.Context(), "unknown"); ok {
		t.Error("an unknown message has a text")
	}
	in := store.Incoming{ID: "B", From: o.To, At: time.Now()}
	if _, err := b.store.Handle(t.Context(), in, time.Now(), whatsapp.NewMessageID, func(i *store.Inbox) error {
		_, err := i.Cancel()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, ok := b.resend(t.Context(), o.MessageID); ok {
		t.Error("who has left gets the message again")
	}
}
