package spool

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestScan_OneStuckFileDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	stuck := filepath.Join(dir, dropFolder, "a.txt")
	drop(t, stuck, "fermo")
	mustMount(t, stuck, stuck, "", syscall.MS_BIND) // a mount point cannot be renamed
	drop(t, filepath.Join(dir, dropFolder, "b.txt"), "libero")
	for i, want := range [][]string{{"b.txt"}, nil} {
		files, err := s.Scan(t.Context())
		if got := fileNames(files); !slices.Equal(got, want) {
			t.Fatalf("look %d: got %q, want %q", i, got, want)
		}
		e, ok := errors.AsType[*Stuck](err)
		if !ok || e.Name != "a.txt" || e.Folder != dropFolder || !errors.Is(err, syscall.EBUSY) {
			t.Fatalf("look %d: got error %v", i, err)
		}
	}
	if err := syscall.Unmount(stuck, 0); err != nil {
		t.Fatal(err)
	}
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"a.txt"}) {
		t.Fatalf("tried again: got %q", got)
	}
	checkListing(t, dir, "in_invio/a.txt", "in_invio/b.txt",
		notePlace(claimPrefix, "a.txt").path(), notePlace(claimPrefix, "b.txt").path())
}

// A bundle of which one file cannot be moved is neither published in part nor parted: it
// waits, and is finished when it can be.
func TestG8_ABundleStuckInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, refuse := range []bool{false, true} {
		s, dir := newSpool(t)
		dropBundle(t, dir, "a.txt", "a-1.jpg", "a-2.jpg")
		if refuse {
			dropBundle(t, dir, "a.zip")
		}
		stuck := filepath.Join(dir, dropFolder, "a-1.jpg")
		mustMount(t, stuck, stuck, "", syscall.MS_BIND) // a mount point cannot be renamed
		dropBundle(t, dir, "b.txt")
		look := func(want ...string) {
			t.Helper()
			files, err := s.Scan(t.Context())
			if got := fileNames(files); !slices.Equal(got, want) || !errors.Is(err, syscall.EBUSY) {
				t.Fatalf("got %q, %v; want %q", got, err, want)
			}
			if names, err := s.InFlight(); err != nil || !slices.Equal(names, []string{"b.txt"}) {
				t.Fatalf("in flight %q, %v", names, err)
			}
		}
		look("b.txt")
		look()
		dropBundle(t, dir, "a.txt") // another one of that name waits: the pictures are not its own
		look()
		if _, err := os.Lstat(filepath.Join(dir, sendingFolder, "a (2).txt")); err == nil {
			t.Fatal("the second announcement took what belongs to the first")
		}
		if err := syscall.Unmount(stuck, 0); err != nil {
			t.Fatal(err)
		}
		second, want := "a (2).txt", []string{"a (2).txt", "a.txt", "b.txt"}
		if refuse {
			second, want = "a.txt", []string{"a.txt", "b.txt"} // the first lies in scartati
		}
		if files := mustScan(t, s); len(files) != 1 || files[0].File != second || len(files[0].Attachments) > 0 {
			t.Fatalf("got %+v", files)
		}
		if refuse {
			mustRead(t, filepath.Join(dir, rejectedFolder, "a.txt.esito.txt"))
			mustRead(t, filepath.Join(dir, rejectedFolder, "a-2.jpg"))
		} else if f, err := s.Load("a.txt"); err != nil || len(f.Attachments) != 2 {
			t.Fatalf("got %+v, %v", f, err)
		}
		if names, err := s.InFlight(); err != nil || !slices.Equal(names, want) {
			t.Fatalf("in flight %q, %v; want %q", names, err, want)
		}
	}
}

// mustMount mounts for the length of the test. Only root may; elsewhere the test is
// skipped, and says so.
func mustMount(t *testing.T, source, target, kind string, flags uintptr) {
	t.Helper()
	options := ""
	if kind == "tmpfs" {
		options = "size=128k"
	}
	err := syscall.Mount(source, target, kind, flags, options)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skipf("needs the right to mount: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := syscall.Unmount(target, syscall.MNT_DETACH)
		if err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOENT) {
			t.Error(err) // the two others: the test has unmounted it
		}
	})
}

func TestOpen_AnotherFileSystem(t *testing.T) {
	t.Parallel()
	for _, folder := range append(dropFolders()[:3], sendingFolder, sentFolder, rejectedFolder) {
		t.Run(folder, func(t *testing.T) {
			dir := t.TempDir()
			target := filepath.Join(dir, folder)
			if err := os.Mkdir(target, 0o770); err != nil {
				t.Fatal(err)
			}
			mustMount(t, "tmpfs", target, "tmpfs", 0)
			_, err := Open(dir, Options{})
			f, ok := errors.AsType[*Fault](err)
			if !ok || f.Path != target || !strings.Contains(f.Problem, "another file system") || strings.ContainsAny(f.Error(), "\n(") {
				t.Fatalf("got %v", err)
			}
		})
	}
}

