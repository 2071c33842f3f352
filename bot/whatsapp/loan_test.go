package whatsapp

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/store"
)

// TestATurnOnLoan: whoever loads a session without a mark of its own and fails before storing it stops a send for a
// moment only, and cannot undo its work afterwards.
func TestATurnOnLoan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		disk, troubles := &store.NoopStore{}, 0
		sessions := newSessionLock(disk, disk, func() { troubles++ })
		waits := func(want time.Duration) {
			t.Helper()
			began := time.Now()
			ctx, end := sessions.sending(t.Context())
			defer end()
			if _, err := sessions.GetManySessions(ctx, nil); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took != want {
				t.Errorf("the send waited %v, want %v", took, want)
			}
		}
		load := func() (err error) { _, err = sessions.GetSession(t.Context(), "1_1:0"); return err }
		save := func(address string) error { return sessions.PutSession(t.Context(), address, nil) }

		if err := errors.Join(load(), save("1_1:0")); err != nil {
			t.Fatal(err)
		}
		waits(0)

		if err := load(); err != nil {
			t.Fatal(err)
		}
		waits(loanTime)
		if err := save("1_1:0"); !errors.Is(err, context.Canceled) || troubles != 1 {
			t.Errorf("got %v and %d troubles, want what came too late to be refused, and to come again", err, troubles)
		}

		if err := load(); err != nil {
			t.Fatal(err)
		}
		if err := save("2_1:0"); err == nil {
			t.Error("got no error for another session than the one that was loaded")
		}
		waits(loanTime)

		disk.Error = errors.New("the disk is full")
		if load() == nil {
			t.Error("got no error from a full disk")
		}
		disk.Error = nil
		waits(0)
	})
}
