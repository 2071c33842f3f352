package datadir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// dir is a directory of ours, opened.
type dir struct {
	root *os.Root
	self *os.File
	path string
}

// open opens a directory, which must belong to the user of this process. One with
// files of ours that others can look or write into is closed to them.
func open(path string) (_ *dir, err error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, closed(path, err)
	}
	d := &dir{root: root, path: path}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	if d.self, err = root.Open("."); err != nil {
		return nil, err
	}
	info, err := d.self.Stat()
	if err != nil {
		return nil, err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Uid) != os.Geteuid() {
		return nil, d.strange(path, int(s.Uid))
	}
	if info.Mode().Perm()&0o077 == 0 {
		return d, nil
	}
	if ours, err := d.isOurs(); err != nil || !ours {
		return d, err
	}
	return d, d.self.Chmod(0o700)
}

// closed tells whose a directory is that cannot be opened.
func closed(path string, err error) error {
	info, statErr := os.Stat(path)
	if !errors.Is(err, fs.ErrPermission) || statErr != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Uid) != os.Geteuid() {
		return strange(path, path, int(s.Uid))
	}
	return err
}

func (d *dir) close() {
	if d.self != nil {
		_ = d.self.Close() // nothing was written through it
	}
	_ = d.root.Close()
}

// isOurs guards against closing, say, /tmp to everybody because data_dir was
// misspelt: a file that banditore cannot be without must be there.
func (d *dir) isOurs() (bool, error) {
	for _, name := range []string{Database, Lock, SessionLock} {
		_, err := d.look(name)
		if err == nil || errors.Is(err, syscall.EISDIR) {
			return true, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
	}
	return false, nil
}

// Prepare creates a data directory for its owner's eyes only, or makes an existing
// one so, and checks it like [Check]. It must be empty, or hold files of ours, or be
// closed to others already.
func Prepare(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return notMade(path, err)
	}
	d, err := open(path)
	if err != nil {
		return FaultOf(path, err)
	}
	defer d.close()
	names, err := d.names()
	if err != nil {
		return FaultOf(path, err)
	}
	info, err := d.self.Stat()
	if err != nil {
		return FaultOf(path, err)
	}
	switch open := info.Mode().Perm()&0o077 != 0; {
	case open && len(names) > 0:
		return &Fault{
			Path: path, Problem: "it holds other files and other users can see into it",
			Remedy: "set data_dir to a directory for banditore alone",
		}
	case open:
		return FaultOf(path, d.self.Chmod(0o700))
	}
	return d.check(names)
}

// Check tells whether a data directory and banditore's files in it are what they
// should be, before anything there is used. One that does not exist is fine. The
// error is a [*Fault] with the line to type.
func Check(path string) error {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || (err == nil && !info.IsDir()) {
		return nil // that is told elsewhere
	}
	d, err := open(path)
	if err != nil {
		return FaultOf(path, err)
	}
	defer d.close()
	names, err := d.names()
	if err != nil {
		return FaultOf(path, err)
	}
	return d.check(names)
}

// check judges those of the names that are ours. A directory of ours in the place of a
// file leads nowhere: it is in the way of what needs the file, and of nothing else.
func (d *dir) check(names []string) error {
	for _, name := range names {
		if !ours(name) {
			continue
		}
		_, err := d.look(name)
		gone := errors.Is(err, fs.ErrNotExist) // SQLite removes its logs
		if err != nil && !gone && !errors.Is(err, syscall.EISDIR) {
			return FaultOf(d.file(name), err)
		}
	}
	return nil
}

// names are those of all that is in the directory, in order.
func (d *dir) names() ([]string, error) {
	list, err := d.root.Open(".") // not d.self, which would go on where it ended
	if err != nil {
		return nil, err
	}
	defer list.Close()
	names, err := list.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

// probeSize is more than the databases need to go on for a while.
const probeSize = 1 << 20

// CheckWritable tells whether path can hold the databases, without leaving anything
// behind. A directory that does not exist yet is fine. The error is a [*Fault].
func CheckWritable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return FaultOf(path, err)
	case !info.IsDir():
		return FaultOf(path, &fs.PathError{Op: "open", Path: path, Err: syscall.ENOTDIR})
	}
	if err := Check(path); err != nil {
		return err
	}
	name := filepath.Join(path, probePrefix+strconv.Itoa(os.Getpid()))
	probe, err := Create(name)
	if errors.Is(err, fs.ErrExist) { // of a process that was killed
		if err = Remove(name); err == nil {
			probe, err = Create(name)
		}
	}
	if err != nil {
		return FaultOf(path, errors.Unwrap(err))
	}
	_, err = probe.Write(make([]byte, probeSize)) // a full disk takes names, but no content
	return FaultOf(path, errors.Join(err, probe.Close(), Remove(name)))
}

// DiskFull tells whether the disk of the data directory has no room left to record
// anything. Where the disk does not say, it has.
func DiskFull(path string) bool {
	var s syscall.Statfs_t
	return syscall.Statfs(path, &s) == nil && s.Blocks > 0 && s.Bavail*uint64(s.Bsize) < probeSize
}
