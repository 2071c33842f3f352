package spool

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/store"
)

// While the share is away, nothing that is leaving is taken for stopped, and nothing
// is created in what shows in its place.
func TestG3_AShareGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(t *testing.T, dir string) (back func() error){
		"nothing is there": func(t *testing.T, dir string) func() error {
			if err := os.Rename(dir, dir+".away"); err != nil {
				t.Fatal(err)
			}
			return func() error { return os.Rename(dir+".away", dir) }
		},
		"an empty folder is there": func(t *testing.T, dir string) func() error {
			if err := errors.Join(os.Rename(dir, dir+".away"), os.Mkdir(dir, 0o770)); err != nil {
				t.Fatal(err)
			}
			return func() error { return errors.Join(os.Remove(dir), os.Rename(dir+".away", dir)) }
		},
		"another share is there": func(t *testing.T, dir string) func() error {
			mustMount(t, "tmpfs", dir, "tmpfs", 0)
			return func() error { return syscall.Unmount(dir, 0) } // only when nothing was created there
		},
		"in_invio is gone": func(t *testing.T, dir string) func() error {
			path := filepath.Join(dir, sendingFolder)
			if err := os.Rename(path, path+".away"); err != nil {
				t.Fatal(err)
			}
			return func() error { return os.Rename(path+".away", path) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, dir := newSpool(t)
			dropBundle(t, dir, "a.txt", "a.jpg")
			mustScan(t, s)
			back := away(t, dir)
			for range 2 {
				files, err := s.Scan(t.Context())
				if _, ok := errors.AsType[*Fault](err); !ok || len(files) > 0 {
					t.Fatalf("Scan: %v, %v; want a *Fault", files, err)
				}
				if names, err := s.InFlight(); err == nil {
					t.Fatalf("in flight: %q; a caller would stop what is missing", names)
				}
				if names, err := s.Withdrawals(); err == nil {
					t.Fatalf("withdrawals: %q", names)
				}
			}
			if entries, err := os.ReadDir(dir); err == nil && name != "in_invio is gone" && len(entries) > 0 {
				t.Fatalf("created in its place: %v", entries)
			}
			if err := back(); err != nil {
				t.Fatal(err)
			}
			dropBundle(t, dir, "b.txt")
			if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"b.txt"}) {
				t.Fatalf("after it came back: %q", got)
			}
			if names, err := s.InFlight(); err != nil || !slices.Equal(names, []string{"a.txt", "b.txt"}) {
				t.Fatalf("in flight: %q, %v", names, err)
			}
		})
	}
}

// The same files behind another mount: what was claimed is still claimed, and events
// come from the folders that are there now.
func TestG3_TheShareComesBackAsAnotherMount(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	wake, err := s.Events(ctx)
	if err != nil {
		t.Fatal(err)
	}
	dropBundle(t, dir, "a.txt", "a.jpg")
	mustScan(t, s)
	if err := errors.Join(os.CopyFS(dir+".copy", os.DirFS(dir)), os.Rename(dir, dir+".old"), os.Rename(dir+".copy", dir)); err != nil {
		t.Fatal(err)
	}
	mustScan(t, s)
	if names, err := s.InFlight(); err != nil || !slices.Equal(names, []string{"a.txt"}) {
		t.Fatalf("in flight: %q, %v", names, err)
	}
	for len(wake) > 0 {
		<-wake
	}
	dropBundle(t, dir, "b.txt")
	select {
	case <-wake:
	case <-time.After(20 * time.Second):
		t.Fatal("no event from the folder that came back")
	}
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"b.txt"}) {
		t.Fatalf("took %q", got)
	}
	if err := s.FileAway("a.txt", Report{Announcement: store.Announcement{Content: store.Content{Name: "a.txt"}}}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.txt", "a.jpg", "a.txt.esito.txt"} {
		mustRead(t, filepath.Join(dir, sentFolder, name))
	}
}

