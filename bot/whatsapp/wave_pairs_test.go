package whatsapp_test

import (
	"sync"
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
		var once sync.Once
		answered := make(chan error, 1)
		loads := 0
		client.WatchSessions(func() {
			if loads++; loads < 2 { // the first is the look for whom there is no session with
				return
			}
			once.Do(func() {
				go func() { answered <- client.LookUp(t.Context(), whatsapp.Address{Number: "+393331999999"}) }()
				synctest.Wait()
			})
		})
		wantErrors(t, client.SendWave(t.Context(), lettersTo("due", people[:3]...))())
		if err := <-answered; err != nil {
			t.Errorf("the stranger: %v", err)
		}
		w.shownOnce("due", people[:3]...)
	})
}
