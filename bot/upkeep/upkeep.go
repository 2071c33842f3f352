// Package upkeep does what is due without the network: it erases who has left
// (G5), ends what has become pointless, deletes old rows, and notices a clock
// that was put back. It works while no device is linked too.
//
// It has no loop of its own: the loop that sends calls it between two messages,
// so that an erasure never overlaps a send. Everything here may be done twice.
package upkeep

import (
	"context"
	"log/slog"
	"time"

	"banditore/bot/config"
	"banditore/bot/loop"
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

	// ForgetSession erases people from the session's database.
	ForgetSession func(context.Context, []whatsapp.Address) error

	Changed loop.Bell // rung when the status page is out of date
	Folder  loop.Bell // rung when an announcement may be over
}

// Upkeep keeps a town's store in order. Its methods are for one goroutine.
type Upkeep struct {
	store         *store.Store
	forgotten     *store.Forgotten
	log           *slog.Logger
	dataDir       string
	keep          config.Forget
	holdback      time.Duration
	forgetSession func(context.Context, []whatsapp.Address) error

	changed, folder loop.Bell

	looked     time.Time // the last look at the clock on the wall
	erased     time.Time // the last erasure
	eraseAgain time.Time // the next erasure, after one that failed or may have been cut short
	purgeNext  time.Time // when old rows are looked for again
}

// New returns the upkeep of a store. It does nothing yet.
func New(o Options) *Upkeep {
	return &Upkeep{
		store: o.Store, forgotten: o.Forgotten, log: o.Log, dataDir: o.DataDir, keep: o.Forget, holdback: o.Holdback,
		forgetSession: o.ForgetSession, changed: o.Changed, folder: o.Folder,
	}
}

// Begin says that a process starts: the last one may owe an erasure.
func (u *Upkeep) Begin(started time.Time) { u.eraseAgain = started }
