package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/mattn/go-sqlite3"
)

func TestOptionsReachEveryConnection(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for range 2 {
		conn, err := tw.db.Conn(t.Context())
		must(t, err)
		defer conn.Close() // both are open at once, so they are two
		for pragma, want := range map[string]string{
			"foreign_keys": "1", "journal_mode": "wal", "busy_timeout": "20000", "secure_delete": "1", "synchronous": "2", "query_only": "0",
		} {
			var got string
			must(t, conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
			equal(t, pragma, got, want)
		}
	}
	equal(t, "connections", tw.db.Stats().OpenConnections, 2)
}

// Who has begun a transaction can finish it: nobody else gets in between.
func TestTransactionsTakeTheWriteLockAtOnce(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tx, err := tw.db.Begin()
	must(t, err)
	defer func() { must(t, tx.Rollback()) }()
	conn, err := tw.db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(t.Context(), "PRAGMA busy_timeout = 0")
	must(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	if !errors.Is(busyOr(err), ErrBusy) {
		t.Fatalf("got %v, want the database to be busy", err)
	}
}

func TestG10_FilesAreTheOwnersAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	check := func() {
		t.Helper()
		lock, err := Lock(dir)
		must(t, err)
		s, err := Open(t.Context(), dir)
		must(t, err)
		seen := 0
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			must(t, err)
			info, err := d.Info()
			must(t, err)
			seen++
			equal(t, path, info.Mode().Perm()&0o077, 0)
			return nil
		}))
		equal(t, "directory, database, log, index and lock", seen, 5)
		must(t, errors.Join(s.Close(), s.Close(), lock.Unlock(), lock.Unlock()))
	}
	check()
	must(t, os.Chmod(dir, 0o755))
	must(t, os.Chmod(filepath.Join(dir, databaseFile), 0o644))
	check()
}

func mustBeFault(t *testing.T, err error, path, words string) {
	t.Helper()
	var f *Fault
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a fault", err)
	}
	equal(t, "path", f.Path, path)
	if f.Remedy == "" || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %q, want one sentence with %q and a remedy", err, words)
	}
}

func TestOpenExisting(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	_, err := OpenExisting(t.Context(), dir)
	if !errors.Is(err, ErrNoDatabase) {
		t.Fatalf("got %v, want %v", err, ErrNoDatabase)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("the directory was created")
	}
	tw := newTown(t)
	tw.crowd(3)
	for _, daemon := range []string{"runs", "does not run"} {
		s, err := OpenExisting(t.Context(), tw.dir)
		must(t, err)
		n, err := s.Count(t.Context())
		must(t, err)
		equal(t, "subscribers while the daemon "+daemon, n, 3)
		if err := s.SetLink(t.Context(), Link{State: "x"}); err == nil {
			t.Fatal("it can be written")
		}
		must(t, s.Close())
		must(t, tw.Store.Close())
	}
}

func TestDamagedDatabase(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func([]byte) []byte{
		"not a database": func(b []byte) []byte { return []byte("this is a letter, not a database, and long enough to be read") },
		"cut off":        func(b []byte) []byte { return b[:len(b)/2] },
		"overwritten": func(b []byte) []byte {
			for n := 4096; n < len(b); n++ {
				b[n] ^= 0x55
			}
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(50)
			must(t, tw.Store.Close())
			path := filepath.Join(tw.dir, databaseFile)
			content, err := os.ReadFile(path)
			must(t, err)
			damaged := damage(content)
			must(t, os.WriteFile(path, damaged, 0o600))
			_, err = Open(t.Context(), tw.dir)
			mustBeFault(t, err, path, "damaged")
			_, err = OpenExisting(t.Context(), tw.dir)
			mustBeFault(t, err, path, "damaged")
			left, err := os.ReadFile(path)
			must(t, err)
			equal(t, "left as it was", string(left), string(damaged))
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err   error
		words string
	}{
		{sqlite3.Error{Code: sqlite3.ErrFull}, "disk is full"},
		{sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.ENOSPC}, "disk is full"},
		{sqlite3.Error{Code: sqlite3.ErrIoErr}, "disk reports an error"},
		{sqlite3.Error{Code: sqlite3.ErrReadonly}, "cannot be written"},
		{sqlite3.Error{Code: sqlite3.ErrCantOpen}, "cannot be written"},
		{sqlite3.Error{Code: sqlite3.ErrCorrupt}, "damaged"},
		{sqlite3.Error{Code: sqlite3.ErrNotADB}, "damaged"},
		{&fs.PathError{Err: syscall.ENOSPC}, "disk is full"},
		{&fs.PathError{Err: syscall.EROFS}, "cannot be written"},
		{&fs.PathError{Err: syscall.EACCES}, "no permission"},
	} {
		err := fault("/srv/data", c.err)
		mustBeFault(t, err, "/srv/data", c.words)
		if !errors.Is(err, c.err) {
			t.Errorf("%v does not lead to its cause", err)
		}
		again := fault("/elsewhere", err)
		equal(t, "fault of a fault", again.Error(), err.Error())
	}
	for _, err := range []error{nil, context.Canceled, ErrBusy, sqlite3.Error{Code: sqlite3.ErrConstraint}} {
		if got := fault("/srv/data", err); !errors.Is(got, err) || errors.As(got, new(*Fault)) {
			t.Errorf("%v became %v", err, got)
		}
	}
}
