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
)

// DirLock is one process's hold on a data directory. It ends with the process, if
// not before.
type DirLock struct{ file *os.File }

// LockedError says that another process holds the data directory.
type LockedError struct {
	PID int // 0 if it has not written it yet
	Dir string
}

// Error is one sentence with the remedy.
func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s: another banditore is using this directory; stop it first", e.Dir)
	}
	return fmt.Sprintf("%s: another banditore, process %d, is using this directory; stop it first", e.Dir, e.PID)
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
	if err := prepareDir(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, lockFile)
	if err := preparePrivate(path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, fault(path, err)
	}
	if err := take(f); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES) {
			return nil, &LockedError{PID: readPID(f), Dir: dir}
		}
		return nil, fault(path, fmt.Errorf("lock %s: %w", path, err))
	}
	if err := errors.Join(writePID(f), removeStaging(dir)); err != nil {
		return nil, errors.Join(fault(path, err), f.Close())
	}
	return &DirLock{file: f}, nil
}

// Unlock gives the directory back. It may be called twice.
func (l *DirLock) Unlock() error {
	err := l.file.Close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// Held tells whether a process has dir, and which. It takes nothing and
// disturbs nobody. A directory that does not exist is held by nobody.
func Held(dir string) (pid int, held bool, err error) {
	path := filepath.Join(dir, lockFile)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fault(path, err)
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

func take(f *os.File) error {
	return syscall.FcntlFlock(f.Fd(), ofdSetLock, &syscall.Flock_t{Type: syscall.F_WRLCK})
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
