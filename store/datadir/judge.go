package datadir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// look judges what has the name, on a descriptor by which nothing can be read or
// changed: so a pipe does not hold it up, a link is seen as one, and the locks that
// this process has on a database stay, which closing any other descriptor of it ends.
// A file of ours that others may use is closed to them.
func (d *dir) look(name string) (fs.FileInfo, error) {
	f, err := d.root.OpenFile(name, unix.O_PATH|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := d.judge(name, info); err != nil || !loose(info) {
		return info, err
	}
	if err := d.root.Chmod(name, 0o600); err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	if loose(info) {
		return nil, d.replaced(name)
	}
	return info, nil
}

// loose tells whether anybody beside the owner may use the file, or it is a program.
func loose(info fs.FileInfo) bool {
	return info.Mode().Perm()&0o177 != 0 || info.Mode()&(fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky) != 0
}

// judge tells whether a file is one that may be opened: regular, with one name, and
// of the user of this process. The owner comes last: the line that would give the
// file to that user must never be typed for a file with names elsewhere.
func (d *dir) judge(name string, info fs.FileInfo) error {
	path := d.file(name)
	s, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case info.IsDir() && ok && int(s.Uid) != os.Geteuid():
		return d.strange(path, int(s.Uid))
	case info.IsDir():
		return &Fault{Path: path, Problem: aFolder, Remedy: "move it away, or set data_dir to another directory", Err: syscall.EISDIR}
	case !info.Mode().IsRegular():
		return &Fault{Path: path, Problem: "it is " + kind(info.Mode()) + ", and should be a file", Remedy: "find out who put it there, then type `rm " + shellWord(path) + "`"}
	case !ok:
		return &Fault{Path: path, Problem: "the disk does not say whose it is", Remedy: "set data_dir to a directory of a local disk"}
	case s.Nlink > 1:
		return severalNames(path)
	case int(s.Uid) != os.Geteuid():
		return d.strange(path, int(s.Uid))
	}
	return nil
}

func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a link"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

func severalNames(path string) error {
	word := shellWord(path)
	return &Fault{
		Path: path, Problem: "it has another name elsewhere (a hard link), so it may be somebody else's file",
		Remedy: "find out who made it; if the content is banditore's, stop banditore and type `cp -p " + word + " " + shellWord(path+".own") + " && mv " +
			shellWord(path+".own") + " " + word + "`, else `rm " + word + "`",
	}
}

// strange is the fault of what belongs to somebody else. The line that mends it
// changes everything in the directory: so nothing there may be a file of elsewhere.
func (d *dir) strange(path string, uid int) error {
	names, err := d.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if info, err := d.root.Lstat(name); err == nil && !info.IsDir() {
			if s, ok := info.Sys().(*syscall.Stat_t); ok && s.Nlink > 1 {
				return severalNames(d.file(name))
			}
		}
	}
	return strange(path, d.path, uid)
}

var errReplaced = errors.New("replaced")

// replaced is the fault of a file that became another while it was opened.
func (d *dir) replaced(name string) error {
	return &Fault{Path: d.file(name), Problem: "it was replaced while it was opened", Remedy: "find out by whom, and try again", Err: errReplaced}
}

func (d *dir) file(name string) string { return filepath.Join(d.path, name) }
