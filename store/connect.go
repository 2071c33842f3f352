package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/mattn/go-sqlite3"

	"banditore/store/datadir"
)

// busyTimeout is how long a statement waits for another process that writes. It
// is what a foreign writer can cost: while one holds a write transaction open (a
// sqlite3 shell after BEGIN IMMEDIATE), nothing can be recorded, so nothing leaves
// and nothing is answered, and after this time the statement fails and is tried
// again. Nobody waits for a reader: a write goes past it, and only [Store.Compact]
// needs it to end.
const busyTimeout = 20 * time.Second

// options go into the DSN because only there do they reach every connection of
// the pool: a PRAGMA sent through it would reach one.
func options() url.Values {
	return url.Values{
		"mode":             {"rw"}, // the file is created beforehand, with its mode
		"_foreign_keys":    {"on"},
		"_journal_mode":    {"WAL"},
		"_txlock":          {"immediate"}, // wait for the write lock at BEGIN, not half-way
		"_busy_timeout":    {fmt.Sprint(busyTimeout.Milliseconds())},
		"_secure_delete":   {"on"},
		"_stmt_cache_size": {"100"},
		"_synchronous":     {"FULL"}, // a confirmed registration survives a power cut
	}
}

func dsn(path string, readOnly bool) string {
	o := options()
	if readOnly {
		o.Set("_query_only", "on")
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: o.Encode()}
	return u.String()
}

// logLimit is how large the write-ahead log stays, in bytes, once what made it larger
// is over: a reader, or an announcement to a long list. SQLite copies it into the
// database at half of that already.
const logLimit = 8 << 20

// connector judges the files before it opens them, and sets for each connection of
// the pool what has no place in the DSN.
type connector struct{ datadir.Connector }

// connect makes the pool. It opens nothing yet.
func connect(path string, readOnly bool) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{datadir.Connector{Path: path, DSN: dsn(path, readOnly), SQLite: &sqlite3.SQLiteDriver{}}}), nil
}

// Connect opens a connection.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if c, ok := conn.(interface{ SetLimit(id, limit int) int }); ok {
		c.SetLimit(limitLength, longestValue)
		c.SetLimit(limitSQLLength, longestStatement)
	}
	for _, pragma := range []string{
		fmt.Sprintf("journal_size_limit = %d", logLimit),
		"trusted_schema = OFF", // what stands in the schema of a file calls no function that could do harm
		"cell_size_check = ON", // a page that was made to mislead is found when it is read
	} {
		if _, err := conn.(driver.ExecerContext).ExecContext(ctx, "PRAGMA "+pragma, nil); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}

const (
	// longestStatement bounds what SQLite reads of a schema, in bytes, long before it is
	// known whose it is. Ours are of a few thousand.
	longestStatement = 1 << 20
	// longestValue bounds a row, in bytes. The largest that we write is an attachment of
	// 16 MB with a picture of it.
	longestValue = 64 << 20

	limitLength    = 0 // SQLITE_LIMIT_LENGTH
	limitSQLLength = 1 // SQLITE_LIMIT_SQL_LENGTH
)
