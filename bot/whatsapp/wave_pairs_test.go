package whatsapp_test

import (
	"testing"
	"testing/synctest"

	"banditore/bot/whatsapp"
)

// TestG3_NoWaveWaitsForWhoWaitsForIt asks for the LID of a stranger in the middle of the transaction of a wave, while some
// number is in doubt: that waits for the transaction, with the lock of the library's memory of identities.
func TestG3_NoWaveWaitsForWhoWaitsForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(4)
		client := w.paired(w.options())
		wantErrors(t, client.SendWave(t.Context(), lettersTo("uno", people...))())
		w.settle()
		client.Doubt(addressOf(people[3]))
		answered := make(chan error, 1)
		amidAWave(client, func() {
			go func() { answered <- client.LookUp(t.Context(), whatsapp.Address{Number: "+393331999999"}) }()
			synctest.Wait()
		})
		wantErrors(t, client.SendWave(t.Context(), lettersTo("due", people[:3]...))())
		if err := <-answered; err != nil {
			t.Errorf("the stranger: %v", err)
		}
		w.shownOnce("due", people[:3]...)
	})
}

// Within a transaction of session.db each way to ask for the other half of a pair goes past that memory, and knows the same.
func TestG3_PairsWithinATransaction(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		mario.Text(comuneNumber, "ciao") // so that both identities are known
		w.settle()
		stranger := whatsapp.Address{Number: "+393331999999", LID: "999"}
		answered := make(chan error, 1)
		meanwhile := func() {
			go func() { answered <- client.LookUp(t.Context(), stranger) }()
			synctest.Wait()
		}
		for _, test := range []struct {
			who   whatsapp.Address
			known bool
		}{{whatsapp.Address{Number: mario.Number(), LID: mario.LID()}, true}, {stranger, false}} {
			number, lid, many, err := client.PairWithin(t.Context(), test.who, meanwhile)
			if err != nil || (number == test.who.Number) != test.known || (lid == test.who.LID) != test.known || (many == test.who.LID) != test.known {
				t.Errorf("known %v: %q, %q, %q, %v", test.known, number, lid, many, err)
			}
			if meanwhile = func() {}; test.known {
				if err := <-answered; err != nil {
					t.Error(err)
				}
			}
		}
	})
}
