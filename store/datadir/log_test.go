package datadir_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"banditore/store/datadir"
)

const day = 24 * time.Hour

func newLog(t *testing.T) datadir.Log {
	return datadir.Log{Path: filepath.Join(privateDir(t), "audit.log"), Size: 40, Old: 3, Keep: 5 * 365 * day}
}

// content is what is in the log and the files before it, oldest first.
func content(t *testing.T, l datadir.Log) (files []string) {
	t.Helper()
	for n := l.Old + 2; n >= 0; n-- {
		path := l.Path
		if n > 0 {
			path = fmt.Sprintf("%s.%d", l.Path, n)
		}
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", path, info, err)
		}
		files = append(files, strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", ","))
	}
	return files
}

func appendAll(t *testing.T, l datadir.Log, now time.Time, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if err := l.Append(now, line); err != nil {
			t.Fatal(err)
		}
	}
}

func wantFiles(t *testing.T, l datadir.Log, want ...string) {
	t.Helper()
	if got := content(t, l); strings.Join(got, " | ") != strings.Join(want, " | ") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// The log is bounded: beyond its size it is begun anew, and the oldest file goes.
func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	for n := range 12 {
		appendAll(t, l, time.Now(), fmt.Sprintf("line %02d with some more of it", n))
	}
	const rest = " with some more of it"
	wantFiles(t, l, "line 04"+rest+",line 05"+rest, "line 06"+rest+",line 07"+rest, "line 08"+rest+",line 09"+rest, "line 10"+rest+",line 11"+rest)
}

// Each year has its own file, and one that is too old goes.
func TestLogOfYears(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	year := func(n int) time.Time { return time.Date(2026+n, 12, 31, 23, 59, 0, 0, time.UTC) }
	for n := range 3 {
		for _, line := range []string{fmt.Sprint("a", n), fmt.Sprint("b", n)} {
			appendAll(t, l, year(n), line)
			if err := datadir.Touch(l.Path, year(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantFiles(t, l, "a0,b0", "a1,b1", "a2,b2")
	if err := l.Prune(year(5)); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, l, "a1,b1", "a2,b2")
	appendAll(t, l, year(30), "z")
	wantFiles(t, l, "z")
}

// Wherever a crash leaves the files, no line is lost that has a place left.
func TestLogAfterACrash(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	long := strings.Repeat("x", 50)
	for name, text := range map[string]string{"": "d" + long + "\ntorn", ".1": "c\n", ".3": "a\n"} { // .2 was given its new number
		write(t, l.Path+name, text, 0o600)
	}
	appendAll(t, l, time.Now(), "e")
	wantFiles(t, l, "a", "c", "d"+long+",torn", "e")
}

// Lines of several writers are all there, once each, while the files turn.
func TestLogOfSeveralWriters(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	l.Size, l.Old = 2000, 60
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for n := range 100 {
				if err := l.Append(time.Now(), fmt.Sprintf("writer %d line %03d %s", w, n, strings.Repeat("x", 30))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	files := content(t, l)
	lines := map[string]int{}
	for _, file := range files {
		for line := range strings.SplitSeq(file, ",") {
			lines[line]++
		}
	}
	if len(lines) != 400 || len(files) < 5 {
		t.Errorf("%d lines in %d files", len(lines), len(files))
	}
	for _, file := range files[:len(files)-1] {
		if int64(len(file)) < l.Size-1 { // without the last end of a line
			t.Errorf("a file of %d bytes was not full", len(file))
		}
	}
	for line, n := range lines {
		if n != 1 || len(line) != len("writer 0 line 000 ")+30 {
			t.Errorf("%q, %d times", line, n)
		}
	}
}

// G10: the files before it are judged as well, and nothing is given away through them.
func TestG10_LogThroughALink(t *testing.T) {
	t.Parallel()
	for _, trap := range traps() {
		l, outside := newLog(t), privateDir(t)
		write(t, filepath.Join(outside, "victim"), "a secret", 0o644)
		write(t, l.Path, strings.Repeat("x", 50)+"\n", 0o600)
		if err := trap.set(l.Path+".1", outside); errors.Is(err, fs.ErrPermission) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		before := picture(t, outside)
		if fault, is := errors.AsType[*datadir.Fault](l.Append(time.Now(), "line")); !is || fault.Path != l.Path+".1" {
			t.Errorf("%s: %v", trap.name, fault)
		}
		if after := picture(t, outside); after != before {
			t.Errorf("%s: was\n%s\nis\n%s", trap.name, before, after)
		}
	}
}
