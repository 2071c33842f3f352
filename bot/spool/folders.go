package spool

import (
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"

	"golang.org/x/sys/unix"
)

// The folders of the spool. hidden holds our notes and half-written files, on the
// same file system, where staff do not see them.
const (
	rootFolder     = "."
	dropFolder     = "da_inviare"
	urgentFolder   = "urgenti"
	previewFolder  = "prova"
	sendingFolder  = "in_invio"
	sentFolder     = "inviati"
	rejectedFolder = "scartati"
	withdrawFolder = "ritirare"
	hiddenFolder   = ".banditore"

	readmeName = "LEGGIMI.txt"
	statusName = "stato.html"
)

const folderMode = os.ModeSetgid | 0o770

//go:embed leggimi.txt
var readme string

func folders() []string {
	return []string{dropFolder, urgentFolder, previewFolder, sendingFolder, sentFolder, rejectedFolder, hiddenFolder}
}

// dropFolders come in the order in which they are served.
func dropFolders() []string {
	return []string{urgentFolder, previewFolder, dropFolder, rootFolder}
}

// place is a file of the spool: one of the folders and a name in it.
type place struct{ folder, name string }

func (p place) path() string { return path.Join(p.folder, p.name) }

// Fault is something about the spool folder that a person must mend.
type Fault struct {
	Path    string // the folder it is about
	Problem string // what is wrong, in English, without a full stop
	Remedy  string // what to do about it
	Err     error  // what the system said; may be nil
}

// Error is one sentence with the remedy.
func (f *Fault) Error() string {
	return fmt.Sprintf("spool folder %q %s: %s", f.Path, f.Problem, f.Remedy)
}

// Unwrap gives what the system said.
func (f *Fault) Unwrap() error { return f.Err }

// fault puts a name and a remedy to what the system says about a folder.
func fault(dir string, err error) error {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	f := &Fault{Path: dir, Problem: fmt.Sprintf("cannot be used (%v)", err), Remedy: "mend what the system reports", Err: err}
	switch {
	case errors.Is(err, syscall.EXDEV):
		f.Problem = "is on another file system than the rest of the spool"
		f.Remedy = "keep the whole spool on one file system: files change folder by rename; unmount it here, or mount the whole spool folder instead"
	case errors.Is(err, syscall.EROFS):
		f.Problem, f.Remedy = "is on a read-only file system", "mount it for writing"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		f.Problem, f.Remedy = "is on a full disk", "free some space there"
	case errors.Is(err, fs.ErrPermission):
		f.Problem, f.Remedy = "may not be written by this program", "give the program's own user read, write and search permission on it"
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		f.Problem, f.Remedy = "is not a folder", "move away what has this name"
	}
	return f
}

// makeRoot creates the spool folder itself; the mode is set apart because the
// umask takes bits away from mkdir.
func makeRoot(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		return syscall.ENOTDIR
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o770); err != nil {
		return err
	}
	return os.Chmod(dir, folderMode)
}

func mustBeKnown(dir string) error {
	_, err := os.Stat(path.Join(dir, sendingFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return &Fault{Path: dir, Problem: "is not the one from which announcements are being sent: it has no " + sendingFolder,
			Remedy: "mount the share, or correct spool_dir; to stop those announcements, create an empty folder " + sendingFolder + " there"}
	}
	return err
}

// prepare makes sure that every folder is there and that files can be moved
// through it.
func (s *Spool) prepare() error {
	if err := s.ensureFolders(); err != nil {
		return err
	}
	for _, folder := range append(dropFolders(), sendingFolder, sentFolder, rejectedFolder) {
		if err := s.probe(folder); err != nil {
			return fault(path.Join(s.dir, folder), err)
		}
	}
	return nil
}

// ensureFolders creates again what somebody deleted. A link in the place of a
// folder is refused: even one that stays inside would mix up the states.
func (s *Spool) ensureFolders() error {
	for _, folder := range folders() {
		info, err := s.root.Lstat(folder)
		if errors.Is(err, fs.ErrNotExist) {
			err = s.makeFolder(folder)
		} else if err == nil && !info.IsDir() {
			err = syscall.ENOTDIR
		}
		if err != nil {
			return fault(path.Join(s.dir, folder), err)
		}
	}
	return nil
}

func (s *Spool) makeFolder(folder string) error {
	if err := s.root.Mkdir(folder, 0o770); err != nil {
		return err
	}
	return s.root.Chmod(folder, folderMode)
}

// probe moves an empty file from the hidden folder into this one. Only a rename
// tells the truth: a bind mount has the same device number and still refuses.
func (s *Spool) probe(folder string) error {
	name := ".prova-" + rand.Text()
	from, to := place{hiddenFolder, name}, place{folder, name}
	f, err := s.root.OpenFile(from.path(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault(path.Join(s.dir, hiddenFolder), err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := s.root.Rename(from.path(), to.path()); err != nil {
		return errors.Join(err, s.root.Remove(from.path()))
	}
	return s.root.Remove(to.path())
}

// names lists a folder. The order is the file system's.
func (s *Spool) names(folder string) ([]string, error) {
	d, err := s.root.Open(folder)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	return names, nil
}

func (s *Spool) exists(p place) (bool, error) {
	_, err := s.root.Lstat(p.path())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// move renames and never replaces: fs.ErrExist when the name is taken. It returns
// when the disk knows.
func (s *Spool) move(from, to place) error {
	src, err := s.root.Open(from.folder)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := s.root.Open(to.folder)
	if err != nil {
		return err
	}
	defer dst.Close()
	s.aboutToChange()
	err = unix.Renameat2(int(src.Fd()), from.name, int(dst.Fd()), to.name, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		err = s.moveChecked(from, to)
	}
	if err != nil {
		return &os.LinkError{Op: "move", Old: from.path(), New: to.path(), Err: err}
	}
	return errors.Join(flush(dst), flush(src))
}

// moveChecked is for file systems without RENAME_NOREPLACE: two steps, and in
// between only a person who writes into our own folders could come.
func (s *Spool) moveChecked(from, to place) error {
	taken, err := s.exists(to)
	if err != nil {
		return err
	}
	if taken {
		return fs.ErrExist
	}
	return s.root.Rename(from.path(), to.path())
}
