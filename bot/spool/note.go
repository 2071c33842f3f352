package spool

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// note is what a rename alone would lose in a crash. It is written before the
// rename it belongs to, and removed when the file has got its report.
type note struct {
	// Name and File are bytes because JSON would mend a name that is not UTF-8,
	// and then no file would have it.
	Name, File []byte
	Urgent     bool     `json:",omitempty"`
	Preview    bool     `json:",omitempty"`
	Refusal    *Refusal `json:",omitempty"` // set: the file was on its way to scartati
}

const (
	claimPrefix   = "claim-"
	refusalPrefix = "refusal-"
	noteSuffix    = ".json"
)

// notePlace hashes the name: with a prefix and a suffix a long one would not fit.
func notePlace(prefix, file string) place {
	sum := sha256.Sum256([]byte(file))
	return place{hiddenFolder, prefix + hex.EncodeToString(sum[:16]) + noteSuffix}
}

func (s *Spool) writeNote(prefix string, n note) error {
	data, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("write note: %w", err)
	}
	return s.write(notePlace(prefix, string(n.File)), data)
}

// readNote answers fs.ErrNotExist when there is none.
func (s *Spool) readNote(p place) (note, error) {
	var n note
	data, err := s.content(p, MaxBytes)
	if err != nil {
		return n, err
	}
	if err := json.Unmarshal(data, &n); err != nil {
		return n, fmt.Errorf("read note %s: %w", p.name, err)
	}
	return n, nil
}

// recover finishes what a crash interrupted: a refused file gets its report, a
// note without its file and a half-written file go.
func (s *Spool) recover() error {
	names, err := s.names(hiddenFolder)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		p := place{hiddenFolder, name}
		switch {
		case strings.HasPrefix(name, tempPrefix):
			err = s.remove(p)
		case strings.HasPrefix(name, claimPrefix):
			err = s.recoverClaim(p)
		case strings.HasPrefix(name, refusalPrefix):
			err = s.recoverRefusal(p)
		default:
			err = nil
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// recoverNote reads a note; one that cannot be read is worth nothing and goes. Its
// file, if it is in in_invio, is then refused aloud as one without a note.
func (s *Spool) recoverNote(p place) (n note, ok bool, err error) {
	n, err = s.readNote(p)
	if err == nil {
		return n, true, nil
	}
	s.log.Warn("note cannot be read, dropping it", "note", p.name, "error", err)
	return n, false, s.remove(p)
}

// recoverClaim drops a note whose rename never happened, or whose file has been
// filed away or taken away since.
func (s *Spool) recoverClaim(p place) error {
	n, ok, err := s.recoverNote(p)
	if err != nil || !ok {
		return err
	}
	there, err := s.exists(place{sendingFolder, string(n.File)})
	if err != nil || there {
		return err
	}
	return s.remove(p)
}

func (s *Spool) recoverRefusal(p place) error {
	n, ok, err := s.recoverNote(p)
	if err != nil || !ok {
		return err
	}
	there, err := s.exists(place{rejectedFolder, string(n.File)})
	if err != nil {
		return err
	}
	if there && n.Refusal != nil {
		if err := s.writeRefusal(string(n.File), n.Refusal); err != nil {
			return err
		}
	}
	return s.remove(p)
}
