package spool

import (
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
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

// manyFiles bounds what is looked at in one drop folder. What is beyond waits until
// the rest has been taken.
const manyFiles = 20_000

const folderMode = os.ModeSetgid | 0o770

//go:embed leggimi.txt
var readme string

func folders() []string {
	return []string{dropFolder, urgentFolder, previewFolder, sendingFolder, sentFolder, withdrawFolder, rejectedFolder, hiddenFolder}
}

// dropFolders come in the order in which they are served.
func dropFolders() []string {
	return []string{urgentFolder, previewFolder, dropFolder, rootFolder}
}

// place is a file of the spool: one of the folders and a name in it.
type place struct{ folder, name string }

func (p place) path() string { return path.Join(p.folder, p.name) }

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
	return shareWithGroup(dir, os.Stat, os.Chmod)
}

// shareWithGroup gives a folder that was just made its mode. One that has it already,
// because the folder above handed the group on, is left alone: the service's sandbox
// forbids it to set that bit itself. Where it is forbidden and not handed on, the
// folder is still open to its group.
func shareWithGroup(dir string, stat func(string) (fs.FileInfo, error), chmod func(string, fs.FileMode) error) error {
	info, err := stat(dir)
	if err != nil || info.Mode() == fs.ModeDir|folderMode {
		return err
	}
	err = chmod(dir, folderMode)
	if errors.Is(err, fs.ErrPermission) {
		err = chmod(dir, folderMode.Perm())
	}
	return err
}

// prepare makes sure that every folder is there and that files can be moved
// through it.
func (s *Spool) prepare() error {
	if err := errors.Join(s.clearWay(), s.ensureFolders()); err != nil {
		return err
	}
	for _, folder := range append(dropFolders(), sendingFolder, sentFolder, withdrawFolder, rejectedFolder) {
		if err := s.probe(folder); err != nil {
			return fault(path.Join(s.dir, folder), err)
		}
	}
	return nil
}

// clearWay moves aside what somebody has put in the place of one of our folders: a
// link, even one that stays inside, would mix up the states, and nobody is to keep
// us from starting. Beside the folder it is something dropped, and is refused.
func (s *Spool) clearWay() error {
	for _, folder := range folders() {
		info, err := s.root.Lstat(folder)
		if err != nil || info.IsDir() {
			continue // it is there, or will be made
		}
		for name := range candidates(strings.TrimPrefix(folder, ".")) {
			err := s.move(place{rootFolder, folder}, place{rootFolder, name})
			if errors.Is(err, fs.ErrExist) {
				continue
			}
			if err != nil {
				return fault(path.Join(s.dir, folder), err)
			}
			s.log.Warn("something that is no folder stood in its place", "folder", folder, "now", name)
			break
		}
	}
	return nil
}

// ensureFolders creates again what somebody deleted.
func (s *Spool) ensureFolders() error {
	made := false
	for _, folder := range folders() {
		info, err := s.root.Lstat(folder)
		if errors.Is(err, fs.ErrNotExist) {
			err = s.makeFolder(folder)
			made = true
		} else if err == nil && !info.IsDir() {
			err = syscall.ENOTDIR
		}
		if err != nil {
			return fault(path.Join(s.dir, folder), err)
		}
	}
	if made {
		s.watchAgain()
	}
	return nil
}

func (s *Spool) makeFolder(folder string) error {
	if err := s.root.Mkdir(folder, 0o770); err != nil {
		return err
	}
	return shareWithGroup(folder, s.root.Stat, s.root.Chmod)
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

// openFolder opens one of our folders, and never a link that somebody has put in
// its place: os.Root follows one that stays inside.
func (s *Spool) openFolder(folder string) (*os.File, error) {
	root, err := s.root.Open(rootFolder)
	if err != nil || folder == rootFolder {
		return root, err
	}
	defer root.Close()
	fd, err := unix.Openat(int(root.Fd()), folder, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: folder, Err: err}
	}
	return os.NewFile(uintptr(fd), folder), nil
}

// each tells the names in a folder one by one, in the file system's order, until
// more answers false: nobody's millions of files are to be held in memory.
func (s *Spool) each(folder string, more func(name string) bool) error {
	d, err := s.openFolder(folder)
	if err != nil {
		return fmt.Errorf("list %s: %w", folder, err)
	}
	defer d.Close()
	for {
		names, err := d.Readdirnames(1000)
		for _, name := range names {
			if !more(name) {
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("list %s: %w", folder, err)
		}
	}
}

// names lists what staff may have put into a folder, at most limit names.
func (s *Spool) names(folder string, limit int) ([]string, error) {
	var all []string
	err := s.each(folder, func(name string) bool {
		if p := (place{folder, name}); !ignored(p) && !ours(p) {
			all = append(all, name)
		}
		return len(all) < limit
	})
	return all, err
}

// ours tells our folders from what lies beside them in the root.
func ours(p place) bool { return p.folder == rootFolder && slices.Contains(folders(), p.name) }

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
	if err := s.rename(from, to); err != nil {
		return err
	}
	return errors.Join(s.syncFolder(to.folder), s.syncFolder(from.folder))
}

// rename is move before the disk knows.
func (s *Spool) rename(from, to place) error {
	src, err := s.openFolder(from.folder)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := s.openFolder(to.folder)
	if err != nil {
		return err
	}
	defer dst.Close()
	s.aboutToChange()
	err = unix.Renameat2(int(src.Fd()), from.name, int(dst.Fd()), to.name, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		err = s.renameChecked(from, to)
	}
	if err != nil {
		return &os.LinkError{Op: "move", Old: from.path(), New: to.path(), Err: err}
	}
	return nil
}

// renameChecked is for file systems without RENAME_NOREPLACE: two steps, and in
// between only a person who writes into our own folders could come.
func (s *Spool) renameChecked(from, to place) error {
	taken, err := s.exists(to)
	if err != nil {
		return err
	}
	if taken {
		return fs.ErrExist
	}
	return s.root.Rename(from.path(), to.path())
}
