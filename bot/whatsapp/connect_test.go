package whatsapp_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
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

// gate is a network that can be away.
type gate struct {
	http.RoundTripper
	away atomic.Bool
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if g.away.Load() {
		return nil, errors.New("no route to host")
	}
	return g.RoundTripper.RoundTrip(r)
}

// However long the network was away, we are back within a minute of it.
func TestG3_BackWithinAMinuteOfTheNetwork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		options := w.options()
		network := &gate{RoundTripper: options.HTTPClient.Transport}
		options.HTTPClient = &http.Client{Transport: network}
		client := w.paired(options)
		network.away.Store(true)
		w.server.DropConnections()
		time.Sleep(12 * time.Hour)
		network.away.Store(false)
		start := time.Now()
		if err := client.AwaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("back after %v, want a minute at most", took)
		}
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
		wantSendError(t, client, addressOf(mario), whatsapp.NotSent, whatsapp.FaultLink)
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

// How often we knock while a light is red, and that we are in again soon after its cause has gone.
func TestG7_RedLightsAtLogin(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		reason           int
		attributes       map[string]string
		want             whatsapp.StateChange
		minute, twoHours int // connections, the refused one included
	}{
		{401, nil, whatsapp.StateChange{State: whatsapp.StateLoggedOut, Code: 401}, 1, 1},
		{403, nil, whatsapp.StateChange{State: whatsapp.StateLoggedOut, Code: 403}, 1, 1},
		{406, nil, whatsapp.StateChange{State: whatsapp.StateLoggedOut, Code: 406}, 1, 1},
		{402, map[string]string{"code": "101", "expire": "7300"}, whatsapp.StateChange{State: whatsapp.StateBanned, Code: 101}, 1, 1},
		{405, nil, whatsapp.StateChange{State: whatsapp.StateOutdated, Code: 405}, 2, 8},
		{409, nil, whatsapp.StateChange{State: whatsapp.StateRefused, Code: 409}, 2, 68},
	} {
		t.Run(fmt.Sprint(test.reason), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { redAtLogin(t, test.reason, test.attributes, test.want, test.minute, test.twoHours) })
		})
	}
}

func redAtLogin(t *testing.T, reason int, attributes map[string]string, want whatsapp.StateChange, minute, twoHours int) {
	w := newTown(t)
	w.paired(w.options()).Close()
	w.server.FailLogins(reason, attributes)
	before := w.server.Stats().Connections
	client := w.open(w.options())
	if err := client.Connect(t.Context()); err != nil {
		t.Fatalf("connect: %v", err)
	}
	var state *whatsapp.StateError
	if err := client.AwaitReady(t.Context()); !errors.As(err, &state) || state.State != want.State || state.Code != want.Code {
		t.Fatalf("got %v, want %+v", err, want)
	}
	if want.State == whatsapp.StateBanned {
		if left := time.Until(state.Until); left < 7200*time.Second || left > 7300*time.Second {
			t.Errorf("got a ban of %v, want that of the server", left)
		}
	}
	time.Sleep(time.Minute)
	if got := w.server.Stats().Connections - before; got > minute {
		t.Errorf("got %d connections in the first minute, want %d at most", got, minute)
	}
	time.Sleep(119 * time.Minute)
	if got := w.server.Stats().Connections - before; got > twoHours {
		t.Errorf("got %d connections in two hours, want %d at most", got, twoHours)
	}
	if got := client.State(); got.State != want.State {
		t.Errorf("got state %v after two hours, want %v", got.State, want.State)
	}
	w.server.FailLogins(0, nil)
	if want.State == whatsapp.StateOutdated {
		time.Sleep(2 * time.Hour) // without a newer version nobody hurries
	}
	time.Sleep(11 * time.Minute)
	if got := client.Ready(); got != want.State.Paired() {
		t.Errorf("got ready %v after the cause was gone, want %v", got, want.State.Paired())
	}
}

// A replaced link comes back once, not before a minute; when it is replaced again, a person must look.
func TestG7_ReplacedComesBackOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.paired(w.options())
		before := w.server.Stats().Connections
		w.server.Replace()
		time.Sleep(time.Minute)
		if got := w.server.Stats().Connections - before; got != 0 || client.State().State != whatsapp.StateReplaced {
			t.Errorf("got %d connections within a minute, state %v", got, client.State().State)
		}
		time.Sleep(4 * time.Minute)
		if !client.Ready() {
			t.Error("not back within five minutes though the other is gone")
		}
		w.server.Replace()
		time.Sleep(24 * time.Hour)
		if got := w.server.Stats().Connections - before; got != 1 || client.State().State != whatsapp.StateReplaced {
			t.Errorf("got %d connections in a day, want 1; state %v", got, client.State().State)
		}
	})
}

// A link on which nothing moves any more is noticed, and made anew, within two minutes.
func TestG7_HalfOpenLinkIsMadeAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		w.server.MuteConnections()
		time.Sleep(2 * time.Minute)
		if !client.Ready() {
			t.Fatalf("not ready after two minutes, state %v", client.State().State)
		}
		w.send(client, mario, "buonasera")
		w.settle()
	})
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

// WhatsApp's word about first messages is passed on, and comes again when we were away.
func TestG7_ReachoutLockIsHeard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		type word struct {
			active bool
			until  time.Time
		}
		heard := make(chan word, 10)
		o := w.options()
		o.OnReachoutLock = func(active bool, until time.Time) { heard <- word{active, until} }
		client := w.paired(o)
		w.settle()
		until := time.Now().Add(time.Hour).Truncate(time.Second)
		w.server.RestrictReachout(comuneNumber, true, until)
		if got := <-heard; !got.active || !got.until.Equal(until) {
			t.Errorf("got %v, want active until %v", got, until)
		}
		w.settle()
		synctest.Wait()
		client.Close()
		w.server.RestrictReachout(comuneNumber, false, time.Time{})
		w.again(o)
		if got := <-heard; got.active || !got.until.IsZero() {
			t.Errorf("got %v, want the end", got)
		}
		w.settle()
	})
}

func TestRenewMakesTheConnectionAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		w.settle()
		before := w.server.Stats().Logins
		client.Renew()
		time.Sleep(time.Minute)
		if got := w.server.Stats().Logins - before; got != 1 {
			t.Errorf("%d logins, want one", got)
		}
		w.send(client, mario, "avviso")
		w.settle()
	})
}
