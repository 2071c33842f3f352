package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"banditore/store/datadir"
)

const (
	lockFile        = datadir.Lock
	sessionLockFile = datadir.SessionLock
)

// DirLock is one process's hold on a data directory, or on the link in it. It ends
// with the process, if not before.
type DirLock struct{ file *os.File }

// LockedError says that another process holds the data directory, or the link.
type LockedError struct {
	PID     int // 0 if it has not written it yet
	Dir     string
	Session bool // it is the link that is held
}

// Error is one sentence with the remedy.
func (e *LockedError) Error() string {
	who, what, remedy := "another banditore", "using this directory", "stop it first"
	if e.PID != 0 {
		who = fmt.Sprintf("another banditore, process %d,", e.PID)
	}
	if e.Session {
		what, remedy = "linking or using the link in this directory", "wait for its end, or stop it first"
	}
	return fmt.Sprintf("%s: %s is %s; %s", e.Dir, who, what, remedy)
}

// Locks of Linux that belong to the open file, not to the process
// (linux/fcntl.h). Unlike flock they can be asked about without being taken.
const (
	ofdGetLock = 36 // F_OFD_GETLK
	ofdSetLock = 37 // F_OFD_SETLK
)

// Lock takes dir, which it creates if need be, for this process. While another
// one has it, the error is a [*LockedError].
func Lock(dir string) (*DirLock, error) {
	l, err := lock(dir, lockFile)
	if err != nil {
		return nil, err
	}
	if err := removeStaging(dir); err != nil {
		return nil, errors.Join(err, l.Unlock())
	}
	return l, nil
}

// LockSession takes the linked device's keys in dir for this process, beside
// whoever holds dir: who connects with them, or links a phone, must have this lock,
// so that two programs never are the same device. While another process has it, the
// error is a [*LockedError].
func LockSession(dir string) (*DirLock, error) { return lock(dir, sessionLockFile) }

func lock(dir, name string) (*DirLock, error) {
	if err := datadir.Prepare(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, name)
	f, err := datadir.OpenWritable(path)
	if err != nil {
		return nil, err
	}
	if err := lockAs(f, syscall.F_WRLCK); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES) {
			return nil, &LockedError{PID: readPID(f), Dir: dir, Session: name == sessionLockFile}
		}
		return nil, fault(path, fmt.Errorf("lock %s: %w", path, err))
	}
	if err := writePID(f); err != nil {
		return nil, errors.Join(fault(path, err), f.Close())
	}
	return &DirLock{file: f}, nil
}

// Unlock gives the directory back. It may be called twice.
func (l *DirLock) Unlock() error {
	// Closing is not enough: a process that we are about to start has a copy of the file until it begins.
	unlocked := lockAs(l.file, syscall.F_UNLCK)
	err := l.file.Close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return errors.Join(unlocked, err)
}

// LockedBy tells whether a process has dir, and which. It takes nothing and
// disturbs nobody. A directory that does not exist is held by nobody.
func LockedBy(dir string) (pid int, held bool, err error) { return holder(dir, lockFile) }

// SessionLockedBy is [LockedBy] for the lock of [LockSession].
func SessionLockedBy(dir string) (pid int, held bool, err error) { return holder(dir, sessionLockFile) }

func holder(dir, name string) (pid int, held bool, err error) {
	path := filepath.Join(dir, name)
	f, err := datadir.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	defer f.Close()
	query := syscall.Flock_t{Type: syscall.F_WRLCK}
	if err := syscall.FcntlFlock(f.Fd(), ofdGetLock, &query); err != nil {
		return 0, false, fmt.Errorf("ask for the lock on %s: %w", path, err)
	}
	if query.Type == syscall.F_UNLCK {
		return 0, false, nil
	}
	return readPID(f), true, nil
}

func lockAs(f *os.File, kind int16) error {
	return syscall.FcntlFlock(f.Fd(), ofdSetLock, &syscall.Flock_t{Type: kind})
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func readPID(f *os.File) int {
	content, err := io.ReadAll(io.NewSectionReader(f, 0, 20))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(content)))
	if err != nil {
		return 0
	}
	return pid
}
