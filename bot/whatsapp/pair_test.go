package whatsapp_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

func TestPairProvesTheLink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.open(w.options())
		if client.Paired() || client.State().State != whatsapp.StateUnpaired {
			t.Fatalf("got state %v before pairing", client.State().State)
		}
		linked := false
		screen := w.scanner(w.comune)
		screen.Linked = func() { linked = true }
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if !linked || !client.Paired() || client.State().State != whatsapp.StateConnected {
			t.Errorf("got linked %v, paired %v, state %v", linked, client.Paired(), client.State().State)
		}
		if err := client.Pair(t.Context(), screen); !errors.Is(err, whatsapp.ErrPaired) {
			t.Errorf("pair again: got %v, want ErrPaired", err)
		}
		number, paired, err := whatsapp.PairedNumber(t.Context(), w.dir)
		if number != comuneNumber || !paired || err != nil {
			t.Errorf("got %q, %v, %v, want the Comune's number", number, paired, err)
		}
		w.settle()
	})
}

func TestG10_WrongPhoneIsRefusedAndTheRightOneLinked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		private := w.server.NewPhone(marioNumber)
		client := w.open(w.options())
		var wrong []string
		screen := w.scanner(private, w.comune)
		screen.WrongPhone = func(number string) { wrong = append(wrong, number) }
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if len(wrong) != 1 || wrong[0] != marioNumber {
			t.Errorf("got wrong phones %v, want the private one once", wrong)
		}
		if found := w.sessionHolds("393331234567"); found != nil {
			t.Errorf("the wrong number was stored: %v", found)
		}
		w.settle()
	})
}

func TestCodesAreRenewedUntilSomebodyScans(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.open(w.options())
		start := time.Now()
		seen := make(map[string]time.Duration)
		screen := whatsapp.Screen{Code: func(code string, valid time.Duration) {
			if _, again := seen[code]; again {
				t.Errorf("a code was shown twice")
			}
			seen[code] = valid
			if time.Since(start) > 10*time.Minute {
				go w.comune.ScanQR(code)
			}
		}}
		if err := client.Pair(t.Context(), screen); err != nil {
			t.Fatalf("pair: %v", err)
		}
		if len(seen) < 15 || len(seen) > 35 {
			t.Errorf("got %d codes in ten minutes, want one or two a minute or so", len(seen))
		}
		w.settle()
	})
}

func TestPairEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.open(w.options())
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		if err := client.Pair(ctx, whatsapp.Screen{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
		if client.Paired() {
			t.Error("paired without a phone")
		}
	})
}
