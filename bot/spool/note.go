package spool

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// note is what renames alone would lose in a crash: the files that are one bundle,
// where they come from and what becomes of them. It is on the disk before the first
// rename, and goes when the bundle has got its report.
type note struct {
	// From is the folder that the files are leaving; empty when all have left it.
	From string `json:",omitempty"`
	// Files are the bundle, the main file first.
	Files   []member
	Urgent  bool     `json:",omitempty"`
	Preview bool     `json:",omitempty"`
	Refusal *Refusal `json:",omitempty"` // set: they go to scartati and not to in_invio

	at place // where this note is
}

// member is one file of a bundle. Its names are bytes because JSON would mend one that
// is not UTF-8, and then no file would have it.
type member struct {
	Name []byte // as dropped
	File []byte // where it goes to
}

const (
	claimPrefix   = "claim-"
	refusalPrefix = "refusal-"
	noteSuffix    = ".json"

	// maxNote is the size of the note of a folder full of files of one stem, with the
	// longest names; maxCommas how many commas there are in it.
	maxNote   = 16 << 20
	maxCommas = 2*manyFiles + 1000
)

// notePlace hashes the name: with a prefix and a suffix a long one would not fit.
func notePlace(prefix, file string) place {
	sum := sha256.Sum256([]byte(file))
	return place{hiddenFolder, prefix + hex.EncodeToString(sum[:16]) + noteSuffix}
}

func newNote(from string, names, files []string) note {
	n := note{From: from}
	for i := range names {
		n.Files = append(n.Files, member{Name: []byte(names[i]), File: []byte(files[i])})
	}
	return n
}

// main is the name under which the bundle is known from here on.
func (n note) main() string { return string(n.Files[0].File) }

// folder is where the files go.
func (n note) folder() string {
	if n.Refusal != nil {
		return rejectedFolder
	}
	return sendingFolder
}

func (n note) names() []string {
	names := make([]string, len(n.Files))
	for i, m := range n.Files {
		names[i] = string(m.Name)
	}
	return names
}

func (n note) files() []string {
	files := make([]string, len(n.Files))
	for i, m := range n.Files {
		files[i] = string(m.File)
	}
	return files
}

// keep writes the note down.
func (s *Spool) keep(n *note) error {
	prefix := claimPrefix
	if n.Refusal != nil {
		prefix = refusalPrefix
	}
	if n.at == (place{}) {
		n.at = notePlace(prefix, n.main())
	}
	data, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("write note: %w", err)
	}
	return s.write(n.at, data)
}

// readNote answers fs.ErrNotExist when there is none. What it says is not believed
// where it would lead out of our folders: staff can write there.
func (s *Spool) readNote(p place) (note, error) {
	n := note{at: p}
	data, err := s.content(p, maxNote)
	if err != nil {
		return n, err
	}
	if bytes.Count(data, []byte(",")) > maxCommas { // [{},{},{},… takes twenty times the memory
		return n, fmt.Errorf("read note %s: %w", p.name, fs.ErrInvalid)
	}
	if err := json.Unmarshal(data, &n); err != nil {
		return n, fmt.Errorf("read note %s: %w", p.name, err)
	}
	if len(n.Files) == 0 || n.From != "" && !slices.Contains(append(dropFolders(), sendingFolder, withdrawFolder), n.From) {
		return n, fmt.Errorf("read note %s: %w", p.name, fs.ErrInvalid)
	}
	if n.Refusal == nil && len(n.Files) > 1+MaxAttachments { // we keep these in memory
		return n, fmt.Errorf("read note %s: %w", p.name, fs.ErrInvalid)
	}
	for _, name := range slices.Concat(n.names(), n.files()) {
		if err := single(name); err != nil {
			return n, fmt.Errorf("read note %s: %w", p.name, err)
		}
	}
	return n, nil
}

// recover takes up what a crash interrupted: half-written files go, notes are read
// again, and bundles that were on their way are finished. Refusals come first, because
// they may be about bundles that were claimed.
func (s *Spool) recover() error {
	s.claims, s.moving = map[string]note{}, map[place]note{}
	var refusals, claims []place
	var errs []error
	err := s.each(hiddenFolder, func(name string) bool {
		p := place{hiddenFolder, name}
		if info, err := s.root.Lstat(p.path()); err != nil || !info.Mode().IsRegular() {
			return true // none of ours, and it must not stop us
		}
		switch {
		case strings.HasPrefix(name, tempPrefix):
			errs = append(errs, s.remove(p))
		case strings.HasPrefix(name, refusalPrefix):
			refusals = append(refusals, p)
		case strings.HasPrefix(name, claimPrefix):
			claims = append(claims, p)
		}
		return true
	})
	errs = append(errs, err)
	for _, p := range append(refusals, claims...) {
		errs = append(errs, s.recoverNote(p))
	}
	return errors.Join(errs...)
}

// recoverNote takes up one bundle. A note that cannot be read is worth nothing and
// goes. Its files, if they are in in_invio, are then refused aloud as without a note.
func (s *Spool) recoverNote(p place) error {
	n, err := s.readNote(p)
	if err != nil {
		s.log.Warn("note cannot be read, dropping it", "note", p.name, "error", err)
		return s.remove(p)
	}
	arrived, err := s.present(n.folder(), n.files())
	if err != nil {
		return err
	}
	switch {
	case len(arrived) == 0: // it never left, or it has been taken away since
		return s.remove(p)
	case n.Refusal == nil && len(s.claims) >= manyFiles: // nobody has dropped so much
		return s.remove(p)
	case n.From == "" && n.Refusal == nil:
		s.claims[n.main()] = n
		return nil
	}
	_, err = s.finish(n)
	return err
}

// present are those of the files that are in the folder.
func (s *Spool) present(folder string, files []string) ([]string, error) {
	var there []string
	for _, file := range files {
		ok, err := s.exists(place{folder, file})
		if err != nil {
			return nil, err
		}
		if ok {
			there = append(there, file)
		}
	}
	return there, nil
}
