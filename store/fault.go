package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

// Fault is trouble with the data directory or the database that a person must
// mend. Nothing has been changed by the call that returned it.
type Fault struct {
	Path    string // the file or directory
	Problem string // what is wrong with it, a clause without a period
	Remedy  string // what to do, an imperative clause without a period
	Err     error  // what the system said; may be nil
}

// Error is one sentence with the remedy.
func (f *Fault) Error() string { return fmt.Sprintf("%s: %s; %s", f.Path, f.Problem, f.Remedy) }

// Unwrap gives what the system said.
func (f *Fault) Unwrap() error { return f.Err }

// ErrNoDatabase says that there is no database yet.
var ErrNoDatabase = errors.New("there is no database yet; `banditore run` or `banditore pair` creates it")

// ErrBusy says that a reader or writer kept an erasure from its end. The rows are
// gone, what remains to be done is remembered; call [Store.Compact] again later.
var ErrBusy = errors.New("the database is in use by another process; the erasure is not complete")

// fault makes a [*Fault] of what a person must mend, and passes on the rest.
func fault(path string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if f := (*Fault)(nil); errors.As(err, &f) {
		return err
	}
	f := &Fault{Path: path, Err: err}
	var s sqlite3.Error
	if errors.As(err, &s) {
		f.Problem, f.Remedy = sqliteFault(s)
	} else {
		f.Problem, f.Remedy = systemFault(err)
	}
	if f.Problem == "" {
		return err
	}
	return f
}

func sqliteFault(err sqlite3.Error) (problem, remedy string) {
	if err.SystemErrno == syscall.ENOSPC {
		return systemFault(err.SystemErrno)
	}
	switch err.Code {
	case sqlite3.ErrFull:
		return systemFault(syscall.ENOSPC)
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen: // it cannot open its log on a read-only disk
		return systemFault(syscall.EROFS)
	case sqlite3.ErrPerm, sqlite3.ErrAuth:
		return systemFault(syscall.EACCES)
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrFormat:
		return "the database is damaged", remedyDamaged
	case sqlite3.ErrIoErr:
		return "the disk reports an error", "check the disk and its space, then start banditore again"
	default:
		return "", ""
	}
}

const remedyDamaged = "stop banditore, keep a copy of the whole directory, and restore store.db from the backup"

func systemFault(err error) (problem, remedy string) {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "the disk is full", "free some space; nothing is lost, and a banditore that is running goes on by itself"
	case errors.Is(err, syscall.EROFS):
		return "it cannot be written", "check that the disk is mounted for writing and that the directory belongs to the user banditore runs as"
	case errors.Is(err, fs.ErrPermission):
		return "there is no permission to use it", "run the command as the user banditore runs as, or give the directory and its files to that user"
	case errors.Is(err, syscall.EISDIR):
		return "it is a directory, and should be a file", "move it away, or set data_dir to another directory"
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EEXIST):
		return "it is not a directory", "remove the file or set data_dir to another directory"
	default:
		return "", ""
	}
}
