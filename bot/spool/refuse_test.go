package spool

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
)

func content(text string) func(string) error {
	return func(path string) error { return os.WriteFile(path, []byte(text), 0o660) }
}

// device makes what reads for ever; where only root may, a pipe stands for it.
func device(t *testing.T, path string) error {
	const zero = 1<<8 | 5
	err := syscall.Mknod(path, syscall.S_IFCHR|0o666, zero)
	if errors.Is(err, syscall.EPERM) {
		t.Logf("no device can be made here: %v", err)
		return syscall.Mkfifo(path, 0o660)
	}
	return err
}

func TestG8_BadThingsAreRefusedWithAReason(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "fuori.txt")
	drop(t, outside, "parola segreta")
	for _, c := range []struct {
		name, reason string
		make         func(path string) error
	}{
		{"a.docx", "documento", content("PK\x03\x04")},
		{"b.heic", "immagine", content("ftypheic")},
		{"c.mov", "video", content("ftypqt")},
		{"d", "non finisce in .txt", content("testo")},
		{"e.txt", "vuoto", content("")},
		{"f.txt", "vuoto", content(" \r\n")},
		{"g.txt", "4097", content(strings.Repeat("a", MaxCharacters+1))},
		{"h.txt", "troppo grande", content(strings.Repeat("a", MaxBytes+1))},
		{"i.txt", "alla riga 1", content("a\x00b")},
		{"j.txt", "Word", content("PK\x03\x04")},
		{"k.txt", "alla riga 2", content("---\nscade: domani\n---\ntesto")},
		{"l.txt", "collegamento", func(path string) error { return os.Symlink(outside, path) }},
		{"m.txt", "collegamento", func(path string) error { return os.Symlink("../inviati", path) }},
		{"n.txt", "collegamento", func(path string) error { return os.Symlink("/nessuno", path) }},
		{"o.txt", "collegamento fisico", func(path string) error { return os.Link(outside, path) }},
		{"p.txt", "cartella", func(path string) error { return os.Mkdir(path, 0o770) }},
		{"Nuova cartella", "cartella", func(path string) error {
			return errors.Join(os.Mkdir(path, 0o770), os.WriteFile(filepath.Join(path, "x.txt"), []byte("x"), 0o660))
		}},
		{"q.txt", "speciale", func(path string) error { return syscall.Mkfifo(path, 0o660) }},
		{"r.txt", "speciale", func(path string) error { return syscall.Mknod(path, syscall.S_IFSOCK|0o660, 0) }},
		{"s\nriga.exe", ".exe", content("x")},
		{"<img src=x>.exe", ".exe", content("x")},
		{"gpj.\u202eexe", "non si possono", content("x")},
		{"perch\xe9.bin", ".bin", content("x")},
		{strings.Repeat("è", 126) + "dat", "non finisce", content("x")},
		{"concorso.esito.txt", "riservato", content("Concorso per un posto")},
		{"dispositivo.txt", "speciale", func(path string) error { return device(t, path) }},
		{"t.jpg", "collegamento", func(path string) error { return os.Symlink(outside, path) }},
		{"u.pdf", "collegamento fisico", func(path string) error { return os.Link(outside, path) }},
		{"v.png", "cartella", func(path string) error { return os.Mkdir(path, 0o770) }},
		{"w.mp4", "speciale", func(path string) error { return syscall.Mkfifo(path, 0o660) }},
		{"vuoto da 10 GB.txt", "64 KB", func(path string) error { return errors.Join(content("")(path), os.Truncate(path, 10<<30)) }},
		{"vuoto da 10 GB.mp4", "16 MB", func(path string) error { return errors.Join(content("")(path), os.Truncate(path, 10<<30)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, dir := newSpool(t)
			if err := c.make(filepath.Join(dir, dropFolder, c.name)); err != nil {
				t.Fatal(err)
			}
			if files := mustScan(t, s); len(files) > 0 {
				t.Fatalf("accepted: %+v", files)
			}
			if _, err := os.Lstat(filepath.Join(dir, rejectedFolder, c.name)); err != nil {
				t.Fatalf("not in scartati: %v", err)
			}
			report := mustRead(t, filepath.Join(dir, rejectedFolder, reportName(c.name)))
			if !strings.Contains(report, c.reason) || !strings.Contains(report, adviceLabel) || strings.Contains(report, "segreta") {
				t.Errorf("report %q, want a reason with %q", report, c.reason)
			}
			if strings.ContainsFunc(report, func(r rune) bool { return unicode.IsControl(r) && r != '\r' && r != '\n' }) {
				t.Errorf("control characters in report %q", report)
			}
			refused, err := s.Refused(0)
			if err != nil || len(refused) != 1 || refused[0].Name != c.name || !strings.Contains(refused[0].Reason, c.reason) || refused[0].Advice == "" {
				t.Errorf("Refused: %+v, %v", refused, err)
			}
			if left, err := s.names(hiddenFolder, 10); err != nil || len(left) > 0 {
				t.Errorf("left in the hidden folder: %q, %v", left, err)
			}
			drop(t, filepath.Join(dir, dropFolder, "buono.txt"), "Domani mercato.")
			if files := mustScan(t, s); len(files) != 1 || files[0].Text != "Domani mercato." {
				t.Errorf("afterwards: %+v", files)
			}
		})
	}
}

