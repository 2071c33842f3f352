package whatsapp

import (
	"context"
	"sync"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types/events"
)

// keeper stands between the library and session.db while a phone links us. The library stores the new link on a goroutine of
// its own, in several steps, and tells when it has done so; until then nobody may close session.db.
type keeper struct {
	c    *Client
	base store.DeviceContainer
	kept chan struct{} // closed when the library has told

	mu    sync.Mutex
	state keeping
}

type keeping int

const (
	keepNothing keeping = iota
	keepBegun
	keepDone
)

// PutDevice implements the library's store.
func (k *keeper) PutDevice(ctx context.Context, device *store.Device) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.state == keepNothing {
		if !k.c.enter() {
			return ErrClosed
		}
		k.state = keepBegun
	}
	return k.base.PutDevice(ctx, device)
}

// DeleteDevice implements the library's store.
func (k *keeper) DeleteDevice(ctx context.Context, device *store.Device) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.base.DeleteDevice(ctx, device)
}

// heard notes the library's word that it stores nothing more.
func (k *keeper) heard(event any) {
	switch event.(type) {
	case *events.PairSuccess, *events.PairError:
	default:
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.state == keepBegun {
		k.state = keepDone
		k.c.hands.Done()
		close(k.kept)
	}
}

// wait returns when the library stores nothing, and sees to it that it begins with nothing more.
func (k *keeper) wait() {
	k.mu.Lock()
	begun := k.state == keepBegun
	if k.state == keepNothing {
		k.state = keepDone
		k.base = closedKeeper{}
	}
	k.mu.Unlock()
	if begun {
		<-k.kept
	}
}

// closedKeeper keeps nothing: whoever gave the pairing up finds session.db as it was.
type closedKeeper struct{}

// PutDevice implements the library's store.
func (closedKeeper) PutDevice(context.Context, *store.Device) error { return ErrClosed }

// DeleteDevice implements the library's store.
func (closedKeeper) DeleteDevice(context.Context, *store.Device) error { return ErrClosed }
