package spool

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// Events wakes the caller when something has happened in the drop folders, in
// in_invio or in ritirare: look again. Many events in a row are one. The channel is closed when
// ctx ends. Events are a help and no promise: other machines' changes on a network
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
	return errors.Join(errs...)
}

func (s *Spool) forward(ctx context.Context, w *fsnotify.Watcher, wake chan<- struct{}) {
	defer close(wake)
	defer w.Close()
	for {
		select {
		case <-ctx.Done():
			return
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
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

func (s *Spool) silent(path string) bool {
	folder, err := filepath.Rel(s.dir, filepath.Dir(path))
	return err == nil && ignored(place{folder, filepath.Base(path)})
}
