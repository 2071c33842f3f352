package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/store/sqlstore/upgrades"
	waLog "go.mau.fi/whatsmeow/util/log"

	"banditore/store/schema"
)

// sessionSchema is [makeSessionSchema]'s, made once in a process: every look into session.db compares with it.
var sessionSchema = sync.OnceValues(func() ([]schema.Object, error) { return makeSessionSchema(context.Background()) })

// makeSessionSchema tells what session.db holds beside rows: what the library makes of an empty file, and our own tables.
func makeSessionSchema(ctx context.Context) (list []schema.Object, err error) {
	db, err := sql.Open("sqlite3", "file::memory:?_foreign_keys=on")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	_, container, err := asLibrary(db, waLog.Noop)
	if err != nil {
		return nil, err
	}
	if err := container.Upgrade(ctx); err != nil {
		return nil, fmt.Errorf("schema of session.db: %w", err)
	}
	if _, err := db.ExecContext(ctx, ownTables); err != nil {
		return nil, fmt.Errorf("schema of session.db: %w", err)
	}
	return schema.Read(ctx, db)
}

// asLibrary is a database as the library sees it.
func asLibrary(db *sql.DB, log waLog.Logger) (*dbutil.Database, *sqlstore.Container, error) {
	wrapped, err := dbutil.NewWithDB(db, "sqlite3")
	if err != nil {
		return nil, nil, err
	}
	wrapped.UpgradeTable, wrapped.VersionTable = upgrades.Table, "whatsmeow_version"
	return wrapped, sqlstore.NewWithWrappedDB(wrapped, log), nil
}

// mustBeOurs judges a session.db before anything else is asked of it: a trigger or a view in it would keep who is to be erased,
// or act while the library brings the file up to date. An older one may lack tables, columns and indexes; with all it is as
// it is after that.
func mustBeOurs(ctx context.Context, db *sql.DB, path string, all bool) error {
	want, err := sessionSchema()
	if err != nil {
		return err
	}
	have, err := schema.Read(ctx, db)
	if err != nil {
		return err
	}
	d := schema.Within(have, want)
	if all {
		d = schema.CompareUnordered(have, want)
	}
	if d == nil {
		return nil
	}
	return &Fault{Path: path, Problem: d.Problem, Err: d,
		Remedy: "stop banditore, move session.db and the files beside it whose names begin like it away, and link the phone again with `banditore pair`; the list of subscribers is not in it"}
}
