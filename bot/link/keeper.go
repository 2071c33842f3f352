package link

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Line is what the rooms need of WhatsApp. It is [whatsapp.Client], but for the
// test that simulates a year.
type Line interface {
	Paired() bool
	Pair(context.Context, whatsapp.Screen) error
	Connect(context.Context) error
	State() whatsapp.StateChange
	Ready() bool
	Link() string
	Send(ctx context.Context, to whatsapp.Address, id string, content whatsapp.Content) (time.Time, error)
	SendWave(ctx context.Context, letters []whatsapp.Letter) (await func() []error)
	Repeat(ctx context.Context, to whatsapp.Address, r whatsapp.Repeat, content whatsapp.Content) error
	Prepare(ctx context.Context, people []whatsapp.Address)
	Upload(ctx context.Context, kind whatsapp.MediaKind, data []byte) (whatsapp.Upload, error)
	Identify(ctx context.Context, a whatsapp.Address) (whatsapp.Address, error)
	MarkRead(ctx context.Context, chat whatsapp.Address, ids ...string) error
	Forget(context.Context, []whatsapp.Address) error
	Compact(context.Context) error
	Shed(ctx context.Context, meanwhile func()) error
	Sweep(context.Context, whatsapp.Reasons) (gone int, err error)
	HistoryWaiting(context.Context) (int, error)
	HistoryOver(context.Context) error
	Unlink(context.Context) error
	Version() whatsapp.Version
	Renew()
	Close() error
}

// Options are what the keeper of the link needs.
type Options struct {
	Dir            string // the data directory
	Number, Device string // of the Comune, and what its phone calls the linked device

	Store      *store.Store
	Log        *slog.Logger
	HTTPClient *http.Client // nil: the library's own transport
	Bells      []loop.Bell  // of the loops that depend on the link; rung when it comes or goes

	// Open opens session.dk.
	Open func(context.Context, whatsapp.Options) (Line, error)
}

// Keeper is the link loop: who is the linked device, and by which [Line].
type Keeper struct {
	o       Options
	hears   whatsapp.Options           // the callbacks, the same for each line
	current atomic.Pointer[Line]       // another one after each new link
	hold    *store.DirLock             // on session.db; nil: it is another's, or there is no link
	beside  bool                       // the line is only there to erase from
	proven  bool                       // the link held has been connected
	seen    string                     // the session.db that holds no link
	said    atomic.Pointer[store.Link] // what was noted last of the link; nil: nothing yet
	bell    loop.Bell                  // the link has come or gone
	bells   []loop.Bell                // of all who must know

	life context.Context // ends with Close; for what WhatsApp's callbacks write
	end  context.CancelFunc
}

// New makes a keeper that has opened nothing yet.
func New(ctx context.Context, o Options) *Keeper {
	k := &Keeper{o: o, bell: loop.NewBell()}
	k.bells = append(slices.Clone(o.Bells), k.bell)
	k.life, k.end = context.WithCancel(context.WithoutCancel(ctx))
	return k
}

// Begin opens session.db for those who hear: as the linked device if there is a link
// and nobody else holds it, else only to erase from it.
func (k *Keeper) Begin(ctx context.Context, hears whatsapp.Options) error {
	k.hears = hears
	return k.takeLine(ctx)
}

// BeginBeside opens session.db only to erase from it, whatever number is linked and
// whoever holds it.
func (k *Keeper) BeginBeside(ctx context.Context) error {
	l, err := k.openLine(ctx, true)
	if err == nil {
		k.current.Store(&l)
	}
	return err
}

// Line is the line in use, once the keeper has begun. Who asks it for more than one
// thing should ask once: another link has another line.
func (k *Keeper) Line() Line { return *k.current.Load() }

// Noted is what was noted last of the link. Until something was, it is what the line
// says.
func (k *Keeper) Noted() store.Link {
	if said := k.said.Load(); said != nil {
		return *said
	}
	return Of(k.Line().State(), time.Time{})
}

// Pair shows codes on the screen until the Comune's phone has scanned one and
// the link is proven. It may take as long as ctx allows. While another process
// links a phone the error is a [*store.LockedError].
func (k *Keeper) Pair(ctx context.Context, screen whatsapp.Screen) error {
	if k.hold == nil {
		hold, err := store.LockSession(k.o.Dir)
		if err != nil {
			return err
		}
		k.hold = hold
	}
	if err := k.Line().Pair(ctx, screen); err != nil {
		return err
	}
	return k.o.Store.BelongTo(ctx, k.o.Number)
}

// takeLine opens session.db: as the linked device if there is a link and nobody
// else holds it, else only to erase from it.
func (k *Keeper) takeLine(ctx context.Context) error {
	hold, err := store.LockSession(k.o.Dir)
	_, beside := errors.AsType[*store.LockedError](err)
	if err != nil && !beside {
		return err
	}
	l, err := k.openLine(ctx, beside)
	if err != nil {
		if hold != nil {
			err = errors.Join(err, hold.Unlock())
		}
		return err
	}
	k.beside = beside
	if old := k.current.Swap(&l); old != nil {
		err = (*old).Close()
	}
	if l.Paired() {
		k.hold = hold
		return err
	}
	if hold != nil {
		err = errors.Join(err, hold.Unlock())
	}
	k.seen = k.sessionSeen()
	return err
}

func (k *Keeper) openLine(ctx context.Context, beside bool) (Line, error) {
	last, err := lastLink(ctx, k.o.Store)
	if err != nil {
		return nil, err
	}
	mark, err := k.o.Store.SessionMark(ctx)
	if err != nil {
		return nil, err
	}
	o := k.hears
	o.Dir, o.Number, o.Device = k.o.Dir, k.o.Number, k.o.Device
	o.Logger, o.HTTPClient = k.o.Log, k.o.HTTPClient
	o.Last, o.Mark, o.KeepMark, o.Beside = last, mark, k.o.Store.SetSessionMark, beside
	o.OnState = k.LinkChanged
	return k.o.Open(ctx, o)
}

// LinkedBefore tells whether a phone was ever linked: then the service runs without
// a link too, and waits for a new one.
func (k *Keeper) LinkedBefore(ctx context.Context) (bool, error) {
	number, err := k.o.Store.ListNumber(ctx)
	if err != nil || number != "" {
		return number != "", err
	}
	l, _, err := k.o.Store.Link(ctx)
	s := whatsapp.State(l.State)
	return s.Paired() || s == whatsapp.StateLoggedOut || l.Cause != "", err
}

// Close ends the link and lets session.db go. It may be called twice.
func (k *Keeper) Close() error {
	var errs []error
	defer k.end()
	if l := k.current.Swap(nil); l != nil {
		errs = append(errs, (*l).Close())
	}
	if k.hold != nil {
		errs = append(errs, k.hold.Unlock())
		k.hold = nil
	}
	return errors.Join(errs...)
}
