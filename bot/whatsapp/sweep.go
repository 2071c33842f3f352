package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
)

// ErrTextsWait says that another process has decrypted texts which nobody may have handled yet: the one before this, to which
// WhatsApp hands them over again at the next connection, or the one that is linking a phone. Until they are handled it is not
// known for whom there is a reason. Sweep again.
var ErrTextsWait = errors.New("another process has texts in hand: until they are handled nobody is swept out")

const (
	// sweepAtOnce is how many people are swept out in one transaction. Nothing is decrypted meanwhile: some milliseconds.
	sweepAtOnce = 100
	// sweepWait is how long the text or the decryption in hand is waited for.
	sweepWait = 10 * time.Second
)

// Sweep erases everybody from session.db for whom there is no reason. The library keeps on its own account whoever it meets:
// who posts a status, writes in a group or a list, or asks for a message again. There is a reason for ourselves, for those
// whose text is in hand, and for whom reasons tells; it is asked once more while nothing can come in, and must not call the
// Client. Like [Client.Forget], whose errors it shares except ErrUnread, it leaves no trace, and must not overlap a send.
// Gone is how many identities were erased.
func (c *Client) Sweep(ctx context.Context, reasons Reasons) (gone int, err error) {
	if !c.enter() {
		return 0, ErrClosed
	}
	defer c.hands.Done()
	if err := c.noTextWaits(ctx); err != nil {
		return 0, err
	}
	gone, err = c.sweep(ctx, reasons)
	if err != nil {
		return gone, faultOf(c.path, fmt.Errorf("sweep: %w", clean(err)))
	}
	if gone == 0 {
		return 0, nil
	}
	return gone, c.Compact(ctx)
}

// noTextWaits tells whether another process left texts that will come again, or uses the link.
func (c *Client) noTextWaits(ctx context.Context) error {
	c.mu.Lock()
	come := c.backlogOver || c.link == nil
	c.mu.Unlock()
	query := `SELECT EXISTS (SELECT 1 FROM whatsmeow_event_buffer WHERE plaintext IS NOT NULL)`
	switch {
	case c.options.Beside:
		query = `SELECT EXISTS (SELECT 1 FROM whatsmeow_device)`
	case come:
		return nil
	}
	var waits bool
	err := c.db.QueryRowContext(ctx, query).Scan(&waits)
	if err == nil && waits {
		return ErrTextsWait
	}
	return faultOf(c.path, err)
}

func (c *Client) sweep(ctx context.Context, reasons Reasons) (gone int, err error) {
	db, err := openBeside(c.path)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	census, err := newCensus(ctx, db, c.options.Number, reasons)
	if err == nil {
		err = census.judge(ctx)
	}
	if err != nil || len(census.without) == 0 {
		return 0, err
	}
	rows, err := census.rows(ctx)
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(slices.Collect(maps.Keys(census.without)), sweepAtOnce) {
		n, err := c.sweepOut(ctx, census, some, rows)
		if gone += n; err != nil {
			return gone, err
		}
	}
	return gone, nil
}

// place is where an identity stands in session.db.
type place struct {
	column personColumn
	row    int64
	value  string
}

// rows finds where those without a reason stand.
func (c *census) rows(ctx context.Context) (map[types.JID][]place, error) {
	all := make(map[types.JID][]place)
	for _, column := range c.columns {
		err := c.each(ctx, column, func(row int64, value string, jid types.JID) error {
			if _, without := c.without[jid]; without {
				all[jid] = append(all[jid], place{column, row, value})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// sweepOut erases some of those without a reason, unless one has come up. Nothing is decrypted, handed over or answered
// meanwhile, so that nobody can begin to register unseen.
func (c *Client) sweepOut(ctx context.Context, census *census, some []types.JID, rows map[types.JID][]place) (gone int, err error) {
	ctx, cancel := context.WithTimeout(ctx, sweepWait)
	defer cancel()
	c.texting.Lock()
	defer c.texting.Unlock()
	l := c.current()
	if l != nil {
		if err := l.sessions.take(ctx); err != nil {
			return 0, err
		}
		defer func() { <-l.sessions.one }()
	}
	awaited := c.awaited(l)
	reasoned, err := census.reasoned(ctx, some)
	if err != nil {
		return 0, err
	}
	some = slices.DeleteFunc(some, func(jid types.JID) bool {
		return slices.Contains(reasoned, jid) || slices.ContainsFunc(census.without[jid], func(kin types.JID) bool { return awaited[kin] })
	})
	if len(some) == 0 {
		return 0, nil
	}
	return len(some), c.people.forget(some, func() error {
		if err := c.eraseRows(ctx, some, rows); err != nil {
			return err
		}
		c.people.lids = sqlstore.NewCachedLIDMap(c.wrapped)
		return nil
	})
}

// eraseRows erases what stands where it was found, as far as it still stands there.
func (c *Client) eraseRows(ctx context.Context, some []types.JID, rows map[types.JID][]place) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := c.debt.note(ctx, tx); err != nil {
		return err
	}
	for _, jid := range some {
		for _, p := range rows[jid] {
			if err := p.erase(ctx, tx); err != nil {
				return fmt.Errorf("%s: %w", p.column.table, err)
			}
		}
	}
	return tx.Commit()
}

func (p place) erase(ctx context.Context, tx *sql.Tx) error {
	do := fmt.Sprintf("DELETE FROM %s", p.column.table)
	if p.column.emptied {
		do = fmt.Sprintf("UPDATE %s SET %s = ''", p.column.table, p.column.column)
	}
	where, args := fmt.Sprintf(" WHERE %s = ?", p.column.column), []any{p.value}
	if !p.column.keyed {
		where, args = where+" AND rowid = ?", append(args, p.row)
	}
	_, err := tx.ExecContext(ctx, do+where, args...)
	return err
}
