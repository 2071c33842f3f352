package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"

	"banditore/store/datadir"
)

const databaseFile = datadir.Database

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	db   *sql.DB
	path string

	// write lets one goroutine of this process write at a time. SQLite would
	// see to that as well, but by polling.
	write sync.Mutex

	catching sync.Mutex       // one CatchUp at a time
	seen     map[int64]glance // what it saw last, by correction or withdrawal; under catching

	// Of an erasure that is not complete; guarded by write. A new process
	// remembers neither.
	rewritten bool // the database was written anew since the last rows were erased
	hindered  bool // somebody was reading when the log was to be emptied last
}

// Open opens the database in dir, which it creates and brings up to date if
// need be. What a person must mend is a [*Fault]. The caller should have
// [Lock]ed dir, and must Close the Store.
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := datadir.Prepare(dir); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(filepath.Join(dir, databaseFile))
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := datadir.Make(path); err != nil { // with its mode: SQLite gives its log that of the database
		return nil, err
	}
	return open(ctx, path, false)
}

// OpenExisting opens the database in dir for reading, while a daemon works on
// it or not. It creates and changes nothing. Without a database the error is
// [ErrNoDatabase]; what a person must mend is a [*Fault].
func OpenExisting(ctx context.Context, dir string) (*Store, error) {
	if err := datadir.Check(dir); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(filepath.Join(dir, databaseFile))
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	info, err := datadir.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && info.Size() == 0) {
		return nil, ErrNoDatabase
	}
	if err != nil {
		return nil, err
	}
	return open(ctx, path, true)
}

func open(ctx context.Context, path string, readOnly bool) (_ *Store, err error) {
	db, err := connect(path, readOnly)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s := &Store{db: db, path: path}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	if err := s.mustBeOurs(ctx); err != nil {
		return nil, err
	}
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
	return s.checkPages(ctx, "PRAGMA quick_check(1)")
}

func (s *Store) checkPages(ctx context.Context, check string) error {
	var verdict string
	err := s.db.QueryRowContext(ctx, check).Scan(&verdict)
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

// reading runs work on one moment's state. Unlike [Store.inTx] it asks for no
// write lock, which a Store that is open for reading cannot have.
func (s *Store) reading(ctx context.Context, work func(querier) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fault(s.path, fmt.Errorf("read: %w", err))
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return fault(s.path, fmt.Errorf("begin: %w", err))
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) }()
	return fault(s.path, work(conn))
}

// querier is the database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func (s *Store) exec(ctx context.Context, doing, query string, args ...any) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		return nil
	})
}

// column reads the rows of a query for one column.
func column[T any](rows *sql.Rows) (values []T, err error) {
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, fmt.Errorf("read a row: %w", err)
		}
		values = append(values, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the rows: %w", err)
	}
	return values, nil
}

// migrations holds one file for each version of the schema. They only grow: a
// released file is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the database up to date, one transaction for each version.
func (s *Store) migrate(ctx context.Context) error {
	scripts, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	if version > len(scripts) {
		return s.newer(version, len(scripts))
	}
	for i := version; i < len(scripts); i++ {
		if err := s.inTx(ctx, func(tx *sql.Tx) error { return apply(ctx, tx, scripts[i], i+1) }); err != nil {
			return err
		}
	}
	return nil
}

// apply runs one script. Two processes may start at once: the one that waited
// for the other finds the work done.
func apply(ctx context.Context, tx *sql.Tx, script string, version int) error {
	var current int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&current); err != nil {
		return fmt.Errorf("version of the database: %w", err)
	}
	if current >= version {
		return nil
	}
	statements, err := migrations.ReadFile(script)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
		return fmt.Errorf("%s: %w", script, err)
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return fmt.Errorf("%s: %w", script, err)
	}
	// The check reports violations as rows, not as an error.
	var violations int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&violations); err != nil {
		return fmt.Errorf("%s: %w", script, err)
	}
	if violations > 0 {
		return fmt.Errorf("%s: %d rows refer to rows that do not exist", script, violations)
	}
	return nil
}

// mustBeCurrent refuses a database that a command which only reads cannot read.
func (s *Store) mustBeCurrent(ctx context.Context) error {
	scripts, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	version, err := s.version(ctx)
	switch {
	case err != nil:
		return err
	case version == 0:
		return ErrNoDatabase
	case version > len(scripts):
		return s.newer(version, len(scripts))
	case version < len(scripts):
		return &Fault{
			Path:    s.path,
			Problem: "the database is of an older banditore",
			Remedy:  "restart the daemon, which brings it up to date",
		}
	default:
		return nil
	}
}

func (s *Store) version(ctx context.Context) (v int, err error) {
	if err := s.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v); err != nil {
		return 0, fault(s.path, fmt.Errorf("version of the database: %w", err))
	}
	return v, nil
}

func (s *Store) newer(theirs, ours int) error {
	return &Fault{
		Path:    s.path,
		Problem: fmt.Sprintf("the database is of a newer banditore (version %d, this program knows %d)", theirs, ours),
		Remedy:  "install the newer program again",
	}
}
