package datadir_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"banditore/store/datadir"
)

// picture is all that can be seen of what is in a directory.
func picture(t *testing.T, dir string) string {
	t.Helper()
	var text strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		s := info.Sys().(*syscall.Stat_t)
		content := ""
		if info.Mode().IsRegular() {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			content = string(b)
		}
		fmt.Fprintf(&text, "%s %v %d %d %q\n", d.Name(), info.Mode(), s.Uid, s.Nlink, content)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// G10: every file that banditore makes in the directory is looked at before anything
// is used, those that SQLite makes too.
func TestG10_CheckKnowsAllOurFiles(t *testing.T) {
	t.Parallel()
	names := []string{"banditore.lock", "session.lock", "forgotten", "forgotten.new", "audit.log", "audit.log.1", "audit.log.12", ".writable-17"}
	for _, database := range []string{"store.db", "store.db.restoring", "session.db", "session.db.parked"} {
		names = append(names, database, database+"-wal", database+"-shm", database+"-journal")
	}
	for _, name := range names {
		for _, trap := range traps() {
			if trap.name == "a directory" {
				continue // leads nowhere
			}
			dir, outside := privateDir(t), privateDir(t)
			write(t, filepath.Join(outside, "victim"), "a secret", 0o644)
			if err := trap.set(filepath.Join(dir, name), outside); errors.Is(err, fs.ErrPermission) {
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			for way, check := range map[string]func(string) error{"Check": datadir.Check, "Prepare": datadir.Prepare, "CheckWritable": datadir.CheckWritable} {
				if fault, is := errors.AsType[*datadir.Fault](check(dir)); !is || filepath.Base(fault.Path) != name {
					t.Errorf("%s, %s is %s: %v", way, name, trap.name, fault)
				}
			}
		}
		dir := privateDir(t)
		write(t, filepath.Join(dir, name), "", 0o666)
		if err := datadir.Check(dir); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

// G10: the line that gives everything to the service's user is not advised while that
// would give away a file of elsewhere, whatever its name is here.
func TestG10_NoChownOfAHardLink(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir, outside := privateDir(t), privateDir(t)
	write(t, filepath.Join(outside, "victim"), "a secret", 0o600)
	write(t, filepath.Join(dir, "store.db"), "", 0o600)
	if err := errors.Join(os.Lchown(filepath.Join(dir, "store.db"), nobody, nobody), os.Link(filepath.Join(outside, "victim"), filepath.Join(dir, "harmless"))); err != nil {
		t.Fatal(err)
	}
	fault, is := errors.AsType[*datadir.Fault](datadir.Check(dir))
	if !is || fault.Path != filepath.Join(dir, "harmless") || strings.Contains(fault.Remedy, "chown") {
		t.Errorf("says %v", fault)
	}
}

// A directory with our files is closed to others before anything there is looked at.
func TestG10_TheDirectoryIsClosed(t *testing.T) {
	t.Parallel()
	dir := privateDir(t)
	write(t, filepath.Join(dir, "store.db"), "", 0o600)
	for way, use := range map[string]func() error{
		"Check": func() error { return datadir.Check(dir) },
		"Stat":  func() error { _, err := datadir.Stat(filepath.Join(dir, "store.db")); return err },
	} {
		if err := errors.Join(os.Chmod(dir, 0o777), use()); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", way, info, err)
		}
	}
}

// A key is root's or ours, for no other eyes, and a file.
func TestG10_KeyOfAnother(t *testing.T) {
	t.Parallel()
	for _, trap := range traps() {
		dir, outside := privateDir(t), privateDir(t)
		write(t, filepath.Join(outside, "victim"), "a secret", 0o600)
		path := filepath.Join(dir, "forget.key")
		if err := trap.set(path, outside); errors.Is(err, fs.ErrPermission) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		if text, err := datadir.ReadSecret(path); err == nil || len(text) > 0 {
			t.Errorf("%s: read %q", trap.name, text)
		}
	}
	path := filepath.Join(privateDir(t), "forget.key")
	write(t, path, "a secret", 0o600)
	if text, err := datadir.ReadSecret(path); string(text) != "a secret" {
		t.Errorf("of ours: read %q, %v", text, err)
	}
	if os.Lchown(path, nobody, nobody) != nil {
		return // only root can give files away
	}
	if text, err := datadir.ReadSecret(path); err == nil || len(text) > 0 {
		t.Errorf("of another, for their eyes only: read %q", text)
	}
}
