package spool

import (
	"errors"
	"io/fs"
)

// moveBundle moves a bundle as its note says, under names that are free for all its files:
// "festa.txt" and "festa-1.jpg", or else "festa (2).txt" and "festa (2)-1.jpg". The
// note is on the disk before the first rename, so that what a crash or an error
// leaves half done is finished later. The error is fs.ErrNotExist when the main file
// has been taken away meanwhile: then nothing has moved.
func (s *Spool) moveBundle(n note) (note, error) {
	names := n.names()
	for i := 1; ; i++ {
		files := renamed(names, i)
		free, err := s.allFree(n.folder(), files)
		if err != nil {
			return n, err
		}
		if !free {
			continue
		}
		for i := range files {
			n.Files[i].File = []byte(files[i])
		}
		n.at = place{}
		if err := s.keep(&n); err != nil {
			return n, err
		}
		err = s.rename(place{n.From, names[0]}, place{n.folder(), files[0]})
		if err == nil {
			return s.finish(n)
		}
		err = errors.Join(err, s.remove(n.at))
		if !errors.Is(err, fs.ErrExist) {
			return n, err
		}
	}
}

// allFree tells whether files could have these names. What goes to in_invio will go
// on to inviati or ritirare and keeps its name. In scartati it would get another:
// what was refused there once, or its report, must not rename what staff have mended.
func (s *Spool) allFree(folder string, files []string) (bool, error) {
	all := []string{folder}
	if folder == sendingFolder {
		all = []string{sendingFolder, sentFolder, withdrawFolder}
		report := reportName(files[0])
		for other := range s.claims { // also when taken away by hand, and the caller does not know yet
			if other == files[0] || reportName(other) == report {
				return false, nil
			}
		}
	}
	for _, folder := range all {
		for _, file := range files {
			if free, err := s.free(folder, file); err != nil || !free {
				return false, err
			}
		}
	}
	return true, nil
}

// free tells whether a file could have this name in folder, and what is written
// beside it too.
func (s *Spool) free(folder, name string) (bool, error) {
	there, err := s.present(folder, []string{name, reportName(name), minutesName(name)})
	return len(there) == 0, err
}

// finish brings the rest of a bundle after its first file, and settles what follows:
// the reason beside a refused one, a note without From for a claimed one. Until
// that is done the bundle is in moving, and is nobody else's business. It answers the
// note with the files that have arrived; the others have been taken away.
func (s *Spool) finish(n note) (note, error) {
	s.moving[n.at] = n
	whole := n
	n.Files = nil
	for _, m := range whole.Files {
		there, err := s.bring(place{n.From, string(m.Name)}, place{n.folder(), string(m.File)})
		if err != nil {
			return n, err
		}
		if there {
			n.Files = append(n.Files, m)
		}
	}
	err := errors.Join(s.syncFolder(n.folder()), s.syncFolder(n.From))
	switch {
	case err != nil:
	case len(n.Files) == 0:
		err = s.remove(n.at)
	case n.Refusal != nil:
		err = s.refused(n)
	default:
		n.From = ""
		err = s.claimed(n, len(whole.Files) > 1)
	}
	if err == nil {
		delete(s.moving, n.at)
	}
	return n, err
}

// bring moves one file unless it is there already. It answers false when the file
// has been taken away.
func (s *Spool) bring(from, to place) (bool, error) {
	err := s.rename(from, to)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
		return s.exists(to)
	}
	return err == nil, err
}

// claimed notes that all files of a bundle have arrived. A single file needs no second
// note: its rename was the whole.
func (s *Spool) claimed(n note, several bool) error {
	if several {
		if err := s.keep(&n); err != nil {
			return err
		}
	}
	s.claims[n.main()] = n
	return nil
}

// finishAll takes up the bundles that an error left on their way.
func (s *Spool) finishAll() error {
	var errs []error
	for _, n := range s.moving {
		if _, err := s.finish(n); err != nil {
			errs = append(errs, &Stuck{Name: string(n.Files[0].Name), Folder: n.From, Err: err})
		}
	}
	return errors.Join(errs...)
}
