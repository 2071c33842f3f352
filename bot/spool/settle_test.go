package spool

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// In a bubble time is fake, so that settling takes no time; the files are real.
func TestScan_SlowCopyIsTakenWhole(t *testing.T) {
	t.Parallel()
	for _, c := range samples(t)[:4] {
		t.Run(c.name, func(t *testing.T) {
			raw := c.bytes(t)
			path := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s := mustOpen(t, path, Options{Settle: 3 * time.Second})
				f, err := os.Create(filepath.Join(path, dropFolder, c.name))
				if err != nil {
					t.Fatal(err)
				}
				for _, b := range raw {
					if _, err := f.Write([]byte{b}); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Second)
					if files := mustScan(t, s); len(files) > 0 {
						t.Fatalf("taken in the middle: %q", files[0].Text)
					}
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				var files []File
				for len(files) == 0 {
					wait, ok := s.NextLook()
					if !ok {
						t.Fatal("nothing waits although the file has not been taken")
					}
					time.Sleep(wait)
					files = mustScan(t, s)
				}
				c.check(t, files[0].Text)
			})
		})
	}
}

func TestScan_SettlesExactly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, dir, Options{Settle: 3 * time.Second})
		if wait, ok := s.NextLook(); ok {
			t.Fatalf("an empty spool wants a look in %v", wait)
		}
		moved := filepath.Join(dir, "a.txt")
		drop(t, moved, "Domani mercato.")
		// Neither a date in the future nor one long ago says anything about now.
		future := time.Now().AddDate(100, 0, 0)
		if err := os.Chtimes(moved, future, future); err != nil {
			t.Fatal(err)
		}
		mustScan(t, s)
		time.Sleep(2 * time.Second)
		if files := mustScan(t, s); len(files) > 0 {
			t.Fatal("taken after 2 s")
		}
		if wait, ok := s.NextLook(); !ok || wait != time.Second {
			t.Fatalf("next look in %v, %v; want 1s", wait, ok)
		}
		time.Sleep(time.Second)
		if files := mustScan(t, s); len(files) != 1 {
			t.Fatal("not taken after 3 s")
		}
		if _, ok := s.NextLook(); ok {
			t.Fatal("nothing is left to look at")
		}
	})
}

// Of several files that settle, the first decides when the next look is due.
func TestNextLook_TheFirstOfSeveral(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, dir, Options{Settle: 3 * time.Second})
		drop(t, filepath.Join(dir, urgentFolder, "vuoto.txt"), "") // waits ten times as long
		dropBundle(t, dir, "a.txt", "b.jpg")
		mustScan(t, s)
		if wait, ok := s.NextLook(); !ok || wait != 3*time.Second {
			t.Fatalf("next look in %v, %v; want 3s", wait, ok)
		}
	})
}

// An empty file is one that somebody has made in the Explorer, has not named yet, and
// will then write. An announcement with an empty picture does not wait so long.
func TestScan_AnEmptyFileWaitsForItsWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, dir, Options{Settle: 3 * time.Second})
		first, named := filepath.Join(dir, dropFolder, "Nuovo documento di testo.txt"), filepath.Join(dir, dropFolder, "a.txt")
		drop(t, first, "")
		dropBundle(t, dir, "b.txt")
		drop(t, filepath.Join(dir, dropFolder, "b.jpg"), "")
		mustScan(t, s)
		time.Sleep(29 * time.Second)
		if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"b.txt"}) {
			t.Fatalf("took %q", got)
		}
		if err := os.Rename(first, named); err != nil {
			t.Fatal(err)
		}
		mustScan(t, s)
		if wait, ok := s.NextLook(); !ok || wait != 30*time.Second {
			t.Fatalf("next look in %v, %v; want 30 seconds", wait, ok)
		}
		time.Sleep(24 * time.Second)
		mustScan(t, s)
		drop(t, named, "Domani mercato.")
		mustScan(t, s)
		time.Sleep(3 * time.Second)
		if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"a.txt"}) {
			t.Fatalf("took %q", got)
		}
	})
}

func TestScan_EachChangeStartsAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.txt")
	for name, change := range map[string]func() error{
		"size": func() error { return os.WriteFile(path, []byte("più lungo di prima"), 0o600) },
		"time": func() error { return os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)) },
		"replaced": func() error {
			return errors.Join(os.WriteFile(path+"~", []byte("prima"), 0o600), os.Rename(path+"~", path))
		},
	} {
		drop(t, path, "prima")
		before, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		seen := sighting{info: before}
		if !seen.same(before) {
			t.Fatalf("%s: a file differs from itself", name)
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		after, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		if seen.same(after) {
			t.Errorf("%s: the change was not seen", name)
		}
	}
}

func TestScan_WaitsForAnOpenWriter(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t) // settle 0: only the open writer holds it back
	for _, name := range []string{"a.txt", "b.pdf"} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString("Domani"); err != nil {
			t.Fatal(err)
		}
		if files := mustScan(t, s); len(files) > 0 {
			t.Fatalf("taken while open for writing: %+v", files)
		}
		checkListing(t, dir, name)
		if wait, ok := s.NextLook(); !ok || wait <= 0 || wait > patience {
			t.Fatalf("next look in %v, %v; want at most %v and not at once", wait, ok, patience)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		mustScan(t, s)
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("%s was not taken after it was closed: %v", name, err)
		}
		for _, left := range listing(t, dir) {
			os.Remove(filepath.Join(dir, left))
		}
	}
}

// An empty text beside a picture was dropped with it, and not made in the Explorer:
// whoever did that is told as soon as the rest has settled.
func TestScan_AnEmptyTextBesideAPictureDoesNotWait(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, dir, Options{Settle: 3 * time.Second})
		drop(t, filepath.Join(dir, dropFolder, "a.txt"), "")
		dropBundle(t, dir, "a.jpg")
		mustScan(t, s)
		time.Sleep(3 * time.Second)
		mustScan(t, s)
		if refused, err := s.Refused(0); err != nil || len(refused) != 1 {
			t.Fatalf("refused %+v, %v", refused, err)
		}
	})
}
