package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// errCrash stands for kill -9: the panic leaves every function without cleaning up.
var errCrash = errors.New("crash")

// town is a caller of the spool. What it publishes and files survives its crashes,
// as a database would.
type town struct {
	dir       string
	published map[string][]File // by File
	filed     map[string]bool
	change    int // how many changes on the disk there were
	crashAt   int // before which one it dies; 0: never
}

func (w *town) step() {
	if w.change++; w.change == w.crashAt {
		panic(errCrash)
	}
}

// run lives until everything is done or the crash comes.
func (w *town) run(t *testing.T) (crashed bool) {
	t.Helper()
	s, err := open(w.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.root.Close()
	defer func() {
		if r := recover(); r != nil {
			if r != errCrash {
				panic(r)
			}
			crashed = true
		}
	}()
	s.step = w.step
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	w.resume(t, s)
	for {
		files, err := s.Scan(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			w.publish(f)
		}
		if len(files) == 0 {
			break
		}
	}
	w.fileAway(t, s)
	return false
}

func (w *town) resume(t *testing.T, s *Spool) {
	t.Helper()
	names, err := s.InFlight()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if len(w.published[name]) > 0 {
			continue
		}
		f, err := s.Load(name)
		if err != nil {
			t.Fatalf("load %q: %v", name, err)
		}
		w.publish(f)
	}
}

func (w *town) publish(f File) {
	w.step()
	w.published[f.File] = append(w.published[f.File], f)
	w.step()
}

func (w *town) fileAway(t *testing.T, s *Spool) {
	t.Helper()
	for file, f := range w.published {
		if w.filed[file] {
			continue
		}
		// Every third is the double of another and is refused after the claim.
		var err error
		if f[0].Text == "doppione" {
			err = s.Refuse(file, "è già stato inviato", "cambia il testo.")
		} else {
			err = s.FileAway(file, Report{Name: f[0].Name, Recipients: 1, Sent: 1})
		}
		if err != nil {
			t.Fatal(err)
		}
		w.step()
		w.filed[file] = true
	}
}

// TestG8_CrashBetweenEveryTwoSteps dies before the first change on the disk, before
// the second, and so on to the last, starts again each time, and compares the whole
// folder.
func TestG8_CrashBetweenEveryTwoSteps(t *testing.T) {
	t.Parallel()
	const enough = 1000
	for at := 1; at < enough; at++ {
		w := &town{dir: filepath.Join(t.TempDir(), fmt.Sprint(at)), published: map[string][]File{}, filed: map[string]bool{}, crashAt: at}
		mustOpen(t, w.dir, Options{}).Close()
		for name, text := range map[string]string{
			"urgenti/a.txt": "urgente", "prova/a.txt": "prova", "da_inviare/a.txt": "ordinario", "da_inviare/b.txt": "doppione",
			"da_inviare/c.docx": "documento", "scartati/c.docx": "della settimana scorsa", "da_inviare/d\n.txt": "nome strano",
		} {
			drop(t, filepath.Join(w.dir, name), text)
		}
		crashed := w.run(t)
		for range 3 { // restarts change nothing more
			w.crashAt = 0
			w.run(t)
		}
		w.check(t, at)
		if !crashed {
			if at < 30 {
				t.Fatalf("only %d changes on the disk: the crashes are not tested", at)
			}
			return
		}
	}
	t.Fatalf("still crashing after %d changes", enough)
}

func (w *town) check(t *testing.T, at int) {
	t.Helper()
	var got []string
	for _, fs := range w.published {
		for _, f := range fs {
			got = append(got, fmt.Sprintf("%q %s urgent=%v preview=%v", f.Name, f.Text, f.Urgent, f.Preview))
		}
	}
	slices.Sort(got)
	want := []string{
		`"a.txt" ordinario urgent=false preview=false`,
		`"a.txt" prova urgent=false preview=true`,
		`"a.txt" urgente urgent=true preview=false`,
		`"b.txt" doppione urgent=false preview=false`,
		`"d\n.txt" nome strano urgent=false preview=false`,
	}
	if !slices.Equal(got, want) {
		t.Fatalf("crash %d: published\n got %q\nwant %q", at, got, want)
	}
	checkListing(t, w.dir,
		"inviati/a (2).txt", "inviati/a (2).txt.esito.txt", "inviati/a (3).txt", "inviati/a (3).txt.esito.txt",
		"inviati/a.txt", "inviati/a.txt.esito.txt", "inviati/d\n.txt", "inviati/d_.txt.esito.txt",
		"scartati/b.txt", "scartati/b.txt.esito.txt", "scartati/c (2).docx", "scartati/c (2).docx.esito.txt", "scartati/c.docx")
	if data, err := os.ReadFile(filepath.Join(w.dir, "scartati/c.docx")); err != nil || string(data) != "della settimana scorsa" {
		t.Fatalf("crash %d: last week's file: %q, %v", at, data, err)
	}
}

func TestOpen_DropsNotesOfFilesThatAreGone(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for _, name := range []string{"a.txt", "b.txt"} {
		drop(t, filepath.Join(dir, name), "Domani mercato.")
	}
	mustScan(t, s)
	s.Close()
	if err := os.Remove(filepath.Join(dir, sendingFolder, "a.txt")); err != nil {
		t.Fatal(err)
	}
	drop(t, filepath.Join(dir, hiddenFolder, claimPrefix+"torn"+noteSuffix), "{")
	mustOpen(t, dir, Options{})
	checkListing(t, dir, "in_invio/b.txt", notePlace(claimPrefix, "b.txt").path())
}
