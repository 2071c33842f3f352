package datadir

import (
	"context"
	"database/sql/driver"
	"errors"
	"io/fs"
	"os"
)

// Connector opens connections of SQLite to the database at Path. SQLite finds a
// database, and what lies beside it, by name and follows links: so each of the files
// is judged right before, and must be the same right after. It implements
// [driver.Connector].
type Connector struct {
	Path   string
	DSN    string        // names Path
	SQLite driver.Driver // opens it
}

// Driver is the one that opens the connections.
func (c Connector) Driver() driver.Driver { return c.SQLite }

// Connect opens a connection. What a person must mend is a [*Fault]; without a
// database the error is [fs.ErrNotExist].
func (c Connector) Connect(context.Context) (driver.Conn, error) {
	before, err := c.judge()
	if err != nil {
		return nil, err
	}
	conn, err := c.SQLite.Open(c.DSN)
	if err != nil {
		return nil, err
	}
	after, err := c.judge()
	if err == nil && !os.SameFile(before, after) {
		err = &Fault{Path: c.Path, Problem: "it was replaced while it was opened", Remedy: "find out by whom, and try again"}
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

func (c Connector) judge() (info fs.FileInfo, err error) {
	err = in(c.Path, func(d *dir, name string) (err error) {
		for _, log := range logs() {
			if _, err := d.look(name + log); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		info, err = d.look(name)
		return err
	})
	return info, err
}
