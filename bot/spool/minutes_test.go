package spool

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"banditore/store"
)

func TestWriteMinutes(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	if err := os.MkdirAll(filepath.Join(dir, withdrawFolder), 0o770); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		withdrawn bool
		folder    string
	}{{false, sentFolder}, {true, withdrawFolder}} {
		path := filepath.Join(dir, c.folder, "a.txt.verbale.html")
		write := func(html string) os.FileInfo {
			t.Helper()
			if err := s.WriteMinutes("a.txt", c.withdrawn, []byte(html)); err != nil {
				t.Fatal(err)
			}
			if got := mustRead(t, path); got != html {
				t.Fatalf("%s: got %q, want %q", path, got, html)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			return info
		}
		first := write("<p>uno")
		if !os.SameFile(first, write("<p>uno")) {
			t.Errorf("%s: the same minutes were written again", path)
		}
		if os.SameFile(first, write("<p>due")) {
			t.Errorf("%s: the minutes were changed in place: who reads them may see half", path)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		write("<p>due")
	}
	checkListing(t, dir, "inviati/a.txt.verbale.html", "ritirare/a.txt.verbale.html")
}

// A link in the place of the minutes is replaced; what it leads to is not.
func TestG9_MinutesFollowNoLink(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	outside := filepath.Join(filepath.Dir(dir), "fuori.txt")
	drop(t, outside, "parola segreta")
	path := filepath.Join(dir, sentFolder, "a.txt.verbale.html")
	if err := os.Symlink(outside, path); err != nil {
		t.Fatal(err)
	}
	if err := s.WriteMinutes("a.txt", false, []byte("<p>uno")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() || mustRead(t, path) != "<p>uno" {
		t.Errorf("the minutes are %v, %v", info, err)
	}
	if got := mustRead(t, outside); got != "parola segreta" {
		t.Errorf("the file outside now says %q", got)
	}
	for _, name := range []string{"../a.txt", "", "..", "x/y.txt"} {
		if err := s.WriteMinutes(name, false, nil); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: got %v, want fs.ErrInvalid", name, err)
		}
	}
}

func TestMinutesName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"avviso.txt":             "avviso.txt.verbale.html",
		"a\nb.txt":               "a_b.txt.verbale.html",
		strings.Repeat("a", 242): strings.Repeat("a", 242) + ".verbale.html",
		strings.Repeat("a", 243): strings.Repeat("a", 219) + "..." + strings.Repeat("a", 20) + ".verbale.html",
	} {
		if got := minutesName(name); got != want || len(got) > longestName {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

// Staff move a file back together with what lies beside it, and a name under which
// minutes lie is taken.
func TestScan_LeavesMinutesAlone(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, dropFolder, "a.txt.verbale.html"), "<p>vecchio")
	drop(t, filepath.Join(dir, sentFolder, "a.txt.verbale.html"), "<p>vecchio")
	drop(t, filepath.Join(dir, dropFolder, "a.txt"), "Domani mercato.")
	files := mustScan(t, s)
	if len(files) != 1 || files[0].File != "a (2).txt" {
		t.Fatalf("got %+v", files)
	}
	if err := s.FileAway(files[0].File, Report{}); err != nil {
		t.Fatal(err)
	}
	checkListing(t, dir, "da_inviare/a.txt.verbale.html", "inviati/a (2).txt", "inviati/a (2).txt.esito.txt", "inviati/a.txt.verbale.html")
}

// A folder in the place of what we write is put aside, with what is in it.
func TestG9_NoFolderStopsAReport(t *testing.T) {
	t.Parallel()
	s, dir, file := claimOne(t)
	for _, path := range []string{"inviati/a.txt.esito.txt", "inviati/a.txt.esito (2).txt", "inviati/a.txt.verbale.html", "stato.html"} {
		if err := os.Mkdir(filepath.Join(dir, path), 0o770); err != nil {
			t.Fatal(err)
		}
		drop(t, filepath.Join(dir, path, "x"), path)
	}
	for range 2 {
		if err := errors.Join(s.FileAway(file, Report{Announcement: store.Announcement{Content: store.Content{Name: file}}}), s.WriteMinutes(file, false, []byte("<p>uno")), s.WriteStatus([]byte("<p>due"))); err != nil {
			t.Fatal(err)
		}
	}
	checkListing(t, dir, "inviati/a.txt", "inviati/a.txt.esito.txt", "inviati/a.txt.verbale.html",
		"inviati/a.txt.esito (3).txt/x", "inviati/a.txt.esito (2).txt/x", "inviati/a.txt.verbale (2).html/x", "stato (2).html/x")
}
