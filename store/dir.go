package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// The files of a data directory that are ours to create. The linked device's
// keys live beside them, in a database of their own.
const (
	databaseFile    = "store.db"
	lockFile        = "banditore.lock"
	sessionLockFile = "session.lock"
)

// probeSize is more than the databases need to go on for a while.
const probeSize = 1 << 20

// CheckDir tells whether dir can hold the database, without leaving anything
// behind. A directory that does not exist yet is fine. The error is a [*Fault].
func CheckDir(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := errors.Join(mustBeDir(dir), CheckOwner(dir)); err != nil {
		return err
	}
	probe, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return fault(dir, err)
	}
	_, err = probe.Write(make([]byte, probeSize)) // a full disk takes names, but no content
	return fault(dir, errors.Join(err, probe.Close(), os.Remove(probe.Name())))
}

func mustBeDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fault(dir, err)
	}
	if !info.IsDir() {
		return &Fault{Path: dir, Problem: "it is not a directory", Remedy: "remove the file or set data_dir to another directory"}
	}
	return nil
}

// prepareDir creates dir for its owner's eyes only, or makes an existing one so.
func prepareDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return mustMake(dir, err)
	}
	if err := CheckOwner(dir); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fault(dir, err)
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	ours, err := isOurs(dir)
	if err != nil {
		return fault(dir, err)
	}
	if !ours {
		return &Fault{
			Path: dir, Problem: "it holds other files and other users can see into it",
			Remedy: "set data_dir to a directory for banditore alone",
		}
	}
	return fault(dir, os.Chmod(dir, 0o700))
}

// isOurs guards against closing, say, /tmp to everybody because data_dir was
// misspelt: the directory must be empty or have a file of ours.
func isOurs(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	return len(entries) == 0 || slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return e.Name() == databaseFile || e.Name() == lockFile || e.Name() == sessionLockFile
	}), nil
}

// preparePrivate creates the file for its owner's eyes only, whatever the umask
// says, or makes an existing one so. SQLite gives its log the mode of the database.
func preparePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fault(path, err)
	}
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return fault(path, err)
	}
	for _, log := range []string{path + "-wal", path + "-shm"} {
		if err := os.Chmod(log, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fault(log, err)
		}
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the creation of a file survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fault(dir, err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}

// DiskFull tells whether the disk of the data directory has no room left to record
// anything. Where the disk does not say, it has.
func DiskFull(dir string) bool {
	var s syscall.Statfs_t
	return syscall.Statfs(dir, &s) == nil && s.Blocks > 0 && s.Bavail*uint64(s.Bsize) < probeSize
}

// AppendLines writes lines, each without its end, to the end of the file at path,
// which it creates for its owner's eyes only. When it returns without an error
// they survive a power cut. What a torn write left of a last line goes first.
func AppendLines(path string, lines ...string) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fault(path, err)
	}
	defer func() { err = errors.Join(err, fault(path, f.Close())) }()
	if err := errors.Join(f.Chmod(0o600), belongTo(f, filepath.Dir(path)), cutTornLine(f)); err != nil {
		return fault(path, err)
	}
	if _, err := f.WriteString(strings.Join(lines, "\n") + "\n"); err != nil {
		return fault(path, err)
	}
	if err := f.Sync(); err != nil {
		return fault(path, fmt.Errorf("sync %s: %w", path, err))
	}
	return syncDir(filepath.Dir(path))
}

// belongTo gives a file that root has made in somebody's data directory to
// that user, or the daemon could not use it.
func belongTo(f *os.File, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return f.Chown(int(owner.Uid), int(owner.Gid))
}

// cutTornLine removes what follows the last end of a line.
func cutTornLine(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	end := info.Size()
	chunk := make([]byte, 512)
	for end > 0 {
		n := min(int64(len(chunk)), end)
		if _, err := f.ReadAt(chunk[:n], end-n); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if i := strings.LastIndexByte(string(chunk[:n]), '\n'); i >= 0 {
			end = end - n + int64(i) + 1
			break
		}
		end -= n
	}
	if end == info.Size() {
		return nil
	}
	return f.Truncate(end)
}

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
