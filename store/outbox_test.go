package store

import (
	"testing"
	"time"
)

func TestLifeOfADelivery(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := tw.publish(announcement("fiera.txt"))
	equal(t, "counts", a.Counts, Counts{Recipients: 2, Waiting: 2})
	first, second := tw.claim(noon()), tw.claim(noon())
	if first.MessageID == second.MessageID || first.To == second.To {
		t.Fatalf("claimed %v and %v", first.MessageID, second.MessageID)
	}
	equal(t, "text", first.Text, "testo di fiera.txt")
	must(t, tw.Sent(t.Context(), first, noon().Add(time.Second)))
	equal(t, "state", tw.look(a.ID).State, Running)
	must(t, tw.Sent(t.Context(), second, noon().Add(2*time.Second)))
	must(t, tw.Receipt(t.Context(), []string{first.MessageID, second.MessageID, "unknown"}, Delivered, noon()))
	must(t, tw.Receipt(t.Context(), []string{second.MessageID}, Read, noon()))
	got := tw.look(a.ID)
	equal(t, "counts", got.Counts, Counts{Recipients: 2, Sent: 2, Delivered: 2, Read: 1})
	equal(t, "state", got.State, Finished)
	equal(t, "first", got.FirstSent, noon().Add(time.Second))
	equal(t, "last", got.LastSent, noon().Add(2*time.Second))
}
