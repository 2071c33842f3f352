package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
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
	if err := mayConfigure(cfg.File, uid); err != nil || uid == 0 {
		return err
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
	for _, key := range []string{"TMPDIR", "SQLITE_TMPDIR", "XDG_RUNTIME_DIR"} { // root's own, such as pam_tmpdir makes
		_ = os.Unsetenv(key)
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
