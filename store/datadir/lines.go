package datadir

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// AppendLines writes lines, each without its end, to the end of the file at path,
// which it creates for its owner's eyes only. When it returns without an error
// they survive a power cut. What a torn write left of a last line goes first.
func AppendLines(path string, lines ...string) (err error) {
	f, err := openOrMake(path, os.O_RDWR|os.O_APPEND)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, FaultOf(path, f.Close())) }()
	return appendTo(f, path, lines)
}

func appendTo(f *os.File, path string, lines []string) error {
	if err := cutTornLine(f); err != nil {
		return FaultOf(path, err)
	}
	if _, err := f.WriteString(strings.Join(lines, "\n") + "\n"); err != nil {
		return FaultOf(path, err)
	}
	if err := f.Sync(); err != nil {
		return FaultOf(path, fmt.Errorf("sync %s: %w", path, err))
	}
	return nil
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
