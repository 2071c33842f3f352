package datadir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// Log is a file of lines that only grows. It is begun anew each year (UTC), and when
// it has grown large: the file before it is then Path.1, the one before that Path.2.
// Several processes may write at once.
type Log struct {
	Path string
	Size int64         // bytes beyond which it is begun anew
	Old  int           // how many files before it there are at most
	Keep time.Duration // how long a file before it is kept, after its last line
}

// Append writes lines, each without its end. When it returns without an error they
// survive a power cut. A crash loses none that was written before: at worst a number
// is left out, which the next time fills. What is too old goes.
func (l Log) Append(now time.Time, lines ...string) error {
	if err := l.turn(now); err != nil {
		return err
	}
	if err := AppendLines(l.Path, lines...); err != nil {
		return err
	}
	return l.Prune(now)
}

// Prune removes the files before this one that are too old.
func (l Log) Prune(now time.Time) error {
	for n := 1; n <= l.Old; n++ {
		info, err := Stat(l.name(n))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && now.Sub(info.ModTime()) > l.Keep {
			err = Remove(l.name(n))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l Log) name(n int) string { return fmt.Sprintf("%s.%d", l.Path, n) }

// turn begins the file anew if that is due and no other process is at it. What
// somebody writes meanwhile ends in the file before.
func (l Log) turn(now time.Time) (err error) {
	f, err := openFile(l.Path, os.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errReplaced) {
		return nil // there is none, or another process is at it
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 || (info.Size() < l.Size && info.ModTime().UTC().Year() >= now.UTC().Year()) {
		return FaultOf(l.Path, err)
	}
	const ofdSetLock = 37 // F_OFD_SETLK: it belongs to the open file, and ends with it
	if syscall.FcntlFlock(f.Fd(), ofdSetLock, &syscall.Flock_t{Type: syscall.F_WRLCK}) != nil {
		return nil
	}
	if there, err := Stat(l.Path); err != nil || !os.SameFile(there, info) {
		return nil // another process was quicker
	}
	return l.shift()
}

// shift gives each file the next number, up to one that is not there. The oldest is
// replaced.
func (l Log) shift() error {
	last := 1
	for last < l.Old {
		if _, err := Stat(l.name(last)); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return err
		}
		last++
	}
	for n := last; n > 1; n-- {
		if err := Rename(l.name(n-1), l.name(n)); err != nil {
			return err
		}
	}
	return Rename(l.Path, l.name(1))
}
