package spool

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Events wakes the caller when something has happened in the drop folders, in
// in_invio or in ritirare: look again. Many events in a row are one. The channel is
// closed when ctx ends. Events are a help and no promise: other machines' changes on a network
// folder send none, and after an error here only the slow timer is left.
func (s *Spool) Events(ctx context.Context) (<-chan struct{}, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch the spool: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watcher = w
	if err := s.watch(); err != nil {
		s.watcher = nil
		return nil, errors.Join(fmt.Errorf("watch the spool: %w", err), w.Close())
	}
	wake := make(chan struct{}, 1)
	go s.forward(ctx, w, wake)
	return wake, nil
}

// watch turns to the folders that are there now: after a share has come back, or
// somebody has deleted a folder, they are other ones of the same name.
func (s *Spool) watch() error {
	if s.watcher == nil {
		return nil
	}
	var errs []error
	for _, folder := range append(dropFolders(), sendingFolder, withdrawFolder) {
		path := filepath.Join(s.dir, folder)
		_ = s.watcher.Remove(path) // it may not be watched yet, or no longer
		errs = append(errs, s.watcher.Add(path))
	}
	s.watched = len(s.watcher.WatchList())
	return errors.Join(errs...)
}

// flurry is how long events are gathered before they wake the caller, so that a file
// that is written byte by byte is not looked at as often.
const flurry = 100 * time.Millisecond

func (s *Spool) forward(ctx context.Context, w *fsnotify.Watcher, wake chan<- struct{}) {
	defer close(wake)
	defer s.unwatch(w)
	var gathered <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-gathered:
			gathered = nil
			select {
			case wake <- struct{}{}:
			default:
			}
			continue
		case e, ok := <-w.Events:
			if !ok {
				return
			}
			// Our own stato.html must not wake us: a page would cause the next.
			if s.silent(e.Name) {
				continue
			}
		case err, ok := <-w.Errors:
			if !ok {
				return
			}
			s.log.Warn("folder events were lost, looking at everything", "error", err)
		}
		if gathered == nil { // looks that take long, at thousands of files, come less often
			gathered = time.After(max(flurry, 4*time.Duration(s.lasted.Load())))
		}
	}
}

func (s *Spool) unwatch(w *fsnotify.Watcher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watcher == w {
		s.watcher = nil
	}
	w.Close()
}

func (s *Spool) silent(path string) bool {
	folder, err := filepath.Rel(s.dir, filepath.Dir(path))
	return err == nil && ignored(place{folder, filepath.Base(path)})
}
