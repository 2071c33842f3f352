package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/mattn/go-sqlite3"
	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow/store/sqlstore"
	waLog "go.mau.fi/whatsmeow/util/log"

	"banditore/store/datadir"
)

// Why there is no link, with StateUnpaired. Empty: there never was one.
const (
	CauseOldCopy  Cause = "old_copy" // session.db was an old copy, which is never connected: it is parked
	CauseCopied   Cause = "copied"   // session.db was copied while it was in use: it is parked
	CauseDamaged  Cause = "damaged"  // session.db could not be read any more: it is parked
	CauseLost     Cause = "lost"     // session.db was not there any more
	CauseUnlinked Cause = "unlinked" // somebody asked for the end of the link: [Client.Unlink]
)

// parkedFile is where a session.db goes that must not be connected. It holds identities of citizens: RemoveParked.
const parkedFile = datadir.Parked

// Parked tells since when a session.db is parked in dir.
func Parked(dir string) (since time.Time, ok bool) {
	info, err := datadir.Stat(filepath.Join(dir, parkedFile))
	if err != nil {
		return time.Time{}, false
	}
	return info.ModTime(), true
}

// RemoveParked deletes what is parked in dir, if anything is.
func RemoveParked(dir string) error {
	var errs []error
	for _, suffix := range journals() {
		errs = append(errs, datadir.Remove(filepath.Join(dir, parkedFile+suffix)))
	}
	return errors.Join(errs...)
}

func journals() []string { return []string{"-wal", "-shm", "-journal", ""} }

// park puts the session.db in dir aside, which nobody has open.
func park(dir string, now time.Time) error {
	if err := RemoveParked(dir); err != nil {
		return err
	}
	path, parked := filepath.Join(dir, sessionFile), filepath.Join(dir, parkedFile)
	errs := []error{datadir.Touch(path, now), datadir.Rename(path, parked)} // first the file: a journal alone is nothing to SQLite
	for _, suffix := range journals()[:3] {
		if err := datadir.Rename(path+suffix, parked+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return faultOf(path, errors.Join(errs...))
}

// openFit opens session.db, or a new one where the old one must not be used: that is parked, and why says for what reason. It
// is CauseLost when there was no file at all.
func openFit(ctx context.Context, o Options, log waLog.Logger) (db *dbutil.Database, container *sqlstore.Container, why Cause, err error) {
	path := filepath.Join(o.Dir, sessionFile)
	if _, err := datadir.Stat(path); errors.Is(err, fs.ErrNotExist) {
		why = CauseLost
	}
	db, container, err = openSession(ctx, path, log)
	switch {
	case isDamaged(err) && !o.Beside:
		why = CauseDamaged
	case err != nil || o.Beside || why == CauseLost:
		return db, container, why, err
	default:
		if why, err = unfit(ctx, db.RawDB, o, path); why == "" && err == nil {
			return db, container, "", nil
		}
		err = errors.Join(err, db.RawDB.Close())
		if err != nil {
			return nil, nil, "", faultOf(path, err)
		}
	}
	if err := park(o.Dir, time.Now()); err != nil {
		return nil, nil, "", err
	}
	o.Logger.Error("session.db must not be used and is parked; the phone must be linked again", "why", string(why))
	db, container, err = openSession(ctx, path, log)
	return db, container, why, err
}

// unfit tells why a session.db that can be read must not be used. One without a link does no harm.
func unfit(ctx context.Context, db *sql.DB, o Options, path string) (Cause, error) {
	var linked bool
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM whatsmeow_device)`).Scan(&linked); err != nil || !linked {
		return "", err
	}
	m, err := keptMark(ctx, db)
	if err != nil {
		return "", err
	}
	here, err := inode(path)
	return m.oldCopy(readMark(o.Mark), here), err
}

// isDamaged tells of a file that SQLite cannot read, for good.
func isDamaged(err error) bool {
	var s sqlite3.Error
	return errors.As(err, &s) && (s.Code == sqlite3.ErrCorrupt || s.Code == sqlite3.ErrNotADB)
}

// unlinked is the state of a Client without a link: what has just been found out, else what the process before knew, which may
// not have come to note the end of the link.
func (o Options) unlinked(why Cause) StateChange {
	switch last := o.Last.StateChange; {
	case o.Beside && last.State.Paired():
		return StateChange{State: StateDisconnected} // whoever has the link knows more
	case why != "" && (why != CauseLost || last.State.Paired()):
		return StateChange{State: StateUnpaired, Cause: why}
	case last.State == StateLoggedOut, last.State == StateUnpaired:
		return last
	case last.State.Paired():
		return StateChange{State: StateLoggedOut}
	}
	return StateChange{State: StateUnpaired}
}
