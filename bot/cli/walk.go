package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// ownerOf tells to whom the directory belongs, or would have to if it is not
// there yet; 0 also stands for a user that the system does not know. It opens
// nothing, and looks at each step of the path: whoever owns one of them can lead
// what comes after it anywhere, so the steps that are not root's must all be of
// one user.
func ownerOf(dir string) (uid, gid int, err error) {
	w := walk{left: maxLinks}
	if _, err := w.follow("/", dir); err != nil {
		return 0, 0, err
	}
	switch {
	case len(w.owners) > 1, len(w.owners) == 1 && w.uid != w.owners[0] && !w.missing:
		return 0, 0, usageError{fmt.Errorf("the path of data_dir, %s, goes through what belongs to different users (%s), and root trusts none of them: "+
			"give data_dir a path of its own, below directories of root", dir, labels(append(w.owners, w.uid)))}
	case len(w.owners) == 1:
		return w.owners[0], w.gid, nil
	case w.loose != "":
		return 0, 0, usageError{fmt.Errorf("other users can put something else in the place of %s, and root does not trust them: type `%s`",
			dir, commandLine("chmod", "go-w", w.loose))}
	case w.missing:
		if u, err := user.Lookup(serviceUser); err == nil {
			uid, err := strconv.Atoi(u.Uid)
			return uid, uid, err
		}
	}
	return 0, 0, nil
}

// mayConfigure tells whether root may do what a configuration says, as the user uid:
// nobody else may be able to change it. Without that, somebody's ./config.yaml could
// have root make folders and move files anywhere.
func mayConfigure(file string, uid int) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	w := walk{left: maxLinks}
	if _, err := w.follow("/", path); err != nil {
		return err
	}
	for _, other := range w.owners {
		if other != uid {
			return usageError{fmt.Errorf("the configuration %s can be changed by %s, and root would do what it says: give it, and the directories above it, to root, or name another with --config",
				path, labels([]int{other}))}
		}
	}
	if w.writable {
		return usageError{fmt.Errorf("other users can change the configuration %s, and root would do what it says: type `%s`", path, commandLine("chmod", "go-w", path))}
	}
	if w.loose != "" {
		return usageError{fmt.Errorf("other users can put something else in the place of %s, and root would do what it says: type `%s`", path, commandLine("chmod", "go-w", w.loose))}
	}
	return nil
}

// maxLinks is how many links the kernel follows on a path.
const maxLinks = 40

// walk follows a path as the kernel does, and notes whose its steps are.
type walk struct {
	owners   []int  // other than root
	uid, gid int    // of the last step that is there
	loose    string // a directory of root's, on the way, in which others can rename
	writable bool   // others can change what was found last
	missing  bool   // something of the path is not there
	left     int    // links that may still be followed
}

// follow walks from a directory, and returns where the path leads.
func (w *walk) follow(base, path string) (string, error) {
	if filepath.IsAbs(path) {
		base = "/"
	}
	for step := range strings.SplitSeq(path, "/") {
		switch step {
		case "", ".":
			continue
		case "..":
			base = filepath.Dir(base)
			continue
		}
		next := filepath.Join(base, step)
		w.stand(base)
		info, err := os.Lstat(next)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			w.missing = true
			return next, nil
		}
		if err != nil {
			return "", fmt.Errorf("look for the owner of data_dir: %w", err)
		}
		w.note(info)
		if info.Mode()&fs.ModeSymlink == 0 {
			base = next
			continue
		}
		if w.left--; w.left < 0 {
			return "", usageError{fmt.Errorf("%s: too many links", next)}
		}
		target, err := os.Readlink(next)
		if err != nil {
			return "", fmt.Errorf("look for the owner of data_dir: %w", err)
		}
		if base, err = w.follow(base, target); err != nil || w.missing {
			return base, err
		}
	}
	return base, nil
}

// stand looks at a directory that something is looked for in.
func (w *walk) stand(dir string) {
	if info, err := os.Lstat(dir); err == nil && info.Mode()&fs.ModeSticky == 0 && openToOthers(info) {
		w.loose = dir
	}
}

// note looks at what was found.
func (w *walk) note(info fs.FileInfo) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	w.uid, w.gid = int(s.Uid), int(s.Gid)
	w.writable = info.Mode()&fs.ModeSymlink == 0 && openToOthers(info)
	if w.uid != 0 && !slices.Contains(w.owners, w.uid) {
		w.owners = append(w.owners, w.uid)
	}
}

// openToOthers tells whether somebody beside the owner and root's own group can
// change the directory.
func openToOthers(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	mode := info.Mode().Perm()
	return mode&0o002 != 0 || (mode&0o020 != 0 && ok && s.Gid != 0)
}
