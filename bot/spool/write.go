package spool

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

const tempPrefix = "tmp-"

// WriteStatus replaces stato.html as a whole, so that a browser never reads half
// a page. Nothing is written when the page is the same already.
func (s *Spool) WriteStatus(html []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(place{rootFolder, statusName}, html)
}

// HasStatus tells whether stato.html is there: somebody may have deleted it.
func (s *Spool) HasStatus() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	there, err := s.exists(place{rootFolder, statusName})
	return there || err != nil
}

// write makes the file hold exactly data, or leaves it as it was. It returns when
// the disk knows. The half-written file lies in the hidden folder.
func (s *Spool) write(to place, data []byte) error {
	same, err := s.holds(to, data)
	if err != nil || same {
		return err
	}
	temp := place{hiddenFolder, tempPrefix + rand.Text()}
	if err := s.create(temp, s.fileMode(to.folder), data); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", to.path(), err), s.remove(temp))
	}
	if err := s.replace(temp, to); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", to.path(), err), s.remove(temp))
	}
	return s.syncFolder(to.folder)
}

// replace puts our file in the place of whatever is there. Only a folder withstands
// a rename, and is moved to another name: nobody may stop us by making one.
func (s *Spool) replace(temp, to place) error {
	s.aboutToChange()
	err := s.root.Rename(temp.path(), to.path())
	if !errors.Is(err, unix.EISDIR) && !errors.Is(err, unix.EEXIST) {
		return err
	}
	if err := s.setAside(to); err != nil {
		return err
	}
	s.aboutToChange()
	return s.root.Rename(temp.path(), to.path())
}

// setAside gives what stands in the place of one of our files another name.
func (s *Spool) setAside(p place) error {
	for name := range candidates(p.name) {
		if name == p.name {
			continue
		}
		err := s.move(p, place{p.folder, name})
		if !errors.Is(err, fs.ErrExist) {
			return gone(err)
		}
	}
	return nil
}

func (s *Spool) create(p place, mode fs.FileMode, data []byte) error {
	s.aboutToChange()
	f, err := s.root.OpenFile(p.path(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := flush(f); err != nil {
		return err
	}
	return f.Close()
}

// fileMode lets whoever may use the folder read, and with write permission on the
// folder also change, what we write there.
func (s *Spool) fileMode(folder string) fs.FileMode {
	info, err := s.root.Lstat(folder)
	if err != nil {
		return 0o660
	}
	return info.Mode().Perm() & 0o666
}

// holds tells whether the file is there with exactly this content. What is no
// plain file is not read.
func (s *Spool) holds(p place, data []byte) (bool, error) {
	old, err := s.content(p, len(data)+1)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return false, nil
	}
	return err == nil && bytes.Equal(old, data), err
}

// content reads at most limit bytes of a plain file; nothing of anything else.
func (s *Spool) content(p place, limit int) ([]byte, error) {
	info, err := s.root.Lstat(p.path())
	if err != nil || !info.Mode().IsRegular() {
		return nil, err
	}
	return s.contentOf(p, info, limit)
}

// contentOf reads a file that looked like seen. Whatever has taken its place is not
// read: a pipe that somebody holds open would keep us waiting for ever.
func (s *Spool) contentOf(p place, seen os.FileInfo, limit int) ([]byte, error) {
	f, err := s.root.OpenFile(p.path(), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() || !os.SameFile(info, seen) {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(f, int64(limit)))
}

// remove deletes a file of our own; one that is gone already is fine. A folder that
// somebody has put in its place gets another name.
func (s *Spool) remove(p place) error {
	s.aboutToChange()
	err := s.root.Remove(p.path())
	if errors.Is(err, unix.ENOTEMPTY) || errors.Is(err, unix.EEXIST) {
		return s.setAside(p)
	}
	return gone(err)
}

func (s *Spool) syncFolder(folder string) error {
	d, err := s.openFolder(folder) // opening a pipe in its place would block
	if err != nil {
		return err
	}
	defer d.Close()
	return flush(d)
}

// flush is fsync. It forgives file systems that do not know fsync here (some network ones).
func flush(f *os.File) error {
	err := f.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EBADF) || errors.Is(err, unix.ENOTSUP) {
		return nil
	}
	return err
}
