package store

import (
	"context"
	"errors"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"banditore/store/datadir"
)

// Fault is trouble with the data directory or the database that a person must
// mend. Nothing has been changed by the call that returned it.
type Fault = datadir.Fault

// ErrNoDatabase says that there is no database yet.
var ErrNoDatabase = errors.New("there is no database yet; `banditore run` or `banditore pair` creates it")

// ErrBusy says that a reader or writer kept an erasure from its end. The rows are
// gone, what remains to be done is remembered; call [Store.Compact] again later.
var ErrBusy = errors.New("the database is in use by another process; the erasure is not complete")

// fault makes a [*Fault] of what a person must mend, and passes on the rest.
func fault(path string, err error) error {
	if _, is := errors.AsType[*Fault](err); is || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	s, is := errors.AsType[sqlite3.Error](err)
	if !is {
		return datadir.FaultOf(path, err)
	}
	f := &Fault{Path: path, Err: err}
	switch {
	case s.SystemErrno == syscall.ENOSPC, s.Code == sqlite3.ErrFull:
		return as(f, syscall.ENOSPC)
	case s.Code == sqlite3.ErrReadonly, s.Code == sqlite3.ErrCantOpen: // it cannot open its log on a read-only disk
		return as(f, syscall.EROFS)
	case s.Code == sqlite3.ErrPerm, s.Code == sqlite3.ErrAuth:
		return as(f, syscall.EACCES)
	case s.Code == sqlite3.ErrCorrupt, s.Code == sqlite3.ErrNotADB, s.Code == sqlite3.ErrFormat:
		f.Problem, f.Remedy = "the database is damaged", remedyDamaged
	case s.Code == sqlite3.ErrIoErr:
		f.Problem, f.Remedy = "the disk reports an error", "check the disk and its space, then start banditore again"
	default:
		return err
	}
	return f
}

// as says of f what is said of an error of the system.
func as(f *Fault, system syscall.Errno) error {
	if said, is := errors.AsType[*Fault](datadir.FaultOf(f.Path, system)); is {
		f.Problem, f.Remedy = said.Problem, said.Remedy
	}
	return f
}

const remedyDamaged = "stop banditore, keep a copy of the whole directory, and restore store.db from the backup"
