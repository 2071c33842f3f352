package spool

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Refusal says in Italian why a file is not sent and what staff can do. It is an
// error, so that [errors.As] tells it from trouble with the disk.
type Refusal struct {
	Name   string // the file, as it is called in scartati
	Reason string // lower case, no full stop: "il file è vuoto"
	Advice string // one sentence with its full stop, lower case: it follows "Che cosa fare:"
	Line   string // the beginning of the line with the mistake, for the report alone; empty: none

	line int // its number, as the clerk's editor counts; 0: none
}

// Error is for a log; staff read Reason and Advice.
func (r *Refusal) Error() string { return fmt.Sprintf("%q refused: %s", r.Name, r.Reason) }

const (
	reasonLabel = "Motivo: "
	lineLabel   = "Nel file c'è scritto: "
	adviceLabel = "Che cosa fare: "
)

// Refuse moves a claimed bundle from in_invio to scartati and puts the reason beside
// its main file. Reason and advice are Italian and are read by staff; see [Refusal]
// for their form. A bundle that has been taken away meanwhile is no error; the rest of
// one goes to scartati.
func (s *Spool) Refuse(file, reason, advice string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := single(file); err != nil {
		return err
	}
	return s.refuseClaimed(file, &Refusal{Reason: reason, Advice: advice})
}

func (s *Spool) refuseClaimed(file string, r *Refusal) error {
	files, err := s.present(sendingFolder, s.filesOf(file))
	if err != nil {
		return err
	}
	if err := s.refuse(sendingFolder, files, r); err != nil {
		return err
	}
	return s.forget(file)
}

// refuse moves files that belong together to scartati under names that neither they
// nor their report share with others. The note makes sure that the reason survives
// the move. Files that have been taken away are no error.
func (s *Spool) refuse(from string, files []string, r *Refusal) error {
	if len(files) == 0 {
		return nil
	}
	if err := s.enoughRoom(); err != nil { // for the report
		return err
	}
	n := newNote(from, files, files)
	n.Refusal = r
	if s.immovable(from, files) {
		return s.leave(n)
	}
	if _, err := s.moveBundle(n); err != nil {
		return gone(err)
	}
	s.log.Info("file refused", "file", files[0], "folder", from, "reason", r.Reason)
	return nil
}

// immovable tells whether a folder is among the files that we may not write into:
// moving it would change the ".." in it. Another user may have made it.
func (s *Spool) immovable(folder string, files []string) bool {
	d, err := s.openFolder(folder)
	if err != nil {
		return false // the move will say so
	}
	defer d.Close()
	for _, name := range files {
		var st unix.Stat_t
		err := unix.Fstatat(int(d.Fd()), name, &st, unix.AT_SYMLINK_NOFOLLOW)
		if err == nil && st.Mode&unix.S_IFMT == unix.S_IFDIR &&
			errors.Is(unix.Faccessat(int(d.Fd()), name, unix.W_OK, unix.AT_EACCESS|unix.AT_SYMLINK_NOFOLLOW), unix.EACCES) {
			return true
		}
	}
	return false
}

// leave refuses what we may not move: the reason goes to scartati alone, once, and
// asks staff to take the files away. Until they change they are not looked at again.
func (s *Spool) leave(n note) error {
	n.Refusal = &Refusal{Reason: n.Refusal.Reason, Line: n.Refusal.Line,
		Advice: "il servizio non ha il permesso di spostarlo: toglilo tu da dove l'hai messo; poi " + n.Refusal.Advice}
	text := []byte(n.reasons())
	for name := range candidates(n.main()) {
		report := place{rejectedFolder, reportName(name)}
		same, err := s.holds(report, text) // also from before a restart
		if err != nil {
			return err
		}
		if same {
			break
		}
		free, err := s.free(rejectedFolder, name)
		if err != nil {
			return err
		}
		if free {
			if err := s.write(report, text); err != nil {
				return err
			}
			s.log.Warn("file refused, and it may not be moved", "file", n.main(), "folder", n.From, "reason", n.Refusal.Reason)
			break
		}
	}
	for _, name := range n.names() {
		if seen, ok := s.seen[place{n.From, name}]; ok {
			seen.immovable = true
			s.seen[place{n.From, name}] = seen
		}
		if n.From == withdrawFolder {
			s.withdrawn[name] = true
		}
	}
	return nil
}

