package whatsapp_test

import (
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

const newRevision = 4_000_000_000

// Who is refused as outdated looks up the version that is wanted, once, and is in with it; the next process begins with it.
func TestG7_OutdatedTakesTheNewVersion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.paired(w.options()).Close()
		own := w.server.Stats().PageRequests
		w.server.SetOldestRevision(newRevision)
		before := w.server.Stats().Attempts
		client := w.open(w.options())
		if v := client.Version(); v.Number == "2.3000.4000000000" || !v.Found.IsZero() || !v.LookedUp.IsZero() {
			t.Errorf("got %+v before a look-up", v)
		}
		if err := client.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		if got := w.server.Stats().Attempts - before; !client.Ready() || got != 2 {
			t.Errorf("ready %v after %d connections, want true after 2", client.Ready(), got)
		}
		wantFound := func(v whatsapp.Version) {
			t.Helper()
			if v.Number != "2.3000.4000000000" || v.Found.IsZero() || v.LookedUp.IsZero() || v.Trouble != "" {
				t.Errorf("got %+v, want the version of the page", v)
			}
		}
		wantFound(client.Version())
		synctest.Wait()
		client.Close()
		kept, err := whatsapp.VersionOf(t.Context(), w.dir)
		if err != nil {
			t.Fatal(err)
		}
		wantFound(kept)

		before = w.server.Stats().Attempts
		wantFound(w.again(w.options()).Version())
		stats := w.server.Stats()
		if got := stats.Attempts - before; got != 1 || stats.PageRequests-own != 1 {
			t.Errorf("got %d connections and %d look-ups, want the version to be remembered", got, stats.PageRequests-own)
		}
		w.settle()
	})
}

// A refused version is looked up before there is a code, and `pair` goes on to the login at once.
func TestG7_OutdatedIsLinkedInOneGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.server.SetOldestRevision(newRevision)
		client := w.open(w.options())
		screen := w.scanner(w.comune)
		screen.Trouble = func(err error) { t.Errorf("trouble: %v", err) }
		start := time.Now()
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("linked after %v, want at once", took)
		}
		if err := client.AwaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.server.Stats().PageRequests; got != 1 {
			t.Errorf("%d look-ups, want one", got)
		}
		w.settle()
	})
}

// The version changes between the scan and the login: the proof looks it up.
func TestG7_OutdatedAtTheProof(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.open(w.options())
		scan := w.scanner(w.comune)
		screen := whatsapp.Screen{Code: func(code string, valid time.Duration) {
			scan.Code(code, valid)
			w.server.SetOldestRevision(newRevision)
		}}
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if err := client.AwaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.settle()
	})
}

// The phone has vouched for the link already: that WhatsApp's page is away for a while is no reason to give it up.
func TestG7_OutdatedAtTheProofAndThePageFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.open(w.options())
		scan := w.scanner(w.comune)
		screen := whatsapp.Screen{Code: func(code string, valid time.Duration) {
			scan.Code(code, valid)
			w.server.SetOldestRevision(newRevision)
			w.server.FailPage(502)
		}}
		back := time.AfterFunc(5*time.Minute, func() { w.server.FailPage(0) })
		defer back.Stop()
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if err := client.AwaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.settle()
	})
}

// While the page fails a person who pairs is told why, and linked soon after it answers; the program does not knock meanwhile.
func TestG7_OutdatedWhilePairingAndThePageFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.server.SetOldestRevision(newRevision)
		w.server.FailPage(502)
		client := w.open(w.options())
		screen := w.scanner(w.comune)
		troubles := 0
		screen.Trouble = func(err error) {
			troubles++
			if got := whatsapp.CauseOf(err); got != whatsapp.CauseOther {
				t.Errorf("got cause %q", got)
			}
		}
		time.AfterFunc(10*time.Minute, func() { w.server.FailPage(0) })
		start := time.Now()
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if took := time.Since(start); took > 12*time.Minute+time.Second || troubles < 3 {
			t.Errorf("linked after %v, %d troubles told", took, troubles)
		}
		if got := w.server.Stats().Attempts; got != 3 {
			t.Errorf("%d connections, want the refused one, the one that pairs and the login", got)
		}
		w.settle()
	})
}

