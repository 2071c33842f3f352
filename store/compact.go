package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"

	"banditore/store/datadir"
)

// compactPatience is how long [Store.Compact] waits for somebody who uses the
// database. It is short because nobody can write meanwhile, not even an answer,
// and because another attempt costs nothing.
const compactPatience = 100 * time.Millisecond

// overgrownLog is how large the log may be, in bytes, before [Store.Compact] empties it
// although no erasure needs it. SQLite reuses it from 4 MB on, unless one
// transaction is larger or a reader stays: then it grows with all that is written.
const overgrownLog = 32 << 20

// Compact does what remains of an erasure, if anything does: it writes the whole
// database anew and empties the log. Deleting rows is not enough, even with
// secure_delete: the log keeps old pages, and a page may keep what has moved
// to another. It also empties a log that has grown beyond 32 MB. Else it costs a look.
//
// While another process reads, the log cannot be emptied, and the error is
// [ErrBusy] after a tenth of a second. What remains is remembered across restarts,
// and Compact may be called at any time: as long as the reader stays, further
// calls write nothing. The database is written anew once for what was erased
// before, and what is erased meanwhile waits for the end of the reader, so that
// the log does not grow by a whole database each time.
func (s *Store) Compact(ctx context.Context) error {
	var owed bool
	if _, err := s.scan(ctx, `SELECT owes_compaction FROM daemon`, nil, &owed); err != nil || !owed && !s.overgrown() {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fault(s.path, fmt.Errorf("compact: %w", err))
	}
	defer conn.Close()
	defer func() { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }() // it goes, with its settings
	if err := s.compact(ctx, conn, owed); err != nil {
		return busyOr(fault(s.path, fmt.Errorf("compact: %w", err)))
	}
	return nil
}

// overgrown tells of a log beyond its limit.
func (s *Store) overgrown() bool {
	info, err := datadir.Stat(s.path + "-wal")
	return err == nil && info.Size() > overgrownLog
}

// compact empties the log, and completes an erasure if one is owed. It changes the
// settings of the connection, and must be called with s.write held.
func (s *Store) compact(ctx context.Context, conn *sql.Conn, owed bool) error {
	patience := fmt.Sprintf(`PRAGMA busy_timeout = %d`, compactPatience.Milliseconds())
	if _, err := conn.ExecContext(ctx, patience); err != nil {
		return err
	}
	if s.hindered || !owed {
		if err := s.emptyLog(ctx, conn); err != nil || !owed {
			return err
		}
	}
	if err := s.rewrite(ctx, conn); err != nil {
		return err
	}
	if err := s.emptyLog(ctx, conn); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, `UPDATE daemon SET owes_compaction = 0`)
	return err
}

// rewrite writes the database anew, unless nothing was erased since the last time.
// A reader does not hinder it: it goes on with the old pages, which the log keeps.
func (s *Store) rewrite(ctx context.Context, conn *sql.Conn) error {
	if s.rewritten {
		return nil
	}
	for _, statement := range []string{
		`PRAGMA temp_store = MEMORY`, // else the copy passes through a file in /tmp
		`VACUUM`,
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	s.rewritten = true
	return nil
}

// emptyLog moves the log into the file and cuts it off, unless somebody reads.
func (s *Store) emptyLog(ctx context.Context, conn *sql.Conn) error {
	var busy, pages, moved int
	if err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if s.hindered = busy != 0; s.hindered {
		return ErrBusy
	}
	return nil
}

func busyOr(err error) error {
	var s sqlite3.Error
	if errors.As(err, &s) && (s.Code == sqlite3.ErrBusy || s.Code == sqlite3.ErrLocked) {
		return ErrBusy
	}
	return err
}
