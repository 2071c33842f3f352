package datadir

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// CreateOutside is [Create] for a file that a person has named, in a directory that
// may be anybody's: a copy of the list, or an export.
func CreateOutside(path string) (*os.File, error) {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, FaultOf(path, err)
	}
	defer root.Close()
	f, err := root.OpenFile(filepath.Base(path), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, FaultOf(path, err)
	}
	if err := f.Chmod(0o600); err != nil {
		return nil, errors.Join(FaultOf(path, err), f.Close())
	}
	return f, nil
}

// Discard removes the file that [CreateOutside] has made at path and closes it. What
// somebody has put in its place stays.
func Discard(f *os.File, path string) error {
	made, err := f.Stat()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return errors.Join(err, f.Close())
	}
	defer root.Close()
	if there, err := root.Lstat(filepath.Base(path)); err == nil && os.SameFile(made, there) {
		return errors.Join(root.Remove(filepath.Base(path)), f.Close())
	}
	return f.Close()
}

// SyncOutside makes the name of a file that [CreateOutside] has made survive a power
// cut, and tells whether it is still that file.
func SyncOutside(f *os.File, path string) error {
	if err := f.Sync(); err != nil {
		return FaultOf(path, fmt.Errorf("sync %s: %w", path, err))
	}
	made, err := f.Stat()
	if err != nil {
		return FaultOf(path, err)
	}
	there, err := os.Lstat(path)
	if err != nil || !os.SameFile(made, there) {
		return &Fault{Path: path, Problem: "it was replaced while it was written", Remedy: "name a file in a directory that nobody else can write in", Err: err}
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return FaultOf(path, err)
	}
	return FaultOf(path, errors.Join(folder.Sync(), folder.Close()))
}

// OpenOutside opens a file that a person has named for reading, such as a backup. It
// may be anybody's, but must be a file: a pipe does not hold it up.
func OpenOutside(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, FaultOf(path, err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &Fault{Path: path, Problem: "it is no regular file", Remedy: "name a file"}
	}
	if err != nil {
		return nil, errors.Join(FaultOf(path, err), f.Close())
	}
	return f, nil
}

// maxSecret is more than any key.
const maxSecret = 64 << 10

// ReadSecret reads a file that only root or the user of this process can have made
// and nobody else can read, such as a key. Its directory may be root's. Without a file
// the error is [fs.ErrNotExist].
func ReadSecret(path string) ([]byte, error) {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, FaultOf(path, err)
	}
	defer root.Close()
	name := filepath.Base(path)
	if info, err := root.Lstat(name); err != nil {
		return nil, FaultOf(path, err)
	} else if err := judgeSecret(path, info); err != nil {
		return nil, err
	}
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, FaultOf(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, FaultOf(path, err)
	}
	if err := judgeSecret(path, info); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSecret))
	return text, FaultOf(path, err)
}

func judgeSecret(path string, info fs.FileInfo) error {
	s, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.Mode().IsRegular():
		return &Fault{Path: path, Problem: "it is " + notRegular(info) + ", and no regular file", Remedy: "name the file itself"}
	case !ok || s.Nlink > 1:
		return severalNames(path)
	case s.Uid != 0 && int(s.Uid) != os.Geteuid():
		return &Fault{Path: path, Problem: "it belongs to " + nameOf(int(s.Uid)), Remedy: fmt.Sprintf("find out who can write to it, then type `chown %s %s` as root", nameOf(os.Geteuid()), shellWord(path))}
	case info.Mode().Perm()&0o077 != 0:
		return &Fault{Path: path, Problem: "other users may read it", Remedy: "make it readable for the user banditore runs as alone: `chmod 600 " + path + "`"}
	}
	return nil
}

func notRegular(info fs.FileInfo) string {
	if info.IsDir() {
		return "a directory"
	}
	return kind(info.Mode())
}
