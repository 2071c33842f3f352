package spool

import "fmt"

const minutesSuffix = ".verbale.html"

// minutesName is the name of the minutes beside the file.
func minutesName(file string) string { return companion(file, minutesSuffix) }

// WriteMinutes puts the printable record of an announcement beside its file, in
// ritirare when it was withdrawn and else in inviati, or replaces it as a whole.
// Nothing is written when it is there already. Minutes that staff have deleted come
// back: the next announcement's carry a hash of these.
func (s *Spool) WriteMinutes(file string, withdrawn bool, html []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := single(file); err != nil {
		return err
	}
	folder := sentFolder
	if withdrawn {
		folder = withdrawFolder
	}
	if err := s.write(place{folder, minutesName(file)}, html); err != nil {
		return fmt.Errorf("write minutes: %w", err)
	}
	return nil
}
