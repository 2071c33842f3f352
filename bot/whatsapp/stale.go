package whatsapp

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// A person's LID can be replaced. WhatsApp says so in the acknowledgement of a message that went to the old one
// (refresh_lid), and to go on writing there has cost others their account. So nothing more goes there: before the next
// message to that person it is asked which LID their number has now.
//
// WhatsApp's own app calls it "a new account", and asks its user before it writes to it: the number may have been given to
// somebody else. A new LID is taken for the same person's when the phone behind it has the same identity key. Otherwise
// they must write first, as after 463.
//
// What has gone to a stale LID reached nobody, as far as is known; it goes to the new one with the same ID.

// staleTable holds LIDs that are not in use any more: whose they were, and what took their place, as far as it is known.
const staleTable = `CREATE TABLE IF NOT EXISTS banditore_stale_lids (
	lid    TEXT PRIMARY KEY,
	number TEXT NOT NULL,
	fresh  TEXT NOT NULL,
	since  INTEGER NOT NULL -- Unix seconds
) STRICT, WITHOUT ROWID;`

var (
	errMoved   = errors.New("the recipient has another LID by now, and has not written from it")
	errUnmoved = errors.New("WhatsApp says that the recipient has another LID, and names the same")
)

// stale is what is known of a LID that is not in use any more.
type stale struct{ number, fresh types.JID }

// staleLID tells whether a LID is stale. The empty one is not.
func (c *Client) staleLID(ctx context.Context, lid types.JID) (s stale, is bool, err error) {
	if lid.IsEmpty() {
		return s, false, nil
	}
	var number, fresh string
	err = c.db.QueryRowContext(ctx, `SELECT number, fresh FROM banditore_stale_lids WHERE lid = ?`, lid.User).Scan(&number, &fresh)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return s, false, nil
	case err != nil:
		return s, false, fmt.Errorf("look up a stale LID: %w", err)
	}
	return stale{personJID(number, types.DefaultUserServer), personJID(fresh, types.HiddenUserServer)}, true, nil
}

// noteStale remembers that a LID is stale, and the number, which the library's map will not know of it for long. Unless it
// is certain that we write to that person, only if session.db knows them: nothing may bring back who was forgotten.
func (c *Client) noteStale(ctx context.Context, lid, number types.JID, certain bool) error {
	_, err := c.db.ExecContext(ctx, `INSERT INTO banditore_stale_lids (lid, number, fresh, since)
		SELECT ?1, coalesce((SELECT pn FROM whatsmeow_lid_map WHERE lid = ?1), ?2), '', ?3
		WHERE ?4 OR EXISTS (SELECT 1 FROM whatsmeow_lid_map WHERE lid = ?1) OR EXISTS (SELECT 1 FROM whatsmeow_identity_keys WHERE their_id = ?5)
		ON CONFLICT (lid) DO UPDATE SET number = iif(excluded.number = '', number, excluded.number), fresh = '', since = excluded.since`,
		lid.User, number.User, time.Now().Unix(), certain, lid.SignalAddress().String())
	return err
}

// unstale forgets that a LID is stale, if that was noted before then.
func (c *Client) unstale(ctx context.Context, lid types.JID, then time.Time) error {
	if lid.IsEmpty() {
		return nil
	}
	_, err := c.db.ExecContext(ctx, `DELETE FROM banditore_stale_lids WHERE lid = ? AND since < ?`, lid.User, then.Unix())
	return err
}

// replaced notes what took the place of a LID, and drops the keys and tokens of the old one.
func (c *Client) replaced(ctx context.Context, former, fresh, number types.JID) error {
	if err := c.erase(ctx, []types.JID{former}); err != nil {
		return err
	}
	_, err := c.db.ExecContext(ctx, `INSERT INTO banditore_stale_lids (lid, number, fresh, since) VALUES (?, ?, ?, ?)
		ON CONFLICT (lid) DO UPDATE SET number = excluded.number, fresh = excluded.fresh`, former.User, number.User, fresh.User, time.Now().Unix())
	return err
}