// Without anything in flight a new folder is made ready.
func TestScan_ANewFolderOfTheSameName(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	if err := errors.Join(os.Rename(dir, dir+".old"), os.Mkdir(dir, 0o770)); err != nil {
		t.Fatal(err)
	}
	mustScan(t, s)
	dropBundle(t, dir, "a.txt")
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"a.txt"}) {
		t.Fatalf("took %q", got)
	}
	checkListing(t, dir+".old")
}

// What is half moved is ours as much as what was claimed: another folder in the place of
// the share is none to begin in.
func TestG3_AShareGoesAwayInTheMiddleOfAMove(t *testing.T) {
	t.Parallel()
	s, dir := withoutReason(t)
	if err := errors.Join(os.Rename(dir, dir+".away"), os.Mkdir(dir, 0o770)); err != nil {
		t.Fatal(err)
	}
	_, err := s.Scan(t.Context())
	if _, ok := errors.AsType[*Fault](err); !ok {
		t.Fatalf("got %v, want a *Fault", err)
	}
	if err := errors.Join(os.Remove(dir), os.Rename(dir+".away", dir)); err != nil { // empty, or it would stay
		t.Fatal(err)
	}
	mustScan(t, s)
	checkListing(t, dir, "scartati/b.docx", "scartati/b.docx.esito.txt")
}

// What was withdrawn in one folder says nothing of a file of that name in another.
func TestG3_AnotherFolderHasItsOwnWithdrawals(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	dropBundle(t, dir, "a.txt")
	mustScan(t, s)
	recall(t, dir, sendingFolder, "a.txt")
	if err := s.FileWithdrawn([]string{"a.txt"}, withdrawn("a.txt")); err != nil {
		t.Fatal(err)
	}
	checkWithdrawals(t, s)
	if err := errors.Join(os.Rename(dir, dir+".old"), os.Mkdir(dir, 0o770)); err != nil {
		t.Fatal(err)
	}
	mustScan(t, s)
	drop(t, filepath.Join(dir, withdrawFolder, "a.txt"), "Domani mercato.")
	checkWithdrawals(t, s, "a.txt")
}

func TestFault_Unreachable(t *testing.T) {
	t.Parallel()
	for _, err := range []error{syscall.ESTALE, syscall.ENOTCONN, syscall.EIO, syscall.ENOENT} {
		f := fault("x", &os.PathError{Op: "stat", Path: "x", Err: err}).(*Fault)
		if f.Problem != "cannot be reached" || !strings.Contains(f.Remedy, "mount") || !errors.Is(f, err) {
			t.Errorf("%v: got %v", err, f)
		}
	}
}

// Reports for a hundred thousand bad files do not fill the disk: when little is left
// they stay where they are.
func TestG9_ReportsDoNotFillTheDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustMount(t, "tmpfs", dir, "tmpfs", 0)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=16m"); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, dir, Options{})
	ballast := filepath.Join(dir, ".ballast")
	if err := os.WriteFile(ballast, make([]byte, 16<<20-144<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	drop(t, filepath.Join(dir, "b.docx"), "")
	files, err := s.Scan(t.Context())
	if f, ok := errors.AsType[*Fault](err); !ok || !errors.Is(err, syscall.ENOSPC) || len(files) > 0 || f.Remedy == "" {
		t.Fatalf("got %v, %v", files, err)
	}
	for _, folder := range []string{sendingFolder, withdrawFolder} { // what nobody claimed, nobody sent
		drop(t, filepath.Join(dir, folder, "c.txt"), "")
	}
	for what, err := range map[string]error{"refuse": s.Refuse("c.txt", "motivo", "consiglio."), "withdraw": s.RefuseWithdrawal("c.txt", "motivo", "consiglio.")} {
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: got %v", what, err)
		}
	}
	checkListing(t, dir, ".ballast", "b.docx", "in_invio/c.txt", "ritirare/c.txt")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Refuse("c.txt", "motivo", "consiglio."), s.RefuseWithdrawal("c.txt", "motivo", "consiglio.")); err != nil {
		t.Fatal(err)
	}
	mustScan(t, s)
	checkListing(t, dir, "scartati/b.docx", "scartati/b.docx.esito.txt", "scartati/c.txt", "scartati/c.txt.esito.txt", "scartati/c (2).txt", "scartati/c (2).txt.esito.txt")
}
