package whatsapp_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// TestG2_SendingAndReceivingTakeTurns: while a send waits for the keys of a new device, a text of the same person arrives.
// It is decrypted after the send has stored its sessions, not in between: else one side's work would undo the other's.
func TestG2_SendingAndReceivingTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		first := w.paired(w.options())
		w.send(first, mario, "avviso")
		w.settle()
		first.Close()
		mario.LinkDevice() // without a session; after a restart its existence is asked for

		received := make(chan time.Time, 1)
		options := w.options()
		options.OnText = func(context.Context, whatsapp.Text) error {
			received <- time.Now()
			return nil
		}
		client := w.again(options)
		const roundTrip = 10 * time.Second
		w.server.SetRoundTrip(roundTrip)
		began := time.Now()
		sent := make(chan error, 1)
		go func() {
			_, err := client.Send(t.Context(), addressOf(mario), whatsapp.NewMessageID(), "avviso")
			sent <- err
		}()
		time.Sleep(4 * time.Second)
		mario.Text(comuneNumber, "ciao") // arrives at 14 s, between the devices (10 s) and the keys (20 s)
		if err := <-sent; err != nil {
			t.Fatalf("send: %v", err)
		}
		if took := (<-received).Sub(began); took < 2*roundTrip || took > 3*roundTrip {
			t.Errorf("the text was handed over after %v, want it to wait for the keys, which come after %v, and not for the ack", took, 2*roundTrip)
		}
		w.server.SetRoundTrip(0)
		w.settle()
	})
}
