package whatsapp

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
)

// lateToken is how long after an erasure a token of that person is turned away. Tokens come by themselves, from the
// person's phone or from our own renewal in the background, and must not bring an erased LID back.
const lateToken = 15 * time.Minute

// people stands between the library and what it stores about citizens, so that Forget can empty the library's memory too:
// its map of LIDs caches what it has written, and would neither notice an erasure nor write the entry again later.
type people struct {
	container *sqlstore.Container

	mu        sync.RWMutex // held for writing while Forget deletes
	lids      *sqlstore.CachedLIDMap
	tokens    store.PrivacyTokenStore
	forgotten map[types.JID]time.Time
}

func newPeople(container *sqlstore.Container) *people {
	return &people{container: container, lids: container.LIDMap, forgotten: make(map[types.JID]time.Time)}
}

// guard puts us in the place of the stores that know people, and nothing in the place of those we do not need: names,
// chat settings, and the secrets that only reactions, votes and edits are made with.
func (p *people) guard(device *store.Device) {
	p.mu.Lock()
	p.tokens = device.PrivacyTokens
	p.mu.Unlock()
	device.LIDs = p
	device.PrivacyTokens = p
	nothing := &store.NoopStore{}
	device.Contacts, device.ChatSettings, device.MsgSecrets = nothing, nothing, nothing
}

// other returns the same person's other identity, empty when it is not known.
func (p *people) other(ctx context.Context, jid types.JID) types.JID {
	var other types.JID
	var err error
	switch jid.Server {
	case types.DefaultUserServer:
		other, err = p.GetLIDForPN(ctx, jid.ToNonAD())
	case types.HiddenUserServer:
		other, err = p.GetPNForLID(ctx, jid.ToNonAD())
	}
	if err != nil {
		return types.EmptyJID
	}
	return other
}

// remember lifts the guard against late tokens from people who wrote again.
func (p *people) remember(identities ...types.JID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, jid := range identities {
		delete(p.forgotten, jid.ToNonAD())
	}
}

// forget runs erase with the library kept out, then drops the library's memory of LIDs.
func (p *people) forget(identities []types.JID, erase func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for jid, since := range p.forgotten {
		if now.Sub(since) >= lateToken {
			delete(p.forgotten, jid)
		}
	}
	for _, jid := range identities {
		p.forgotten[jid] = now
	}
	return erase()
}

// The rest is what the library asks of its store.

// PutManyLIDMappings implements the library's store.
func (p *people) PutManyLIDMappings(ctx context.Context, mappings []store.LIDMapping) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.lids.PutManyLIDMappings(ctx, mappings)
}

// PutLIDMapping implements the library's store.
func (p *people) PutLIDMapping(ctx context.Context, lid, number types.JID) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.lids.PutLIDMapping(ctx, lid, number)
}

// GetPNForLID implements the library's store.
func (p *people) GetPNForLID(ctx context.Context, lid types.JID) (types.JID, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.lids.GetPNForLID(ctx, lid)
}

// GetLIDForPN implements the library's store.
func (p *people) GetLIDForPN(ctx context.Context, number types.JID) (types.JID, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.lids.GetLIDForPN(ctx, number)
}

// GetManyLIDsForPNs implements the library's store.
func (p *people) GetManyLIDsForPNs(ctx context.Context, numbers []types.JID) (map[types.JID]types.JID, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.lids.GetManyLIDsForPNs(ctx, numbers)
}

// PutPrivacyTokens implements the library's store; tokens of people just forgotten are dropped.
func (p *people) PutPrivacyTokens(ctx context.Context, tokens ...store.PrivacyToken) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	tokens = slices.DeleteFunc(tokens, func(token store.PrivacyToken) bool {
		since, gone := p.forgotten[token.User.ToNonAD()]
		return gone && time.Since(since) < lateToken
	})
	if len(tokens) == 0 {
		return nil
	}
	return p.tokens.PutPrivacyTokens(ctx, tokens...)
}

// GetPrivacyToken implements the library's store.
func (p *people) GetPrivacyToken(ctx context.Context, user types.JID) (*store.PrivacyToken, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.tokens.GetPrivacyToken(ctx, user)
}

// DeleteExpiredPrivacyTokens implements the library's store.
func (p *people) DeleteExpiredPrivacyTokens(ctx context.Context, cutoff time.Time) (int64, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.tokens.DeleteExpiredPrivacyTokens(ctx, cutoff)
}
