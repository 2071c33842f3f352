package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A drop folder, or one of ours, that becomes a link while we run is neither read
// nor written through. The link is refused like anything that is dropped.
func TestG9_AFolderBecomesALink(t *testing.T) {
	t.Parallel()
	for _, folder := range folders() {
		for _, target := range []string{"/tmp", sentFolder, "../outside"} {
			t.Run(folder+" to "+target, func(t *testing.T) {
				t.Parallel()
				s, dir := newSpool(t)
				outside := filepath.Join(filepath.Dir(dir), "outside")
				if err := os.Mkdir(outside, 0o770); err != nil {
					t.Fatal(err)
				}
				for _, where := range []string{outside, filepath.Join(dir, sentFolder)} {
					drop(t, filepath.Join(where, "segreto.txt"), "segreto")
				}
				path := filepath.Join(dir, folder)
				if err := errors.Join(os.Rename(path, path+".old"), os.Symlink(target, path)); err != nil {
					t.Fatal(err)
				}
				drop(t, filepath.Join(dir, "b.txt"), "buono")
				if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"b.txt"}) {
					t.Fatalf("took %q", got)
				}
				if entries, err := os.ReadDir(outside); err != nil || len(entries) != 1 {
					t.Fatalf("outside: %v, %v", entries, err)
				}
				if info, err := os.Lstat(path); err != nil || !info.IsDir() {
					t.Fatalf("it is no folder again: %v, %v", info, err)
				}
				refused, err := s.Refused(0)
				name := strings.TrimPrefix(folder, ".")
				if err != nil || !slices.ContainsFunc(refused, func(r Refusal) bool {
					return strings.HasPrefix(r.Name, name) && strings.Contains(r.Reason, "collegamento")
				}) {
					t.Fatalf("refused: %+v, %v", refused, err)
				}
			})
		}
	}
}

// The same between the look and the rename: os.Root would follow a link that stays
// inside, and what was sent would be sent again.
func TestG9_AFolderBecomesALinkInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{dropFolder, sendingFolder} {
		s, dir := newSpool(t)
		dropBundle(t, dir, "a.txt")
		drop(t, filepath.Join(dir, sentFolder, "a.txt"), "già inviato")
		path := filepath.Join(dir, folder)
		once := false
		s.step = func() {
			if !once {
				once = true
				if err := errors.Join(os.Rename(path, path+".old"), os.Symlink(sentFolder, path)); err != nil {
					t.Error(err)
				}
			}
		}
		files, err := s.Scan(t.Context())
		if err == nil || len(files) > 0 {
			t.Fatalf("%s: got %+v, %v", folder, files, err)
		}
		if got := mustRead(t, filepath.Join(dir, sentFolder, "a.txt")); got != "già inviato" {
			t.Fatalf("%s: what was sent now says %q", folder, got)
		}
		if err := errors.Join(os.Remove(path), os.RemoveAll(path+".new"), os.Rename(path+".old", path)); err != nil {
			t.Fatal(err)
		}
		if got := mustScan(t, s); len(got) != 1 || got[0].Text != "contenuto di a.txt" {
			t.Fatalf("%s: afterwards %+v", folder, got)
		}
	}
}

// Staff can write into the hidden folder: forged notes move nothing from or to
// elsewhere, and stop nothing.
func TestG9_ForgedNotes(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	outside := filepath.Join(filepath.Dir(dir), "outside.txt")
	drop(t, outside, "segreto")
	drop(t, filepath.Join(dir, sentFolder, "a.txt"), "già inviato")
	drop(t, filepath.Join(dir, sendingFolder, "z.txt"), "messo a mano")
	s.Close()
	up := member{Name: []byte("../../outside.txt"), File: []byte("a.txt")}
	for i, n := range []note{
		{From: dropFolder, Files: []member{{Name: []byte("a.txt"), File: []byte("a.txt")}, up}},
		{From: dropFolder, Files: []member{{Name: []byte("a.txt"), File: []byte("../../a.txt")}}},
		{From: "..", Files: []member{{Name: []byte("outside.txt"), File: []byte("a.txt")}}},
		{From: sentFolder, Files: []member{{Name: []byte("a.txt"), File: []byte("b.txt")}}},
		{From: dropFolder, Files: []member{up}, Refusal: &Refusal{Reason: "x"}},
		{Files: slices.Repeat([]member{{Name: []byte("z.txt"), File: []byte("z.txt")}}, 100_000)},
		{},
	} {
		data, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, prefix := range []string{claimPrefix, refusalPrefix} {
			drop(t, filepath.Join(dir, hiddenFolder, fmt.Sprint(prefix, i, noteSuffix)), string(data))
		}
	}
	for _, junk := range []string{claimPrefix + "x", refusalPrefix + "x", tempPrefix + "x"} {
		if err := os.MkdirAll(filepath.Join(dir, hiddenFolder, junk, "y"), 0o770); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, filepath.Join(dir, hiddenFolder, junk+"link")); err != nil {
			t.Fatal(err)
		}
	}
	drop(t, filepath.Join(dir, hiddenFolder, claimPrefix+"torn"), "{")
	s = mustOpen(t, dir, Options{})
	dropBundle(t, dir, "b.txt")
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"b.txt"}) {
		t.Fatalf("took %q", got)
	}
	if mustRead(t, outside) != "segreto" || mustRead(t, filepath.Join(dir, sentFolder, "a.txt")) != "già inviato" {
		t.Fatal("a forged note moved something")
	}
	if len(s.claims) != 1 {
		t.Errorf("%d claims are believed", len(s.claims))
	}
}

