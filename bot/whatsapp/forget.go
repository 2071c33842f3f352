package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"

	"banditore/store/schema"
)

// ErrUnread says that something which the Comune's phone told may hold the person and has not been read, or is kept until
// HistoryOver: Forget again. Without a link it is not waited for, since the phone tells it anew to the next.
var ErrUnread = errors.New("the phone's history has not been read to the end yet: what it holds of them cannot be erased")

// personColumn is a column of session.db that can hold an identity of a person, and the form it has there.
type personColumn struct {
	table, column string
	form          columnForm
	emptied       bool // the row stays, without it: it is about somebody else, who had the number before
	keyed         bool // its table has no rowid
}

type columnForm int

const (
	formJID    columnForm = iota // 39333@s.whatsapp.net, 39333:4@s.whatsapp.net, 123@lid
	formSignal                   // 39333:0, 123_1:4
	formLID                      // the bare digits of a LID
	formNumber                   // the bare digits of a number
)

func personColumns() []personColumn {
	return []personColumn{
		{table: "whatsmeow_sessions", column: "their_id", form: formSignal},
		{table: "whatsmeow_identity_keys", column: "their_id", form: formSignal},
		{table: "whatsmeow_sender_keys", column: "sender_id", form: formSignal},
		{table: "whatsmeow_sender_keys", column: "chat_id", form: formJID},
		{table: "whatsmeow_contacts", column: "their_jid", form: formJID},
		{table: "whatsmeow_chat_settings", column: "chat_jid", form: formJID},
		{table: "whatsmeow_message_secrets", column: "chat_jid", form: formJID},
		{table: "whatsmeow_message_secrets", column: "sender_jid", form: formJID},
		{table: "whatsmeow_privacy_tokens", column: "their_jid", form: formJID},
		{table: "whatsmeow_retry_buffer", column: "chat_jid", form: formJID},
		{table: "whatsmeow_lid_map", column: "lid", form: formLID},
		{table: "whatsmeow_lid_map", column: "pn", form: formNumber},
		{table: "banditore_stale_lids", column: "lid", form: formLID, keyed: true},
		{table: "banditore_stale_lids", column: "fresh", form: formLID, keyed: true},
		{table: "banditore_stale_lids", column: "number", form: formNumber, keyed: true, emptied: true},
	}
}

// Forget erases everything session.db holds about these people, under the addresses given and under those the LID map
// knows for them, and leaves no trace in free pages or in the journal. The service's own identities are spared. It may
// be repeated, and should be after an error: after ErrBusy, which means that the rows are gone and what remains is for
// Compact, that is enough. ErrUnread means that nothing was done.
//
// A text of theirs that is still to be handed over is not erased: it is newer than whatever led here. In the memory of
// the process the library keeps the last 256 sent messages until Shed, and until the restart the digits of a number or LID
// to which a token was sent, or whose phone asked for a message again; we keep, for lateToken, whose tokens to turn away.
func (c *Client) Forget(ctx context.Context, addresses []Address) error {
	if !c.enter() {
		return ErrClosed
	}
	defer c.hands.Done()
	identities := c.identities(ctx, addresses)
	if len(identities) == 0 {
		return c.Compact(ctx)
	}
	c.repeats.forget(identities)
	if l := c.current(); l != nil {
		if err := l.sessions.clear(ctx); err != nil {
			return faultOf(c.path, err)
		}
		// The library holds a lock of its own while it asks WhatsApp for devices: see inTurn.
		if err := c.inTurn(ctx, func() error { forgetDevices(ctx, l.lib, identities); return nil }); err != nil {
			return err
		}
	}
	err := c.people.forget(identities, func() error {
		if err := c.erase(ctx, identities); err != nil {
			return err
		}
		c.people.lids = sqlstore.NewCachedLIDMap(c.wrapped)
		return nil
	})
	switch {
	case err == nil:
		return c.Compact(ctx)
	case errors.Is(err, ErrUnread):
		return err
	}
	return faultOf(c.path, err)
}

