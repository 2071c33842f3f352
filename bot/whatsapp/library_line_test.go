package whatsapp_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// What we rely on in the library, at the version that go.mod pins, and what an earlier one did otherwise.

// The library waits for its queue when it hangs up, up to five seconds: a stop must stay far below the ten that are promised,
// connected or not, quiet or in the middle of a backlog.
func TestLibraryStopsQuickly(t *testing.T) {
	t.Parallel()
	for name, disturb := range map[string]func(*town, *clientState){
		"quiet":   func(*town, *clientState) {},
		"mute":    func(w *town, _ *clientState) { w.server.MuteConnections() },
		"broken":  func(w *town, _ *clientState) { w.server.DropConnections() },
		"backlog": func(w *town, s *clientState) { s.backlog = 200 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				mario := w.server.NewPhone(marioNumber)
				client := w.paired(w.options())
				state := &clientState{}
				disturb(w, state)
				for range state.backlog {
					mario.Text(comuneNumber, "ciao")
				}
				start := time.Now()
				if err := client.Close(); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took > 4*time.Second {
					t.Errorf("the stop took %v", took)
				}
				time.Sleep(2 * time.Minute)
			})
		})
	}
}

type clientState struct{ backlog int }

// A line that breaks just when WhatsApp lets us in leaves no session that looks connected and never was.
func TestLibraryLosesNoSuccess(t *testing.T) {
	t.Parallel()
	for step := range 12 {
		synctest.Test(t, func(t *testing.T) {
			w := newTown(t)
			w.paired(w.options()).Close()
			w.server.SetRoundTrip(10 * time.Millisecond)
			client := w.open(w.options())
			before := w.server.Stats().Logins
			go func() {
				for w.server.Stats().Logins == before {
					time.Sleep(time.Millisecond)
				}
				time.Sleep(time.Duration(step) * 2 * time.Millisecond)
				w.server.DropConnections()
			}()
			if err := client.Connect(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := client.AwaitReady(ctx); err != nil {
				t.Errorf("step %d: %v, state %v", step, err, client.State().State)
			}
			if got := w.server.Stats().Logins - before; got < 2 {
				t.Errorf("step %d: %d logins, so the line did not break", step, got)
			}
			w.settle()
			synctest.Wait()
			client.Close()
			time.Sleep(2 * time.Minute)
		})
	}
}
