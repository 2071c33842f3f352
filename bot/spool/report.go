package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Report is how an announcement went, in numbers. It holds no personal data.
type Report struct {
	Name            string    // the file as dropped
	Accepted        time.Time // when it was published
	First, Last     time.Time // when the first and the last message left; zero: none did
	Urgent, Preview bool
	StoppedByHand   bool // the file was taken out of in_invio

	// The counts are cumulative: Sent (taken by WhatsApp's server) includes
	// Delivered, which includes Read.
	Recipients, Sent, Delivered, Read, Failed, Cancelled int
	// Expired is how many did not get it because it expired first.
	Expired int
	// Left is how many left the list before it reached them; Cancelled does not
	// include them.
	Left int
	// Reasons say why Failed did, in the order in which they are shown.
	Reasons []Reason
	// PartsFailed is how many further messages (attachments) did not go out to
	// somebody who got the first.
	PartsFailed int

	NotBefore, Expires time.Time // the options dal and scade; zero: none
	Comuni             []string  // only these residents; nil: everybody
	Attachments        []string  // their names as dropped

	Withdrawn *Retraction // nil: it was not withdrawn
	Amends    *Amendment  // nil: it is no correction
	AmendedBy string      // the name of the file that corrects this one; empty: none

	Final bool // receipts are no longer waited for

	Location *time.Location // in which times are shown; nil means UTC
}

// Reason is why some deliveries failed: Italian words without a full stop, and
// how many deliveries.
type Reason struct {
	Text  string
	Count int
}

// Retraction is how far an announcement was taken back, in people who had got it.
type Retraction struct {
	At time.Time // when staff asked for it
	// Asked is how many phones are told to delete it: the sum of Deleted, Waiting
	// and Failed. TooOld is how many had it for longer than WhatsApp lets us delete.
	Asked, Deleted, Waiting, Failed, TooOld int
}

// Amendment is how a correction reached people: by changing what their phone shows,
// in a new message, or in place of the wrong text that they had not got yet.
type Amendment struct {
	Of                     string // the name of the file that it corrects
	Edited, Resent, Direct int
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
	if r.Withdrawn != nil {
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
	if r.Withdrawn != nil {
		return withdrawFolder
	}
	return sentFolder
}

// head tells one announcement from another: no two files have the same name and
// the same second.
func (r Report) head() string {
	return "Avviso: " + printable(r.Name) + "\n" + "Accettato: " + r.clock(r.Accepted) + "\n"
}
