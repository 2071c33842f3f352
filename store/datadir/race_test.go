package datadir_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/mattn/go-sqlite3"
	"golang.org/x/sys/unix"

	"banditore/store/datadir"
)

// swapper opens databases, after somebody has put another in the place of the one
// that was judged.
type swapper struct {
	driver.Driver
	swap func()
}

func (s swapper) Open(dsn string) (driver.Conn, error) {
	s.swap()
	return s.Driver.Open(dsn)
}

// G10: a database that is replaced between the look at it and its opening is not used.
func TestG10_DatabaseThatIsSwapped(t *testing.T) {
	t.Parallel()
	dir := privateDir(t)
	path, other := filepath.Join(dir, "store.db"), filepath.Join(dir, "other")
	write(t, path, "", 0o600)
	write(t, other, "", 0o600)
	swap := func() {
		if err := os.Rename(other, path); err != nil {
			t.Error(err)
		}
	}
	c := datadir.Connector{Path: path, DSN: "file:" + path, SQLite: swapper{&sqlite3.SQLiteDriver{}, swap}}
	_, err := c.Connect(context.Background())
	if fault, is := errors.AsType[*datadir.Fault](err); !is || fault.Path != path {
		t.Errorf("got %v", err)
	}
}

// G10: whoever swaps a file for a link while it is opened, again and again, gets none
// opened that they meant.
func TestG10_FileThatIsSwapped(t *testing.T) {
	t.Parallel()
	dir := privateDir(t)
	path, link, other := filepath.Join(dir, "audit.log"), filepath.Join(dir, "link"), filepath.Join(dir, "other")
	write(t, path, "", 0o600)
	write(t, other, "", 0o600)
	if err := os.Symlink("other", link); err != nil {
		t.Fatal(err)
	}
	stop, swapped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(swapped)
		for {
			select {
			case <-stop:
				return
			default:
				if err := unix.Renameat2(unix.AT_FDCWD, path, unix.AT_FDCWD, link, unix.RENAME_EXCHANGE); err != nil {
					t.Error(err)
					return
				}
			}
		}
	}()
	opened, refused := 0, 0
	for range 20_000 {
		err := datadir.AppendLines(path, "line")
		if _, is := errors.AsType[*datadir.Fault](err); is {
			refused++
		} else if err == nil {
			opened++
		}
		if info, err := os.Stat(other); err != nil || info.Size() > 0 {
			t.Fatalf("wrote through the link: %v, %v", info, err)
		}
	}
	close(stop)
	<-swapped
	if opened == 0 || refused == 0 {
		t.Errorf("opened %d, refused %d", opened, refused)
	}
}
