package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ownFiles are the names that banditore's files in a data directory have.
func ownFiles() []string {
	names := []string{lockFile, sessionLockFile, "forgotten", "audit.log"}
	for _, database := range []string{databaseFile, "session.db"} {
		names = append(names, database, database+"-wal", database+"-shm", database+"-journal")
	}
	return names
}

// CheckOwner tells whether dir and banditore's files in it belong to the user that
// this process runs as: a file of somebody else's is one that the service cannot
// use, or that somebody else can change. A directory that does not exist is fine.
// The error is a [*Fault] with the line to type.
func CheckOwner(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && !info.IsDir()) {
		return nil // that is told elsewhere
	}
	if err != nil {
		return fault(dir, err)
	}
	if uid := uidOf(info); uid != os.Geteuid() {
		return strange(dir, dir, uid)
	}
	for _, name := range ownFiles() {
		path := filepath.Join(dir, name)
		if info, err := os.Lstat(path); err == nil && uidOf(info) != os.Geteuid() {
			return strange(path, dir, uidOf(info))
		}
	}
	return nil
}

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

// mustMake is the fault of a data directory that this user may not create.
func mustMake(dir string, err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return fault(dir, err)
	}
	return &Fault{
		Path: dir, Problem: fmt.Sprintf("%s may not create it", nameOf(os.Geteuid())), Err: err,
		Remedy: fmt.Sprintf("type `install -d -o %s -g %s -m 0700 %s` as root", nameOf(os.Geteuid()), groupName(os.Getegid()), shellWord(dir)),
	}
}

func uidOf(info fs.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid)
	}
	return os.Geteuid()
}

// nameOf is the user's name, or his number where the system has none.
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
