package spool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"
)

// maxTaken bounds what one Scan takes or refuses, so that thousands of files at
// once are published as they are claimed and memory stays small.
const maxTaken = 100

// patience is how long to leave a file alone that somebody has open for writing.
const patience = time.Second

// sighting is what a file looked like, and since when. since comes from time.Now
// and is compared by its monotonic reading: neither a clock that is set nor a file
// dated in the future can make a file wait for ever.
type sighting struct {
	info  os.FileInfo
	since time.Time
}

func (a sighting) same(info os.FileInfo) bool {
	return os.SameFile(a.info, info) && a.info.Size() == info.Size() && a.info.ModTime().Equal(info.ModTime()) &&
		a.info.Mode() == info.Mode()
}

// dropped is a file in a drop folder as the last look found it.
type dropped struct {
	place
	sighting
}

// Scan looks once at the drop folders. Files that have settled are claimed by a
// rename into in_invio and returned, the urgent ones first and then the oldest
// first; bad ones go to scartati with the reason beside them.
//
// The files are claimed even when the error is not nil: publish them, then look at
// the error. It joins what could not be moved, each wrapped in a [*Stuck]; those
// are tried again at the next Scan and do not stop the others. It is a [*Fault]
// when the folders themselves are not usable. Scan takes at most 100 files;
// [Spool.NextLook] is 0 when there are more.
func (s *Spool) Scan(ctx context.Context) ([]File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = time.Time{}
	if err := s.ensureFolders(); err != nil {
		return nil, err
	}
	now := time.Now()
	settled, errs := s.look(now)
	var files []File
	taken := 0
	for _, d := range settled {
		if err := ctx.Err(); err != nil {
			return files, errors.Join(append(errs, err)...)
		}
		if taken == maxTaken {
			s.lookAgain(now)
			break
		}
		f, err := s.take(d)
		switch {
		case errors.Is(err, errMoving):
			s.lookAgain(now.Add(max(s.settle, patience)))
		case err != nil:
			errs = append(errs, &Stuck{Name: d.name, Folder: d.folder, Err: err})
		default:
			taken++
		}
		if f != nil {
			files = append(files, *f)
		}
	}
	return files, errors.Join(errs...)
}

// NextLook tells in how long the next Scan has something to do, as far as the last
// one saw. False means that nothing waits: sleep until an event or the slow timer.
func (s *Spool) NextLook() (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next.IsZero() {
		return 0, false
	}
	return max(0, time.Until(s.next)), true
}

func (s *Spool) lookAgain(at time.Time) {
	if s.next.IsZero() || at.Before(s.next) {
		s.next = at
	}
}

// Stuck is a file that could not be taken and is tried again at the next Scan.
type Stuck struct {
	Name, Folder string
	Err          error
}

// Error names the file and what the system said.
func (e *Stuck) Error() string {
	return fmt.Sprintf("cannot take %q from %s: %v", e.Name, e.Folder, e.Err)
}

// Unwrap gives what the system said.
func (e *Stuck) Unwrap() error { return e.Err }

// look brings the sightings up to date and answers the files that have settled, in
// the order in which they are taken.
func (s *Spool) look(now time.Time) ([]dropped, []error) {
	var settled []dropped
	var errs []error
	before := s.seen
	s.seen = make(map[place]sighting, len(before))
	for _, folder := range dropFolders() {
		names, err := s.names(folder)
		if err != nil {
			errs = append(errs, err)
		}
		for _, name := range names {
			d, err := s.sight(place{folder, name}, before, now)
			switch {
			case err != nil:
				errs = append(errs, err)
			case d != nil && now.Sub(d.since) >= s.settle:
				settled = append(settled, *d)
			case d != nil:
				s.lookAgain(d.since.Add(s.settle))
			}
		}
	}
	slices.SortFunc(settled, func(a, b dropped) int {
		return cmp.Or(cmp.Compare(rank(a.folder), rank(b.folder)), a.info.ModTime().Compare(b.info.ModTime()), cmp.Compare(a.name, b.name))
	})
	return settled, errs
}

// rank lets alerts go first and previews second; da_inviare and the root are one.
func rank(folder string) int {
	switch folder {
	case urgentFolder:
		return 0
	case previewFolder:
		return 1
	}
	return 2
}

// sight looks at one entry; nil means that it is none of our business.
func (s *Spool) sight(p place, before map[place]sighting, now time.Time) (*dropped, error) {
	if ignored(p) || p.folder == rootFolder && slices.Contains(folders(), p.name) {
		return nil, nil
	}
	info, err := s.root.Lstat(p.path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &Stuck{Name: p.name, Folder: p.folder, Err: err}
	}
	seen, ok := before[p]
	if !ok || !seen.same(info) {
		seen = sighting{info: info, since: now}
	}
	s.seen[p] = seen
	return &dropped{p, seen}, nil
}

// take claims a settled file, or refuses it. It answers nil without an error when
// the file is not offered: refused, or gone meanwhile.
func (s *Spool) take(d dropped) (*File, error) {
	f, held, err := s.read(d.place, d.sighting)
	if held != nil {
		// Closing gives the lease back: until the rename nobody starts to write.
		defer held.Close()
	}
	if r, ok := errors.AsType[*Refusal](err); ok {
		return nil, gone(s.refuse(d.place, r))
	}
	if err != nil {
		return nil, gone(err)
	}
	name, err := s.claim(d)
	if err != nil {
		return nil, gone(err)
	}
	s.log.Info("file accepted", "file", d.name, "folder", d.folder)
	if info, err := s.root.Lstat(place{sendingFolder, name}.path()); err != nil || !d.same(info) {
		return s.reload(name)
	}
	f.Name, f.File, f.Urgent, f.Preview = d.name, name, d.folder == urgentFolder, d.folder == previewFolder
	return &f, nil
}

// reload is for the file that was replaced between reading and claiming, as
// editors do when they save: what counts is what lies in in_invio.
func (s *Spool) reload(name string) (*File, error) {
	f, err := s.load(name)
	if r, ok := errors.AsType[*Refusal](err); ok {
		return nil, s.refuseClaimed(name, r)
	}
	if err != nil {
		return nil, gone(err)
	}
	return &f, nil
}

// gone forgives a file that staff took back between two looks.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
