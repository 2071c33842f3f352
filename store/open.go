package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver
)

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	db   *sql.DB
	path string

	// write lets one goroutine of this process write at a time. SQLite would
	// see to that as well, but by polling.
	write sync.Mutex
}

// busyTimeout is how long a statement waits for another process.
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

// Open opens the database in dir, which it creates and brings up to date if
// need be. What a person must mend is a [*Fault]. The caller should have
// [Lock]ed dir, and must Close the Store.
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := prepareDir(dir); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(filepath.Join(dir, databaseFile))
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := preparePrivate(path); err != nil {
		return nil, err
	}
	return open(ctx, path, false)
}

// OpenExisting opens the database in dir for reading, while a daemon works on
// it or not. It creates and changes nothing. Without a database the error is
// [ErrNoDatabase]; what a person must mend is a [*Fault].
func OpenExisting(ctx context.Context, dir string) (*Store, error) {
	if err := CheckOwner(dir); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(filepath.Join(dir, databaseFile))
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && info.Size() == 0) {
		return nil, ErrNoDatabase
	}
	if err != nil {
		return nil, fault(path, err)
	}
	return open(ctx, path, true)
}

func open(ctx context.Context, path string, readOnly bool) (_ *Store, err error) {
	db, err := sql.Open("sqlite3", dsn(path, readOnly))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s := &Store{db: db, path: path}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	if err := s.quickCheck(ctx); err != nil {
		return nil, err
	}
	if readOnly {
		return s, s.mustBeCurrent(ctx)
	}
	return s, s.migrate(ctx)
}

// Close ends all work on the database. It may be called twice.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close %s: %w", s.path, err)
	}
	return nil
}

// quickCheck finds damage before it can spread.
func (s *Store) quickCheck(ctx context.Context) error {
	var verdict string
	err := s.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict)
	if err != nil {
		return fault(s.path, fmt.Errorf("check the database: %w", err))
	}
	if verdict != "ok" {
		return &Fault{Path: s.path, Problem: "the database is damaged", Remedy: remedyDamaged}
	}
	return nil
}

// inTx runs work in one transaction, which ends with it: committed, or rolled
// back when work fails.
func (s *Store) inTx(ctx context.Context, work func(*sql.Tx) error) error {
	s.write.Lock()
	defer s.write.Unlock()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fault(s.path, fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := work(tx); err != nil {
		return fault(s.path, err)
	}
	if err := tx.Commit(); err != nil {
		return fault(s.path, fmt.Errorf("commit: %w", err))
	}
	return nil
}

// scan reads the one row of a query. Without a row ok is false.
func (s *Store) scan(ctx context.Context, query string, args []any, into ...any) (ok bool, err error) {
	err = s.db.QueryRowContext(ctx, query, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, fault(s.path, err)
}
