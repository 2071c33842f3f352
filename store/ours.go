package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"banditore/store/schema"
)

// mustBeOurs judges a file before anything else is asked of it: what it holds beside
// rows must be what our migrations make for its version, object by object, else a
// trigger in a restored file could keep who is to be erased, or act while the file is
// brought up to date. An empty file passes. What does not is a [*Fault] that names
// the object.
func (s *Store) mustBeOurs(ctx context.Context) error {
	return s.reading(ctx, func(db querier) error {
		version, have, err := s.judgeVersion(ctx, db)
		if err != nil {
			return err
		}
		want, err := schemaOf(ctx, version)
		if err != nil {
			return err
		}
		if d := schema.Compare(have, want); d != nil {
			return s.foreign(d.Problem)
		}
		if version == 0 {
			return nil
		}
		if err := s.judgeCounters(ctx, db); err != nil {
			return err
		}
		var daemons int
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM daemon`).Scan(&daemons); err != nil {
			return fmt.Errorf("check the database: %w", err)
		}
		if daemons != 1 {
			return s.foreign(`the table "daemon" in it has not its one row`)
		}
		return nil
	})
}

// judgeVersion finds which version a file says it is of, and what it holds.
func (s *Store) judgeVersion(ctx context.Context, db querier) (version int, have []schema.Object, err error) {
	var application int
	var encoding string
	for query, into := range map[string]any{"PRAGMA user_version": &version, "PRAGMA application_id": &application, "PRAGMA encoding": &encoding} {
		if err := db.QueryRowContext(ctx, query).Scan(into); err != nil {
			return 0, nil, fmt.Errorf("version of the database: %w", err)
		}
	}
	if have, err = schema.Read(ctx, db); err != nil {
		return 0, nil, err
	}
	scripts, err := fs.Glob(migrations, "migrations/*.sql")
	switch {
	case err != nil:
		return 0, nil, fmt.Errorf("migrations: %w", err)
	case version > len(scripts):
		return 0, nil, s.newer(version, len(scripts))
	case version < 0, application != 0:
		return 0, nil, s.foreign("it is marked as another program's")
	case encoding != "UTF-8":
		return 0, nil, s.foreign("its text is not kept as UTF-8")
	}
	return version, have, nil
}

// judgeCounters looks at what SQLite keeps to give each row an ID that no row had
// before: with a false one there would soon be no more.
func (s *Store) judgeCounters(ctx context.Context, db querier) error {
	rows, err := db.QueryContext(ctx, `SELECT name, seq FROM sqlite_sequence`)
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	defer rows.Close()
	var seen []any
	for rows.Next() {
		var table, counted any
		if err := rows.Scan(&table, &counted); err != nil {
			return fmt.Errorf("check the database: %w", err)
		}
		count, ok := counted.(int64)
		if !ok || count < 0 || count > highestID || !slices.Contains([]any{"subscribers", "announcements", "deliveries", "answers"}, table) || slices.Contains(seen, table) {
			return s.foreign(`the table "sqlite_sequence" in it counts what is not ours`)
		}
		seen = append(seen, table)
	}
	return rows.Err()
}

// highestID is beyond any that was ever given, and far from where SQLite has no more.
const highestID = 1 << 53

// schemaToday is that of the newest version, made once in a process: every open compares
// with it.
var schemaToday = sync.OnceValues(func() ([]schema.Object, error) {
	scripts, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return makeSchema(context.Background(), scripts)
})

// schemaOf is what the migrations up to a version make.
func schemaOf(ctx context.Context, version int) ([]schema.Object, error) {
	scripts, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	if version == len(scripts) {
		return schemaToday()
	}
	return makeSchema(ctx, scripts[:version])
}

func makeSchema(ctx context.Context, scripts []string) (list []schema.Object, err error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	for _, script := range scripts {
		statements, err := migrations.ReadFile(script)
		if err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		if _, err := db.ExecContext(ctx, string(statements)); err != nil {
			return nil, fmt.Errorf("%s: %w", script, err)
		}
	}
	return schema.Read(ctx, db)
}

// foreign is the fault of a file that is not as we make it.
func (s *Store) foreign(problem string) error {
	return &Fault{Path: s.path, Problem: problem, Remedy: remedyForeign}
}

const remedyForeign = "stop banditore, keep a copy of the file, and restore store.db from a backup that `banditore backup` made"
