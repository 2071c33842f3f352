package spool

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func mustOpen(t *testing.T, dir string, o Options) *Spool {
	t.Helper()
	s, err := Open(dir, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newSpool(t *testing.T) (*Spool, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "spool")
	return mustOpen(t, dir, Options{}), dir
}

func drop(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o660); err != nil {
		t.Fatal(err)
	}
}

func mustScan(t *testing.T, s *Spool) []File {
	t.Helper()
	files, err := s.Scan(t.Context())
	if err != nil {
		t.Fatalf("Scan: %v", err)
	}
	return files
}

func fileNames(files []File) []string {
	var names []string
	for _, f := range files {
		names = append(names, f.File)
	}
	return names
}

// listing is every file below the spool that staff put there or are to read.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		if err == nil && !d.IsDir() && rel != readmeName && rel != statusName {
			all = append(all, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func checkListing(t *testing.T, dir string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := listing(t, dir); !slices.Equal(got, want) {
		t.Fatalf("files in the spool:\n got %q\nwant %q", got, want)
	}
}

func mustRead(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestOpen_MakesFoldersForAGroup(t *testing.T) {
	t.Parallel()
	_, dir := newSpool(t)
	for _, folder := range append(folders(), ".") {
		info, err := os.Stat(filepath.Join(dir, folder))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode(); got != os.ModeDir|folderMode {
			t.Errorf("%s: mode %v, want %v", folder, got, os.ModeDir|folderMode)
		}
	}
	text := mustRead(t, filepath.Join(dir, readmeName))
	for _, folder := range folders() {
		if folder != hiddenFolder && !strings.Contains(text, folder) {
			t.Errorf("%s does not explain %s", readmeName, folder)
		}
	}
	checkListing(t, dir)
}

func TestOpen_LeavesModesOfExistingFoldersAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sub := filepath.Join(dir, dropFolder)
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, dir, Options{})
	info, err := os.Stat(sub)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o700 {
		t.Fatalf("mode is now %o, want 700", got)
	}
}

func TestOpen_RefusesWhatIsNoFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "spool")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, Options{})
	f, ok := errors.AsType[*Fault](err)
	if !ok || f.Problem != "is not a folder" || f.Remedy == "" || strings.Contains(f.Error(), "\n") {
		t.Fatalf("got %v, want a *Fault", err)
	}
}

// What stands in the place of one of our folders when we start is moved aside and
// refused: nobody keeps us from working with a link.
func TestG9_WhatStandsInThePlaceOfAFolder(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	for what, put := range map[string]func(path string) error{
		"a file":           func(path string) error { return os.WriteFile(path, []byte("Domani mercato."), 0o600) },
		"a link out":       func(path string) error { return os.Symlink(outside, path) },
		"a link inside":    func(path string) error { return os.Symlink(sentFolder, path) },
		"a link to itself": func(path string) error { return os.Symlink(filepath.Base(path), path) },
		"a pipe":           func(path string) error { return unix.Mkfifo(path, 0o600) },
	} {
		dir := t.TempDir()
		for _, folder := range folders() {
			if err := put(filepath.Join(dir, folder)); err != nil {
				t.Fatal(err)
			}
		}
		s := mustOpen(t, dir, Options{})
		dropBundle(t, dir, "a.txt")
		if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"a.txt"}) {
			t.Errorf("%s: took %q", what, got)
		}
		if refused, err := s.Refused(0); err != nil || len(refused) != len(folders()) {
			t.Errorf("%s: refused %+v, %v", what, refused, err)
		}
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) > 0 {
		t.Errorf("something was written outside the spool: %v %v", left, err)
	}
}

func TestCheck_LeavesAWorkingSpoolAlone(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, dropFolder, "a.txt"), "Domani mercato.")
	if err := Check(dir, false); err != nil {
		t.Fatal(err)
	}
	checkListing(t, dir, "da_inviare/a.txt")
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"a.txt"}) {
		t.Fatalf("got %q", got)
	}
}

