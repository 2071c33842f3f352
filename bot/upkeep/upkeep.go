// Package upkeep does what is due without the network: it erases who has left, and
// whoever is held for no reason (G5), ends what has become pointless, deletes old
// rows, and notices a clock that was put back. It works while no device is linked too.
//
// It has no loop of its own: the loop that sends calls it between two messages,
// so that an erasure never overlaps a send. Everything here may be done twice.
//
// Another program that reads a database of ours, say a backup tool, cannot keep a row
// from being deleted, but a log from being emptied, and a deleted row stays in there.
// Nobody waits for its end (owed.go): others are erased meanwhile, what is owed is
// tried again ever more rarely and remembered by the database across restarts, and
// after the five minutes of G5 it is a problem.
package upkeep

import (
	"context"
	"log/slog"
	"time"

	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Options are what upkeep needs.
type Options struct {
	Store     *store.Store
	Forgotten *store.Forgotten // who has left; nil: not asked for
	Log       *slog.Logger
	DataDir   string
	Forget    config.Forget
	Holdback  time.Duration // of ordinary announcements, as configured

	// ForgetSession erases people from the session's database, and CompactSession
	// completes what a reader kept it from: [whatsapp.ErrBusy] says that one does.
	ForgetSession  func(context.Context, []whatsapp.Address) error
	CompactSession func(context.Context) error

	// ClearMemory takes out of the process's memory what has been erased; nil: the process ends anyway.
	ClearMemory func(context.Context) error

	// SweepSession erases everybody from the session's database for whom there is no
	// reason, and tells how many identities it erased. Previews are the numbers in the
	// configuration that get a preview.
	SweepSession func(context.Context, whatsapp.Reasons) (int, error)
	Previews     []store.Number

	// Note tells of a problem, or of its end. It is not called by [Upkeep.Forget].
	Note func(context.Context, store.Problem)

	Outgoing loop.Bell // wakes the loop that calls Due
	Changed  loop.Bell // rung when the status page is out of date
	Folder   loop.Bell // rung when an announcement may be over
}

// Upkeep keeps a town's store in order. Its methods are for one goroutine, except
// [Upkeep.Kept].
type Upkeep struct {
	store         *store.Store
	forgotten     *store.Forgotten
	log           *slog.Logger
	dataDir       string
	keep          config.Forget
	holdback      time.Duration
	forgetSession func(context.Context, []whatsapp.Address) error
	clearMemory   func(context.Context) error
	note          func(context.Context, store.Problem)

	outgoing, changed, folder loop.Bell

	looked     time.Time // the last look at the clock on the wall
	erased     time.Time // the last erasure
	remembers  time.Time // the first erasure since the memory was cleared; zero: there was none
	cleared    time.Time // when it was
	eraseAgain time.Time // no erasure before, after one that failed
	failing    time.Time // since when erasures fail; zero: they do not
	purgeNext  time.Time // when old rows are looked for again

	session, list file      // session.db and store.db, and what they owe
	settled       time.Time // when both were looked at last
	recalled      bool      // what the process before told of that
	broom         broom
}

// New returns the upkeep of a store. It does nothing yet.
func New(o Options) *Upkeep {
	return &Upkeep{
		store: o.Store, forgotten: o.Forgotten, log: o.Log, dataDir: o.DataDir, keep: o.Forget, holdback: o.Holdback,
		forgetSession: o.ForgetSession, clearMemory: o.ClearMemory, note: o.Note, outgoing: o.Outgoing, changed: o.Changed, folder: o.Folder,
		session: file{name: "session.db", compact: o.CompactSession},
		list:    file{name: "store.db", compact: func(ctx context.Context) error { return o.Store.Compact(ctx) }},
		broom:   broom{sweep: o.SweepSession, reasons: message.Reasons(o.Store, o.Previews)},
	}
}

// Begin says that a process starts: the last one may owe the end of an erasure.
func (u *Upkeep) Begin(started time.Time) {
	u.session.next, u.list.next = started, started
	u.broom.next = started // nobody remembers what it has seen
}