// formerOf lists what the stale LIDs tell of a LID: the same person's others, and their number.
func (c *Client) formerOf(ctx context.Context, lid types.JID) (all []types.JID) {
	if lid.IsEmpty() {
		return nil
	}
	rows, err := c.db.QueryContext(ctx, `SELECT lid, number, fresh FROM banditore_stale_lids WHERE lid = ?1 OR fresh = ?1`, lid.User)
	if err != nil {
		return nil // the erasure that follows fails too, and says why
	}
	defer rows.Close()
	for rows.Next() {
		var former, number, fresh string
		if rows.Scan(&former, &number, &fresh) == nil {
			all = append(all, personJID(former, types.HiddenUserServer), personJID(fresh, types.HiddenUserServer))
			if fresh != "" { // else the number may be somebody else's by now
				all = append(all, personJID(number, types.DefaultUserServer))
			}
		}
	}
	_ = rows.Err() // as above
	return all
}

// identityKey is that of somebody's phone, as we learnt it when we wrote to it or read it; nil: we never did.
func (c *Client) identityKey(ctx context.Context, lid types.JID) (key []byte, err error) {
	err = c.db.QueryRowContext(ctx, `SELECT identity FROM whatsmeow_identity_keys WHERE their_id = ? LIMIT 1`, lid.SignalAddress().String()).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return key, err
}

// follow finds where somebody is now whose LID is stale.
func (a *attempt) follow(ctx context.Context, to Address, former types.JID, s stale) (types.JID, error) {
	number := to.numberJID()
	if number.IsEmpty() {
		number = s.number
	}
	if number.IsEmpty() {
		return types.EmptyJID, &SendError{Outcome: NotSent, Fault: FaultMoved, Err: errMoved}
	}
	fresh, err := a.client.askLID(ctx, a.link, number)
	if err != nil {
		return types.EmptyJID, err
	}
	if fresh == former {
		// Then it may be right after all. It is tried again, but not at once.
		if err := a.client.unstale(ctx, former, time.Now().Add(time.Hour)); err != nil {
			return types.EmptyJID, &SendError{Outcome: NotSent, Fault: blame(err), Err: clean(err)}
		}
		return types.EmptyJID, &SendError{Outcome: NotSent, Fault: FaultTemporary, Err: errUnmoved}
	}
	return a.passOn(ctx, to, number, former, fresh, s)
}

// passOn sees whether a number that has another LID by now is still the same person's. If so, all of theirs goes to the new one;
// if not, what was for that person waits, and what was for whoever has the number goes there.
func (a *attempt) passOn(ctx context.Context, to Address, number, former, fresh types.JID, s stale) (types.JID, error) {
	if err := a.mustBeSame(ctx, former, fresh, s); err != nil {
		if failure, ok := errors.AsType[*SendError](err); to.LID == "" && ok && failure.Fault == FaultMoved {
			return fresh, a.identified(ctx, addressOf(number, fresh), types.EmptyJID)
		}
		return types.EmptyJID, err
	}
	if err := a.identified(ctx, addressOf(number, fresh), former); err != nil {
		return types.EmptyJID, err
	}
	if err := a.client.replaced(ctx, former, fresh, number); err != nil {
		return types.EmptyJID, &SendError{Outcome: NotSent, Fault: blame(err), Err: clean(err)}
	}
	a.client.log.Info("a recipient has another LID by now, which was noted")
	return fresh, nil
}

// mustBeSame compares the keys of the phones behind two LIDs, unless it was done before.
func (a *attempt) mustBeSame(ctx context.Context, former, fresh types.JID, s stale) error {
	if s.fresh == fresh {
		return nil
	}
	before, err := a.client.identityKey(ctx, former)
	if err != nil {
		return &SendError{Outcome: NotSent, Fault: blame(err), Err: clean(err)}
	}
	now, err := a.client.identityKey(ctx, fresh)
	if err != nil {
		return &SendError{Outcome: NotSent, Fault: blame(err), Err: clean(err)}
	}
	if now == nil {
		//lint:ignore SA1019 nothing else in the library asks this question
		bundle := a.link.lib.DangerousInternals().FetchPreKeysNoError(ctx, []types.JID{fresh})[fresh]
		if bundle == nil {
			return unasked(errNotAsked)
		}
		key := bundle.IdentityKey().PublicKey().PublicKey()
		now = key[:]
	}
	if before == nil || !bytes.Equal(before, now) {
		return &SendError{Outcome: NotSent, Fault: FaultMoved, Err: errMoved}
	}
	return nil
}