// refused puts the reason beside files that have arrived in scartati.
func (s *Spool) refused(n note) error {
	if err := s.write(place{rejectedFolder, reportName(n.main())}, []byte(n.reasons())); err != nil {
		return err
	}
	return s.remove(n.at)
}

// reasons is the report beside a refused file.
func (n note) reasons() string {
	text := "File: " + printable(n.main()) + "\n"
	if files := n.files(); len(files) > 1 {
		const enough = 20
		text += "Insieme a: " + printable(strings.Join(files[1:min(len(files), enough)], ", "))
		if more := len(files) - enough; more > 0 {
			text += fmt.Sprintf(" e altri %d", more)
		}
		text += "\n"
	}
	text += "NON INVIATO\n\n" +
		reasonLabel + n.Refusal.Reason + ".\n"
	if n.Refusal.Line != "" {
		text += lineLabel + n.Refusal.Line + "\n"
	}
	return crlf(text + adviceLabel + n.Refusal.Advice + "\n")
}

// Refused reads what lies in scartati with a reason beside it, newest first, at
// most limit files (0: 20,000). It shows what staff see: what they clear away is gone
// here too.
func (s *Spool) Refused(limit int) ([]Refusal, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	files, err := s.withReport()
	if err != nil {
		return nil, fmt.Errorf("look at the refused files: %w", err)
	}
	if limit > 0 && len(files) > limit {
		files = files[:limit]
	}
	refused := make([]Refusal, 0, len(files))
	for _, name := range files {
		report, err := s.content(place{rejectedFolder, reportName(name)}, MaxBytes)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("read the report of a refused file: %w", err)
		}
		refused = append(refused, parseRefusal(name, string(report)))
	}
	return refused, nil
}

// withReport lists the files in scartati that have a report, newest report first.
// It remembers the answer for as long as nothing has been moved there or away.
func (s *Spool) withReport() ([]string, error) {
	now := time.Now()
	folder, err := s.root.Lstat(rejectedFolder)
	if err != nil {
		return nil, err
	}
	if old := s.rejected; old.folder != nil && os.SameFile(old.folder, folder) && old.folder.ModTime().Equal(folder.ModTime()) {
		return old.files, nil
	}
	files, err := s.listReported()
	if err != nil {
		return nil, err
	}
	s.rejected = reported{}
	if now.Sub(folder.ModTime()) > clockGrain {
		s.rejected = reported{folder: folder, files: files}
	}
	return files, nil
}

// clockGrain is how long after a change of a folder the next one might still leave
// it with the same time.
const clockGrain = 2 * time.Second

// reported is what withReport remembers.
type reported struct {
	folder os.FileInfo
	files  []string
}

// listReported holds no more names than there may be in a drop folder.
func (s *Spool) listReported() ([]string, error) {
	d, err := s.openFolder(rejectedFolder)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	type file struct {
		name    string
		written time.Time
	}
	var all []file
	newest := func() {
		slices.SortFunc(all, func(a, b file) int { return cmp.Or(b.written.Compare(a.written), cmp.Compare(a.name, b.name)) })
		all = all[:min(len(all), manyFiles)]
	}
	err = s.each(rejectedFolder, func(name string) bool {
		if isReport(strings.ToLower(name)) {
			return true
		}
		var st unix.Stat_t // ten thousand times, and os.Root would open the folder for each
		if unix.Fstatat(int(d.Fd()), reportName(name), &st, unix.AT_SYMLINK_NOFOLLOW) == nil {
			all = append(all, file{name, time.Unix(st.Mtim.Unix())})
		}
		if len(all) > 2*manyFiles {
			newest()
		}
		return true
	})
	newest()
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.name
	}
	return names, err
}

// parseRefusal believes no more of a report than fits a page: staff can write there.
func parseRefusal(name, report string) Refusal {
	const enough = 1000
	r := Refusal{Name: name}
	for line := range strings.Lines(report) {
		line = printable(cut(strings.TrimSpace(line), enough))
		if reason, ok := strings.CutPrefix(line, reasonLabel); ok {
			r.Reason = strings.TrimSuffix(reason, ".")
		}
		if advice, ok := strings.CutPrefix(line, adviceLabel); ok {
			r.Advice = advice
		}
	}
	return r
}

// crlf writes line ends that every Notepad shows.
func crlf(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
