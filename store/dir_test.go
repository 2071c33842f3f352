package store

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"banditore/store/datadir"
)

// G10: what belongs to another user in the data directory is named, with the line
// that mends it.
func TestG10_CheckOwner(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir := filepath.Join(t.TempDir(), "a town's")
	must(t, datadir.Check(dir))
	s, err := Open(t.Context(), dir)
	must(t, err)
	must(t, s.Close())
	must(t, datadir.Check(dir))
	must(t, os.WriteFile(filepath.Join(dir, "lost"), nil, 0o600))
	must(t, os.Lchown(filepath.Join(dir, "lost"), 65534, 65534))
	must(t, datadir.Check(dir)) // none of ours
	for _, name := range []string{"store.db", "session.db", "audit.log", "forgotten", "banditore.lock", "session.lock", "store.db-wal", ""} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err != nil {
			must(t, os.WriteFile(path, nil, 0o600))
		}
		must(t, os.Lchown(path, 65534, 65534))
		for _, call := range []func() error{
			func() error { return datadir.Check(dir) },
			func() error { return datadir.CheckWritable(dir) },
			func() error { _, err := Lock(dir); return err },
			func() error { _, err := Open(t.Context(), dir); return err },
			func() error { _, err := OpenExisting(t.Context(), dir); return err },
		} {
			mustBeFault(t, call(), path, `chown -R root:root '`+filepath.Dir(dir)+`/a town'\''s'`)
		}
		must(t, os.Lchown(path, 0, 0))
	}
}

func TestUnusableDirectory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data")
	must(t, os.WriteFile(file, nil, 0o600))
	for _, call := range []func() error{
		func() error { _, err := Open(t.Context(), file); return err },
		func() error { _, err := Lock(file); return err },
		func() error { return datadir.CheckWritable(file) },
	} {
		mustBeFault(t, call(), file, "not a directory")
	}
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, databaseFile), 0o700))
	_, err := Open(t.Context(), dir)
	mustBeFault(t, err, filepath.Join(dir, databaseFile), "is a directory")
	must(t, datadir.CheckWritable(filepath.Join(dir, "not there yet")))
	must(t, datadir.CheckWritable(dir))
}

func TestNoPermission(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Chmod(filepath.Dir(dir), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, databaseFile), nil, 0o400))
	must(t, os.Chmod(dir, 0o500))
	asNobody(t)
	_, err := Open(t.Context(), dir)
	mustBeFault(t, err, dir, "permission")
	_, err = OpenExisting(t.Context(), dir)
	mustBeFault(t, err, dir, "permission")
	mustBeFault(t, datadir.CheckWritable(dir), dir, "permission")
}

// asNobody takes root's privileges over files from the thread of a test until
// its end. Who is not root has none to lose.
func asNobody(t *testing.T) {
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	runtime.LockOSThread()
	must(t, syscall.Setfsuid(nobody))
	t.Cleanup(func() {
		must(t, syscall.Setfsuid(0))
		runtime.UnlockOSThread()
	})
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(10)
	tw.db.SetMaxOpenConns(1) // the limit belongs to a connection
	_, err := tw.db.Exec("PRAGMA max_page_count = 1")
	must(t, err)
	a := announcement("1.txt")
	a.Text = strings.Repeat("lungo ", 10_000)
	_, err = tw.Publish(t.Context(), a, idPrefix)
	mustBeFault(t, err, tw.path, "full")
	equal(t, "announcements", tw.rows("announcements"), 0)
	equal(t, "deliveries", tw.rows("deliveries"), 0)
	_, err = tw.db.Exec("PRAGMA max_page_count = 100000")
	must(t, err)
	equal(t, "recipients when there is space again", tw.publish(a).Recipients, 10)
}

// On a full disk a file can still be created, so that alone proves nothing.
func TestCheckDirOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k")
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skipf("needs the right to mount: %v", err)
	}
	must(t, err)
	t.Cleanup(func() { must(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	mustBeFault(t, datadir.CheckWritable(dir), dir, "full")
	left, err := os.ReadDir(dir)
	must(t, err)
	equal(t, "files left behind", len(left), 0)
}

// A data_dir that is somebody else's directory is not closed to its users.
func TestOpenLeavesOthersDirectoriesAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "thesis.odt"), nil, 0o644))
	_, err := Open(t.Context(), dir)
	mustBeFault(t, err, dir, "other files")
	info, err := os.Stat(dir)
	must(t, err)
	equal(t, "mode", info.Mode().Perm(), 0o755)
}
