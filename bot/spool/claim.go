package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// errMoving: the file is still being written, or changed since it was looked at.
var errMoving = errors.New("the file is still being written")

// InFlight lists the files in in_invio, sorted. A published file that is missing
// here has been taken away by hand: its announcement stops. One that is here and
// was never published goes through [Spool.Load].
func (s *Spool) InFlight() ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	names, err := s.names(sendingFolder)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return ignored(place{sendingFolder, name}) })
	slices.Sort(names)
	return names, nil
}

// Load reads a file in in_invio again: after a crash between claim and publish,
// or when publishing failed. The error is a [*Refusal] when it must not be sent
// (give its words to [Spool.Refuse]), and fs.ErrNotExist when it is gone; after any
// other error try again at the next look.
func (s *Spool) Load(file string) (File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load(file)
}

func (s *Spool) load(file string) (File, error) {
	if err := single(file); err != nil {
		return File{}, err
	}
	p := place{sendingFolder, file}
	info, err := s.root.Lstat(p.path())
	if err != nil {
		return File{}, err
	}
	n, err := s.readNote(notePlace(claimPrefix, file))
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, &Refusal{Name: file, Reason: "è stato messo direttamente in in_invio",
			Advice: "gli avvisi si mettono in da_inviare oppure in urgenti: spostalo lì."}
	}
	if err != nil {
		return File{}, err
	}
	f, held, err := s.read(p, sighting{info: info})
	if held != nil {
		held.Close()
	}
	if err != nil {
		return File{}, err
	}
	f.Name, f.File, f.Urgent, f.Preview = string(n.Name), file, n.Urgent, n.Preview
	return f, nil
}

// read opens a file that looked like seen and reads what it says. The error is a
// [*Refusal] for what must not be sent, and errMoving for what must wait. When
// held is not nil the caller closes it.
func (s *Spool) read(p place, seen sighting) (f File, held *os.File, err error) {
	r := special(seen.info)
	if r == nil {
		held, err = s.hold(p, seen)
		if errors.Is(err, fs.ErrPermission) {
			r = &Refusal{Reason: "il servizio non ha il permesso di leggerlo",
				Advice: "copia il testo in un file nuovo e metti quello in da_inviare; se succede ancora, avvisa chi gestisce il server."}
		} else if err != nil {
			return File{}, held, err
		}
	}
	if r == nil {
		r = wrongKind(p.name)
	}
	if r == nil && seen.info.Size() > MaxBytes {
		r = tooBig()
	}
	if r == nil {
		f, r, err = s.readHeld(held)
	}
	if r != nil {
		r.Name = p.name
		return File{}, held, r
	}
	return f, held, err
}

// special refuses what is no plain file, without opening it: a pipe would block, a
// device could do anything, a link leads elsewhere.
func special(info os.FileInfo) *Refusal {
	const put = "metti in da_inviare il file .txt stesso."
	switch mode := info.Mode(); {
	case mode.IsDir():
		return &Refusal{Reason: "è una cartella", Advice: "metti in da_inviare i file .txt uno per uno, senza cartella."}
	case mode&fs.ModeSymlink != 0:
		return &Refusal{Reason: "è un collegamento, non il file stesso", Advice: put}
	case !mode.IsRegular():
		return &Refusal{Reason: "non è un file di testo ma un file speciale del sistema", Advice: put}
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Nlink > 1 {
		return &Refusal{Reason: "lo stesso file si trova anche in un'altra cartella (collegamento fisico)",
			Advice: "fanne una copia vera e metti quella in da_inviare."}
	}
	return nil
}

// hold opens the file, makes sure that it is the one that was seen (os.Root would
// follow a link inside the spool), and asks for a read lease: the kernel refuses it
// while anybody has the file open for writing. Only the owner of the file or a
// process with CAP_LEASE may ask, and only on local file systems; where the answer
// is not to be had, size and time must do. A broken lease sends SIGIO, which the Go
// runtime ignores.
func (s *Spool) hold(p place, seen sighting) (*os.File, error) {
	f, err := s.root.OpenFile(p.path(), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return f, err
	}
	if !seen.same(info) {
		return f, errMoving
	}
	if _, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK); errors.Is(err, unix.EAGAIN) {
		return f, errMoving
	}
	return f, nil
}

// readHeld also brings the content to the disk: the clerk's copy is then as safe
// as the rename that follows.
func (s *Spool) readHeld(held *os.File) (File, *Refusal, error) {
	raw, err := io.ReadAll(io.LimitReader(held, MaxBytes+1))
	if err != nil {
		return File{}, nil, fmt.Errorf("read: %w", err)
	}
	f, r := parse(raw, time.Now(), s.loc, s.town)
	if r != nil {
		return File{}, r, nil
	}
	return f, nil, flush(held)
}

// claim moves a file to in_invio, under a name that will be free in inviati and
// scartati too: from here on it keeps it.
func (s *Spool) claim(d dropped) (string, error) {
	n := note{Name: []byte(d.name), Urgent: d.folder == urgentFolder, Preview: d.folder == previewFolder}
	for name := range candidates(d.name) {
		free, err := s.freeEverywhere(name)
		if err != nil {
			return "", err
		}
		if !free {
			continue
		}
		n.File = []byte(name)
		if err := s.writeNote(claimPrefix, n); err != nil {
			return "", err
		}
		err = s.move(d.place, place{sendingFolder, name})
		if err == nil {
			return name, nil
		}
		err = errors.Join(err, s.remove(notePlace(claimPrefix, name)))
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
	return "", nil
}

func (s *Spool) freeEverywhere(name string) (bool, error) {
	for _, folder := range []string{sendingFolder, sentFolder, rejectedFolder} {
		if free, err := s.free(folder, name); err != nil || !free {
			return false, err
		}
	}
	return true, nil
}
