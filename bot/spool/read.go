package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// MaxAttachment is the largest attachment that is read, in bytes.
const MaxAttachment = 16 << 20

// errMoving: the file is still being written, or changed since it was looked at.
var errMoving = errors.New("the file is still being written")

// ReadAttachment reads an attachment in in_invio. The error is a [*Refusal] when it
// must not be sent, and fs.ErrNotExist when it is gone; after any other error, say
// because somebody is writing into it, try again at the next look.
func (s *Spool) ReadAttachment(file string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := single(file); err != nil {
		return nil, err
	}
	p := place{sendingFolder, file}
	info, err := s.root.Lstat(p.path())
	if err != nil {
		return nil, err
	}
	seen := sighting{info: info}
	held, err := s.inspect(p, seen)
	if held != nil {
		defer held.Close()
	}
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(held, MaxAttachment+1))
	if err != nil {
		return nil, fmt.Errorf("read attachment: %w", err)
	}
	if after, err := held.Stat(); err != nil || !seen.same(after) || int64(len(data)) != info.Size() {
		return nil, fmt.Errorf("read attachment %q: %w", file, errors.Join(errMoving, err))
	}
	return data, nil
}

// readBundle reads the text of a bundle and looks at everything else. Closing held, which
// the caller does, gives the leases back: until then nobody starts to write.
func (s *Spool) readBundle(l bundle) (f File, held []*os.File, err error) {
	for i, d := range l.files {
		var open *os.File
		var part File
		if isText(d.name) {
			part, open, err = s.read(d.place, d.sighting)
		} else {
			open, err = s.inspect(d.place, d.sighting)
		}
		if open != nil {
			held = append(held, open)
		}
		if err != nil {
			return f, held, aboutMember(err, i, len(l.files), d.name)
		}
		if i == 0 {
			f = part
			f.Owner = s.ownerOf(open)
		}
		if err := flush(open); err != nil { // the clerk's copy is then as safe as the rename that follows
			return f, held, err
		}
	}
	return f, held, nil
}

// aboutMember names the attachment that a bundle is refused for.
func aboutMember(err error, i, of int, name string) error {
	if r, ok := errors.AsType[*Refusal](err); ok && of > 1 && (i > 0 || attachable(name)) {
		return &Refusal{Name: r.Name, Reason: fmt.Sprintf("allegato «%s»: %s", printable(name), r.Reason), Advice: r.Advice}
	}
	return err
}

// read opens a text that looked like seen and reads what it says. The error is a
// [*Refusal] for what must not be sent, and errMoving for what must wait. When held
// is not nil the caller closes it.
func (s *Spool) read(p place, seen sighting) (f File, held *os.File, err error) {
	held, err = s.inspect(p, seen)
	if err != nil {
		return File{}, held, err
	}
	raw, err := io.ReadAll(io.LimitReader(held, MaxBytes+1))
	if err != nil {
		return File{}, held, fmt.Errorf("read: %w", err)
	}
	f, r := parse(raw, time.Now(), s.loc, s.comune)
	if r != nil {
		r.Name = p.name
		return File{}, held, r
	}
	return f, held, nil
}

// inspect opens a file that looked like seen, unless it is one that must not be
// sent. Nothing of it is read.
func (s *Spool) inspect(p place, seen sighting) (held *os.File, err error) {
	r := special(seen.info)
	if r == nil {
		held, err = s.hold(p, seen)
		if errors.Is(err, fs.ErrPermission) {
			r = &Refusal{Reason: "il servizio non ha il permesso di leggerlo",
				Advice: "copia il contenuto in un file nuovo e metti quello in da_inviare; se succede ancora, avvisa chi gestisce il server."}
		} else if err != nil {
			return held, err
		}
	}
	if r == nil {
		r = wrongKind(p.name)
	}
	if r == nil {
		r = tooLarge(p.name, seen.info.Size())
	}
	if r != nil {
		r.Name = p.name
		return held, r
	}
	return held, nil
}

func tooLarge(name string, size int64) *Refusal {
	switch {
	case isText(name) && size > MaxBytes:
		return tooBig()
	case attachable(name) && size > MaxAttachment:
		return &Refusal{Reason: fmt.Sprintf("il file è troppo grande: un allegato è al massimo di %d MB", MaxAttachment>>20),
			Advice: "riducilo, oppure pubblicalo sul sito del Comune e metti il collegamento nel testo."}
	}
	return nil
}

// special refuses what is no plain file, without opening it: a pipe would block, a
// device could do anything, a link leads elsewhere.
func special(info os.FileInfo) *Refusal {
	const put = "metti in da_inviare il file stesso."
	switch mode := info.Mode(); {
	case mode.IsDir():
		return &Refusal{Reason: "è una cartella", Advice: "metti in da_inviare i file uno per uno, senza cartella."}
	case mode&fs.ModeSymlink != 0:
		return &Refusal{Reason: "è un collegamento, non il file stesso", Advice: put}
	case !mode.IsRegular():
		return &Refusal{Reason: "non è un file normale ma un file speciale del sistema", Advice: put}
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

// ownerOf names the user who owns an open file; the number where it has no name.
// Names are looked up once: the directory of users may be far away.
func (s *Spool) ownerOf(f *os.File) string {
	info, err := f.Stat()
	if err != nil {
		return ""
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	if name, ok := s.owners[st.Uid]; ok {
		return name
	}
	uid := strconv.FormatUint(uint64(st.Uid), 10)
	name := uid
	u, err := user.LookupId(uid)
	if err == nil {
		name = u.Username
	}
	if _, unknown := errors.AsType[user.UnknownUserIdError](err); err == nil || unknown {
		s.owners[st.Uid] = name
	}
	return name
}
