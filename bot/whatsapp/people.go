package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"

	"go.mau.fi/util/dbutil"
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
	db        *dbutil.Database
	own       types.JID // the service's number
	doubts    doubts    // numbers that may be somebody else's by now
	kept      func()    // somebody was stored of whom nobody else may know

	mu        sync.RWMutex // held for writing while Forget deletes
	lids      *sqlstore.CachedLIDMap
	tokens    store.PrivacyTokenStore
	forgotten map[types.JID]time.Time
}

func newPeople(container *sqlstore.Container, db *dbutil.Database, number string, kept func()) *people {
	own := Address{Number: number}.numberJID()
	return &people{container: container, db: db, own: own, kept: kept, lids: container.LIDMap, forgotten: make(map[types.JID]time.Time)}
}

// guard puts us in the place of the stores that know people, and nothing in the place of those we do not need: names,
// chat settings, and the secrets that only reactions, votes and edits are made with.
func (p *people) guard(device *store.Device) {
	p.mu.Lock()
	p.tokens = device.PrivacyTokens
	p.mu.Unlock()
	device.LIDs = p
	device.PrivacyTokens = p
	device.SenderKeys = senderKeys{device.SenderKeys, p.kept}
	nothing := &store.NoopStore{}
	device.Contacts, device.ChatSettings, device.MsgSecrets = nothing, nothing, nothing
}

// address is what a message showed of its sender, completed by what is known. What was shown goes before what is known: a
// number may have passed to somebody else, and a person may have got another LID.
func (p *people) address(ctx context.Context, shown ...types.JID) Address {
	address := addressOf(shown...)
	switch {
	case address.LID == "":
		address.LID = p.other(ctx, address.numberJID()).User
	case address.Number == "":
		address.Number = addressOf(p.other(ctx, address.lidJID())).Number
	}
	return address
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

// learn keeps both identities of somebody who wrote to us, and lifts the guard against late tokens.
func (p *people) learn(ctx context.Context, address Address) {
	p.mu.Lock()
	defer p.mu.Unlock()
	number, lid := address.numberJID(), address.lidJID()
	delete(p.forgotten, number)
	delete(p.forgotten, lid)
	if !number.IsEmpty() && !lid.IsEmpty() {
		// Without the pair the next message is answered all the same; the library itself goes on after this error.
		_ = p.lids.PutLIDMapping(ctx, lid, number)
	}
}

type askedKey struct{}

// asked marks the context of a question of ours: the pairs of identities in the answer are to be kept.
func asked(ctx context.Context) context.Context { return context.WithValue(ctx, askedKey{}, true) }

// isWanted tells whether the library may keep a pair of identities. WhatsApp also shows pairs unasked, of whoever links a
// device or sits in a group with the Comune's phone; kept, they would bring back who was forgotten. So a pair is kept when
// we asked, when it is our own, or when it says something new about somebody known. Who writes to us is learnt in learn.
// It must be called with p.mu held.
func (p *people) isWanted(ctx context.Context, lid, number types.JID) bool {
	if ctx.Value(askedKey{}) != nil || number.User == p.own.User {
		return true
	}
	if known, err := p.lids.GetLIDForPN(ctx, number.ToNonAD()); err == nil && !known.IsEmpty() {
		return true
	}
	known, err := p.lids.GetPNForLID(ctx, lid.ToNonAD())
	return err == nil && !known.IsEmpty()
}

// isForgotten tells whether somebody was forgotten a short while ago and has not written since. It must be called with p.mu
// held.
func (p *people) isForgotten(jid types.JID) bool {
	since, gone := p.forgotten[jid.ToNonAD()]
	return gone && time.Since(since) < lateToken
}

type heldKey struct{}

// hold keeps Forget out until release is called. What is done with the context it makes does not wait for Forget: it is
// for a transaction of session.db, which Forget would wait for in turn.
func (p *people) hold(ctx context.Context) (_ context.Context, release func()) {
	p.mu.RLock()
	return context.WithValue(ctx, heldKey{}, true), p.mu.RUnlock
}

// read is RLock, unless the context has the hold already.
func (p *people) read(ctx context.Context) (release func()) {
	if isHeld(ctx) {
		return func() {}
	}
	p.mu.RLock()
	return p.mu.RUnlock
}

func isHeld(ctx context.Context) bool { return ctx.Value(heldKey{}) != nil }

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
		p.doubts.forget(jid)
	}
	return erase()
}

// The rest is what the library asks of its store.

// PutManyLIDMappings implements the library's store.
func (p *people) PutManyLIDMappings(ctx context.Context, mappings []store.LIDMapping) error {
	defer p.read(ctx)()
	mappings = slices.DeleteFunc(slices.Clone(mappings), func(m store.LIDMapping) bool {
		return !p.isWanted(ctx, m.LID, m.PN) || p.isForgotten(m.LID) || p.isForgotten(m.PN) // the history knows also who has just left
	})
	if len(mappings) > 0 {
		defer p.kept()
	}
	return p.lids.PutManyLIDMappings(ctx, mappings)
}

