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
			_, err := client.Send(t.Context(), addressOf(mario), whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso"})
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

// TestG2_AnsweringARetryTakesATurn: while a send waits for the keys of a new device, the same person's phone asks for an
// earlier message again. The answer is encrypted after the send has stored its sessions: else both would use one counter,
// and the phone would drop what was sent as a repetition.
func TestG2_AnsweringARetryTakesATurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := &outbox{texts: make(map[string]string)}
		options := w.options()
		options.Resend = box.resend
		first := w.paired(options)
		id := w.send(first, mario, "avviso uno")
		box.texts[id] = "avviso uno"
		w.settle()
		first.Close()
		mario.LinkDevice() // without a session; after a restart its existence is asked for
		client := w.again(options)
		w.server.SetRoundTrip(10 * time.Second)
		ask := time.AfterFunc(4*time.Second, func() { mario.AskAgain(id) }) // arrives at 14 s, between the devices (10 s) and the keys (20 s)
		defer ask.Stop()
		w.send(client, mario, "avviso due")
		w.server.SetRoundTrip(0)
		w.settle()
		if got := len(mario.Messages()); got != 2 || mario.Repeats() != 1 {
			t.Errorf("got %d messages and %d repeats, want 2 and the one that was asked for", got, mario.Repeats())
		}
	})
}
