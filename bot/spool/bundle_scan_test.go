package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/store"
)

func dropBundle(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		drop(t, filepath.Join(dir, dropFolder, name), "contenuto di "+name)
	}
}

func attachmentNames(f File) (names []string) {
	for _, a := range f.Attachments {
		names = append(names, fmt.Sprintf("%s as %s, %d bytes", a.Name, a.File, a.Size))
	}
	return names
}

func TestScan_TakesABundleWhole(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, sentFolder, "festa-1.jpg"), "settimana scorsa")
	dropBundle(t, dir, "festa.txt", "festa-2.jpg", "festa-1.jpg", "altra.pdf")
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"festa-1.jpg as festa (2)-1.jpg, 24 bytes", "festa-2.jpg as festa (2)-2.jpg, 24 bytes"}
	for range 2 {
		files := mustScan(t, s)
		if files == nil { // after the restart
			for _, name := range []string{"altra.pdf", "festa (2).txt"} {
				f, err := s.Load(name)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, f)
			}
		}
		slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
		if len(files) != 2 || files[1].File != "festa (2).txt" || files[1].Text != "contenuto di festa.txt" || !slices.Equal(attachmentNames(files[1]), want) {
			t.Fatalf("got %+v", files)
		}
		if alone := files[0]; alone.File != "altra.pdf" || alone.Text != "" || alone.Owner != me.Username || files[1].Owner != me.Username || !slices.Equal(attachmentNames(alone), []string{"altra.pdf as altra.pdf, 22 bytes"}) {
			t.Fatalf("got %+v", alone)
		}
		if names, err := s.InFlight(); err != nil || !slices.Equal(names, []string{"altra.pdf", "festa (2).txt"}) {
			t.Fatalf("in flight: %q, %v", names, err)
		}
		if data, err := s.ReadAttachment("festa (2)-1.jpg"); err != nil || string(data) != "contenuto di festa-1.jpg" {
			t.Fatalf("got %q, %v", data, err)
		}
		s.Close()
		s = mustOpen(t, dir, Options{})
	}
	if err := errors.Join(s.Refuse("festa (2).txt", "è un doppione", "cambia il testo."), s.FileAway("altra.pdf", Report{Announcement: store.Announcement{Content: store.Content{Name: "altra.pdf"}}})); err != nil {
		t.Fatal(err)
	}
	checkListing(t, dir, "inviati/altra.pdf", "inviati/altra.pdf.esito.txt", "inviati/festa-1.jpg",
		"scartati/festa (2).txt", "scartati/festa (2)-1.jpg", "scartati/festa (2)-2.jpg", "scartati/festa (2).txt.esito.txt")
	if report := mustRead(t, filepath.Join(dir, "scartati/festa (2).txt.esito.txt")); !strings.Contains(report, "Insieme a: festa (2)-1.jpg, festa (2)-2.jpg\r\n") {
		t.Errorf("report %q", report)
	}
}

// Staff stop an announcement by taking any of its files away.
func TestInFlight_AnyFileTakenAway(t *testing.T) {
	t.Parallel()
	for _, gone := range []string{"festa.txt", "festa-1.jpg", "festa-2.jpg"} {
		s, dir := newSpool(t)
		dropBundle(t, dir, "festa.txt", "festa-1.jpg", "festa-2.jpg")
		mustScan(t, s)
		if err := os.Remove(filepath.Join(dir, sendingFolder, gone)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if names, err := s.InFlight(); err != nil || len(names) > 0 {
				t.Fatalf("without %s: in flight %q, %v", gone, names, err)
			}
			if names, err := s.Incomplete(); err != nil || !slices.Equal(names, []string{"festa.txt"}) {
				t.Fatalf("without %s: incomplete %q, %v", gone, names, err)
			}
			if _, err := s.Load("festa.txt"); !errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("without %s: Load: %v", gone, err)
			}
			s.Close()
			s = mustOpen(t, dir, Options{})
		}
		if err := s.FileAway("festa.txt", Report{Announcement: store.Announcement{Content: store.Content{Name: "festa.txt"}, State: store.Stopped}}); err != nil {
			t.Fatal(err)
		}
		want := []string{"inviati/festa.txt", "inviati/festa-1.jpg", "inviati/festa-2.jpg", "inviati/festa.txt.esito.txt"}
		checkListing(t, dir, slices.DeleteFunc(want, func(name string) bool { return name == "inviati/"+gone })...)
	}
}