// PutLIDMapping implements the library's store.
func (p *people) PutLIDMapping(ctx context.Context, lid, number types.JID) error {
	defer p.read(ctx)()
	if !p.isWanted(ctx, lid, number) {
		return nil
	}
	defer p.kept()
	return p.lids.PutLIDMapping(ctx, lid, number)
}

// GetPNForLID implements the library's store.
func (p *people) GetPNForLID(ctx context.Context, lid types.JID) (types.JID, error) {
	defer p.read(ctx)()
	return p.numberOf(ctx, lid)
}

// numberOf must be called with p.mu held. A transaction of session.db goes past the library's memory of the pairs: who else
// asks that for somebody new holds its lock, and waits for the only connection, which the transaction has.
func (p *people) numberOf(ctx context.Context, lid types.JID) (types.JID, error) {
	if isHeld(ctx) {
		return p.stored(ctx, `SELECT pn FROM whatsmeow_lid_map WHERE lid = ?`, lid, types.DefaultUserServer)
	}
	return p.lids.GetPNForLID(ctx, lid)
}

// lidOf is numberOf the other way round.
func (p *people) lidOf(ctx context.Context, number types.JID) (types.JID, error) {
	if isHeld(ctx) {
		return p.stored(ctx, `SELECT lid FROM whatsmeow_lid_map WHERE pn = ?`, number, types.HiddenUserServer)
	}
	return p.lids.GetLIDForPN(ctx, number)
}

// stored is the other identity of somebody as session.db has it; empty when it has none.
func (p *people) stored(ctx context.Context, query string, of types.JID, server string) (types.JID, error) {
	other := types.JID{Device: of.Device, Server: server}
	err := p.db.QueryRow(ctx, query, of.User).Scan(&other.User)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return types.EmptyJID, nil
	case err != nil:
		return types.EmptyJID, err
	}
	return other, nil
}

// GetLIDForPN implements the library's store. Of a number in doubt it asks WhatsApp, unless it is called for a question, or
// within a transaction of session.db, in which nothing could be learnt.
func (p *people) GetLIDForPN(ctx context.Context, number types.JID) (types.JID, error) {
	if p.doubts.about(number.ToNonAD()) && ctx.Value(askedKey{}) == nil && !isHeld(ctx) {
		return p.doubts.settle(ctx, number.ToNonAD()), nil
	}
	defer p.read(ctx)()
	return p.lidOf(ctx, number)
}

// GetManyLIDsForPNs implements the library's store.
func (p *people) GetManyLIDsForPNs(ctx context.Context, numbers []types.JID) (map[types.JID]types.JID, error) {
	defer p.read(ctx)()
	if !isHeld(ctx) {
		return p.lids.GetManyLIDsForPNs(ctx, numbers)
	}
	found := make(map[types.JID]types.JID, len(numbers))
	for _, number := range numbers {
		lid, err := p.lidOf(ctx, number)
		if err != nil {
			return nil, err
		}
		if !lid.IsEmpty() {
			found[number] = lid
		}
	}
	return found, nil
}

// PutPrivacyTokens implements the library's store; tokens of people just forgotten are dropped.
func (p *people) PutPrivacyTokens(ctx context.Context, tokens ...store.PrivacyToken) error {
	defer p.read(ctx)()
	tokens = slices.DeleteFunc(tokens, func(token store.PrivacyToken) bool {
		return p.isForgotten(token.User)
	})
	if len(tokens) == 0 {
		return nil
	}
	defer p.kept()
	return p.tokens.PutPrivacyTokens(ctx, tokens...)
}

// GetPrivacyToken implements the library's store.
func (p *people) GetPrivacyToken(ctx context.Context, user types.JID) (*store.PrivacyToken, error) {
	defer p.read(ctx)()
	if user.Server == types.HiddenUserServer && p.doubts.any() {
		if number, err := p.numberOf(ctx, user.ToNonAD()); err == nil && p.doubts.about(number) {
			return p.doubts.token(ctx, user)
		}
	}
	return p.tokens.GetPrivacyToken(ctx, user)
}

// DeleteExpiredPrivacyTokens implements the library's store.
func (p *people) DeleteExpiredPrivacyTokens(ctx context.Context, cutoff time.Time) (int64, error) {
	defer p.read(ctx)()
	return p.tokens.DeleteExpiredPrivacyTokens(ctx, cutoff)
}

// senderKeys tells of the keys under which others write in groups and post statuses.
type senderKeys struct {
	store.SenderKeyStore
	kept func()
}

// PutSenderKey implements the library's store.
func (s senderKeys) PutSenderKey(ctx context.Context, group, user string, session []byte) error {
	defer s.kept()
	return s.SenderKeyStore.PutSenderKey(ctx, group, user, session)
}
