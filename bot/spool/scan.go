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
	info      os.FileInfo
	since     time.Time
	immovable bool // refused, and we may not move it
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

// Scan looks once at the drop folders. Bundles that have settled are claimed by renames
// into in_invio and returned, the urgent ones first and then the oldest first; bad
// ones go to scartati with the reason beside them.
//
// The files are claimed even when the error is not nil: publish them, then look at
// the error. It joins what could not be moved, each wrapped in a [*Stuck]; those
// are tried again at the next Scan and do not stop the others. It is a [*Fault]
// when the folders themselves are not usable, or the disk is full. Scan takes about
// 100 files; [Spool.NextLook] is 0 when there are more.
func (s *Spool) Scan(ctx context.Context) ([]File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = time.Time{}
	if err := s.attend(); err != nil {
		return nil, err
	}
	if err := s.enoughRoom(); err != nil {
		return nil, err
	}
	now := time.Now()
	defer func() { s.lasted.Store(int64(time.Since(now))) }()
	unfinished := errors.Join(s.explain(), s.finishAll())
	settled, errs := s.look(now)
	errs = append(errs, unfinished)
	var files []File
	taken := 0
	for _, l := range settled {
		if err := ctx.Err(); err != nil {
			return files, errors.Join(append(errs, err)...)
		}
		if taken >= maxTaken {
			s.lookAgain(now)
			break
		}
		f, err := s.take(l)
		switch {
		case errors.Is(err, errMoving):
			s.lookAgain(now.Add(max(s.settle, patience)))
		case err != nil:
			errs = append(errs, &Stuck{Name: l.main().name, Folder: l.folder, Err: err})
		default:
			taken += len(l.files)
		}
		if f != nil {
			files = append(files, *f)
		}
	}
	return files, errors.Join(errs...)
}

// NextLook tells in how long the next look at the spool has something to do, as far
// as the last one saw. False means that nothing waits: sleep until an event or the
// slow timer.
func (s *Spool) NextLook() (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.next
	if soon := time.Now().Add(patience); s.crowded[sendingFolder] || s.crowded[withdrawFolder] {
		if next.IsZero() || soon.Before(next) {
			next = soon
		}
	}
	if next.IsZero() {
		return 0, false
	}
	return max(0, time.Until(next)), true
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

// look brings the sightings up to date and answers the bundles that have settled, in
// the order in which they are taken.
func (s *Spool) look(now time.Time) ([]bundle, []error) {
	var settled []bundle
	var errs []error
	before := s.seen
	s.seen = make(map[place]sighting, len(before))
	moving := s.movingFiles()
	for _, folder := range dropFolders() {
		names, err := s.names(folder, manyFiles)
		if err != nil {
			errs = append(errs, err)
		}
		var files []dropped
		for _, name := range names {
			if moving[place{folder, name}] {
				continue
			}
			d, err := s.sight(place{folder, name}, before, now)
			switch {
			case err != nil:
				errs = append(errs, err)
			case d != nil && !d.immovable:
				files = append(files, *d)
			}
		}
		for _, l := range bundles(folder, files) {
			if s.still(l, now) {
				settled = append(settled, l)
			}
		}
	}
	slices.SortFunc(settled, func(a, b bundle) int {
		x, y := a.main(), b.main()
		return cmp.Or(cmp.Compare(rank(a.folder), rank(b.folder)), x.info.ModTime().Compare(y.info.ModTime()), cmp.Compare(x.name, y.name))
	})
	return settled, errs
}

// still tells whether nothing of a bundle has changed for as long as it takes, and
// otherwise when to look again.
func (s *Spool) still(l bundle, now time.Time) bool {
	since := l.main().since
	for _, d := range l.files {
		if d.since.After(since) {
			since = d.since
		}
	}
	wait := time.Duration(l.waits()) * s.settle
	if now.Sub(since) >= wait {
		return true
	}
	s.lookAgain(since.Add(wait))
	return false
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

// sight looks at one entry; nil means that it is gone.
func (s *Spool) sight(p place, before map[place]sighting, now time.Time) (*dropped, error) {
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

// take claims a settled bundle, or refuses it. It answers nil without an error when the
// bundle is not offered: refused, or gone meanwhile.
func (s *Spool) take(l bundle) (*File, error) {
	if r := l.unfit(); r != nil {
		return nil, s.refuse(l.folder, l.names(), r)
	}
	f, held, err := s.readBundle(l)
	defer release(held) // until the renames nobody starts to write
	if r, ok := errors.AsType[*Refusal](err); ok {
		return nil, s.refuse(l.folder, l.names(), r)
	}
	if errors.Is(err, fs.ErrNotExist) && len(l.files) > 1 {
		return nil, errMoving // the rest may be another bundle
	}
	if err != nil {
		return nil, gone(err)
	}
	n, l, err := s.claim(l)
	if err != nil {
		return nil, gone(err)
	}
	s.log.Info("file accepted", "file", l.main().name, "folder", l.folder, "files", len(l.files))
	if info, err := s.root.Lstat(place{sendingFolder, n.main()}.path()); err != nil || !l.main().same(info) {
		return s.reload(n.main())
	}
	f = n.file(f, l)
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
