package spool

import (
	"errors"
	"io/fs"
	"os"
	"slices"
)

// InFlight lists the bundles in in_invio by their main files, sorted. A published file
// that is missing here has been taken away by hand, or one of its attachments has:
// its announcement stops. One that is here and was never published goes through
// [Spool.Load]. Of files that nobody claimed it lists at most 100.
func (s *Spool) InFlight() ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	there, strangers, err := s.sending()
	if err != nil {
		return nil, err
	}
	for file, n := range s.claims {
		if !slices.ContainsFunc(n.files(), func(file string) bool { return !there[file] }) {
			strangers = append(strangers, file)
		}
	}
	slices.Sort(strangers)
	return strangers, nil
}

// Incomplete lists the main files of bundles of which something is missing in in_invio
// and something is still there, sorted. One that was published is filed away. One that
// was not, because a crash came between, must be refused, or the rest of it would lie
// there for ever.
func (s *Spool) Incomplete() ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	there, _, err := s.sending()
	if err != nil {
		return nil, err
	}
	var broken []string
	for file, n := range s.claims {
		missing := func(file string) bool { return !there[file] }
		if all := n.files(); slices.ContainsFunc(all, missing) && slices.ContainsFunc(all, func(file string) bool { return there[file] }) {
			broken = append(broken, file)
		}
	}
	slices.Sort(broken)
	return broken, nil
}

// sending tells the files of our bundles that are in in_invio from those that somebody
// put there by hand.
func (s *Spool) sending() (there map[string]bool, strangers []string, err error) {
	if err := s.attend(); err != nil {
		return nil, nil, err
	}
	mine := map[string]bool{}
	for _, n := range s.claims {
		for _, file := range n.files() {
			mine[file] = true
		}
	}
	moving := s.movingFiles()
	there = map[string]bool{}
	s.crowded[sendingFolder] = false
	err = s.each(sendingFolder, func(name string) bool {
		p := place{sendingFolder, name}
		switch {
		case mine[name]:
			there[name] = true
		case ignored(p) || moving[p]:
		case len(strangers) < maxTaken:
			strangers = append(strangers, name)
		default:
			s.crowded[sendingFolder] = true
		}
		return true
	})
	return there, strangers, err
}

// movingFiles are the files of bundles that an error has left on their way, where they
// came from and where they go to.
func (s *Spool) movingFiles() map[place]bool {
	all := map[place]bool{}
	for _, n := range s.moving {
		for _, m := range n.Files {
			all[place{n.From, string(m.Name)}] = true
			all[place{n.folder(), string(m.File)}] = true
		}
	}
	return all
}

// Load reads a bundle in in_invio again: after a crash between claim and publish, or
// when publishing failed. The error is a [*Refusal] when it must not be sent (give
// its words to [Spool.Refuse]), and fs.ErrNotExist when a file of it is gone; after
// any other error try again at the next look.
func (s *Spool) Load(file string) (File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load(file)
}

func (s *Spool) load(file string) (File, error) {
	if err := single(file); err != nil {
		return File{}, err
	}
	n, ok := s.claims[file]
	if !ok {
		if _, err := s.root.Lstat(place{sendingFolder, file}.path()); err != nil {
			return File{}, err
		}
		return File{}, &Refusal{Name: file, Reason: "è stato messo direttamente in in_invio",
			Advice: "gli avvisi si mettono in da_inviare oppure in urgenti: spostalo lì."}
	}
	l := bundle{folder: sendingFolder}
	for _, m := range n.files() {
		p := place{sendingFolder, m}
		info, err := s.root.Lstat(p.path())
		if err != nil {
			return File{}, err
		}
		l.files = append(l.files, dropped{p, sighting{info: info}})
	}
	f, held, err := s.readBundle(l)
	release(held)
	if err != nil {
		return File{}, err
	}
	return n.file(f, l), nil
}

// file is what the caller gets to know of a claimed bundle. The files of the bundle and of
// the note are the same, in the same order.
func (n note) file(f File, l bundle) File {
	names := n.names()
	f.Name, f.File, f.Urgent, f.Preview, f.CorrectsStem = names[0], n.main(), n.Urgent, n.Preview, corrects(names)
	for i, m := range n.Files {
		if attachable(names[i]) {
			f.Attachments = append(f.Attachments, Attachment{Name: names[i], File: string(m.File), Size: l.files[i].info.Size()})
		}
	}
	return f
}

// claim moves a bundle to in_invio, under names that are free in inviati and ritirare
// too: from here on it keeps them. It answers what of it has arrived.
func (s *Spool) claim(l bundle) (note, bundle, error) {
	n := newNote(l.folder, l.names(), l.names())
	n.Urgent, n.Preview = l.folder == urgentFolder, l.folder == previewFolder
	n, err := s.moveBundle(n)
	if err != nil {
		return n, l, err
	}
	arrived := n.names()
	l.files = slices.DeleteFunc(slices.Clone(l.files), func(d dropped) bool { return !slices.Contains(arrived, d.name) })
	return n, l, nil
}

func release(held []*os.File) {
	for _, f := range held {
		f.Close()
	}
}

// forget drops the note of a bundle that has got its report.
func (s *Spool) forget(file string) error {
	n, ok := s.claims[file]
	if !ok {
		return s.remove(notePlace(claimPrefix, file))
	}
	if err := s.remove(n.at); err != nil {
		return err
	}
	delete(s.claims, file)
	return nil
}

// moveRest moves what is still there of a claimed bundle to another folder. A name that
// somebody has taken there meanwhile gets a number.
func (s *Spool) moveRest(file string, to string) error {
	for _, name := range s.filesOf(file) {
		if err := s.moveBeside(place{sendingFolder, name}, place{to, name}); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// filesOf are the files of a claimed bundle; the main file alone when there is no note
// of it any more.
func (s *Spool) filesOf(file string) []string {
	if n, ok := s.claims[file]; ok {
		return n.files()
	}
	return []string{file}
}

func (s *Spool) moveBeside(from, to place) error {
	for name := range candidates(to.name) {
		err := s.move(from, place{to.folder, name})
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}
