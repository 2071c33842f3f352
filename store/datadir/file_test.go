package datadir_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"banditore/store/datadir"
)

const nobody = 65534

// trap puts something at path that is not what a file of ours is. outside is a
// directory with a file "victim" in it.
type trap struct {
	name string
	set  func(path, outside string) error
	says string
}

func traps() []trap {
	victim := func(outside string) string { return filepath.Join(outside, "victim") }
	return []trap{
		{"a link", func(path, outside string) error { return os.Symlink(victim(outside), path) }, "a link"},
		{"a link to nowhere", func(path, outside string) error { return os.Symlink(filepath.Join(outside, "new"), path) }, "a link"},
		{"a link beside it", func(path, _ string) error { return os.Symlink("other", path) }, "a link"},
		{"a hard link", func(path, outside string) error { return os.Link(victim(outside), path) }, "hard link"},
		{"a pipe", func(path, _ string) error { return syscall.Mkfifo(path, 0o600) }, "a pipe"},
		{"a directory", func(path, _ string) error { return os.Mkdir(path, 0o700) }, "is a directory"},
		{"a socket", listen, "a socket"},
		{"a device", func(path, _ string) error { return syscall.Mknod(path, syscall.S_IFCHR|0o600, 1<<8|3) }, "a device"},
		{"of another", func(path, _ string) error {
			return errors.Join(os.WriteFile(path, []byte("theirs"), 0o666), os.Lchown(path, nobody, nobody))
		}, "belongs to"},
	}
}

// listen leaves a socket at path, whose name may be too long for one.
func listen(path, outside string) error {
	short := filepath.Join(outside, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: short, Net: "unix"})
	if err != nil {
		return err
	}
	l.SetUnlinkOnClose(false)
	return errors.Join(l.Close(), os.Rename(short, path))
}

// ways are all that opens or changes a file by its name.
func ways() map[string]func(path string) error {
	closing := func(open func(string) (*os.File, error)) func(string) error {
		return func(path string) error {
			f, err := open(path)
			if err != nil {
				return err
			}
			return f.Close()
		}
	}
	return map[string]func(string) error{
		"Open": closing(datadir.Open), "OpenWritable": closing(datadir.OpenWritable), "Make": datadir.Make,
		"Stat":        func(path string) error { _, err := datadir.Stat(path); return err },
		"AppendLines": func(path string) error { return datadir.AppendLines(path, "line") },
		"Rename":      func(path string) error { return datadir.Rename(path, path+".moved") },
		"Touch":       func(path string) error { return datadir.Touch(path, time.Unix(1, 0)) },
		"Connect":     func(path string) error { return connect(path) },
		"Connect, as its log": func(path string) error {
			base := strings.TrimSuffix(path, "-wal")
			if base == path {
				return connect(path)
			}
			return errors.Join(datadir.Make(base), connect(base))
		},
	}
}

func connect(path string) error {
	c := datadir.Connector{Path: path, DSN: "file:" + path + "?_journal_mode=WAL", SQLite: &sqlite3.SQLiteDriver{}}
	conn, err := c.Connect(nil)
	if err != nil {
		return err
	}
	return conn.Close()
}

// G10: whatever stands in the place of a file is not opened, followed or changed, by
// none of the ways to a file, and is named.
func TestG10_WhatIsNoFileOfOursIsRefused(t *testing.T) {
	t.Parallel()
	for _, trap := range traps() {
		for way, use := range ways() {
			for _, name := range []string{"store.db", "store.db-wal"} {
				t.Run(trap.name+"/"+way+"/"+name, func(t *testing.T) {
					t.Parallel()
					dir, outside := privateDir(t), privateDir(t)
					write(t, filepath.Join(outside, "victim"), "a secret", 0o644)
					write(t, filepath.Join(dir, "other"), "ours", 0o644)
					path := filepath.Join(dir, name)
					if err := trap.set(path, outside); errors.Is(err, fs.ErrPermission) {
						t.Skipf("only root can make it: %v", err)
					} else if err != nil {
						t.Fatal(err)
					}
					before := picture(t, dir) + picture(t, outside)
					err := use(path)
					fault, is := errors.AsType[*datadir.Fault](err)
					if !is || fault.Path != path || !strings.Contains(fault.Problem, trap.says) {
						t.Errorf("the error is %v", err)
					}
					after := picture(t, dir) + picture(t, outside)
					after = strings.ReplaceAll(after, strings.TrimSuffix(filepath.Base(path), "-wal")+" -rw------- 0 1 \"\"\n", "") // the database to the log
					if after != before {
						t.Errorf("was\n%s\nis\n%s", before, after)
					}
				})
			}
		}
	}
}

// G10: a new file is never made through what stands in its place, and what is removed
// is the name alone.
func TestG10_NewFilesAreNew(t *testing.T) {
	t.Parallel()
	for _, trap := range traps() {
		dir, outside := privateDir(t), privateDir(t)
		write(t, filepath.Join(outside, "victim"), "a secret", 0o644)
		path := filepath.Join(dir, "forgotten.new")
		if err := trap.set(path, outside); errors.Is(err, fs.ErrPermission) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		for way, create := range map[string]func(string) (*os.File, error){"Create": datadir.Create, "CreateOutside": datadir.CreateOutside} {
			before := picture(t, dir) + picture(t, outside)
			if _, err := create(path); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%s, %s: %v", way, trap.name, err)
			}
			if after := picture(t, dir) + picture(t, outside); after != before {
				t.Errorf("%s, %s: was\n%s\nis\n%s", way, trap.name, before, after)
			}
		}
		if err := datadir.Remove(path); err != nil {
			t.Errorf("remove %s: %v", trap.name, err)
		}
		if text, err := os.ReadFile(filepath.Join(outside, "victim")); string(text) != "a secret" {
			t.Errorf("%s: the victim is %q, %v", trap.name, text, err)
		}
	}
}

// G10: what others may use of ours is closed to them, whichever way it is opened, and
// a file that is made is private from the start.
func TestG10_OursIsForOurEyesOnly(t *testing.T) {
	t.Parallel()
	for way, use := range ways() {
		for _, mode := range []fs.FileMode{0o666, 0o640, 0o604, 0o700, 0o600 | fs.ModeSetuid} {
			dir := privateDir(t)
			path := filepath.Join(dir, "store.db")
			write(t, path, "", mode)
			if err := use(path); err != nil {
				t.Errorf("%s, %v: %v", way, mode, err)
			}
			if way == "Rename" {
				path += ".moved"
			}
			if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
				t.Errorf("%s, %v: %v, %v", way, mode, info, err)
			}
		}
	}
}

// The locks that SQLite has on a database stay when somebody looks at it: closing any
// descriptor that could read it would end them.
func TestG10_LookingKeepsTheLocks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(privateDir(t), "store.db")
	write(t, path, "x", 0o666)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lock := syscall.Flock_t{Type: syscall.F_WRLCK}
	if err := syscall.FcntlFlock(f.Fd(), syscall.F_SETLK, &lock); err != nil {
		t.Fatal(err)
	}
	if _, err := datadir.Stat(path); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(datadir.Make(path), datadir.Check(filepath.Dir(path))); err != nil {
		t.Fatal(err)
	}
	const ask = 36 // F_OFD_GETLK sees the locks of this process too
	query := syscall.Flock_t{Type: syscall.F_WRLCK}
	if err := syscall.FcntlFlock(f.Fd(), ask, &query); err != nil || query.Type == syscall.F_UNLCK {
		t.Errorf("the lock is gone: %v", err)
	}
}

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
}

func privateDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}
