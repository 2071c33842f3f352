package spool

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// fill puts n files that are done with their reports into a folder.
func fill(t testing.TB, dir, folder string, n int) {
	t.Helper()
	for i := range n {
		for _, suffix := range []string{"", reportSuffix} {
			path := filepath.Join(dir, folder, fmt.Sprintf("avviso %05d.txt%s", i, suffix))
			if err := os.WriteFile(path, []byte("Motivo: vecchio.\r\n"), 0o660); err != nil {
				t.Fatal(err)
			}
		}
	}
	past := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, folder), past, past); err != nil {
		t.Fatal(err)
	}
}

// An idle look costs the same however much has been sent: a name that is listed, or
// a file that is looked at, would be an allocation.
func TestScan_DoesNotLookAtWhatIsDone(t *testing.T) {
	s, dir := newSpool(t)
	idle := func() float64 {
		return testing.AllocsPerRun(5, func() {
			if _, err := s.Scan(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := s.InFlight(); err != nil {
				t.Fatal(err)
			}
		})
	}
	before := idle()
	done := sized(10_000, 1000)
	fill(t, dir, sentFolder, done)
	fill(t, dir, rejectedFolder, done/10)
	if after := idle(); after > before+50 {
		t.Errorf("a look makes %.0f allocations, with %d files in %s %.0f", before, done, sentFolder, after)
	}
}

// What has been withdrawn is read once, and not at each look.
func TestWithdrawals_ReadsAReportOnce(t *testing.T) {
	s, dir := newSpool(t)
	const n = 1000
	for i := range n {
		name := fmt.Sprintf("%04d.txt", i)
		drop(t, filepath.Join(dir, withdrawFolder, name), "x")
		drop(t, filepath.Join(dir, withdrawFolder, reportName(name)), "Avviso: x\r\n\r\n"+withdrawnMark+"23/11/2026")
	}
	look := func() {
		if names, err := s.Withdrawals(); err != nil || len(names) > 0 {
			t.Fatalf("got %q, %v", names, err)
		}
	}
	if again := testing.AllocsPerRun(1, look); again > 6*n { // the first one runs before it counts
		t.Errorf("looking again makes %.0f allocations with %d withdrawn files", again, n)
	}
}

func TestRefused_RemembersTheFolder(t *testing.T) {
	s, dir := newSpool(t)
	const files = 2000 // and so many allocations, if each were listed
	fill(t, dir, rejectedFolder, files)
	read := func() float64 {
		return testing.AllocsPerRun(1, func() {
			if refused, err := s.Refused(30); err != nil || len(refused) != 30 {
				t.Fatalf("%d refused, %v", len(refused), err)
			}
		})
	}
	if again := read(); again > files*3/4 { // the first one runs before it counts
		t.Errorf("reading again makes %.0f allocations with %d refused files", again, files)
	}
	// A change is seen at once, ours and that of staff.
	drop(t, filepath.Join(dir, "nuovo.docx"), "x")
	mustScan(t, s)
	if refused, err := s.Refused(1); err != nil || len(refused) != 1 || refused[0].Name != "nuovo.docx" {
		t.Fatalf("got %+v, %v", refused, err)
	}
	if err := os.Remove(filepath.Join(dir, rejectedFolder, "nuovo.docx")); err != nil {
		t.Fatal(err)
	}
	if refused, err := s.Refused(0); err != nil || len(refused) != files {
		t.Fatalf("%d refused, %v", len(refused), err)
	}
}

// BenchmarkScan is an idle look with 10,000 announcements in inviati.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	s, err := Open(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	fill(b, dir, sentFolder, 10_000)
	for b.Loop() {
		if _, err := s.Scan(b.Context()); err != nil {
			b.Fatal(err)
		}
		if _, err := s.InFlight(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefused is the page's look at 10,000 refused files: first, and again.
func BenchmarkRefused(b *testing.B) {
	dir := b.TempDir()
	s, err := Open(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	fill(b, dir, rejectedFolder, 10_000)
	for name, prepare := range map[string]func(){"first": func() { s.rejected = reported{} }, "again": func() {}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				prepare()
				if _, err := s.Refused(30); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
