package datadir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// in opens the directory of path and calls work with it and the name of the file.
func in(path string, work func(d *dir, name string) error) error {
	d, err := open(filepath.Dir(path))
	if err != nil {
		return FaultOf(path, err)
	}
	defer d.close()
	return FaultOf(path, work(d, filepath.Base(path)))
}

// Stat judges the file at path and tells what it is. It opens nothing, so it may be
// used on a database that this process works on. Without a file the error is
// [fs.ErrNotExist].
func Stat(path string) (info fs.FileInfo, err error) {
	err = in(path, func(d *dir, name string) (err error) {
		info, err = d.look(name)
		return err
	})
	return info, err
}

// Open opens the file at path for reading. Without one the error is
// [fs.ErrNotExist]. It must not be used on a database, as must none of the functions
// that open: closing the file ends the locks that this process has on it.
func Open(path string) (*os.File, error) { return openFile(path, os.O_RDONLY) }

// OpenWritable opens the file at path for reading and writing, and makes it if it is
// not there, for its owner's eyes only, whatever the umask says.
func OpenWritable(path string) (*os.File, error) { return openOrMake(path, os.O_RDWR) }

func openOrMake(path string, flag int) (f *os.File, err error) {
	for range 10 { // another process of ours may make, rename or remove it meanwhile
		f, err = openFile(path, flag)
		if errors.Is(err, fs.ErrNotExist) {
			f, err = create(path, flag)
		}
		if !errors.Is(err, fs.ErrExist) && !errors.Is(err, errReplaced) {
			return f, err
		}
	}
	return nil, err
}

// openFile opens what it has looked at, and nothing else.
func openFile(path string, flag int) (f *os.File, err error) {
	err = in(path, func(d *dir, name string) error {
		seen, err := d.look(name)
		if err != nil {
			return err
		}
		if f, err = d.root.OpenFile(name, flag|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0); err != nil {
			return err
		}
		info, err := f.Stat()
		if err == nil && !os.SameFile(info, seen) {
			err = d.replaced(name)
		}
		if err == nil {
			err = d.judge(name, info)
		}
		if err != nil {
			return errors.Join(err, f.Close())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Create makes a new file at path for reading and writing, for its owner's eyes only,
// whatever the umask says. If something is there the error is [fs.ErrExist]. The name
// survives a power cut.
func Create(path string) (*os.File, error) { return create(path, os.O_RDWR) }

func create(path string, flag int) (f *os.File, err error) {
	err = in(path, func(d *dir, name string) error {
		if f, err = d.root.OpenFile(name, flag|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
			return err
		}
		if err := errors.Join(f.Chmod(0o600), d.sync()); err != nil {
			return errors.Join(err, f.Close())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Make sees to it that there is a file at path, empty if it was not there. What is
// there is judged, and not opened.
func Make(path string) error {
	if _, err := Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := Create(path)
	if errors.Is(err, fs.ErrExist) { // somebody was quicker
		_, err = Stat(path)
		return err
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// Remove takes the name away, whatever it stands for: what a link points to stays.
// Without one it does nothing.
func Remove(path string) error {
	return in(path, func(d *dir, name string) error {
		if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// Rename gives a file another name in the same directory, and takes the place of what
// has that name. It survives a power cut.
func Rename(from, to string) error {
	return in(from, func(d *dir, name string) error {
		if _, err := d.look(name); err != nil {
			return err
		}
		if err := d.root.Rename(name, filepath.Base(to)); err != nil {
			return err
		}
		return d.sync()
	})
}

// Touch sets the time of the last change.
func Touch(path string, at time.Time) error {
	return in(path, func(d *dir, name string) error {
		if _, err := d.look(name); err != nil {
			return err
		}
		return d.root.Chtimes(name, at, at)
	})
}

// Sync makes what was created, renamed and removed in a directory survive a power cut.
func Sync(path string) error {
	d, err := open(path)
	if err != nil {
		return FaultOf(path, err)
	}
	defer d.close()
	return d.sync()
}

func (d *dir) sync() error {
	if err := d.self.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", d.path, err)
	}
	return nil
}
