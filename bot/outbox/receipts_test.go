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
	from := whatsapp.Sender{LIDs: []string{"12345"}}
	delivered, read := whatsapp.Receipt{From: from, At: now}, whatsapp.Receipt{From: from, At: now, Read: true}
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

// What a stranger says of a message counts for nothing, and is counted: it neither
// reaches the minutes, nor ends a delivery that is being tried, nor turns a light green.
func TestG4_AStrangersReceiptCountsForNothing(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]whatsapp.Sender{
		"nobody": {}, "a stranger": {Numbers: []string{"+393330000001"}, LIDs: []string{"54321"}},
		"a number without a LID": {Numbers: []string{"+393330000001"}},
	} {
		x, o, _ := wired(t)
		x.brake.sending(o.MessageID)
		x.brake.row = []store.Outgoing{o}
		x.brake.set(store.RedLight{Light: store.LightFailing, Since: time.Now(), Until: time.Now()})
		for _, read := range []bool{false, true} {
			if err := x.Receipts(t.Context(), []whatsapp.Receipt{{From: from, IDs: []string{"unknown", o.MessageID}, At: time.Now(), Read: read}}); err != nil {
				t.Fatal(err)
			}
		}
		list, err := x.Store.Announcements(t.Context(), 1)
		if err != nil || list[0].Delivered != 0 || list[0].Read != 0 {
			t.Errorf("%s: counted as %+v, %v", name, list[0].Counts, err)
		}
		if x.brake.heard(o.MessageID) || len(x.brake.red()) != 1 || !x.Wanted(t.Context(), o.MessageID) {
			t.Errorf("%s: believed", name)
		}
		if strays, err := x.Store.Strays(t.Context()); err != nil || strays[store.StrayReceipt] != 2 {
			t.Errorf("%s: %v strays, %v", name, strays, err)
		}
	}
}

// A phone that could not decrypt a message gets it again while it is its
// recipient's to read, and never another.
func TestResendGivesOnlyWhatMayBeRead(t *testing.T) {
	t.Parallel()
	x, o := claimed(t)
	if content, ok := x.Resend(t.Context(), o.MessageID, whatsapp.Sender{LIDs: []string{"12345"}}); !ok || content.Text != o.Text {
		t.Errorf("got %q, %v, want the text of the message", content.Text, ok)
	}
	if _, ok := x.Resend(t.Context(), "unknown", whatsapp.Sender{LIDs: []string{"12345"}}); ok {
		t.Error("an unknown message has a text")
	}
	in := store.Incoming{ID: "B", From: o.To, At: time.Now()}
	if _, err := x.Store.Handle(t.Context(), in, time.Now(), whatsapp.NewMessageID, func(i *store.Inbox) error {
		_, err := i.Cancel()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, ok := x.Resend(t.Context(), o.MessageID, whatsapp.Sender{LIDs: []string{"12345"}}); ok {
		t.Error("who has left gets the message again")
	}
}
