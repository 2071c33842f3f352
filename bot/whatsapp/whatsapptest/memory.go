package whatsapptest

import (
	"os"

	"golang.org/x/sys/unix"
)

// roomInMemory is what the files of tests that run beside each other need at most.
const roomInMemory = 2 << 30

// InMemory puts the temporary files of this process, and of those that it starts, where
// there is no disk to wait for, if there is such a place with room enough: what a power cut
// does is asked by other means. Call it from TestMain, and remove at the end.
func InMemory() (remove func(), err error) {
	var place unix.Statfs_t
	if err := unix.Statfs("/dev/shm", &place); err != nil || place.Bavail*uint64(place.Bsize) < roomInMemory {
		return func() {}, nil
	}
	dir, err := os.MkdirTemp("/dev/shm", "banditore-test-")
	if err != nil {
		return func() {}, nil
	}
	return func() { os.RemoveAll(dir) }, os.Setenv("TMPDIR", dir)
}
