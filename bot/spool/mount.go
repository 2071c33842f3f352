package spool

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// attend makes sure that the folders are there and that dir still is the folder we
// have open: a share that has come back is another one of the same name, and what
// shows while it is away is a third.
func (s *Spool) attend() error {
	now, err := os.Stat(s.dir)
	if err != nil {
		return fault(s.dir, err)
	}
	if !now.IsDir() {
		return fault(s.dir, syscall.ENOTDIR)
	}
	then, err := s.root.Stat(rootFolder)
	if err != nil || !os.SameFile(now, then) {
		return s.reopen()
	}
	if err := s.clearWay(); err != nil {
		return err
	}
	if err := s.mustStand(); err != nil {
		return err
	}
	if err := s.ensureFolders(); err != nil {
		return err
	}
	if s.watcher != nil && len(s.watcher.WatchList()) < s.watched {
		s.watchAgain() // somebody has moved a folder away, and back or made another
	}
	return nil
}

// mustStand refuses a folder without in_invio while something of ours must be in it:
// an empty one that we made would look as if staff had stopped everything.
func (s *Spool) mustStand() error {
	if len(s.claims)+len(s.moving) == 0 {
		return nil
	}
	if err := mustBeKnown(s.dir); err != nil {
		return fault(s.dir, err)
	}
	return nil
}

// reopen turns to the folder that is there now.
func (s *Spool) reopen() error {
	if err := s.mustStand(); err != nil {
		return err
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return fault(s.dir, err)
	}
	fresh := &Spool{dir: s.dir, root: root, log: s.log, step: s.step}
	if err := fresh.start(); err != nil {
		return errors.Join(err, root.Close())
	}
	s.log.Warn("the spool folder has come back as another one; looking at it afresh", "dir", s.dir)
	old := s.root
	s.root, s.claims, s.moving = root, fresh.claims, fresh.moving
	s.seen, s.withdrawn, s.rejected = map[place]sighting{}, map[string]bool{}, reported{}
	s.watchAgain()
	_ = old.Close() // it may be gone; nothing was written through it
	return nil
}

// watchAgain is for folders that have become other ones. Events are a help only.
func (s *Spool) watchAgain() {
	if err := s.watch(); err != nil {
		s.log.Warn("no folder events; the spool is only scanned", "error", err)
	}
}

// leastRoom is how much of the disk files and reports never take, in bytes, unless
// that is more than a hundredth of it.
const leastRoom = 64 << 20

// enoughRoom leaves dropped files where they are when the disk is nearly full: a hundred
// thousand bad ones cannot fill it with our reports.
func (s *Spool) enoughRoom() error {
	root, err := s.root.Open(rootFolder)
	if err != nil {
		return fault(s.dir, err)
	}
	defer root.Close()
	var disk unix.Statfs_t
	if err := unix.Fstatfs(int(root.Fd()), &disk); err != nil {
		return nil // not every network file system can tell
	}
	size := uint64(disk.Bsize)
	if disk.Bavail*size < min(leastRoom, disk.Blocks*size/100) {
		return fault(s.dir, &os.PathError{Op: "write", Path: s.dir, Err: unix.ENOSPC})
	}
	return nil
}

// mustBeKnown refuses a folder that was never a spool of ours.
func mustBeKnown(dir string) error {
	info, err := os.Lstat(dir + "/" + sendingFolder)
	if err == nil && !info.IsDir() {
		err = fs.ErrNotExist
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &Fault{Path: dir, Err: err, Problem: "is not the one from which announcements are being sent: it has no " + sendingFolder,
			Remedy: "mount the share, or correct spool_dir; to stop those announcements, create an empty folder " + sendingFolder + " there"}
	}
	return err
}
