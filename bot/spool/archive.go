package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// What is looked at of the folders in which minutes lie: staff may sort them into
// folders of their own, and anybody on the share may put anything there.
const (
	maxMinutes     = 4 << 20 // bytes of a page; ours have some ten thousand
	archiveDepth   = 8
	archiveEntries = 200_000
)

// ErrCrowded says that there is too much in the folders of the minutes to look at.
var ErrCrowded = errors.New("there are too many files in inviati and ritirare to look at")

// errNoFolder: something else is in the place of a folder of the spool.
var errNoFolder = errors.New("it is no folder")

// MinutesFile is a page that lies in inviati or ritirare, or in a folder in there.
type MinutesFile struct {
	Path  string // from the spool folder on; it may hold any byte
	Named bool   // its name is one that minutes have; else it is some page
	HTML  []byte
	Info  fs.FileInfo
	// Trouble says in English why it was not read: it is no plain file, or too large.
	// Empty: it was.
	Trouble string
}

// MinutesName is the name that the minutes of the announcement have that was called
// file in in_invio.
func MinutesName(file string) string { return minutesName(file) }

// Archive shows each to every page in inviati and ritirare of the spool folder dir,
// under whatever name. It changes nothing and follows no link. What goes away
// meanwhile is left out.
func Archive(dir string, each func(MinutesFile)) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fault(dir, err)
	}
	defer root.Close()
	a := archive{root: root, each: each, left: archiveEntries}
	for _, folder := range []string{sentFolder, withdrawFolder} {
		if err := a.folder(folder, archiveDepth); err != nil {
			return fmt.Errorf("look at %s: %w", folder, err)
		}
	}
	return nil
}

type archive struct {
	root *os.Root
	each func(MinutesFile)
	left int // entries that are still looked at
}

func (a *archive) folder(name string, depth int) error {
	if info, err := a.root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s: %w", name, errNoFolder) // os.Root would follow a link that stays inside
	}
	f, err := a.root.OpenFile(name, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_DIRECTORY|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		list, err := f.ReadDir(256)
		for _, e := range list {
			if a.left--; a.left < 0 {
				return ErrCrowded
			}
			if err := a.entry(path.Join(name, e.Name()), e, depth); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (a *archive) entry(at string, e fs.DirEntry, depth int) error {
	name := strings.ToLower(e.Name())
	page := MinutesFile{Path: at, Named: strings.HasSuffix(name, minutesSuffix)}
	switch {
	case e.IsDir() && page.Named:
		page.Trouble = "it is a folder"
		a.each(page)
	case e.IsDir() && depth > 1:
		return a.folder(at, depth-1)
	case page.Named || strings.HasSuffix(name, ".html"):
		if a.read(&page) {
			a.each(page)
		}
	}
	return nil
}

// read fills in what the page holds, or why not. It is false when nothing is there.
func (a *archive) read(page *MinutesFile) bool {
	info, err := a.root.Lstat(page.Path) // os.Root would follow a link that stays inside
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if err != nil {
		page.Trouble = "it cannot be looked at"
		return true
	}
	page.Info = info
	switch st, _ := info.Sys().(*syscall.Stat_t); {
	case info.Mode()&fs.ModeSymlink != 0:
		page.Trouble = "it is a link"
	case !info.Mode().IsRegular():
		page.Trouble = "it is no plain file"
	case st != nil && st.Nlink > 1:
		page.Trouble = "it is a hard link"
	case info.Size() > maxMinutes:
		page.Trouble = "it is too large"
	default:
		page.HTML, page.Trouble = a.content(page.Path, info)
	}
	return true
}

// content is what the file holds that looked like seen.
func (a *archive) content(at string, seen fs.FileInfo) (html []byte, trouble string) {
	f, err := a.root.OpenFile(at, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, "it cannot be opened"
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !os.SameFile(seen, info) {
		return nil, "something else was put in its place meanwhile"
	}
	if html, err = io.ReadAll(io.LimitReader(f, maxMinutes+1)); err != nil || len(html) > maxMinutes {
		return nil, "it cannot be read to its end"
	}
	return html, ""
}
