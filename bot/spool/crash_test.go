package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"banditore/store"
)

// errCrash stands for kill -9: the panic leaves every function without cleaning up.
var errCrash = errors.New("crash")

// town is a caller of the spool. What it publishes and files survives its crashes,
// as a database would.
type town struct {
	dir       string
	published map[string][]File // by File
	filed     map[string]bool
	recalled  bool // staff have moved a file to ritirare
	change    int  // how many changes on the disk there were
	crashAt   int  // before which one it dies; 0: never
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
	w.withdraw(t, s)
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
			err = s.FileAway(file, Report{Announcement: store.Announcement{Content: store.Content{Name: f[0].Name}, Counts: store.Counts{Recipients: 1, Sent: 1}}})
		}
		if err != nil {
			t.Fatal(err)
		}
		w.step()
		w.filed[file] = true
	}
}

// withdraw takes back the announcement that says so, once staff have moved one of its
// files to ritirare.
func (w *town) withdraw(t *testing.T, s *Spool) {
	t.Helper()
	for _, f := range w.published {
		if f[0].Text == "ritirami" && !w.recalled {
			w.recalled = true
			last := f[0].Attachments[len(f[0].Attachments)-1].File
			if err := os.Rename(filepath.Join(w.dir, sentFolder, last), filepath.Join(w.dir, withdrawFolder, last)); err != nil {
				t.Fatal(err)
			}
		}
	}
	names, err := s.Withdrawals()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		for _, f := range w.published {
			if files := allFiles(f[0]); slices.Contains(files, name) {
				if err := s.FileWithdrawn(files, Report{Announcement: store.Announcement{Content: store.Content{Name: f[0].Name}, Withdrawal: &store.Withdrawal{Asked: 1}, Counts: store.Counts{Recipients: 1, Sent: 1}}}); err != nil {
					t.Fatal(err)
				}
				w.step()
			}
		}
	}
}

func allFiles(f File) []string {
	files := []string{f.File}
	for _, a := range f.Attachments {
		if a.File != f.File {
			files = append(files, a.File)
		}
	}
	return files
}

// crashes dies before the first change on the disk, before the second, and so on to
// the last, starts again each time, and compares the whole folder.
func crashes(t *testing.T, drops map[string]string, published, files []string) {
	t.Helper()
	const enough = 1000
	for at := 1; at < enough; at++ {
		w := &town{dir: filepath.Join(t.TempDir(), fmt.Sprint(at)), published: map[string][]File{}, filed: map[string]bool{}, crashAt: at}
		mustOpen(t, w.dir, Options{}).Close()
		for name, text := range drops {
			drop(t, filepath.Join(w.dir, name), text)
		}
		crashed := w.run(t)
		for range 3 { // restarts change nothing more
			w.crashAt = 0
			w.run(t)
		}
		w.check(t, at, published)
		checkListing(t, w.dir, files...)
		if !crashed {
			if at < 30 {
				t.Fatalf("only %d changes on the disk: the crashes are not tested", at)
			}
			return
		}
	}
	t.Fatalf("still crashing after %d changes", enough)
}

func (w *town) check(t *testing.T, at int, want []string) {
	t.Helper()
	var got []string
	for _, fs := range w.published {
		for _, f := range fs {
			line := fmt.Sprintf("%q %s urgent=%v preview=%v", f.Name, f.Text, f.Urgent, f.Preview)
			for _, a := range f.Attachments {
				line += fmt.Sprintf(" %q as %q", a.Name, a.File)
			}
			got = append(got, line)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("crash %d: published\n got %q\nwant %q", at, got, want)
	}
}

func TestG8_CrashBetweenEveryTwoSteps(t *testing.T) {
	t.Parallel()
	crashes(t, map[string]string{
		"urgenti/a.txt": "urgente", "prova/a.txt": "prova", "da_inviare/a.txt": "ordinario", "da_inviare/b.txt": "doppione",
		"da_inviare/c.docx": "documento", "scartati/c.docx": "della settimana scorsa", "da_inviare/d\n.txt": "nome strano",
	}, []string{
		`"a.txt" ordinario urgent=false preview=false`,
		`"a.txt" prova urgent=false preview=true`,
		`"a.txt" urgente urgent=true preview=false`,
		`"b.txt" doppione urgent=false preview=false`,
		`"d\n.txt" nome strano urgent=false preview=false`,
	}, []string{
		"inviati/a (2).txt", "inviati/a (2).txt.esito.txt", "inviati/a (3).txt", "inviati/a (3).txt.esito.txt",
		"inviati/a.txt", "inviati/a.txt.esito.txt", "inviati/d\n.txt", "inviati/d_.txt.esito.txt",
		"scartati/b.txt", "scartati/b.txt.esito.txt", "scartati/c (2).docx", "scartati/c (2).docx.esito.txt", "scartati/c.docx",
	})
}

// A bundle is published whole or not at all, refused whole, filed whole and withdrawn
// whole, whatever happens between its renames.
func TestG8_CrashInTheMiddleOfABundle(t *testing.T) {
	t.Parallel()
	crashes(t, map[string]string{
		"da_inviare/f.txt": "ritirami", "da_inviare/f-1.jpg": "uno", "da_inviare/F-2.pdf": "due", "inviati/f.txt": "della settimana scorsa",
		"urgenti/b.txt": "doppione", "urgenti/b.jpg": "foto", "da_inviare/z.txt": "con un documento", "da_inviare/z-1.docx": "documento",
	}, []string{
		`"b.txt" doppione urgent=true preview=false "b.jpg" as "b.jpg"`,
		`"f.txt" ritirami urgent=false preview=false "f-1.jpg" as "f (2)-1.jpg" "F-2.pdf" as "F (2)-2.pdf"`,
	}, []string{
		"inviati/f.txt", "ritirare/f (2).txt", "ritirare/f (2)-1.jpg", "ritirare/F (2)-2.pdf", "ritirare/f (2).txt.esito.txt",
		"scartati/b.txt", "scartati/b.jpg", "scartati/b.txt.esito.txt", "scartati/z.txt", "scartati/z-1.docx", "scartati/z.txt.esito.txt",
	})
}

// A refusal that a crash has interrupted is over after one start: of the claim before
// it nothing is left that would hold on to the name.
func TestG8_CrashInTheMiddleOfARefusal(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	dropBundle(t, dir, "f.txt", "f.jpg")
	mustScan(t, s)
	s.step = func() {
		if _, err := os.Lstat(filepath.Join(dir, rejectedFolder, "f.txt")); err == nil {
			panic(errCrash)
		}
	}
	func() {
		defer func() {
			if r := recover(); r != errCrash {
				t.Fatalf("it ended with %v", r)
			}
		}()
		_ = s.Refuse("f.txt", "è un doppione", "cambia il testo.")
	}()
	s.root.Close()
	s = mustOpen(t, dir, Options{})
	checkListing(t, dir, "scartati/f.txt", "scartati/f.jpg", "scartati/f.txt.esito.txt")
	dropBundle(t, dir, "f.txt")
	if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"f.txt"}) {
		t.Errorf("took %q", got)
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