// The same words without the right to mount: the system's own error for it.
func TestFault_AnotherFileSystem(t *testing.T) {
	t.Parallel()
	err := &os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EXDEV}
	if f := fault("x", err).(*Fault); !strings.Contains(f.Problem, "another file system") || !errors.Is(f, syscall.EXDEV) {
		t.Fatalf("got %v", f)
	}
}

func TestOpen_ReadOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustMount(t, "tmpfs", dir, "tmpfs", syscall.MS_RDONLY)
	_, err := Open(dir, Options{})
	if f, ok := errors.AsType[*Fault](err); !ok || f.Problem != "is on a read-only file system" {
		t.Fatalf("got %v", err)
	}
}

func TestG8_FullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustMount(t, "tmpfs", dir, "tmpfs", 0)
	s := mustOpen(t, dir, Options{})
	drop(t, filepath.Join(dir, "a.txt"), "Domani mercato.")
	drop(t, filepath.Join(dir, "b.docx"), "Domani mercato.")
	ballast := filepath.Join(dir, ".ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling the disk: %v", err)
	}
	if files, err := s.Scan(t.Context()); !errors.Is(err, syscall.ENOSPC) || len(files) > 0 {
		t.Fatalf("got %v, %v", files, err)
	}
	checkListing(t, dir, ".ballast", "a.txt", "b.docx")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"a.txt"}) {
		t.Fatalf("got %q", got)
	}
	checkListing(t, dir, "in_invio/a.txt", "scartati/b.docx", "scartati/b.docx.esito.txt", notePlace(claimPrefix, "a.txt").path())
}

// withoutReason leaves a file in scartati whose reason could not be written there.
func withoutReason(t *testing.T) (s *Spool, dir string) {
	t.Helper()
	s, dir = newSpool(t)
	drop(t, filepath.Join(dir, "b.docx"), "Domani mercato.")
	hidden, rejected := filepath.Join(dir, hiddenFolder), filepath.Join(dir, rejectedFolder, "b.docx")
	away := false
	s.step = func() {
		if _, err := os.Lstat(rejected); err == nil && !away { // no report can be written now
			away = true
			if err := errors.Join(os.Rename(hidden, dir+".away"), os.WriteFile(hidden, nil, 0o600)); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := s.Scan(t.Context()); err == nil {
		t.Fatal("nobody is told")
	}
	checkListing(t, dir, hiddenFolder, "scartati/b.docx")
	if err := errors.Join(os.Remove(hidden), os.Rename(dir+".away", hidden)); err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// When the reason cannot be written beside what was refused, it is written at the
// next look, and does not wait for a restart.
func TestG8_TheReasonFollows(t *testing.T) {
	t.Parallel()
	s, dir := withoutReason(t)
	mustScan(t, s)
	checkListing(t, dir, "scartati/b.docx", "scartati/b.docx.esito.txt")
}

// Where files were claimed before, a folder that was never a spool is refused,
// again and again: nothing is created that would make it look like one.
func TestOpen_ExistingMeansExisting(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "spool")
	for range 2 {
		var fault *Fault
		if _, err := Open(dir, Options{Existing: true}); !errors.As(err, &fault) {
			t.Fatalf("got %v, want a *Fault", err)
		}
		if err := Check(dir, true); !errors.As(err, &fault) {
			t.Fatalf("Check: got %v, want a *Fault", err)
		}
	}
	mustOpen(t, dir, Options{}).Close()
	mustOpen(t, dir, Options{Existing: true})
}

// On a network folder the size of a file may be older than what is read of it: half an
// attachment does not leave.
func TestReadAttachment_OfAnotherSizeThanItSays(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	path := filepath.Join(dir, sendingFolder, "a.jpg")
	drop(t, path, "")
	const kernels = "/sys/kernel/uevent_seqnum" // the kernel says 4,096 bytes of everything here
	if _, err := os.Stat(kernels); err != nil {
		t.Skip(err)
	}
	mustMount(t, kernels, path, "", syscall.MS_BIND)
	info, err := os.Stat(path)
	if err != nil || info.Size() < 100 {
		t.Skipf("needs a file that is smaller than it says: %v, %v", info, err)
	}
	if data, err := s.ReadAttachment("a.jpg"); !errors.Is(err, errMoving) {
		t.Fatalf("got %d bytes, %v", len(data), err)
	}
}