// A clerk's own file that has the name of our report is kept, and a link there leads
// us nowhere.
func TestG9_SomethingInTheReportsPlace(t *testing.T) {
	t.Parallel()
	for name, put := range map[string]func(path, outside string) error{
		"a clerk's own file": func(path, _ string) error { return os.WriteFile(path, []byte("appunti"), 0o660) },
		"a link outside":     func(path, outside string) error { return os.Symlink(outside, path) },
		"a hard link":        func(path, outside string) error { return os.Link(outside, path) },
		"a folder":           func(path, _ string) error { return os.MkdirAll(filepath.Join(path, "x"), 0o770) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, dir := newSpool(t)
			outside := filepath.Join(filepath.Dir(dir), "outside.txt")
			drop(t, outside, "segreto")
			dropBundle(t, dir, "a.txt")
			mustScan(t, s)
			path := filepath.Join(dir, sentFolder, "a.txt.esito.txt")
			if err := put(path, outside); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := s.FileAway("a.txt", sent("a.txt")); err != nil {
					t.Fatal(err)
				}
			}
			if got := mustRead(t, path); !strings.HasPrefix(got, "Avviso: a.txt") {
				t.Errorf("the report says %q", got)
			}
			if mustRead(t, outside) != "segreto" {
				t.Error("it was written through the link")
			}
			if name == "a clerk's own file" {
				if got := mustRead(t, filepath.Join(dir, sentFolder, "a.txt.esito (2).txt")); got != "appunti" {
					t.Errorf("the clerk's file says %q", got)
				}
			}
		})
	}
}

// Ten thousand files that are passed over hide no announcement.
func TestG9_ManyIgnoredFiles(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for i := range sized(10_000, 1000) {
		drop(t, filepath.Join(dir, dropFolder, fmt.Sprintf("~$%d.docx", i)), "")
	}
	dropBundle(t, dir, "zzz.txt")
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"zzz.txt"}) {
		t.Fatalf("took %q", got)
	}
	if len(s.seen) > 1 {
		t.Errorf("%d files are remembered", len(s.seen))
	}
}

// What grows while it is read is read at the next look.
func TestG9_AFileThatGrowsIsNotTaken(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	path := filepath.Join(dir, dropFolder, "a.txt")
	drop(t, path, "prima")
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	drop(t, path, "prima e dopo")
	l := bundle{dropFolder, []dropped{{place{dropFolder, "a.txt"}, sighting{info: info}}}}
	if f, err := s.take(l); !errors.Is(err, errMoving) {
		t.Fatalf("got %+v, %v", f, err)
	}
	checkListing(t, dir, "da_inviare/a.txt")
}

// Somebody may put a pipe in the place of a file between the look and the opening, and
// hold it open: nobody would ever write into it. The same goes for a folder.
func TestG9_APipeTakesThePlace(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	p := place{rejectedFolder, "a.bin.esito.txt"}
	path := filepath.Join(dir, p.path())
	drop(t, path, "Motivo: vecchio.")
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o660)); err != nil {
		t.Fatal(err)
	}
	holder, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	for what, do := range map[string]func() error{
		"reading": func() error {
			data, err := s.contentOf(p, info, 100)
			return errors.Join(err, os.WriteFile(filepath.Join(dir, "read"), data, 0o660))
		},
		"syncing": func() error {
			if err := s.syncFolder(p.path()); !errors.Is(err, syscall.ENOTDIR) {
				return fmt.Errorf("got %v, want %v", err, syscall.ENOTDIR)
			}
			return nil
		},
	} {
		done := make(chan error, 1)
		go func() { done <- do() }()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
		case <-time.After(20 * time.Second):
			t.Errorf("%s blocks", what)
		}
	}
}

// Names that are the same when they are printed have reports of their own, which
// follow the receipts.
func TestG8_NamesThatLookTheSame(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	dropBundle(t, dir, "a\n.txt", "a\xff.txt", "a_.txt", strings.Repeat("a", 120)+"\n"+strings.Repeat("a", 120)+".txt", strings.Repeat("a", 120)+"\t"+strings.Repeat("a", 120)+".txt")
	files := mustScan(t, s)
	reports := map[string]bool{}
	for i, f := range files {
		r := sent(f.Name)
		r.AcceptedAt = r.AcceptedAt.Add(time.Duration(i) * time.Minute)
		if err := s.FileAway(f.File, r); err != nil {
			t.Fatal(err)
		}
		reports[reportName(f.File)] = true
	}
	if len(files) != 5 || len(reports) != 5 {
		t.Fatalf("%d files have the reports %v", len(files), reports)
	}
	for _, f := range files {
		if report := mustRead(t, filepath.Join(dir, sentFolder, reportName(f.File))); !strings.HasPrefix(report, "Avviso: "+printable(f.Name)+"\r\n") {
			t.Errorf("beside %q lies %q", f.File, report)
		}
	}
}
