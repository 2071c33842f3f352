package spool

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// The unit's sandbox refuses whoever sets the setgid bit. A folder that inherits it
// is not touched, and one that does not is open to its group all the same.
func TestFoldersInASandboxThatForbidsSetgid(t *testing.T) {
	t.Parallel()
	sandboxed := func(name string, mode fs.FileMode) error {
		if mode&fs.ModeSetgid != 0 {
			return &fs.PathError{Op: "chmod", Path: name, Err: syscall.EPERM}
		}
		return os.Chmod(name, mode)
	}
	for name, c := range map[string]struct{ made, want fs.FileMode }{
		"inherited":     {fs.ModeSetgid | 0o770, fs.ModeSetgid | 0o770},
		"not inherited": {0o770, 0o770},
		"cut by umask":  {0o700, 0o770},
	} {
		dir := filepath.Join(t.TempDir(), "urgenti")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, c.made); err != nil {
			t.Fatal(err)
		}
		if err := shareWithGroup(dir, os.Stat, sandboxed); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode() != fs.ModeDir|c.want {
			t.Errorf("%s: mode %v, %v; want %v", name, info.Mode(), err, c.want)
		}
	}
}
