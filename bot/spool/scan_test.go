package spool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestScan_Corpus(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	bySample := map[string]sample{}
	for _, c := range samples(t) {
		folder := dropFolder
		if c.urgent {
			folder = urgentFolder
		}
		drop(t, filepath.Join(dir, folder, c.name), string(c.bytes(t)))
		bySample[c.name] = c
	}
	files := mustScan(t, s)
	if len(files) != len(bySample) {
		t.Fatalf("%d of %d announcements were taken", len(files), len(bySample))
	}
	for _, f := range files {
		c := bySample[f.Name]
		c.check(t, f.Text)
		if f.Urgent != c.urgent || f.Preview || f.File != f.Name {
			t.Errorf("got %+v", f)
		}
	}
}

func TestScan_FolderDecides(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for i, folder := range dropFolders() { // the last in time is the first in rank
		path := filepath.Join(dir, folder, "a.txt")
		drop(t, path, "testo in "+folder)
		when := time.Now().Add(-time.Duration(i) * time.Hour)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, f := range mustScan(t, s) {
		got = append(got, fmt.Sprintf("%s as %s: %s urgent=%v preview=%v", f.Name, f.File, f.Text, f.Urgent, f.Preview))
	}
	want := []string{
		"a.txt as a.txt: testo in urgenti urgent=true preview=false",
		"a.txt as a (2).txt: testo in prova urgent=false preview=true",
		"a.txt as a (3).txt: testo in . urgent=false preview=false",
		"a.txt as a (4).txt: testo in da_inviare urgent=false preview=false",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got %q\nwant %q", got, want)
	}
}

// A name must stay free until the end: the report of last week's file keeps its own.
func TestScan_NamesAreUniqueOverAllFolders(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, sentFolder, "a.txt"), "settimana scorsa")
	drop(t, filepath.Join(dir, withdrawFolder, "a (2).txt.esito.txt"), "relazione")
	drop(t, filepath.Join(dir, sendingFolder, "a (3).txt"), "in corso")
	drop(t, filepath.Join(dir, "a.txt"), "nuovo")
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"a (4).txt"}) {
		t.Fatalf("got %q", got)
	}
	if got := mustRead(t, filepath.Join(dir, sentFolder, "a.txt")); got != "settimana scorsa" {
		t.Fatalf("last week's file says %q", got)
	}
}

func TestScan_OldestFirst(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for i, name := range []string{"da_inviare/c.txt", "b.txt", "da_inviare/a.txt", "da_inviare/d.txt"} {
		path := filepath.Join(dir, name)
		drop(t, path, "testo")
		when := at.Add(time.Duration(min(i, 2)) * time.Minute)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := fileNames(mustScan(t, s)), []string{"c.txt", "b.txt", "a.txt", "d.txt"}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestG8_ThousandsAtOnce(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	n := sized(1200, 4*maxTaken+50)
	for i := range n {
		drop(t, filepath.Join(dir, dropFolder, fmt.Sprintf("%04d.txt", i)), "testo")
	}
	var all []string
	for {
		files := mustScan(t, s)
		if len(files) > maxTaken {
			t.Fatalf("one Scan took %d files", len(files))
		}
		all = append(all, fileNames(files)...)
		wait, more := s.NextLook()
		if !more {
			break
		}
		if wait != 0 {
			t.Fatalf("next look in %v although more wait", wait)
		}
	}
	slices.Sort(all)
	if all = slices.Compact(all); len(all) != n {
		t.Fatalf("%d files were taken once, want %d", len(all), n)
	}
}

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

// An empty file is one that somebody has made in the Explorer, has not named yet, and
// will then write. An announcement with an empty picture does not wait so long.
func TestScan_AnEmptyFileWaitsForItsWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, dir, Options{Settle: 3 * time.Second})
		first, named := filepath.Join(dir, dropFolder, "Nuovo documento di testo.txt"), filepath.Join(dir, dropFolder, "a.txt")
		drop(t, first, "")
		dropLot(t, dir, "b.txt")
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

func TestScan_IgnoresInSilence(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	names := []string{"~$a.docx", "Thumbs.db", "desktop.ini", ".DS_Store", "._a.txt", "a.txt.part", "a.crdownload", ".a.txt.swp", "a.docx.esito.txt"}
	var want []string
	for _, folder := range dropFolders() {
		for _, name := range names {
			drop(t, filepath.Join(dir, folder, name), "Domani mercato.")
			want = append(want, filepath.Join(folder, name))
		}
	}
	if files := mustScan(t, s); len(files) > 0 {
		t.Fatalf("got %+v", files)
	}
	checkListing(t, dir, want...)
}

func TestScan_StopsBetweenFiles(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, "a.txt"), "Domani mercato.")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if files, err := s.Scan(ctx); !errors.Is(err, context.Canceled) || len(files) > 0 {
		t.Fatalf("got %v, %v", files, err)
	}
	checkListing(t, dir, "a.txt")
}

// A file that changes between the look and the claim is left for the next look.
func TestScan_ReplacedBeforeTheClaim(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	path := filepath.Join(dir, dropFolder, "a.txt")
	drop(t, path, "vecchio")
	once := false
	s.step = func() {
		if !once {
			once = true
			drop(t, path+".part", "nuovo testo")
			if err := os.Rename(path+".part", path); err != nil {
				t.Error(err)
			}
		}
	}
	files := mustScan(t, s)
	if len(files) != 1 || files[0].Text != "nuovo testo" {
		t.Fatalf("got %+v, want the text that lies in in_invio", files)
	}
}

func TestG9_AReplacementThatIsALinkIsNotRead(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	secret := filepath.Join(t.TempDir(), "secret.txt")
	drop(t, secret, "parola segreta")
	path := filepath.Join(dir, dropFolder, "a.txt")
	drop(t, path, "vecchio")
	once := false
	s.step = func() {
		if !once {
			once = true
			if err := errors.Join(os.Remove(path), os.Symlink(secret, path)); err != nil {
				t.Error(err)
			}
		}
	}
	if files := mustScan(t, s); len(files) != 0 {
		t.Fatalf("got %+v", files)
	}
	checkListing(t, dir, "scartati/a.txt", "scartati/a.txt.esito.txt")
}