// A page that knows no newer version than the one that was refused is the end: the program must be updated.
func TestG7_OutdatedForGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.server.SetOldestRevision(newRevision)
		w.server.FailPage(200) // a page without a version
		client := w.open(w.options())
		ctx, cancel := w.soon()
		defer cancel()
		if err := client.Pair(ctx, w.scanner(w.comune)); err == nil {
			t.Error("paired though the version is refused")
		}
		w.server.FailPage(0)
		w.server.SetOldestRevision(1)
		if err := client.Pair(t.Context(), w.scanner(w.comune)); err != nil {
			t.Fatalf("pair: %v", err)
		}
		client.Close()
		w.server.FailLogins(405, nil) // whatever the version
		client = w.open(w.options())
		var state *whatsapp.StateError
		if err := client.Prove(t.Context()); !errors.As(err, &state) || state.State != whatsapp.StateOutdated {
			t.Errorf("got %v, want the refusal", err)
		}
	})
}

// For an hour WhatsApp refuses our version and its page fails: we knock a few times, and are back within a minute.
func TestG7_OutdatedWhileThePageFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.paired(w.options()).Close()
		w.server.SetOldestRevision(newRevision)
		w.server.FailPage(502)
		before := w.server.Stats().Attempts
		client := w.open(w.options())
		if err := client.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if got := w.server.Stats().Attempts - before; got >= 40 || got < 2 {
			t.Errorf("%d logins in an hour, want fewer than 40", got)
		}
		if v := client.Version(); v.Trouble != whatsapp.CauseOther || time.Since(v.LookedUp) > time.Minute || !v.Found.IsZero() {
			t.Errorf("got %+v, want a look-up that has just failed", v)
		}
		w.server.FailPage(0)
		time.Sleep(time.Minute)
		if !client.Ready() {
			t.Errorf("not linked a minute after the page has recovered, state %v", client.State().State)
		}
		w.settle()
	})
}

// A week without a version that is accepted, with a page that fails, that is silent, or that knows nothing new.
func TestG7_OutdatedForAWeek(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]int{"fails": 502, "knows nothing new": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				w.paired(w.options()).Close()
				w.server.FailPage(page)
				w.server.FailLogins(405, nil)
				before := w.server.Stats()
				client := w.open(w.options())
				if err := client.Connect(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(7 * 24 * time.Hour)
				after := w.server.Stats()
				if got := after.Attempts - before.Attempts; got >= 200 || got < 80 {
					t.Errorf("%d logins in a week, want fewer than 200", got)
				}
				if got := after.PageRequests - before.PageRequests; got > 600 {
					t.Errorf("%d look-ups in a week", got)
				}
			})
		})
	}
}

// WhatsApp's page names a new version at each look-up, and none is accepted.
func TestG7_OutdatedWhateverTheVersion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.paired(w.options()).Close()
		w.server.FailLogins(405, nil)
		before := w.server.Stats().Attempts
		client := w.open(w.options())
		if err := client.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		for minute := range uint32(7 * 24 * 60) {
			w.server.SetOldestRevision(3_000_000_000 + minute)
			time.Sleep(time.Minute)
		}
		if got := w.server.Stats().Attempts - before; got >= 200 {
			t.Errorf("%d logins in a week, want fewer than 200", got)
		}
	})
}

// The same, however fast the page is: what counts is how long ago the last version was refused, not the first.
func TestG7_OutdatedBehindAFastPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.paired(w.options()).Close()
		w.server.FailLogins(405, nil)
		before := w.server.Stats().Attempts
		client := w.open(w.options())
		if err := client.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		const hours = 3
		for second := range uint32(hours * 60 * 60) {
			w.server.SetOldestRevision(3_000_000_000 + second)
			time.Sleep(time.Second)
		}
		// At once, after 15 seconds, after ten minutes, and then once an hour.
		if got := w.server.Stats().Attempts - before; got < 4 || got > 3+hours {
			t.Errorf("%d logins in %d hours", got, hours)
		}
	})
}

func TestVersionWithoutASession(t *testing.T) {
	t.Parallel()
	v, err := whatsapp.VersionOf(t.Context(), t.TempDir())
	if err != nil || v.Number == "" || !v.Found.IsZero() || !v.LookedUp.IsZero() {
		t.Errorf("got %+v, %v, want the library's", v, err)
	}
	dir := t.TempDir()
	if _, err := whatsapp.VersionOf(t.Context(), dir); err != nil {
		t.Error(err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 0 {
		t.Errorf("it made %v", files)
	}
}