// Of a bundle that is wholly gone there is nothing to refuse: who took all of it away
// wants nothing more of us.
func TestIncomplete_NotWhatIsWhollyGone(t *testing.T) {
	t.Parallel()
	for _, bundle := range [][]string{{"festa.txt"}, {"festa.txt", "festa-1.jpg"}} {
		s, dir := newSpool(t)
		dropBundle(t, dir, bundle...)
		mustScan(t, s)
		for _, name := range bundle {
			if err := os.Remove(filepath.Join(dir, sendingFolder, name)); err != nil {
				t.Fatal(err)
			}
		}
		if names, err := s.Incomplete(); err != nil || len(names) > 0 {
			t.Errorf("incomplete %q, %v", names, err)
		}
		if names, err := s.InFlight(); err != nil || len(names) > 0 {
			t.Errorf("in flight %q, %v", names, err)
		}
	}
}

// What was never published and is no longer whole is refused with a reason.
func TestG8_WhatIsLeftOfABundleIsRefused(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	dropBundle(t, dir, "festa.txt", "festa-1.jpg")
	mustScan(t, s)
	if err := os.Remove(filepath.Join(dir, sendingFolder, "festa.txt")); err != nil {
		t.Fatal(err)
	}
	if err := s.Refuse("festa.txt", "uno dei suoi file è stato tolto", "rimetti tutto in da_inviare."); err != nil {
		t.Fatal(err)
	}
	checkListing(t, dir, "scartati/festa-1.jpg", "scartati/festa-1.jpg.esito.txt")
}

func TestScan_TooManyAttachments(t *testing.T) {
	t.Parallel()
	for n, taken := range map[int]bool{MaxAttachments: true, MaxAttachments + 1: false} {
		s, dir := newSpool(t)
		dropBundle(t, dir, "festa.txt")
		for i := range n {
			dropBundle(t, dir, fmt.Sprintf("festa-%d.jpg", i+1))
		}
		if files := mustScan(t, s); (len(files) == 1) != taken {
			t.Fatalf("%d attachments: %d announcements", n, len(files))
		}
		if taken {
			continue
		}
		if report := mustRead(t, filepath.Join(dir, rejectedFolder, "festa.txt.esito.txt")); !strings.Contains(report, "11 e il massimo è 10") {
			t.Errorf("report %q", report)
		}
		if left := listing(t, filepath.Join(dir, dropFolder)); len(left) > 0 {
			t.Errorf("left in the drop folder: %q", left)
		}
	}
}

// One bad attachment takes the whole bundle along, and is named.
func TestG8_ABadAttachmentRefusesTheBundle(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(path string) error{
		"festa.docx": content("PK\x03\x04"),
		"festa-1.jpg": func(path string) error {
			return errors.Join(os.WriteFile(path, nil, 0o660), os.Truncate(path, MaxAttachment+1))
		},
		"festa-2.jpg": func(path string) error { return os.Symlink("/etc/passwd", path) },
		"festa.png":   func(path string) error { return os.Mkdir(path, 0o770) },
	} {
		s, dir := newSpool(t)
		dropBundle(t, dir, "festa.txt", "festa.jpg")
		if err := spoil(filepath.Join(dir, dropFolder, name)); err != nil {
			t.Fatal(err)
		}
		if files := mustScan(t, s); len(files) > 0 {
			t.Fatalf("%s: accepted %+v", name, files)
		}
		report := mustRead(t, filepath.Join(dir, rejectedFolder, "festa.txt.esito.txt"))
		if !strings.Contains(report, "Motivo: allegato «"+name+"»: ") {
			t.Errorf("%s: report %q", name, report)
		}
		if left, err := os.ReadDir(filepath.Join(dir, dropFolder)); err != nil || len(left) > 0 {
			t.Errorf("%s: left in the drop folder: %v, %v", name, left, err)
		}
	}
}

