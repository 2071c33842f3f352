package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// The link is held beside the directory, by one process at a time.
func TestG10_TheSessionHasALockOfItsOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	daemon, err := Lock(dir)
	must(t, err)
	defer daemon.Unlock()
	pair, err := LockSession(dir)
	must(t, err)
	_, err = LockSession(dir)
	held, ok := errors.AsType[*LockedError](err)
	equal(t, "refused", ok && held.Session && held.PID == os.Getpid(), true)
	pid, taken, err := SessionLockedBy(dir)
	must(t, err)
	equal(t, "held", taken && pid == os.Getpid(), true)
	must(t, pair.Unlock())
	_, taken, err = SessionLockedBy(dir)
	must(t, err)
	equal(t, "held after the end", taken, false)
	again, err := LockSession(dir)
	must(t, err)
	must(t, again.Unlock())
}

func TestG10_OneProcessPerDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	held := func() (pid int, held bool) {
		pid, held, err := LockedBy(dir)
		must(t, err)
		return pid, held
	}
	if pid, held := held(); held || pid != 0 {
		t.Fatalf("held by %d before it exists", pid)
	}
	other := start(t, "hold the directory", dir)
	for range 2 { // asking changes nothing
		pid, held := held()
		equal(t, "held", held, true)
		equal(t, "by", pid, other.Process.Pid)
	}
	_, err := Lock(dir)
	var locked *LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("got %v, want a *LockedError", err)
	}
	equal(t, "error", *locked, LockedError{PID: other.Process.Pid, Dir: dir})
	kill(t, other)
	if pid, held := held(); held {
		t.Fatalf("still held by %d", pid)
	}
	lock, err := Lock(dir)
	must(t, err)
	pid, _ := held()
	equal(t, "held by", pid, os.Getpid())
	if _, err := Lock(dir); !errors.As(err, &locked) {
		t.Fatalf("taken twice by one process: %v", err)
	}
	must(t, lock.Unlock())
	again, err := Lock(dir)
	must(t, err)
	must(t, again.Unlock())
}
