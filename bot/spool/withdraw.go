package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
)

// withdrawnMark begins the line of a report that says that its announcement was
// withdrawn.
const withdrawnMark = "RITIRATO il "

// Withdrawals lists what staff have moved to ritirare and nobody has dealt with: it
// has no report there that says so, and [Spool.FileWithdrawn] has not been told of
// it since Open. It lists at most 100; [Spool.NextLook] is soon when there are more.
func (s *Spool) Withdrawals() ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.attend(); err != nil {
		return nil, err
	}
	var all []string
	var failed error
	still := map[string]bool{}
	moving := s.movingFiles()
	s.crowded[withdrawFolder] = false
	err := s.each(withdrawFolder, func(name string) bool {
		p := place{withdrawFolder, name}
		switch {
		case s.withdrawn[name]:
			still[name] = true
			return true
		case ignored(p) || moving[p]:
			return true
		case len(all) == maxTaken:
			s.crowded[withdrawFolder] = true
			return true
		}
		settled, err := s.saysWithdrawn(name)
		failed = errors.Join(failed, err)
		if settled {
			still[name] = true // and is not read again at each look
		} else if err == nil {
			all = append(all, name)
		}
		return true
	})
	s.withdrawn = still // a file of the same name that comes later is another
	return all, errors.Join(err, failed)
}

// saysWithdrawn tells whether the report beside a file in ritirare is the one that
// we wrote there: staff may have moved the old one along with the file.
func (s *Spool) saysWithdrawn(name string) (bool, error) {
	report, err := s.content(place{withdrawFolder, reportName(name)}, MaxBytes)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return false, nil
	}
	return bytes.Contains(report, []byte("\n"+withdrawnMark)), err
}

// FileWithdrawn brings the files of an announcement to ritirare, the first of which
// is its main file, from wherever staff have left them, and writes the report there;
// the old one goes, the minutes move along. Repeating it ends in the same state.
func (s *Spool) FileWithdrawn(files []string, r Report) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(files) == 0 {
		return fmt.Errorf("%w: a withdrawal without files", fs.ErrInvalid)
	}
	for _, file := range files {
		if err := single(file); err != nil {
			return err
		}
	}
	return s.fileWithdrawn(files, r)
}

func (s *Spool) fileWithdrawn(files []string, r Report) error {
	main := files[0]
	for _, from := range []string{sendingFolder, sentFolder} {
		for _, name := range append(files[1:len(files):len(files)], minutesName(main), main) {
			err := s.move(place{from, name}, place{withdrawFolder, name})
			if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("file a withdrawal: %w", err)
			}
		}
	}
	// Somebody may have copied the file instead of moving it: one is still in in_invio.
	for _, name := range files {
		if err := gone(s.moveBeside(place{sendingFolder, name}, place{sentFolder, name})); err != nil {
			return fmt.Errorf("file a withdrawal: %w", err)
		}
	}
	if err := s.removeReport(main, r); err != nil {
		return fmt.Errorf("file a withdrawal: %w", err)
	}
	if err := s.writeReport(main, r); err != nil {
		return fmt.Errorf("file a withdrawal: %w", err)
	}
	for _, file := range files {
		s.withdrawn[file] = true
	}
	return s.forget(main)
}

// removeReport takes the report in inviati away, which is no longer true. One that
// is about another announcement, or is not ours, stays.
func (s *Spool) removeReport(file string, r Report) error {
	p := place{sentFolder, reportName(file)}
	head := []byte(crlf(r.head()))
	old, err := s.content(p, len(head))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || err == nil && !bytes.Equal(old, head) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.remove(p)
}

// RefuseWithdrawal moves something in ritirare that nobody sent to scartati and puts
// the reason beside it.
func (s *Spool) RefuseWithdrawal(name, reason, advice string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := single(name); err != nil {
		return err
	}
	return s.refuse(withdrawFolder, []string{name}, &Refusal{Reason: reason, Advice: advice})
}
