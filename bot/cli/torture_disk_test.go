package cli_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"
)

// disk is the data directory's own, which a test can fill up and free again.
// It is a small tmpfs with a ballast file on it, so that writers get ENOSPC as
// they do in life. Where mounting is not permitted the daemon's process may
// write no file at all for that while (RLIMIT_FSIZE), and gets EFBIG.
type disk struct {
	t       testing.TB
	dir     string
	mounted bool
	full    bool
}

const diskSize = 96 << 20

func newDisk(t testing.TB, dir string) *disk {
	t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	d := &disk{t: t, dir: dir}
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=96m,mode=0700")
	switch {
	case err == nil:
		d.mounted = true
		t.Cleanup(func() {
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EACCES):
		t.Logf("no right to mount (%v): a full disk is played with RLIMIT_FSIZE", err)
	default:
		t.Fatal(err)
	}
	return d
}

func (d *disk) ballast() string { return filepath.Join(d.dir, "ballast") }

// fill leaves no byte for the daemon. What it has in its write-ahead logs is
// written home first, or they would have room for some more.
func (d *disk) fill(daemon *process) {
	d.full = true
	if !d.mounted {
		d.limit(daemon)
		return
	}
	for _, name := range []string{"store.db", "session.db"} {
		if err := emptyLog(filepath.Join(d.dir, name)); err != nil {
			d.t.Errorf("empty the log of %s: %v", name, err)
		}
	}
	f, err := os.Create(d.ballast())
	if err != nil {
		d.t.Error(err)
		return
	}
	defer f.Close()
	for end, piece := int64(0), int64(diskSize); piece >= 4096; {
		if err := syscall.Fallocate(int(f.Fd()), 0, end, piece); err == nil {
			end += piece
		} else {
			piece /= 2
		}
	}
}

// free gives the room back.
func (d *disk) free(daemon *process) {
	d.full = false
	if !d.mounted {
		d.limit(daemon)
	} else if err := os.Remove(d.ballast()); err != nil {
		d.t.Error(err)
	}
}

// limit sets how long a file the process may write, as full says.
func (d *disk) limit(daemon *process) {
	const fileSize = syscall.RLIMIT_FSIZE
	unlimited := ^uint64(0)
	size := syscall.Rlimit{Cur: unlimited, Max: unlimited}
	if d.full {
		size.Cur = 0
	}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(daemon.Process.Pid), fileSize, uintptr(unsafe.Pointer(&size)), 0, 0, 0)
	if errno != 0 && errno != syscall.ESRCH {
		d.t.Errorf("limit the process: %v", errno)
	}
}

func emptyLog(path string) error {
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=rw&_busy_timeout=5000")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}
