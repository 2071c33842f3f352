package whatsapp

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/store"
)

// versionLimit is how long WhatsApp's page may take to tell its version.
const versionLimit = 10 * time.Second

// versions knows by which version we introduce ourselves, at a registration as at a login. The library would keep another
// one than its own for the whole process, unguarded.
type versions struct {
	mu      sync.Mutex
	version Version
	number  store.WAVersionContainer              // version.Number
	refused map[store.WAVersionContainer]struct{} // since the last login
	nothing bool                                  // the page has answered, and knows none that has not been refused
}

func newVersions(kept Version) *versions {
	v := &versions{version: kept.beside(ownVersion()), refused: make(map[store.WAVersionContainer]struct{})}
	v.number, _ = store.ParseVersion(v.version.Number)
	return v
}

// Version tells by which version we introduce ourselves at the next connection.
func (c *Client) Version() Version {
	c.versions.mu.Lock()
	defer c.versions.mu.Unlock()
	return c.versions.version
}

// payload introduces a device. The hash that a registration carries must be that of the version.
func (v *versions) payload(device *store.Device) *waWa6.ClientPayload {
	v.mu.Lock()
	number := v.number
	v.mu.Unlock()
	payload := device.GetClientPayload()
	payload.UserAgent.AppVersion = number.ProtoAppVersion()
	if registration := payload.DevicePairingData; registration != nil {
		hash := number.Hash()
		registration.BuildHash = hash[:]
	}
	return payload
}

// refuse notes that WhatsApp has refused the present version.
func (v *versions) refuse() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.refused[v.number] = struct{}{}
	v.nothing = false
}

// tried is how many versions WhatsApp has refused since the last login.
func (v *versions) tried() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.refused)
}

func (v *versions) accepted() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.refused)
	v.nothing = false
}

// exhausted tells whether WhatsApp's page has nothing to offer but what WhatsApp has refused: then only a newer library helps,
// or time.
func (v *versions) exhausted() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.nothing
}

// told takes over what the page said, or why it said nothing. fresh: there is now a version that has not been refused.
func (v *versions) told(wanted *store.WAVersionContainer, err error, now time.Time) (version Version, fresh bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.version.LookedUp, v.version.Trouble = now, CauseOf(err)
	if err != nil {
		return v.version, false
	}
	best, found := store.GetWAVersion(), time.Time{}
	if best.LessThan(*wanted) {
		best, found = *wanted, now
	}
	_, refused := v.refused[best]
	if v.nothing = refused; !refused {
		v.number, v.version.Number, v.version.Found = best, best.String(), found
	}
	return v.version, !refused
}

// lookUpVersion asks WhatsApp's page which version it wants, and keeps the answer, also for the next process. fresh: the next
// connection will introduce us by a version that has not been refused.
func (c *Client) lookUpVersion(ctx context.Context) (fresh bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, versionLimit)
	defer cancel()
	wanted, err := whatsmeow.GetLatestVersion(ctx, c.page)
	if ctx.Err() == context.Canceled {
		return false, ctx.Err()
	}
	version, fresh := c.versions.told(wanted, err, time.Now())
	if err != nil {
		err = fmt.Errorf("whatsapp's page does not tell which version it wants: %w", clean(err))
		c.log.Warn("the version that whatsapp wants is not known", "cause", string(version.Trouble))
	} else {
		c.log.Info("the version that whatsapp wants has been looked up", "version", version.Number, "not_refused_yet", fresh)
	}
	if err := c.remember(c.life, versionFact, version); err != nil {
		c.log.Warn("the version could not be kept", "error", err)
	}
	return fresh, err
}
