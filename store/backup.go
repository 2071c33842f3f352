package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes a copy of the database to a new file at path, for its owner's
// eyes only, while a daemon works on it or not. The copy is whole, of one moment,
// and on the disk when Backup returns; it holds whoever was on the list, whatever
// becomes of them later.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &Fault{Path: path, Problem: "it is there already", Remedy: "give the copy another name, or remove that one"}
	}
	if err != nil {
		return fault(path, err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	if err := f.Chmod(0o600); err != nil {
		return fault(path, err)
	}
	if _, err := s.db.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return fault(path, fmt.Errorf("copy the database: %w", err))
	}
	if err := f.Sync(); err != nil {
		return fault(path, fmt.Errorf("sync %s: %w", path, err))
	}
	return syncDir(filepath.Dir(path))
}
