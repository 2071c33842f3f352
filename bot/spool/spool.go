// Package spool is the folder protocol: staff drop a text file and what is attached
// to it, and the place of a file is its state. It knows nothing of WhatsApp and
// nothing of SQL.
//
// # The promise
//
// No file vanishes (G8): every file dropped in one of the drop folders ends in
// inviati, ritirare or scartati, with a report in Italian beside it. No file makes the
// program hang, crash, or read outside the spool (G9): what is not a plain file of a
// kind that can be sent is moved aside unread, and links are never followed.
//
// The files of one announcement are a bundle: festa.txt, festa.jpg, festa-1.pdf. A bundle
// is claimed, refused, filed and withdrawn as a whole.
//
// # What survives a crash
//
// A bundle is claimed by renames on the same file system. Its files, where they came
// from (urgenti, prova) and the names they were dropped under are written in a note,
// and the note is on the disk, before the first rename. So after a crash at any
// instruction the bundle is either still in its drop folder, and will be claimed, or in
// in_invio with its note, and [Spool.Load] gives it back; what a crash or an error
// left half moved is finished at the next Open or Scan.
//
// # What may happen twice
//
// A crash after the claim and before the announcement is published leaves a file
// in in_invio that nobody has published: it is offered again, under the same name
// in in_invio. The caller publishes once per such name. Reports may be written
// twice; the second writing changes nothing.
//
// # How the pieces fit
//
// [Spool.Scan] is the truth and a slow timer is enough to be right, because SMB
// and NFS send no events; [Spool.Events] only makes it quick, and
// [Spool.NextLook] tells when a file that is still settling should be looked at.
package spool

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"

	"banditore/store"
)

// File is an announcement as staff dropped it.
//
// Of its Content, Name is the file's name as dropped, extension included; it may
// hold any byte a file name may hold: escape it before showing it. File is its name
// in in_invio and, later, in inviati or scartati: Name, made unique when that was
// taken. It is the key of all other methods. Text is UTF-8 in NFC with LF line ends,
// trimmed, at most MaxCharacters long; empty only beside attachments. The options
// before it are not part of it: NotBefore and Expires are dal and scade, zero
// without them. When both are there, NotBefore comes first; Expires lay ahead when
// the file was read. Comuni are spelled as Options.Comune does. What was dropped in
// urgenti is Urgent, in prova Preview. Owner is a name, or the number where there is
// none. The rest is the caller's to fill in.
type File struct {
	store.Content
	// Attachments come in the order in which they are sent.
	Attachments []Attachment
	// CorrectsStem is the name, without its extension, of the announcement that this
	// one corrects; empty: none.
	CorrectsStem string
}

// Attachment is a picture, a video or a PDF that is sent with an announcement.
type Attachment struct {
	Name string // as dropped
	File string // in in_invio and, later, in inviati or scartati
	Size int64  // in bytes, when it was taken
}

// Options say how a Spool behaves. The zero value takes files at once, reads dates
// in UTC and logs nothing.
type Options struct {
	// Settle is how long size and time of a file must stay the same before it is
	// taken. 0 means at once.
	Settle time.Duration
	// Existing says that files were claimed here before: then a folder without
	// in_invio is another one, say because a share is not mounted. Open refuses it
	// and creates nothing.
	Existing bool
	// Location is where the dates in the files are meant; nil means UTC.
	Location *time.Location
	// Comune gives the spelling of a Comune that the option comuni names, and whether
	// there is one of that name; nil knows none.
	Comune func(name string) (canonical string, ok bool)
	// Logger gets file names and errors, which are no personal data; nil is silent.
	Logger *slog.Logger
}

// Spool is one spool folder. Its methods may be called from several goroutines.
type Spool struct {
	dir    string
	root   *os.Root
	settle time.Duration
	loc    *time.Location
	comune func(name string) (canonical string, ok bool) // may be nil
	log    *slog.Logger
	step   func() // tests stop here, before each change on the disk; nil in the daemon

	mu        sync.Mutex // guards the folder's content against ourselves, and what follows
	seen      map[place]sighting
	next      time.Time       // when the next look is worth while; zero: nothing waits
	claims    map[string]note // the bundles in in_invio, by main file
	moving    map[place]note  // the bundles that an error has left half moved
	withdrawn map[string]bool // what lies in ritirare and has been dealt with
	crowded   map[string]bool // the folders of which the last list was too long
	rejected  reported
	owners    map[uint32]string
	watcher   *fsnotify.Watcher // nil: none
	watched   int               // how many folders it watches, unless one has gone

	lasted atomic.Int64 // how long the last Scan took, a time.Duration
}

// Open prepares the spool folder dir: it creates the folders that are missing
// (mode 2770: owner and group may do everything and new files keep the group, so
// that a Samba group can drop and take away; the mode of a folder that exists is
// never changed), tries that each can be written and renamed into, writes
// LEGGIMI.txt and finishes what a crash interrupted.
//
// An error that a person must mend is a [*Fault]. One process opens a spool at a
// time; use [Check] to try a folder that may be in use.
func Open(dir string, o Options) (*Spool, error) {
	if o.Existing {
		if err := mustBeKnown(dir); err != nil {
			return nil, err
		}
	}
	s, err := open(dir, o)
	if err != nil {
		return nil, err
	}
	if err := s.start(); err != nil {
		s.root.Close()
		return nil, err
	}
	return s, nil
}

// Check tries whether dir would do as a spool folder: it creates what is missing
// and probes it, and leaves the rest alone, so that it may run beside a daemon. With
// existing it must be one already, as [Options] says.
func Check(dir string, existing bool) error {
	if existing {
		if err := mustBeKnown(dir); err != nil {
			return err
		}
	}
	s, err := open(dir, Options{})
	if err != nil {
		return err
	}
	defer s.root.Close()
	return s.prepare()
}

// Close gives the folder's descriptor back. Files stay where they are.
func (s *Spool) Close() error { return s.root.Close() }

func (s *Spool) aboutToChange() {
	if s.step != nil {
		s.step()
	}
}

func open(dir string, o Options) (*Spool, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	if err := makeRoot(dir); err != nil {
		return nil, fault(dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fault(dir, err)
	}
	return &Spool{dir: dir, root: root, settle: o.Settle, loc: o.Location, comune: o.Comune, log: o.Logger, seen: map[place]sighting{},
		claims: map[string]note{}, moving: map[place]note{}, withdrawn: map[string]bool{}, crowded: map[string]bool{}, owners: map[uint32]string{}}, nil
}

func (s *Spool) start() error {
	if err := s.prepare(); err != nil {
		return err
	}
	if err := s.recover(); err != nil {
		return fmt.Errorf("finish what was interrupted in %s: %w", s.dir, err)
	}
	return s.write(place{rootFolder, readmeName}, []byte(crlf(readme)))
}

// explain writes LEGGIMI.txt again when somebody has deleted it.
func (s *Spool) explain() error {
	p := place{rootFolder, readmeName}
	if there, err := s.exists(p); err != nil || there {
		return err
	}
	return s.write(p, []byte(crlf(readme)))
}
