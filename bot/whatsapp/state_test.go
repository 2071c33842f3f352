package whatsapp

import (
	"testing"
	"testing/synctest"
	"time"
)

// Were WhatsApp to stop announcing the end of the backlog, the service would still go on, a minute after each login.
func TestReadyWithoutWhatsAppsWord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := openForTest(t, t.TempDir())
		wantReady := func(want bool) {
			t.Helper()
			synctest.Wait()
			if got := c.Ready(); got != want {
				t.Errorf("got ready %v, want %v", got, want)
			}
		}
		c.sessionBegan()
		time.Sleep(backlogLimit - time.Second)
		wantReady(false)
		c.sessionLost(StateChange{State: StateDisconnected})
		c.sessionBegan() // the minute begins anew
		time.Sleep(2 * time.Second)
		wantReady(false)
		time.Sleep(backlogLimit)
		wantReady(true)
		c.sessionLost(StateChange{State: StateDisconnected})
		wantReady(false)
		c.sessionBegan() // what was written meanwhile comes first again
		wantReady(false)
	})
}

// Once WhatsApp has given its word, nobody waits for it any longer.
func TestTheEndOfTheBacklogIsSaidOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := openForTest(t, t.TempDir())
		said := 0
		c.options.OnState = func(StateChange) { said++ }
		c.sessionBegan()
		c.backlogEnded()
		time.Sleep(2 * backlogLimit)
		synctest.Wait()
		if said != 2 {
			t.Errorf("the state was told %d times, want 2: logged in, and ready", said)
		}
	})
}

func TestOnlySomeStatesPassByThemselves(t *testing.T) {
	t.Parallel()
	for state, want := range map[State]bool{
		StateConnecting: false, StateConnected: false, StateDisconnected: false,
		StateUnpaired: true, StateLoggedOut: true, StateReplaced: true, StateBanned: true, StateOutdated: true, StateRefused: true,
	} {
		if got := state.Permanent(); got != want {
			t.Errorf("%s: got %v, want %v", state, got, want)
		}
	}
}
