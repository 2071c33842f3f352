package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// asAnother gives the rest of the test the rights of another user than root, to whom
// nothing is forbidden. They are those of the thread: start no goroutine that needs them.
func asAnother(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	for up := filepath.Dir(dir); up != filepath.Clean(os.TempDir()) && up != "/"; up = filepath.Dir(up) {
		if err := os.Chmod(up, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, nobody, nobody))
	})
	if err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread()
	if err := unix.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Setfsuid(0); err != nil {
			t.Error(err)
		}
		runtime.UnlockOSThread()
	})
	if uid, err := unix.SetfsuidRetUid(-1); err != nil || uid != nobody {
		t.Skipf("needs the right to be another user: %d, %v", uid, err)
	}
}

// Reports that somebody has made unreadable, or long, stop nothing and fill no page.
func TestG9_ForgedReports(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for _, name := range []string{"a.bin", "b.bin", "c.bin"} {
		drop(t, filepath.Join(dir, name), "x")
	}
	mustScan(t, s)
	long := reasonLabel + strings.Repeat("\u202ex", 20_000) + "\r\n" + adviceLabel + strings.Repeat("y", 20_000)
	drop(t, filepath.Join(dir, rejectedFolder, "b.bin.esito.txt"), long)
	drop(t, filepath.Join(dir, sentFolder, "d.txt.esito.txt"), string(sent("d.txt").render()))
	asAnother(t, dir)
	for _, report := range []string{"scartati/a.bin.esito.txt", "inviati/d.txt.esito.txt"} {
		if err := os.Chmod(filepath.Join(dir, report), 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.UpdateReport("d.txt", sent("d.txt")); err != nil {
		t.Errorf("the reports of the others wait: %v", err)
	}
	refused, err := s.Refused(0)
	if err != nil || len(refused) != 3 {
		t.Fatalf("refused %+v, %v", refused, err)
	}
	for _, r := range refused {
		if len(r.Reason) > 1000 || len(r.Advice) > 1000 || printable(r.Reason) != r.Reason {
			t.Errorf("%s: a reason of %d bytes, an advice of %d", r.Name, len(r.Reason), len(r.Advice))
		}
	}
}

// A folder in the place of a note does not keep an announcement from being filed.
func TestG9_AFolderInANotesPlace(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	dropBundle(t, dir, "a.txt")
	mustScan(t, s)
	path := filepath.Join(dir, notePlace(claimPrefix, "a.txt").path())
	if err := errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "x"), 0o770)); err != nil {
		t.Fatal(err)
	}
	if err := s.FileAway("a.txt", sent("a.txt")); err != nil {
		t.Fatal(err)
	}
	checkListing(t, dir, "inviati/a.txt", "inviati/a.txt.esito.txt")
}

// A folder of somebody else's may not let us move it: the reason is written once all
// the same, and nothing beside it waits.
func TestG8_AFolderThatMayNotBeMoved(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for _, name := range []string{"Nuova cartella", "festa.png"} {
		if err := os.Mkdir(filepath.Join(dir, dropFolder, name), 0o555); err != nil {
			t.Fatal(err)
		}
	}
	dropBundle(t, dir, "festa.txt", "a.txt")
	asAnother(t, dir)
	var taken []string
	for range 2 {
		for range 2 {
			taken = append(taken, fileNames(mustScan(t, s))...)
		}
		s.Close()
		s = mustOpen(t, dir, Options{})
	}
	if !slices.Equal(taken, []string{"a.txt"}) {
		t.Errorf("took %q", taken)
	}
	checkListing(t, dir, "da_inviare/festa.txt", "in_invio/a.txt", notePlace(claimPrefix, "a.txt").path(),
		"scartati/Nuova cartella.esito.txt", "scartati/festa.txt.esito.txt")
	for name, want := range map[string]string{"Nuova cartella": "Motivo: è una cartella.", "festa.txt": "Motivo: allegato «festa.png»: è una cartella."} {
		if report := mustRead(t, filepath.Join(dir, rejectedFolder, name+reportSuffix)); !strings.Contains(report, want) || !strings.Contains(report, "toglilo tu") {
			t.Errorf("report %q, want %q", report, want)
		}
	}
}

// Once it may be moved, it is: its rights are part of what it looks like.
func TestG8_AFolderThatMayBeMovedAfterAll(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	path := filepath.Join(dir, dropFolder, "Nuova cartella")
	if err := os.Mkdir(path, 0o555); err != nil {
		t.Fatal(err)
	}
	asAnother(t, dir)
	mustScan(t, s)
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	mustScan(t, s)
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still in the drop folder: %v", err)
	}
	if info, err := os.Lstat(filepath.Join(dir, rejectedFolder, "Nuova cartella (2)")); err != nil || !info.IsDir() {
		t.Errorf("it was not moved: %v", err)
	}
}

// A hundred folders that may not be moved do not hide what is to be withdrawn.
func TestG8_FoldersThatMayNotBeMovedHideNoWithdrawal(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for i := range maxTaken {
		if err := os.Mkdir(filepath.Join(dir, withdrawFolder, fmt.Sprint("cartella ", i)), 0o555); err != nil {
			t.Fatal(err)
		}
	}
	drop(t, filepath.Join(dir, withdrawFolder, "a.txt"), "Domani mercato.")
	asAnother(t, dir)
	for range 3 {
		names, err := s.Withdrawals()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if err := s.RefuseWithdrawal(name, "motivo", "consiglio."); err != nil {
				t.Fatal(err)
			}
		}
	}
	checkWithdrawals(t, s)
	mustRead(t, filepath.Join(dir, rejectedFolder, "a.txt"))
}
