// Package outbox sends everything that leaves (G1, G2, G7): answers first, then urgent
// announcements, then ordinary ones, one message at a time; but urgent ones without a
// pace leave a window at a time (wave.go). It has two loops: the [Outbox] claims, sends,
// judges and settles; the [Uploader] brings attachments to WhatsApp before what shows
// them can be claimed. Who comes next is prepared meanwhile (ahead.go).
//
// A row says `sending` before the network hears of it. Afterwards it is settled by
// what WhatsApp said, and by the brake, which watches how all sends end and turns
// lights red and green (brake.go, verdict.go).
//
// A wave is claimed in one transaction and settled in another, and each of its messages
// is judged by itself. While it waits for its answers the next one is claimed and sent;
// then it lands, before anything else is claimed. So what turns a light red has at most
// one more wave on the wire behind it, and a message that has not been claimed can be
// stopped. A message of a wave that was stopped, or whose recipient left, after it was
// claimed is asked about once more, just before it is encrypted.
//
// What may happen twice: a message may leave twice when the process dies between the
// server's answer and our commit, and so may all of the two waves that are on their way
// then. It leaves with the same ID, and a phone shows an ID once. An attachment may be
// uploaded twice, and somebody prepared twice.
package outbox

import (
	"context"
	"log/slog"
	"time"

	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/pace"
	"banditore/bot/upkeep"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Patience is how long the message in hand may take once the daemon has been
// told to stop. Up to two seconds to give it up and three to hang up follow;
// systemd is promised an end within ten.
const Patience = 4 * time.Second

// Line is what leaves needs of WhatsApp.
type Line interface {
	Ready() bool
	Send(ctx context.Context, to whatsapp.Address, id string, content whatsapp.Content) (time.Time, error)
	SendWave(ctx context.Context, letters []whatsapp.Letter) (await func() []error)
	Repeat(ctx context.Context, to whatsapp.Address, r whatsapp.Repeat, content whatsapp.Content) error
	Prepare(ctx context.Context, people []whatsapp.Address)
	Upload(ctx context.Context, kind whatsapp.MediaKind, data []byte) (whatsapp.Upload, error)
	Identify(ctx context.Context, a whatsapp.Address) (whatsapp.Address, error)
	MarkRead(ctx context.Context, chat whatsapp.Address, ids ...string) error
	Renew()
}

// Options are what the two loops need.
type Options struct {
	Store    *store.Store
	Log      *slog.Logger
	Line     func() Line // the one in use: another link has another line
	Composer message.Composer
	Upkeep   *upkeep.Upkeep // called between two messages
	Pace     pace.Policy

	AnswersPerMinute int // at most
	Window           int // urgent messages that are sent together, and wait for their answers together; 1: one by one

	// History looks whether the phone's history is still waited for. It is called while
	// the line is ready. HistoryUntil is until when announcements and erasures wait for
	// it, as was known then; zero: they do not.
	History      func(ctx context.Context, now time.Time) (until time.Time, err error)
	HistoryUntil func() time.Time

	// Identified carries out what follows from a number and a LID being one person's.
	Identified func(ctx context.Context, known whatsapp.Address, former string) error
	// MyData is the answer to who asks what is held of them.
	MyData func(context.Context, store.Person) (string, error)
	// Note shows people a problem; one without a sentence is over.
	Note func(context.Context, store.Problem)

	Outgoing, Uploads loop.Bell // wake the two loops
	Changed           loop.Bell // rung when the page is out of date
	Folder            loop.Bell // rung when a report may be

	Life context.Context // ends with the process; for what WhatsApp's callbacks write
}

// Outbox is the deliver loop, and what WhatsApp says of what it sent.
type Outbox struct {
	Options
	Uploader *Uploader

	brake   brake     // what WhatsApp says of what we send
	wave    *wave     // on the wire; nil: none
	ahead   ahead     // who is prepared
	started time.Time // the pace keeps its distance from whatever the last process sent
	untold  bool      // messages have ended since the folder was told,
	told    time.Time // which was then
}

// New makes an outbox that obeys the lights which were red when the last process
// ended.
func New(ctx context.Context, o Options) (*Outbox, error) {
	x := &Outbox{Options: o}
	x.Uploader = &Uploader{Options: o, brake: &x.brake}
	lights, err := o.Store.RedLights(ctx)
	if err == nil {
		x.brake.resume(lights)
	}
	return x, err
}

// Lights lists the lights that are red.
func (x *Outbox) Lights() []store.RedLight { return x.brake.red() }
