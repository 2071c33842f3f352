// Package memdir keeps the temporary files of tests where there is no disk to wait for.
package memdir

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// room is what the files of tests that run beside each other need at most.
const room = 2 << 30

// Run runs the tests of a package, for its TestMain, and returns the exit code. Their temporary
// files, and those of the processes that they start, are in memory, if there is such a place with
// room enough: what a power cut does to a disk is asked by other means.
func Run(m *testing.M) (code int) {
	var place unix.Statfs_t
	if err := unix.Statfs("/dev/shm", &place); err != nil || place.Bavail*uint64(place.Bsize) < room {
		return m.Run()
	}
	dir, err := os.MkdirTemp("/dev/shm", "banditore-test-")
	if err != nil {
		return m.Run()
	}
	defer os.RemoveAll(dir)
	// Some tests go on as another user, whom /tmp would let in as well.
	if err := errors.Join(os.Chmod(dir, 0o755), os.Setenv("TMPDIR", dir)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
