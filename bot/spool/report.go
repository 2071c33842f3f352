package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"banditore/store"
)

// Report is how an announcement went, as it is put beside its file. It holds no
// personal data of citizens; a document's author may be named, where their name left
// with it.
type Report struct {
	store.Announcement
	From     time.Time          // the option dal; zero: none
	Files    []store.Attachment // their names are shown, and what they carry
	Failures []Reason           // why Failed did, in the order in which they are shown

	Location *time.Location // in which times are shown; nil means UTC
}

// Reason is why some deliveries failed: Italian words without a full stop, and
// how many deliveries.
type Reason struct {
	Text  string
	Count int
}

// FileAway moves a bundle from in_invio to inviati and writes the report beside its
// main file. When that has been taken away the report stands alone. Repeating it,
// after a crash at any point, ends in the same state. What was withdrawn is filed as
// [Spool.FileWithdrawn] does.
func (s *Spool) FileAway(file string, r Report) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := single(file); err != nil {
		return err
	}
	if r.Withdrawal != nil {
		return s.fileWithdrawn(s.filesOf(file), r)
	}
	if err := s.moveRest(file, sentFolder); err != nil {
		return fmt.Errorf("file away: %w", err)
	}
	if err := s.writeReport(file, r); err != nil {
		return fmt.Errorf("file away: %w", err)
	}
	return s.forget(file)
}

// writeReport puts the report beside the file. A clerk's own file that happens to
// have its name is moved to another.
func (s *Spool) writeReport(file string, r Report) error {
	p := place{r.folder(), reportName(file)}
	head := []byte(crlf(r.head()))
	old, err := s.content(p, len(head))
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	if len(old) > 0 && !bytes.Equal(old, head) {
		if err := s.setAside(p); err != nil {
			return err
		}
	}
	return s.write(p, r.render())
}

// UpdateReport writes the report again when the numbers have changed: in ritirare
// when the announcement has been withdrawn, else in inviati. A report that staff
// have deleted, or that is about a later announcement of the same name, or that we may
// not read, is left alone.
func (s *Spool) UpdateReport(file string, r Report) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := single(file); err != nil {
		return err
	}
	p := place{r.folder(), reportName(file)}
	head := []byte(crlf(r.head()))
	old, err := s.content(p, len(head))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || err == nil && !bytes.Equal(old, head) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("update report: %w", err)
	}
	return s.write(p, r.render())
}

// folder is where the announcement lies when it is done.
func (r Report) folder() string {
	if r.Withdrawal != nil {
		return withdrawFolder
	}
	return sentFolder
}

// head tells one announcement from another: no two files have the same name and
// the same second.
func (r Report) head() string {
	return "Avviso: " + printable(r.Name) + "\n" + "Accettato: " + r.clock(r.AcceptedAt) + "\n"
}
