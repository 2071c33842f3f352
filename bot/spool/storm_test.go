package spool

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// storm is somebody who may write everywhere in the spool, and does it as fast as can be.
type storm struct {
	*rand.Rand
	dir, outside string
	pipes        []*os.File // held open: who reads from them waits for ever
}

func (w *storm) name() string {
	names := []string{"a.txt", "b.txt", "a.jpg", "a-1.jpg", "a.txt.esito.txt", "a (2).txt", "c.docx", "c.docx.esito.txt", "a.txt.verbale.html", statusName, readmeName}
	return names[w.IntN(len(names))]
}

func (w *storm) folder() string {
	all := append(folders(), rootFolder)
	folder := filepath.Join(w.dir, all[w.IntN(len(all))])
	if notes, err := os.ReadDir(filepath.Join(w.dir, hiddenFolder)); err == nil && len(notes) > 0 && w.IntN(8) == 0 {
		return filepath.Join(w.dir, hiddenFolder, notes[w.IntN(len(notes))].Name(), "..")
	}
	return folder
}

func (w *storm) pipe(path string) {
	if syscall.Mkfifo(path, 0o660) != nil || len(w.pipes) > 100 {
		return
	}
	if f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0); err == nil {
		w.pipes = append(w.pipes, f)
	}
}

// blow does one thing. Most of them fail, and that is no matter.
func (w *storm) blow() {
	path := filepath.Join(w.folder(), w.name())
	switch w.IntN(10) {
	case 0, 1, 2:
		if f, err := os.CreateTemp(w.dir, ".testo"); err == nil {
			fmt.Fprint(f, "testo ", w.Uint32())
			_ = errors.Join(f.Close(), os.Rename(f.Name(), path))
		}
	case 3:
		_ = os.Symlink([]string{filepath.Join(w.outside, "a.txt"), "../inviati/a.txt"}[w.IntN(2)], path)
	case 4:
		w.pipe(path + ".pipe")
		_ = os.Rename(path+".pipe", path)
	case 5:
		_ = os.MkdirAll(filepath.Join(path, "x"), 0o770)
	case 6:
		_ = os.Link(filepath.Join(w.outside, "a.txt"), path)
	case 7:
		_ = os.Rename(path, filepath.Join(w.folder(), w.name()))
	case 8:
		_ = os.RemoveAll(path)
	case 9:
		w.swap(filepath.Join(w.dir, folders()[w.IntN(len(folders()))]))
	}
}

// swap puts something else in the place of one of our folders for a moment.
func (w *storm) swap(folder string) {
	if os.Rename(folder, folder+".away") != nil {
		return
	}
	switch w.IntN(4) {
	case 0:
		_ = os.Symlink(w.outside, folder)
	case 1:
		_ = os.Symlink(folders()[w.IntN(len(folders()))], folder)
	case 2:
		w.pipe(folder)
	case 3:
		_ = os.Mkdir(folder, 0o770)
	}
	_ = errors.Join(os.RemoveAll(folder), os.Rename(folder+".away", folder))
}

// work does all that a caller does, and answers what was read.
func work(t *testing.T, s *Spool, r *rand.Rand) (read []string) {
	names, _ := s.Withdrawals()
	for _, name := range names {
		if r.IntN(2) == 0 {
			_ = s.RefuseWithdrawal(name, "motivo", "consiglio.")
		} else {
			_ = s.FileWithdrawn([]string{name}, withdrawn(name))
		}
	}
	names, _ = s.InFlight()
	broken, _ := s.Incomplete()
	for _, name := range append(names, broken...) {
		f, err := s.Load(name)
		for _, a := range f.Attachments {
			data, _ := s.ReadAttachment(a.File)
			read = append(read, string(data))
		}
		if read = append(read, f.Text); err != nil {
			_ = s.Refuse(name, "motivo", "consiglio.")
		} else {
			_ = errors.Join(s.FileAway(name, sent(name)), s.WriteMinutes(name, false, []byte("<p>")), s.UpdateReport(name, sent(name)))
		}
	}
	files, _ := s.Scan(t.Context())
	for _, f := range files {
		read = append(read, f.Text)
	}
	refused, _ := s.Refused(30)
	for _, r := range refused {
		read = append(read, r.Reason+r.Advice)
	}
	_ = s.WriteStatus([]byte(fmt.Sprint("<p>", r.Uint32())))
	return read
}

// Whatever somebody does in the folder while we work there, nothing hangs, nothing
// outside is read or changed, and afterwards all goes on.
func TestG9_AStormInTheFolder(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	w := &storm{Rand: rand.New(rand.NewPCG(seed, 1)), dir: dir, outside: filepath.Join(filepath.Dir(dir), "outside")}
	if err := os.Mkdir(w.outside, 0o770); err != nil {
		t.Fatal(err)
	}
	drop(t, filepath.Join(w.outside, "a.txt"), "parola segreta")
	var over atomic.Bool
	calm := make(chan struct{})
	go func() {
		defer close(calm)
		for !over.Load() {
			w.blow()
		}
	}()
	r := rand.New(rand.NewPCG(seed, 2))
	for range sized(80, 25) {
		for _, text := range work(t, s, r) {
			if strings.Contains(text, "segreta") {
				t.Errorf("read outside: %q", text)
			}
		}
	}
	over.Store(true)
	<-calm
	for _, f := range w.pipes {
		f.Close()
	}
	if entries, err := os.ReadDir(w.outside); err != nil || len(entries) != 1 || mustRead(t, filepath.Join(w.outside, "a.txt")) != "parola segreta" {
		t.Errorf("outside: %v, %v", entries, err)
	}
	drop(t, filepath.Join(dir, "buono.txt"), "Domani mercato.")
	for range 100 {
		files, _ := s.Scan(t.Context())
		for _, f := range files {
			if f.Name == "buono.txt" {
				return
			}
		}
	}
	t.Error("it does not go on")
}
