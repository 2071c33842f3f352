package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
)

// idleConnections is how many connections wait for work, as database/sql has it.
const idleConnections = 2

// Shed closes all connections, waits meanwhile with nobody connected, and lets new ones
// be made. Page caches and prepared statements hold rows, also such as have been erased.
// ctx bounds the wait for who is at work.
func (s *Store) Shed(ctx context.Context, meanwhile func()) error {
	defer s.db.SetMaxIdleConns(idleConnections)
	defer s.db.SetMaxOpenConns(0)
	s.db.SetMaxIdleConns(0)
	s.db.SetMaxOpenConns(1)
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fault(s.path, fmt.Errorf("close the connections: %w", err))
	}
	return closedMeanwhile(conn, meanwhile)
}

// closedMeanwhile closes the only connection of a pool for good, while its place is kept.
func closedMeanwhile(conn *sql.Conn, meanwhile func()) (err error) {
	defer conn.Close()
	_ = conn.Raw(func(connection any) error {
		if closer, ok := connection.(io.Closer); ok {
			err = closer.Close()
		}
		meanwhile()
		return driver.ErrBadConn
	})
	return err
}