// A bundle settles when all of it has; pictures alone wait three times as long, because
// their words may follow.
func TestScan_ABundleSettlesWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, dir, Options{Settle: 3 * time.Second})
		begin := time.Now()
		after := func(d time.Duration) []File {
			t.Helper()
			time.Sleep(time.Until(begin.Add(d)))
			return mustScan(t, s)
		}
		after(0)
		dropBundle(t, dir, "a.txt", "b.jpg", "c.jpg")
		steps := []struct {
			at   time.Duration
			drop string
			want []string
		}{
			{at: 0}, {at: 2 * time.Second, drop: "a.jpg"}, {at: 4 * time.Second}, {at: 5 * time.Second, want: []string{"a.txt"}},
			{at: 7 * time.Second, drop: "b.txt"}, {at: 8 * time.Second}, {at: 9 * time.Second, want: []string{"c.jpg"}},
			{at: 10 * time.Second, want: []string{"b.txt"}},
		}
		for _, step := range steps {
			if step.drop != "" {
				dropBundle(t, dir, step.drop)
			}
			if got := fileNames(after(step.at)); !slices.Equal(got, step.want) {
				t.Fatalf("after %v: took %q, want %q", step.at, got, step.want)
			}
		}
		if _, ok := s.NextLook(); ok {
			t.Error("something still waits")
		}
	})
}

func TestScan_ABundleWaitsForAnOpenWriter(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	dropBundle(t, dir, "a.txt")
	f, err := os.Create(filepath.Join(dir, dropFolder, "a.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if files := mustScan(t, s); len(files) > 0 {
		t.Fatalf("taken while its picture is open for writing: %+v", files)
	}
	checkListing(t, dir, "da_inviare/a.jpg", "da_inviare/a.txt")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if files := mustScan(t, s); len(files) != 1 || len(files[0].Attachments) != 1 {
		t.Fatalf("got %+v", files)
	}
}

// What staff take back before the claim is no longer part of it.
func TestScan_MemberTakenAwayBeforeTheClaim(t *testing.T) {
	t.Parallel()
	for _, gone := range []string{"festa.txt", "festa-1.jpg"} {
		s, dir := newSpool(t)
		dropBundle(t, dir, "festa.txt", "festa-1.jpg", "festa-2.jpg")
		once := false
		s.step = func() {
			if !once {
				once = true
				if err := os.Remove(filepath.Join(dir, dropFolder, gone)); err != nil {
					t.Error(err)
				}
			}
		}
		files := append(mustScan(t, s), mustScan(t, s)...)
		if len(files) != 1 || len(files[0].Attachments)+min(1, len(files[0].Text)) != 2 {
			t.Fatalf("without %s: got %+v", gone, files)
		}
		if names, err := s.InFlight(); err != nil || !slices.Equal(names, []string{files[0].File}) {
			t.Fatalf("without %s: in flight %q, %v", gone, names, err)
		}
	}
}

func TestReadAttachment_Refuses(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	outside := filepath.Join(t.TempDir(), "a.jpg")
	drop(t, outside, "segreto")
	for name, c := range map[string]struct {
		reason string
		make   func(path string) error
	}{
		"a.jpg": {"collegamento", func(path string) error { return os.Symlink(outside, path) }},
		"b.jpg": {"fisico", func(path string) error { return os.Link(outside, path) }},
		"c.jpg": {"16 MB", func(path string) error { return errors.Join(content("")(path), os.Truncate(path, 10<<30)) }},
		"d.exe": {".exe", content("MZ")},
	} {
		if err := c.make(filepath.Join(dir, sendingFolder, name)); err != nil {
			t.Fatal(err)
		}
		data, err := s.ReadAttachment(name)
		if r, ok := errors.AsType[*Refusal](err); !ok || len(data) > 0 || !strings.Contains(r.Reason, c.reason) || r.Advice == "" {
			t.Errorf("%s: got %d bytes, %v", name, len(data), err)
		}
	}
	if _, err := s.ReadAttachment("../" + rejectedFolder + "/x.jpg"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a name that leads out: %v", err)
	}
	if _, err := s.ReadAttachment("x.jpg"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is gone: %v", err)
	}
	path := filepath.Join(dir, sendingFolder, "e.jpg")
	drop(t, path, strings.Repeat("x", MaxAttachment))
	if data, err := s.ReadAttachment("e.jpg"); err != nil || len(data) != MaxAttachment {
		t.Errorf("the largest: %d bytes, %v", len(data), err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := s.ReadAttachment("e.jpg"); !errors.Is(err, errMoving) {
		t.Errorf("while somebody writes into it: %v", err)
	}
}
