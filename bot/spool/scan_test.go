package spool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
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

// What bounds a look are files, not announcements.
func TestScan_AttachmentsCount(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for i := range maxTaken/2 + 10 {
		dropBundle(t, dir, fmt.Sprintf("%d.txt", i), fmt.Sprintf("%d.jpg", i))
	}
	for _, want := range []int{maxTaken / 2, 10} {
		if files := mustScan(t, s); len(files) != want {
			t.Fatalf("one look took %d announcements with a picture, want %d", len(files), want)
		}
	}
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

// The same when nothing but the file itself tells the two apart: some programs give
// the new one the old one's time.
func TestScan_ReplacedByOneOfTheSameSizeAndTime(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	path := filepath.Join(dir, dropFolder, "a.txt")
	drop(t, path, "vecchio")
	before, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	once := false
	s.step = func() {
		if !once {
			once = true
			drop(t, path+".part", "diverso")
			if err := errors.Join(os.Chtimes(path+".part", before.ModTime(), before.ModTime()), os.Rename(path+".part", path)); err != nil {
				t.Error(err)
			}
		}
	}
	if files := mustScan(t, s); len(files) != 1 || files[0].Text != "diverso" {
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
