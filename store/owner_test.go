package store

import (
	"os"
	"path/filepath"
	"testing"
)

// G10: what belongs to another user in the data directory is named, with the line
// that mends it.
func TestG10_CheckOwner(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir := filepath.Join(t.TempDir(), "a town's")
	must(t, CheckOwner(dir))
	s, err := Open(t.Context(), dir)
	must(t, err)
	must(t, s.Close())
	must(t, CheckOwner(dir))
	must(t, os.WriteFile(filepath.Join(dir, "lost"), nil, 0o600))
	must(t, os.Lchown(filepath.Join(dir, "lost"), 65534, 65534))
	must(t, CheckOwner(dir)) // none of ours
	for _, name := range []string{"store.db", "session.db", "audit.log", "forgotten", "banditore.lock", "session.lock", "store.db-wal", ""} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err != nil {
			must(t, os.WriteFile(path, nil, 0o600))
		}
		must(t, os.Lchown(path, 65534, 65534))
		for _, call := range []func() error{
			func() error { return CheckOwner(dir) },
			func() error { return CheckDir(dir) },
			func() error { _, err := Lock(dir); return err },
			func() error { _, err := Open(t.Context(), dir); return err },
			func() error { _, err := OpenExisting(t.Context(), dir); return err },
		} {
			mustBeFault(t, call(), path, `chown -R root:root '`+filepath.Dir(dir)+`/a town'\''s'`)
		}
		must(t, os.Lchown(path, 0, 0))
	}
}