func TestScan_MakesDeletedFoldersAgain(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for _, folder := range folders() {
		if err := os.RemoveAll(filepath.Join(dir, folder)); err != nil {
			t.Fatal(err)
		}
	}
	drop(t, filepath.Join(dir, "a.txt"), "Domani mercato.")
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"a.txt"}) {
		t.Fatalf("got %q", got)
	}
}

func TestScan_WritesTheReadmeAgain(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	path := filepath.Join(dir, readmeName)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	mustScan(t, s)
	if got := mustRead(t, path); got != crlf(readme) {
		t.Errorf("got %q", got)
	}
}

func TestWriteStatus_OnlyWhenChanged(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	path := filepath.Join(dir, statusName)
	write := func(html string) os.FileInfo {
		t.Helper()
		if err := s.WriteStatus([]byte(html)); err != nil {
			t.Fatal(err)
		}
		if got := mustRead(t, path); got != html {
			t.Fatalf("got %q, want %q", got, html)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	first := write("<p>uno")
	if again := write("<p>uno"); !os.SameFile(first, again) {
		t.Error("the same page was written again")
	}
	if changed := write("<p>due"); os.SameFile(first, changed) {
		t.Error("the page was written in place: a browser may read half of it")
	}
	if got := first.Mode().Perm(); got != 0o660 {
		t.Errorf("mode %o, want 660 as the folder allows", got)
	}
	checkListing(t, dir)
}

// Whatever the target is, nothing outside is written.
func TestWriteStatus_ReplacesALink(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	outside := filepath.Join(t.TempDir(), "other")
	drop(t, outside, "mine")
	if err := os.Symlink(outside, filepath.Join(dir, statusName)); err != nil {
		t.Fatal(err)
	}
	if err := s.WriteStatus([]byte("<p>uno")); err != nil {
		t.Fatal(err)
	}
	if got := mustRead(t, outside); got != "mine" {
		t.Fatalf("the file outside now says %q", got)
	}
}

func TestEvents_WakesOnADrop(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	wake, err := s.Events(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range append(dropFolders(), sendingFolder) {
		drop(t, filepath.Join(dir, folder, "a.txt"), "Domani mercato.")
		select {
		case <-wake:
		case <-time.After(10 * time.Second):
			t.Fatalf("no event from %s", folder)
		}
	}
	cancel()
	for range wake { // ends when the watcher is closed
	}
}

// Who moves a folder away and back, or makes another of its name, between two looks
// is heard again after the next one.
func TestEvents_AfterAFolderWasMoved(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(path string) error{
		"the same": func(path string) error { return os.Rename(path+".away", path) },
		"another":  func(path string) error { return os.Mkdir(path, 0o770) },
	} {
		s, dir := newSpool(t)
		wake, err := s.Events(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		mustWake := func(when string) {
			t.Helper()
			select {
			case <-wake:
			case <-time.After(20 * time.Second):
				t.Fatalf("%s: no event %s", name, when)
			}
		}
		path := filepath.Join(dir, dropFolder)
		if err := errors.Join(os.Rename(path, path+".away"), back(path)); err != nil {
			t.Fatal(err)
		}
		mustWake("when it is moved")
		mustScan(t, s)
		for len(wake) > 0 {
			<-wake
		}
		drop(t, filepath.Join(path, "a.txt"), "Domani mercato.")
		mustWake("from the folder that is there now")
	}
}

// However often somebody writes, the looks at a folder that takes long to look at
// are few.
func TestG9_AStormOfEventsIsOne(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	s.lasted.Store(int64(time.Hour))
	ctx, cancel := context.WithCancel(t.Context())
	wake, err := s.Events(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for range sized(5000, 1000) {
		drop(t, filepath.Join(dir, dropFolder, "a.txt"), "Domani mercato.")
	}
	cancel()
	for range wake {
		t.Fatal("one of many events has woken the caller")
	}
}

func TestEvents_OwnFilesDoNotWake(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for name, want := range map[string]bool{
		statusName: true, readmeName: true, ".banditore": true, "a.txt": false, "da_inviare/a.txt": false, "in_invio/a.txt.esito.txt": true,
	} {
		if got := s.silent(filepath.Join(dir, name)); got != want {
			t.Errorf("%s: silent is %v, want %v", name, got, want)
		}
	}
}
