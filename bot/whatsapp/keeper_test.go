package whatsapp

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types/events"
)

// nothingStored is a container that takes its time and stores nothing.
type nothingStored struct{ puts int }

func (n *nothingStored) PutDevice(context.Context, *store.Device) error {
	n.puts++
	return nil
}
func (n *nothingStored) DeleteDevice(context.Context, *store.Device) error { return nil }

// Until the library has told that a new link is stored, session.db stays open, and the pairing that was given up is not over.
func TestNothingIsClosedUnderANewLink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := openForTest(t, t.TempDir())
		k := &keeper{c: c, base: &nothingStored{}, kept: make(chan struct{})}
		if err := k.PutDevice(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		var waited, closed time.Duration
		start := time.Now()
		go func() {
			k.wait()
			waited = time.Since(start)
		}()
		go func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			closed = time.Since(start)
		}()
		time.Sleep(time.Minute)
		if err := c.db.PingContext(t.Context()); err != nil {
			t.Errorf("session.db is closed: %v", err)
		}
		k.heard(&events.QR{})
		k.heard(&events.PairSuccess{})
		k.heard(&events.PairError{}) // once is enough
		synctest.Wait()
		if waited != time.Minute || closed != time.Minute {
			t.Errorf("waited %v, closed after %v, want a minute", waited, closed)
		}
	})
}

// A pairing that has been given up stores nothing any more, and neither does a client that is closed.
func TestNothingIsStoredAfterTheEnd(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	base := &nothingStored{}
	k := &keeper{c: c, base: base, kept: make(chan struct{})}
	k.wait()
	late := &keeper{c: c, base: base, kept: make(chan struct{})}
	c.Close()
	for _, k := range []*keeper{k, late} {
		if err := k.PutDevice(t.Context(), nil); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	}
	if base.puts != 0 {
		t.Errorf("stored %d times", base.puts)
	}
}
