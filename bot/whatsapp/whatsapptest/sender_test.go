package whatsapptest_test

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// TestOwnPhoneTellsThatItLives counts the receipts of the account's other devices for what its client sent: none while
// they are off, and all of them, with the time of then, when they are on again.
func TestOwnPhoneTellsThatItLives(t *testing.T) {
	t.Parallel()
	inTown(t, func(t *testing.T, w *town) {
		c, _ := w.relink()
		defer leave(c)
		web := w.office.LinkDevice()
		settle(t, w.s)
		receipts := func() (list []*events.Receipt) {
			settle(t, w.s)
			for len(c.events) > 0 {
				if r, ok := (<-c.events).(*events.Receipt); ok && r.Type == types.ReceiptTypeSender {
					list = append(list, r)
				}
			}
			return list
		}
		c.say(lidOf(w.anna), "uno")
		c.say(lidOf(w.anna), "due")
		seen := map[uint16]int{}
		for _, r := range receipts() {
			seen[r.Sender.Device]++
			if !r.IsFromMe || r.Chat != lidOf(w.anna) || r.Sender.User != w.office.LID() {
				t.Errorf("got a receipt of %v in %v", r.Sender, r.Chat)
			}
		}
		if len(seen) != 2 || seen[0] != 2 || seen[2] != 1 && seen[2] != 2 {
			t.Errorf("got receipts %v by device, want two of the phone and those of the computer", seen)
		}
		w.office.GoOffline()
		web.UnlinkDevice()
		c.say(lidOf(w.anna), "tre")
		id := c.say(lidOf(w.anna), "quattro")
		if got := receipts(); len(got) != 0 {
			t.Errorf("got %d receipts of a phone that is off", len(got))
		}
		time.Sleep(72 * time.Hour)
		w.office.GoOnline()
		got := receipts()
		if len(got) != 2 || got[1].MessageIDs[0] != id || time.Since(got[1].Timestamp) > time.Minute {
			t.Errorf("got %d receipts, want those of both messages, from now", len(got))
		}
		w.office.KeepQuiet()
		c.say(lidOf(w.anna), "cinque")
		if got := receipts(); len(got) != 0 {
			t.Errorf("got %d receipts of a phone that keeps quiet", len(got))
		}
	})
}
