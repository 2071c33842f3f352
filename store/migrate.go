package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

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
