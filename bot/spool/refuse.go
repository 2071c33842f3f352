package spool

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

// Refusal says in Italian why a file is not sent and what staff can do. It is an
// error, so that [errors.As] tells it from trouble with the disk.
type Refusal struct {
	Name   string // the file, as it is called in scartati
	Reason string // lower case, no full stop: "il file è vuoto"
	Advice string // one sentence with its full stop, lower case: it follows "Che cosa fare:"
}

// Error is for a log; staff read Reason and Advice.
func (r *Refusal) Error() string { return fmt.Sprintf("%q refused: %s", r.Name, r.Reason) }

const (
	reasonLabel = "Motivo: "
	adviceLabel = "Che cosa fare: "
)

// Refuse moves a claimed file from in_invio to scartati and puts the reason
// beside it. Reason and advice are Italian and are read by staff; see [Refusal]
// for their form. A file that has been taken away meanwhile is no error.
func (s *Spool) Refuse(file, reason, advice string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := single(file); err != nil {
		return err
	}
	return s.refuseClaimed(file, &Refusal{Reason: reason, Advice: advice})
}

func (s *Spool) refuseClaimed(file string, r *Refusal) error {
	if err := gone(s.refuse(place{sendingFolder, file}, r)); err != nil {
		return err
	}
	return s.remove(notePlace(claimPrefix, file))
}

// refuse moves a file to scartati under a name that neither it nor its report
// shares with another. The note makes sure that the reason survives the move.
func (s *Spool) refuse(from place, r *Refusal) error {
	for name := range candidates(from.name) {
		free, err := s.free(rejectedFolder, name)
		if err != nil {
			return err
		}
		if !free {
			continue
		}
		err = s.refuseAs(from, name, r)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			s.log.Info("file refused", "file", from.name, "folder", from.folder, "reason", r.Reason)
		}
		return err
	}
	return nil
}

func (s *Spool) refuseAs(from place, name string, r *Refusal) error {
	marker := notePlace(refusalPrefix, name)
	if err := s.writeNote(refusalPrefix, note{File: []byte(name), Refusal: r}); err != nil {
		return err
	}
	if err := s.move(from, place{rejectedFolder, name}); err != nil {
		return errors.Join(err, s.remove(marker))
	}
	if err := s.writeRefusal(name, r); err != nil {
		return err
	}
	return s.remove(marker)
}

// free tells whether a file could have this name in folder, and what is written
// beside it too.
func (s *Spool) free(folder, name string) (bool, error) {
	for _, n := range []string{name, reportName(name), minutesName(name)} {
		taken, err := s.exists(place{folder, n})
		if err != nil || taken {
			return false, err
		}
	}
	return true, nil
}

func (s *Spool) writeRefusal(name string, r *Refusal) error {
	text := "File: " + printable(name) + "\n" +
		"NON INVIATO\n\n" +
		reasonLabel + r.Reason + ".\n" +
		adviceLabel + r.Advice + "\n"
	return s.write(place{rejectedFolder, reportName(name)}, []byte(crlf(text)))
}

// Refused reads what lies in scartati with a reason beside it, newest first, at
// most limit files (0: all). It shows what staff see: what they clear away is gone
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
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read the report of a refused file: %w", err)
		}
		refused = append(refused, parseRefusal(name, string(report)))
	}
	return refused, nil
}

// withReport lists the files in scartati that have a report, newest report first.
func (s *Spool) withReport() ([]string, error) {
	names, err := s.names(rejectedFolder)
	if err != nil {
		return nil, err
	}
	written := make(map[string]time.Time)
	for _, name := range names {
		info, err := s.root.Lstat(place{rejectedFolder, reportName(name)}.path())
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		written[name] = info.ModTime()
	}
	return slices.SortedFunc(maps.Keys(written), func(a, b string) int {
		return cmp.Or(written[b].Compare(written[a]), cmp.Compare(a, b))
	}), nil
}

func parseRefusal(name, report string) Refusal {
	r := Refusal{Name: name}
	for line := range strings.Lines(report) {
		line = strings.TrimSpace(line)
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