func TestG9_AnUnreadableFileIsRefused(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	path := filepath.Join(dir, dropFolder, "a.txt")
	drop(t, path, "Domani mercato.")
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	asAnother(t, dir)
	mustScan(t, s)
	if report := mustRead(t, filepath.Join(dir, rejectedFolder, "a.txt.esito.txt")); !strings.Contains(report, "permesso") {
		t.Fatalf("report %q", report)
	}
}

func TestRefuse_NeverReplaces(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for _, text := range []string{"primo", "secondo", "terzo"} {
		drop(t, filepath.Join(dir, "a.bin"), text)
		mustScan(t, s)
	}
	for name, want := range map[string]string{"a.bin": "primo", "a (2).bin": "secondo", "a (3).bin": "terzo"} {
		if got := mustRead(t, filepath.Join(dir, rejectedFolder, name)); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		mustRead(t, filepath.Join(dir, rejectedFolder, name+reportSuffix))
	}
}

func TestRefuse_Claimed(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, "a.txt"), "Domani mercato.")
	f := mustScan(t, s)[0]
	for range 2 { // a crash of the caller repeats it
		if err := s.Refuse(f.File, "è già stato inviato oggi", "cambia il testo."); err != nil {
			t.Fatal(err)
		}
	}
	checkListing(t, dir, "scartati/a.txt", "scartati/a.txt.esito.txt")
	want := "File: a.txt\r\nNON INVIATO\r\n\r\nMotivo: è già stato inviato oggi.\r\nChe cosa fare: cambia il testo.\r\n"
	if got := mustRead(t, filepath.Join(dir, rejectedFolder, "a.txt.esito.txt")); got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestRefused_NewestFirstAndOnlyWhatIsThere(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for i, name := range []string{"a.bin", "b.bin", "c.bin", "d.bin"} {
		drop(t, filepath.Join(dir, name), "x")
		mustScan(t, s)
		when := at.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(filepath.Join(dir, rejectedFolder, name+reportSuffix), when, when); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, rejectedFolder, "c.bin")); err != nil {
		t.Fatal(err)
	}
	refused, err := s.Refused(2)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range refused {
		names = append(names, r.Name)
	}
	if !slices.Equal(names, []string{"d.bin", "b.bin"}) {
		t.Fatalf("got %q", names)
	}
}

// A folder that has just changed may change again under the same time, also by the
// clock of another machine: its list is not remembered.
func TestRefused_TwoChangesAtOneTime(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	moment := time.Now().Add(time.Minute)
	for i, name := range []string{"a.bin", "b.bin"} {
		drop(t, filepath.Join(dir, name), "x")
		mustScan(t, s)
		if err := os.Chtimes(filepath.Join(dir, rejectedFolder), moment, moment); err != nil {
			t.Fatal(err)
		}
		if refused, err := s.Refused(0); err != nil || len(refused) != i+1 {
			t.Fatalf("refused %+v, %v; want %d", refused, err, i+1)
		}
	}
}

// Between the look and the opening anything may have taken the file's place; os.Root
// would follow a link inside the spool, and a pipe would block.
func TestG9_SwappedBeforeItIsOpened(t *testing.T) {
	t.Parallel()
	for name, swap := range map[string]func(path string) error{
		"another file":            content("altro testo"),
		"a link inside":           func(path string) error { return os.Symlink("../inviati/vecchio.txt", path) },
		"a pipe nobody writes to": func(path string) error { return syscall.Mkfifo(path, 0o660) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, dir := newSpool(t)
			drop(t, filepath.Join(dir, sentFolder, "vecchio.txt"), "avviso vecchio")
			p := place{dropFolder, "a.txt"}
			path := filepath.Join(dir, p.path())
			drop(t, path, "testo")
			info, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(os.Rename(path, path+".part"), swap(path)); err != nil {
				t.Fatal(err)
			}
			answer := make(chan error, 1)
			go func() {
				f, held, err := s.read(p, sighting{info: info})
				if held != nil {
					held.Close()
				}
				if f.Text != "" {
					err = errors.New("read " + f.Text)
				}
				answer <- err
			}()
			select {
			case err := <-answer:
				if !errors.Is(err, errMoving) {
					t.Fatalf("got %v, want %v", err, errMoving)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("opening it blocks")
			}
		})
	}
}

// Staff mend what was refused and put it back, with its report or without, or mend a
// copy: it keeps its name, and is refused again beside the first.
func TestRefuse_MendedAndPutBack(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(rejected, drops string) error{
		"moved":  func(rejected, drops string) error { return os.Rename(rejected, drops) },
		"copied": func(_, _ string) error { return nil },
		"moved, with all": func(rejected, drops string) error {
			return errors.Join(os.Rename(rejected, drops), os.Rename(rejected+reportSuffix, drops+reportSuffix))
		},
	} {
		s, dir := newSpool(t)
		path := filepath.Join(dir, dropFolder, "a.txt")
		drop(t, path, "")
		mustScan(t, s)
		if err := back(filepath.Join(dir, rejectedFolder, "a.txt"), path); err != nil {
			t.Fatal(err)
		}
		drop(t, path, "Domani mercato.")
		if got := fileNames(mustScan(t, s)); !slices.Equal(got, []string{"a.txt"}) {
			t.Errorf("%s: took %q", name, got)
		}
		if err := s.Refuse("a.txt", "è un doppione", "cambia il testo."); err != nil {
			t.Fatal(err)
		}
		refused, err := s.Refused(1)
		if err != nil || len(refused) != 1 || refused[0].Reason != "è un doppione" {
			t.Errorf("%s: refused %+v, %v", name, refused, err)
		}
	}
}
