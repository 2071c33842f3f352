package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"banditore/bot/whatsapp"
)

var errPlace = errors.New("no place for the picture")

// picture is a code as a file that only its owner can read. It is never written
// over what somebody else has put there, follows no link, and at any time holds
// a whole picture.
type picture struct {
	dir  *os.Root
	path string      // as the person has named it
	name string      // in dir
	mine fs.FileInfo // the file as we wrote it last; nil: not yet
}

// newPicture sees early that there is a place for the file, which is in none of
// the directories of the service: staff would see it, or get it announced.
func newPicture(path string, not ...string) (*picture, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, brokenPicture(path, err)
	}
	for _, dir := range not {
		if strings.HasPrefix(abs, dir+"/") {
			return nil, &spokenError{fmt.Sprintf("Il file %s non può stare in %s, che è del servizio: scegli un'altra cartella.", path, dir), usageError{errPlace}}
		}
	}
	dir, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, brokenPicture(path, err)
	}
	p := &picture{dir: dir, path: path, name: filepath.Base(path)}
	if _, err = dir.Lstat(p.name); err == nil {
		err = fs.ErrExist
	} else if errors.Is(err, fs.ErrNotExist) {
		err = p.probe()
	}
	if err != nil {
		return nil, errors.Join(brokenPicture(path, err), dir.Close())
	}
	return p, nil
}

// probe tries whether files can be made here, without touching the name.
func (p *picture) probe() error {
	name, err := p.write(nil)
	return errors.Join(err, p.dropped(name))
}

// put puts a code in the place of the one before.
func (p *picture) put(q *whatsapp.QR) error {
	data, err := q.PNG()
	if err != nil {
		return err
	}
	if err := p.replace(data); err != nil {
		return brokenPicture(p.path, err)
	}
	return nil
}

func (p *picture) replace(data []byte) error {
	name, err := p.write(data)
	if err == nil {
		err = p.claim()
	}
	if err == nil {
		err = p.dir.Rename(name, p.name)
	}
	if err != nil {
		return errors.Join(err, p.dropped(name))
	}
	p.mine, err = p.dir.Lstat(p.name)
	return err
}

// claim makes sure that the name is ours: still, or from now on.
func (p *picture) claim() error {
	now, err := p.dir.Lstat(p.name)
	switch {
	case errors.Is(err, fs.ErrNotExist): // at first, or somebody has removed it
		f, err := p.dir.OpenFile(p.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		return f.Close()
	case err != nil:
		return err
	case p.mine == nil || !os.SameFile(now, p.mine):
		return fs.ErrExist
	}
	return nil
}

// write writes a new file beside the picture and returns its name.
func (p *picture) write(data []byte) (name string, err error) {
	name = ".banditore-" + rand.Text()
	f, err := p.dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	return name, errors.Join(err, f.Chmod(0o600), f.Close())
}

func (p *picture) dropped(name string) error {
	if name == "" {
		return nil
	}
	return p.dir.Remove(name)
}

// remove takes the picture away, if it is still ours.
func (p *picture) remove() error {
	defer p.dir.Close()
	if p.mine == nil {
		return nil
	}
	now, err := p.dir.Lstat(p.name)
	if err != nil || !os.SameFile(now, p.mine) {
		return nil
	}
	if err := p.dir.Remove(p.name); err != nil {
		return &spokenError{"Il file " + p.path + " non si può cancellare: cancellalo a mano.", err}
	}
	return nil
}

// brokenPicture ends a pairing whose picture cannot be written.
func brokenPicture(path string, err error) error {
	words := fmt.Sprintf("Il file %s non si può scrivere. Indica un file nuovo in una cartella dove può scrivere l'utente %s, per esempio /tmp/codice.png, oppure usa --code.", path, whoami())
	if errors.Is(err, fs.ErrExist) {
		words = fmt.Sprintf("Il file %s c'è già e non lo sovrascrivo: indica un altro nome, o cancellalo prima.", path)
	}
	return &spokenError{words, err}
}
