package whatsapptest_test

import (
	"sync/atomic"
	"testing"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestReleaseAcks breaks the line while an ack is withheld: the library repeats the frame
// and is content with the ack that comes at last, on the new connection.
func TestReleaseAcks(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	settle(t, s)
	var seen atomic.Int32
	repeated := make(chan struct{})
	s.SetAckStaller(func(*whatsapptest.Phone, string) bool {
		switch seen.Add(1) {
		case 1:
			s.DropConnections()
		case 2:
			close(repeated)
		}
		return true
	})
	said := make(chan error, 1)
	go func() {
		_, err := c.SendMessage(t.Context(), lidOf(anna), textOf("ciao"))
		said <- err
	}()
	<-repeated
	select {
	case err := <-said:
		t.Errorf("the library did not wait for an ack: %v", err)
	default:
	}
	s.SetAckStaller(nil)
	s.ReleaseAcks()
	if err := <-said; err != nil {
		t.Fatal(err)
	}
	settle(t, s)
	if got := anna.Messages(); len(got) != 1 || anna.Repeats() != 1 {
		t.Errorf("got %d messages and %d repeats, want 1 and 1", len(got), anna.Repeats())
	}
}
