package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"go.mau.fi/whatsmeow/types"

	"banditore/store/datadir"
	"banditore/store/schema"
)

// PairedNumber reads from the session.db in dir which number (E.164) is linked, also while a daemon runs there. It
// creates nothing; without a session.db the answer is "not paired".
func PairedNumber(ctx context.Context, dir string) (number string, paired bool, err error) {
	var jid types.JID
	paired, err = lookUp(ctx, dir, "whatsmeow_device", &jid, "SELECT jid FROM whatsmeow_device")
	if err != nil || !paired {
		return "", false, err
	}
	return "+" + jid.User, true, nil
}

// Counterpart reads from the session.db in dir the other identity of somebody of whom one is given, if the library has
// come to know it. Like [PairedNumber] it creates nothing, and nobody is asked.
func Counterpart(ctx context.Context, dir string, a Address) (Address, error) {
	query, known, server := "SELECT lid FROM whatsmeow_lid_map WHERE pn = ?", a.numberJID(), types.HiddenUserServer
	if a.LID != "" {
		query, known, server = "SELECT pn FROM whatsmeow_lid_map WHERE lid = ?", a.lidJID(), types.DefaultUserServer
	}
	var user string
	if _, err := lookUp(ctx, dir, "whatsmeow_lid_map", &user, query, known.User); err != nil {
		return Address{}, err
	}
	return addressOf(types.NewJID(user, server)), nil
}

// lookUp reads one value from a table of session.db, beside whoever works on it. ok is false when it is not there.
func lookUp(ctx context.Context, dir, table string, into any, query string, args ...any) (ok bool, err error) {
	path := filepath.Join(dir, sessionFile)
	db, err := openBeside(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, faultOf(path, err)
	}
	defer db.Close()
	if err := mustBeOurs(ctx, db, path, false); err != nil {
		return false, faultOf(path, err)
	}
	var made bool // the tables of a new file may not have been made yet
	err = db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?)", table).Scan(&made)
	if err != nil || !made {
		return false, faultOf(path, err)
	}
	switch err := db.QueryRowContext(ctx, query, args...).Scan(into); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, faultOf(path, fmt.Errorf("look something up: %w", err))
	}
	return true, nil
}

// openBeside opens session.db for reading, beside whoever works on it. The error is [os.ErrNotExist] when there is none.
func openBeside(path string) (*sql.DB, error) {
	if _, err := datadir.Stat(path); err != nil {
		return nil, err
	}
	options := "mode=ro&_busy_timeout=20000"
	if _, err := datadir.Stat(path + "-wal"); errors.Is(err, os.ErrNotExist) {
		options += "&immutable=1" // nobody has it open; a plain reader would create the journal files
	}
	return connect(path, options)
}

// Traces looks at every value of every table of the session.db in dir, by no index, for somebody's number and LID, and names the
// columns that hold one of them. Part tells whether some value holds them as part of a longer number. It creates nothing.
func Traces(ctx context.Context, dir string, a Address) (places []string, part bool, err error) {
	path := filepath.Join(dir, sessionFile)
	db, err := openBeside(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, faultOf(path, err)
	}
	defer db.Close()
	found := schema.Places{}
	for _, digits := range []string{a.numberJID().User, a.lidJID().User} {
		if digits == "" {
			continue
		}
		places, longer, err := schema.Find(ctx, db, digits)
		if err != nil {
			return nil, false, faultOf(path, err)
		}
		maps.Copy(found, places)
		part = part || longer
	}
	return slices.Sorted(maps.Keys(found)), part, nil
}
