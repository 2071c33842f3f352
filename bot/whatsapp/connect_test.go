package whatsapp_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

func TestReconnectsByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		for range 3 {
			w.server.DropConnections()
			mario.Text(comuneNumber, "ciao")
			box.next(t)
			time.Sleep(time.Minute)
			if err := client.AwaitReady(t.Context()); err != nil {
				t.Fatalf("await ready: %v", err)
			}
		}
		time.Sleep(6 * time.Hour) // quiet hours, with keepalives
		w.send(client, mario, "buonasera")
		w.settle()
	})
}

// What citizens wrote while we were away is handed over before AwaitReady returns: a cancellation among them counts.
func TestBacklogComesBeforeReady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		w.paired(w.options()).Close()
		for range 20 {
			mario.Text(comuneNumber, "ciao")
		}
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		start := time.Now()
		if client := w.again(options); !client.Ready() {
			t.Error("not ready after AwaitReady")
		}
		if got := len(box.texts); got != 20 {
			t.Errorf("got %d texts when ready, want 20", got)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("ready after %v, want as soon as the backlog is over", took)
		}
		w.settle()
	})
}

func TestLoggedOutIsFinal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		var mu sync.Mutex
		var states []whatsapp.State
		options := w.options()
		options.OnState = func(change whatsapp.StateChange) {
			mu.Lock()
			defer mu.Unlock()
			states = append(states, change.State)
		}
		client := w.paired(options)
		w.settle()
		synctest.Wait()
		w.server.Unlink(comuneNumber)
		synctest.Wait()
		if client.State().State != whatsapp.StateLoggedOut || client.Paired() {
			t.Fatalf("got state %v, paired %v", client.State().State, client.Paired())
		}
		time.Sleep(24 * time.Hour)
		var state *whatsapp.StateError
		if err := client.AwaitReady(t.Context()); !errors.As(err, &state) || state.State != whatsapp.StateLoggedOut {
			t.Errorf("await ready: got %v, want the state", err)
		}
		if err := client.Connect(t.Context()); !errors.As(err, &state) {
			t.Errorf("connect: got %v, want the state", err)
		}
		wantSendError(t, client, addressOf(mario), whatsapp.NotSent, whatsapp.FaultSession)
		mu.Lock()
		if last := states[len(states)-1]; last != whatsapp.StateLoggedOut {
			t.Errorf("got %v, want nothing after the logout", states)
		}
		mu.Unlock()

		// The same number may be paired again, and goes on.
		if err := client.Pair(t.Context(), w.scanner(w.comune)); err != nil {
			t.Fatalf("pair again: %v", err)
		}
		w.send(client, mario, "siamo tornati")
		w.settle()
	})
}

func TestRefusedLoginsAreFinal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		reason     int
		attributes map[string]string
		want       whatsapp.StateChange
	}{
		{401, nil, whatsapp.StateChange{State: whatsapp.StateLoggedOut, Code: 401}},
		{403, nil, whatsapp.StateChange{State: whatsapp.StateLoggedOut, Code: 403}},
		{402, map[string]string{"code": "101", "expire": "7200"}, whatsapp.StateChange{State: whatsapp.StateBanned, Code: 101}},
		{405, nil, whatsapp.StateChange{State: whatsapp.StateOutdated, Code: 405}},
		{409, nil, whatsapp.StateChange{State: whatsapp.StateRefused, Code: 409}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newTown(t)
			w.paired(w.options()).Close()
			w.server.FailLogins(test.reason, test.attributes)
			client := w.open(w.options())
			if err := client.Connect(t.Context()); err != nil {
				t.Fatalf("connect: %v", err)
			}
			var state *whatsapp.StateError
			if err := client.AwaitReady(t.Context()); !errors.As(err, &state) {
				t.Fatalf("%d: got %v, want a state", test.reason, err)
			}
			if test.want.State == whatsapp.StateBanned {
				if left := time.Until(state.Until); left < 119*time.Minute || left > 2*time.Hour {
					t.Errorf("%d: got a ban of %v, want two hours", test.reason, left)
				}
			}
			if state.State != test.want.State || state.Code != test.want.Code {
				t.Errorf("%d: got %+v, want %+v", test.reason, state.StateChange, test.want)
			}
			before := w.server.Stats().Connections
			time.Sleep(24 * time.Hour)
			if after := w.server.Stats().Connections; after != before {
				t.Errorf("%d: it came back %d times by itself", test.reason, after-before)
			}
		})
	}
}

func TestConnectEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.paired(w.options()).Close()
		client := w.open(w.options())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := client.Connect(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the context's end", err)
		}
		if err := client.Connect(t.Context()); err != nil {
			t.Errorf("connect after that: %v", err)
		}
		if err := client.AwaitReady(t.Context()); err != nil {
			t.Errorf("await ready: %v", err)
		}
	})
}
