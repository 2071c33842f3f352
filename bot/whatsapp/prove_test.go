package whatsapp_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// A link is one when WhatsApp lets us in, and proving it twice costs nothing.
func TestProve(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		unlinked := w.open(w.options())
		var state *whatsapp.StateError
		if err := unlinked.Prove(t.Context()); !errors.As(err, &state) || state.State != whatsapp.StateUnpaired {
			t.Errorf("got %v of no link", err)
		}
		unlinked.Close()
		w.paired(w.options()).Close()
		client := w.open(w.options())
		before := w.server.Stats().Logins
		for range 2 {
			if err := client.Prove(t.Context()); err != nil {
				t.Fatalf("prove: %v", err)
			}
		}
		if err := client.AwaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.server.Stats().Logins - before; got != 1 {
			t.Errorf("%d logins, want one", got)
		}
		w.settle()
	})
}

// A link that the phone ended while the service was stopped is no link, and another one can be made at once.
func TestG3_LinkThatEndedWhileWeWereAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		w.paired(w.options()).Close()
		w.server.Unlink(comuneNumber)
		client := w.open(w.options())
		if !client.Paired() {
			t.Fatal("session.db holds no link")
		}
		var state *whatsapp.StateError
		if err := client.Prove(t.Context()); !errors.As(err, &state) || state.State != whatsapp.StateLoggedOut || client.Paired() {
			t.Fatalf("got %v, paired %v", err, client.Paired())
		}
		if err := client.Pair(t.Context(), w.scanner(w.comune)); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if err := client.AwaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.send(client, mario, "siamo tornati")
		w.settle()
	})
}

// Between the scan and the login nobody is reached for half an hour: the keys are good, and the person is told meanwhile.
func TestLineLostBeforeTheLogin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.open(w.options())
		screen := w.scanner(w.comune)
		scan := screen.Code
		screen.Code = func(code string, valid time.Duration) {
			scan(code, valid)
			w.server.FailLogins(503, nil) // WhatsApp has no time for us
		}
		troubles := 0
		screen.Trouble = func(err error) {
			troubles++
			var unreachable *whatsapp.UnreachableError
			if !errors.As(err, &unreachable) {
				t.Errorf("got %v", err)
			}
		}
		time.AfterFunc(30*time.Minute, func() { w.server.FailLogins(0, nil) })
		start := time.Now()
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if took := time.Since(start); took < 30*time.Minute || took > 32*time.Minute || troubles < 20 || troubles > 40 {
			t.Errorf("linked after %v, %d troubles", took, troubles)
		}
		w.settle()
	})
}

func TestProveEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.paired(w.options()).Close()
		w.server.FailLogins(503, nil)
		client := w.open(w.options())
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		if err := client.Prove(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 6*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		var unreachable *whatsapp.UnreachableError
		if err := client.Prove(t.Context()); !errors.As(err, &unreachable) {
			t.Errorf("got %v, want that nobody was reached", err)
		}
		w.server.FailLogins(0, nil)
		if err := client.Prove(t.Context()); err != nil {
			t.Errorf("prove: %v", err)
		}
		w.settle()
	})
}

// Unlinking leaves no device behind, on the phone or here, and raises no alarm; the phone may have been first.
func TestUnlink(t *testing.T) {
	t.Parallel()
	for _, connected := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newTown(t)
			options := w.options()
			var alarms atomic.Int64
			options.OnState = func(change whatsapp.StateChange) {
				if change.State == whatsapp.StateLoggedOut {
					alarms.Add(1)
				}
			}
			client := w.paired(options)
			w.settle()
			synctest.Wait()
			if !connected {
				client.Close()
				client = w.open(options)
			}
			if err := client.Unlink(t.Context()); err != nil {
				t.Fatalf("unlink: %v", err)
			}
			time.Sleep(2 * time.Minute)
			if got := client.State(); got.State != whatsapp.StateUnpaired || got.Code != 0 || client.Paired() {
				t.Errorf("got %+v, paired %v", got, client.Paired())
			}
			if n := alarms.Load(); n != 0 {
				t.Errorf("an alarm was raised, %d times", n)
			}
			if _, linked, err := whatsapp.PairedNumber(t.Context(), w.dir); linked || err != nil {
				t.Errorf("session.db: %v, %v", linked, err)
			}
			if err := client.Unlink(t.Context()); err != nil {
				t.Errorf("a second time: %v", err)
			}
			if err := client.Pair(t.Context(), w.scanner(w.comune)); err != nil {
				t.Errorf("pair again: %v", err)
			}
			w.settle()
			synctest.Wait()
			client.Close()
			w.server.Unlink(comuneNumber)
			client = w.open(options)
			if err := client.Unlink(t.Context()); err != nil || client.Paired() {
				t.Errorf("after the phone: %v, paired %v", err, client.Paired())
			}
			client.Close()
			time.Sleep(2 * time.Minute)
		})
	}
}

// Without a line the phone keeps us in its list, and the link stays.
func TestUnlinkWithoutALine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.paired(w.options()).Close()
		w.server.FailLogins(503, nil)
		client := w.open(w.options())
		var unreachable *whatsapp.UnreachableError
		if err := client.Unlink(t.Context()); !errors.As(err, &unreachable) || !client.Paired() {
			t.Errorf("got %v, paired %v", err, client.Paired())
		}
		w.server.FailLogins(0, nil)
		w.server.FailQueries("md set remove-companion-device", 500)
		if err := client.Unlink(t.Context()); err == nil || !client.Paired() {
			t.Errorf("got %v, paired %v though WhatsApp refused", err, client.Paired())
		}
		w.server.FailQueries("md set remove-companion-device", 0)
		if err := client.Unlink(t.Context()); err != nil {
			t.Errorf("unlink: %v", err)
		}
	})
}

// A rehearsal finds what a new link would, beside a link at work, and leaves nothing behind.
func TestRehearse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		daemon := w.paired(w.options())
		w.settle()
		before := w.server.Stats()
		r, err := whatsapp.Rehearse(t.Context(), w.options())
		if err != nil || !r.Reached || !r.VersionAccepted || r.Cause != "" || !r.ClockKnown || r.ClockOff != 0 || r.Refusal != nil || r.Page != "" {
			t.Errorf("got %+v, %v", r, err)
		}
		if !daemon.Ready() || w.server.Stats().Logins != before.Logins {
			t.Error("the link was touched")
		}
		w.server.SetOldestRevision(newRevision)
		r, err = whatsapp.Rehearse(t.Context(), w.options())
		if err != nil || !r.Reached || !r.VersionAccepted || r.Version.Found.IsZero() {
			t.Errorf("got %+v, %v with another version", r, err)
		}
		w.server.FailPage(502)
		r, err = whatsapp.Rehearse(t.Context(), w.options())
		if err != nil || !r.Reached || r.VersionAccepted || r.Page != whatsapp.CauseOther || r.Refusal == nil || !r.ClockKnown {
			t.Errorf("got %+v, %v without a page", r, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := whatsapp.Rehearse(ctx, w.options()); err == nil {
			t.Error("a rehearsal outlives its context")
		}
		if kept, err := whatsapp.VersionOf(t.Context(), w.dir); err != nil || !kept.LookedUp.IsZero() {
			t.Errorf("the rehearsal wrote into the data directory: %+v, %v", kept, err)
		}
		w.settle()
	})
}
