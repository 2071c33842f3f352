package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Fault is something about the spool folder that a person must mend.
type Fault struct {
	Path    string // the folder it is about
	Problem string // what is wrong, in English, without a full stop
	Remedy  string // what to do about it
	Err     error  // what the system said; may be nil
}

// Error is one sentence with the remedy.
func (f *Fault) Error() string {
	return fmt.Sprintf("spool folder %q %s: %s", f.Path, f.Problem, f.Remedy)
}

// Unwrap gives what the system said.
func (f *Fault) Unwrap() error { return f.Err }

// fault puts a name and a remedy to what the system says about a folder.
func fault(dir string, err error) error {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	f := &Fault{Path: dir, Problem: fmt.Sprintf("cannot be used (%v)", err), Remedy: "mend what the system reports", Err: err}
	switch {
	case errors.Is(err, syscall.EXDEV):
		f.Problem = "is on another file system than the rest of the spool"
		f.Remedy = "keep the whole spool on one file system: files change folder by rename; unmount it here, or mount the whole spool folder instead"
	case errors.Is(err, syscall.EROFS):
		f.Problem, f.Remedy = "is on a read-only file system", "mount it for writing"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		f.Problem, f.Remedy = "is on a full disk", "free some space there"
	case unreachable(err):
		f.Problem, f.Remedy = "cannot be reached", "mount the share again; what was accepted leaves meanwhile"
	case errors.Is(err, fs.ErrPermission):
		f.Problem, f.Remedy = "may not be written by this program", "give the program's own user read, write and search permission on it"
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		f.Problem, f.Remedy = "is not a folder", "move away what has this name"
	}
	return f
}

// unreachable is what the system says when the machine that keeps the folder has
// gone, or the folder itself.
func unreachable(err error) bool {
	for _, e := range []error{syscall.ESTALE, syscall.ENOTCONN, syscall.EIO, syscall.EHOSTDOWN, syscall.EHOSTUNREACH, syscall.ETIMEDOUT, syscall.ENODEV, fs.ErrNotExist} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
