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

	"banditore/bot/config"
)

// serviceUser is whom the unit file runs the service as, and so whom a data
// directory that is not there yet will belong to.
const serviceUser = "banditore"

// owner is the user that a data directory belongs to.
type owner struct {
	uid, gid int
	groups   []int
	name     string // empty where the system has none
	home     string
}

// becomeOwner lets root go on as the user the data directory belongs to, before
// anything in it is opened: a file that root creates there is one that the
// service cannot use, and a link that root follows there may lead anywhere.
func (a *App) becomeOwner(cfg config.Config) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := ownerOf(cfg.DataDir)
	if err != nil {
		return err
	}
	if uid == 0 {
		return nil
	}
	o := lookUp(uid, gid)
	if err := o.become(); err != nil {
		return usageError{fmt.Errorf("%s belongs to %s, and root cannot go on as that user (%w): type `%s`",
			cfg.DataDir, o.label(), err, o.line(a.args))}
	}
	a.became = o.label()
	return nil
}

// explainOwner says why root was refused something: a file that a person names,
// such as a backup, must be within reach of the user whom root has become.
func (a *App) explainOwner(err error) {
	if a.became == "" || !errors.Is(err, fs.ErrPermission) {
		return
	}
	fmt.Fprintf(a.Stderr, "The command went on as %s, to whom data_dir belongs. A file that it writes must be in a directory of that user, such as\n"+
		"`install -d -o %s -m 0700 /var/backups/banditore` makes; a file that it reads must be within that user's reach.\n", a.became, a.became)
}

// ownerOf tells to whom the directory belongs, or would have to if it is not
// there yet; 0 also stands for a user that the system does not know. It opens
// nothing, and looks at each step of the path: whoever owns one of them can lead
// what comes after it anywhere, so the steps that are not root's must all be of
// one user.
func ownerOf(dir string) (uid, gid int, err error) {
	w := walk{left: 40}
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

// walk follows a path as the kernel does, and notes whose its steps are.
type walk struct {
	owners   []int  // other than root
	uid, gid int    // of the last step that is there
	loose    string // a directory of root's, on the way, in which others can rename
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

// lookUp asks the system for the user's name and groups. Where it has no such
// user, the group of the directory is the only one.
func lookUp(uid, gid int) owner {
	o := owner{uid: uid, gid: gid, home: "/"}
	u, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		o.groups = []int{o.gid}
		return o
	}
	o.name, o.home = u.Username, u.HomeDir
	if n, err := strconv.Atoi(u.Gid); err == nil {
		o.gid = n
	}
	o.groups = []int{o.gid}
	ids, err := u.GroupIds()
	if err != nil {
		return o
	}
	for _, id := range ids {
		if n, err := strconv.Atoi(id); err == nil && n != o.gid {
			o.groups = append(o.groups, n)
		}
	}
	return o
}

// become makes the whole process that user's, for good.
func (o owner) become() error {
	caller := whoami()
	if err := syscall.Setgroups(o.groups); err != nil {
		return err
	}
	if err := syscall.Setgid(o.gid); err != nil {
		return err
	}
	if err := syscall.Setuid(o.uid); err != nil {
		return err
	}
	if os.Geteuid() != o.uid || os.Getuid() != o.uid || syscall.Setuid(0) == nil {
		return errors.New("the system did not let go of root's rights")
	}
	o.environment(caller)
	return nil
}

// environment is what sudo would leave, so that the audit still names who came.
func (o owner) environment(caller string) {
	values := map[string]string{"HOME": o.home, "USER": o.label(), "LOGNAME": o.label()}
	if os.Getenv("SUDO_USER") == "" {
		values["SUDO_USER"] = caller
	}
	for key, value := range values {
		_ = os.Setenv(key, value) // fails for impossible names only
	}
}

func (o owner) label() string {
	if o.name == "" {
		return strconv.Itoa(o.uid)
	}
	return o.name
}

// line is the command that runs the same as this user.
func (o owner) line(args []string) string {
	run := []string{"runuser", "-u", o.name, "--"}
	if o.name == "" {
		run = []string{"setpriv", "--reuid", strconv.Itoa(o.uid), "--regid", strconv.Itoa(o.gid), "--clear-groups", "--"}
	}
	return commandLine(append(append(run, program()), args...)...)
}

// program is this program as it was called.
func program() string {
	if name := os.Args[0]; strings.Contains(name, "/") {
		return name
	}
	return "banditore"
}

func labels(uids []int) string {
	var names []string
	slices.Sort(uids)
	for _, uid := range slices.Compact(uids) {
		names = append(names, lookUp(uid, uid).label())
	}
	return strings.Join(names, ", ")
}
