package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"

	"banditore/store/datadir"
)

// ErrBusy says that another program was reading session.db, so that the journal could not be emptied: Compact again.
var ErrBusy = errors.New("session.db is being read by another program: what was erased may still be in its journal")

// compactPatience is how long Compact waits for another program that uses session.db. It is short because there is one
// connection, so that nothing can be encrypted or decrypted meanwhile, and because another attempt costs nothing.
const compactPatience = 100 * time.Millisecond

// journalLimit is how large the journal may be, in bytes, before Compact empties it although no erasure needs it. SQLite reuses
// it from 4 MB on, but while a reader stays it grows with all that is written.
const journalLimit = 32 << 20

// debtName is a fact while an erasure is not complete: it is remembered across restarts.
const debtName = "owes_compaction"

// debt is what an erasure has left to be done. Whoever has the one connection may touch it. A new process remembers neither
// of its words, and begins anew.
type debt struct {
	rewritten bool // session.db was written anew since the last rows were erased
	hindered  bool // somebody was reading when the journal was to be emptied last
}

// note says, in the transaction that erases rows, that more is to be done.
func (d *debt) note(ctx context.Context, tx *sql.Tx) error {
	d.rewritten = false
	_, err := tx.ExecContext(ctx, `INSERT INTO banditore_facts (name, value) VALUES (?, 'true') ON CONFLICT (name) DO NOTHING`, debtName)
	return err
}

// ErasureOwed reads from the session.db in dir whether something of an erasure remains to be done, also while a daemon runs
// there. Like [PairedNumber] it creates nothing.
func ErasureOwed(ctx context.Context, dir string) (owed bool, err error) {
	_, err = fact(ctx, dir, debtName, &owed)
	return owed, err
}

// Compact does what remains of an erasure, if anything does: it writes session.db anew, without its free space, and empties
// the journal, where the erased rows were first written. It also empties a journal that has grown beyond 32 MB. While another program reads, the journal cannot be emptied: after a
// tenth of a second that is ErrBusy, and Compact may be called again at any time. As long as the reader stays, further calls
// write nothing: the file is written anew once for what was erased before, and what is erased meanwhile waits for its end.
func (c *Client) Compact(ctx context.Context) error {
	if !c.enter() {
		return ErrClosed
	}
	defer c.hands.Done()
	err := c.impatient(ctx, func(conn *sql.Conn) error {
		var owed bool
		if err := conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM banditore_facts WHERE name = ?)`, debtName).Scan(&owed); err != nil || !owed && !c.overgrown() {
			return err
		}
		return c.debt.pay(ctx, conn, owed)
	})
	if errors.Is(err, ErrBusy) {
		return ErrBusy
	}
	return faultOf(c.path, err)
}

// overgrown tells of a journal beyond its limit.
func (c *Client) overgrown() bool {
	info, err := datadir.Stat(c.path + "-wal")
	return err == nil && info.Size() > journalLimit
}

// pay empties the journal, and completes an erasure if one is owed, as far as other programs let it.
func (d *debt) pay(ctx context.Context, conn *sql.Conn, owed bool) error {
	empty := func() error {
		err := emptyJournal(ctx, conn)
		d.hindered = errors.Is(err, ErrBusy)
		return err
	}
	if d.hindered || !owed {
		if err := empty(); err != nil || !owed {
			return err
		}
	}
	if !d.rewritten { // a reader does not hinder it: it goes on with the old pages, which the journal keeps
		if _, err := conn.ExecContext(ctx, "VACUUM"); err != nil {
			return fmt.Errorf("vacuum: %w", err)
		}
		d.rewritten = true
	}
	if err := empty(); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, `DELETE FROM banditore_facts WHERE name = ?`, debtName)
	return err
}

// impatient runs work on the connection, which waits for other programs no longer than compactPatience. What one of them
// holds is ErrBusy.
func (c *Client) impatient(ctx context.Context, work func(*sql.Conn) error) error {
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", compactPatience.Milliseconds())); err != nil {
		return err
	}
	err = work(conn)
	if held := (sqlite3.Error{}); errors.As(err, &held) && (held.Code == sqlite3.ErrBusy || held.Code == sqlite3.ErrLocked) {
		err = ErrBusy
	}
	_, err2 := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout))
	return errors.Join(err, err2)
}

// emptyJournal moves the journal into the file and cuts it off, unless somebody reads.
func emptyJournal(ctx context.Context, conn *sql.Conn) error {
	var busy, frames, moved int
	err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	switch {
	case err != nil:
		return fmt.Errorf("checkpoint: %w", err)
	case busy != 0: // else the journal is empty
		return ErrBusy
	}
	return nil
}