// identities lists the addresses and their counterparts, without our own.
func (c *Client) identities(ctx context.Context, addresses []Address) []types.JID {
	own := Address{Number: c.options.Number}
	if l := c.current(); l != nil {
		own.LID = l.ownLID.User
	}
	var all []types.JID
	for _, address := range addresses {
		number, lid := address.numberJID(), address.lidJID()
		all = append(all, number, lid, c.people.other(ctx, lid))
		all = append(all, c.formerOf(ctx, lid)...)
		if lid.IsEmpty() { // else the number may be somebody else's by now
			other := c.people.other(ctx, number)
			all = append(append(all, other), c.formerOf(ctx, other)...)
		}
	}
	kept := all[:0]
	for _, jid := range all {
		if !jid.IsEmpty() && jid != own.numberJID() && jid != own.lidJID() {
			kept = append(kept, jid)
		}
	}
	return kept
}

func (c *Client) erase(ctx context.Context, identities []types.JID) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := c.clearNotices(ctx, tx); err != nil {
		return err
	}
	if err := c.debt.note(ctx, tx); err != nil {
		return err
	}
	for _, jid := range identities {
		for _, column := range personColumns() {
			for _, pattern := range patterns(column.form, jid) {
				query := fmt.Sprintf("DELETE FROM %s WHERE %s GLOB ?", column.table, column.column)
				if column.emptied {
					query = fmt.Sprintf("UPDATE %s SET %s = '' WHERE %s GLOB ?", column.table, column.column, column.column)
				}
				if _, err := tx.ExecContext(ctx, query, pattern); err != nil {
					return fmt.Errorf("%s: %w", column.table, err)
				}
			}
		}
	}
	if err := mustBeGone(ctx, tx, identities); err != nil {
		return err
	}
	return tx.Commit()
}

// errKept says that rows are still there which were just deleted: something in the file keeps them.
var errKept = errors.New("session.db still holds somebody who was just deleted from it")

// mustBeGone looks at every value of the columns that can hold a person, by no index, for people who were just deleted.
func mustBeGone(ctx context.Context, tx *sql.Tx, identities []types.JID) error {
	gone := make(map[string][]types.JID, len(identities))
	for _, jid := range identities {
		gone[jid.User] = append(gone[jid.User], jid)
	}
	for _, c := range personColumns() {
		err := schema.EachValue(ctx, tx, c.table, func(column string, value any) error {
			text, _ := value.(string)
			user := text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
			if column != c.column || user == "" {
				return nil
			}
			for _, jid := range gone[user] {
				if slices.ContainsFunc(patterns(c.form, jid), func(p string) bool { is, _ := path.Match(p, text); return is }) {
					return fmt.Errorf("%s: %w", c.table, errKept)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// clearNotices sees to it that no notice is left that could hold a person.
func (c *Client) clearNotices(ctx context.Context, tx *sql.Tx) error {
	if c.current() == nil {
		_, err := tx.ExecContext(ctx, `DELETE FROM banditore_notices WHERE personal`)
		return err
	}
	var unread bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM banditore_notices WHERE personal)`).Scan(&unread); err != nil || !unread {
		return err
	}
	return ErrUnread
}

// patterns are the GLOB patterns under which an identity stands in a column. The user part is digits only, so it has no
// meaning to GLOB, and it is always followed by a separator: 39333 does not match 393331.
func patterns(form columnForm, jid types.JID) []string {
	isLID := jid.Server == types.HiddenUserServer
	switch {
	case form == formLID && isLID, form == formNumber && !isLID:
		return []string{jid.User}
	case form == formSignal && isLID:
		return []string{jid.User + "_1:*", jid.User + "_129:*"} // as a private person, and on a hosted device
	case form == formSignal:
		return []string{jid.User + ":*", jid.User + "_128:*"}
	case form == formJID && isLID:
		return []string{jid.User + "@lid", jid.User + "[.:]*@lid", jid.User + "@hosted.lid", jid.User + "[.:]*@hosted.lid"}
	case form == formJID:
		return []string{jid.User + "@s.whatsapp.net", jid.User + "[.:]*@s.whatsapp.net", jid.User + "@hosted", jid.User + "[.:]*@hosted", jid.User + "@c.us", jid.User + "-*@g.us"}
	}
	return nil
}
