package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

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

// belongTo gives a file that root has made in somebody's data directory to him,
// or the daemon could not use it.
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
