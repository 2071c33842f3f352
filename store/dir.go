package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// The files of a data directory that are ours to create. The linked device's
// keys live beside them, in a database of their own.
const (
	databaseFile    = "store.db"
	lockFile        = "banditore.lock"
	sessionLockFile = "session.lock"
)

// probeSize is more than the databases need to go on for a while.
const probeSize = 1 << 20

// CheckDir tells whether dir can hold the database, without leaving anything
// behind. A directory that does not exist yet is fine. The error is a [*Fault].
func CheckDir(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := errors.Join(mustBeDir(dir), CheckOwner(dir)); err != nil {
		return err
	}
	probe, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return fault(dir, err)
	}
	_, err = probe.Write(make([]byte, probeSize)) // a full disk takes names, but no content
	return fault(dir, errors.Join(err, probe.Close(), os.Remove(probe.Name())))
}

func mustBeDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fault(dir, err)
	}
	if !info.IsDir() {
		return &Fault{Path: dir, Problem: "it is not a directory", Remedy: "remove the file or set data_dir to another directory"}
	}
	return nil
}

// prepareDir creates dir for its owner's eyes only, or makes an existing one so.
func prepareDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return mustMake(dir, err)
	}
	if err := CheckOwner(dir); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fault(dir, err)
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	ours, err := isOurs(dir)
	if err != nil {
		return fault(dir, err)
	}
	if !ours {
		return &Fault{
			Path: dir, Problem: "it holds other files and other users can see into it",
			Remedy: "set data_dir to a directory for banditore alone",
		}
	}
	return fault(dir, os.Chmod(dir, 0o700))
}

// isOurs guards against closing, say, /tmp to everybody because data_dir was
// misspelt: the directory must be empty or have a file of ours.
func isOurs(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	return len(entries) == 0 || slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return e.Name() == databaseFile || e.Name() == lockFile || e.Name() == sessionLockFile
	}), nil
}

// preparePrivate creates the file for its owner's eyes only, whatever the umask
// says, or makes an existing one so. SQLite gives its log the mode of the database.
func preparePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fault(path, err)
	}
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return fault(path, err)
	}
	for _, log := range []string{path + "-wal", path + "-shm"} {
		if err := os.Chmod(log, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fault(log, err)
		}
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the creation of a file survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fault(dir, err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}

// DiskFull tells whether the disk of the data directory has no room left to record
// anything. Where the disk does not say, it has.
func DiskFull(dir string) bool {
	var s syscall.Statfs_t
	return syscall.Statfs(dir, &s) == nil && s.Blocks > 0 && s.Bavail*uint64(s.Bsize) < probeSize
}
