package datadir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"
)

// Fault is trouble with the data directory or one of its files that a person must
// mend. Nothing has been changed by the call that returned it.
type Fault struct {
	Path    string // the file or directory
	Problem string // what is wrong with it, a clause without a period
	Remedy  string // what to do, an imperative clause without a period
	Err     error  // what the system said; may be nil
}

// Error is one sentence with the remedy.
func (f *Fault) Error() string { return fmt.Sprintf("%s: %s; %s", f.Path, f.Problem, f.Remedy) }

// Unwrap gives what the system said.
func (f *Fault) Unwrap() error { return f.Err }

// FaultOf makes a [*Fault] of what the system said about path, if a person must mend
// it, and passes on the rest.
func FaultOf(path string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if _, is := errors.AsType[*Fault](err); is {
		return err
	}
	f := &Fault{Path: path, Err: err}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		f.Problem, f.Remedy = "the disk is full", "free some space; nothing is lost, and a banditore that is running goes on by itself"
	case errors.Is(err, syscall.EROFS):
		f.Problem, f.Remedy = "it cannot be written", "check that the disk is mounted for writing and that the directory belongs to the user banditore runs as"
	case errors.Is(err, fs.ErrPermission):
		f.Problem, f.Remedy = "there is no permission to use it", "run the command as the user banditore runs as, or give the directory and its files to that user"
	case errors.Is(err, syscall.EISDIR):
		f.Problem, f.Remedy = aFolder, "move it away, or set data_dir to another directory"
	case errors.Is(err, syscall.ENOTDIR):
		f.Problem, f.Remedy = "it is not a directory", "remove the file or set data_dir to another directory"
	default:
		return err
	}
	return f
}

const aFolder = "it is a directory, and should be a file"

// strange is the fault of something that belongs to another user.
func strange(path, dir string, uid int) error {
	remedy := fmt.Sprintf("type `%s` as root", chownLine(dir))
	if uid != 0 && path == dir {
		remedy = fmt.Sprintf("run the command as %s, or, if banditore is to run as %s: %s", nameOf(uid), nameOf(os.Geteuid()), remedy)
	}
	return &Fault{Path: path, Problem: fmt.Sprintf("it belongs to %s, and banditore runs as %s", nameOf(uid), nameOf(os.Geteuid())), Remedy: remedy}
}

// chownLine gives a data directory, and all in it, to whoever runs this process.
func chownLine(dir string) string {
	return fmt.Sprintf("chown -R %s:%s %s", nameOf(os.Geteuid()), groupName(os.Getegid()), shellWord(dir))
}

// notMade is the fault of a data directory that this user may not create.
func notMade(dir string, err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return FaultOf(dir, err)
	}
	return &Fault{
		Path: dir, Problem: fmt.Sprintf("%s may not create it", nameOf(os.Geteuid())), Err: err,
		Remedy: fmt.Sprintf("type `install -d -o %s -g %s -m 0700 %s` as root", nameOf(os.Geteuid()), groupName(os.Getegid()), shellWord(dir)),
	}
}

// nameOf is the user's name, or the ID where the system has none.
func nameOf(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}

func groupName(gid int) string {
	if g, err := user.LookupGroupId(strconv.Itoa(gid)); err == nil {
		return g.Name
	}
	return strconv.Itoa(gid)
}

// shellWord writes a path as a shell reads it.
func shellWord(path string) string {
	if strings.ContainsAny(path, " \t\n'\"\\$`&|;<>()*?[]{}!#~") {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}
