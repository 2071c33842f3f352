// Package inbox carries out what citizens write: it reads a text, changes the list
// and writes the answer to the outbox, in one transaction. It sends nothing, and
// asks WhatsApp nothing about anybody.
//
// WhatsApp's handlers call [Inbox.Receive] with one text at a time, and acknowledge
// it to the server only after the transaction has been committed: when the process
// is killed in between, the text comes again, and its ID is handled once (G3). A
// text may therefore be handed over twice, and its wish is carried out once.
//
// What is done about a text stands in one table ([conversation]): where the
// conversation with its sender stands, what the text means, what changes, what they
// are told, and where it stands then. The store knows the question that is open, and
// what they have said so far; [citizen.Reader] says what a text means in its light.
//
// What citizens wrote while no device was linked comes with the phone's history
// ([Inbox.HistoryRead]), one part at a time and never beside a text. Cancellations
// are carried out at once, registrations when all parts are here. Until then
// announcements wait and nobody is forgotten ([Inbox.WatchHistory]), and the parts
// are kept, so that the next start knows them all again.
//
// A text may show a number, a LID, or both, and the list may know the other one.
// Nobody is asked here: a hash of who asked to leave and was not found is kept, and
// [Inbox.Identified] carries the wish out when both turn out to be one person. Whose a
// number is by now that shows itself alone, the link has asked before it hands a text
// over; while nobody knows, the sender counts as somebody who is not on the list, but
// for a cancellation, which counts under either identity.
package inbox

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// Line is what the inbox needs of the link to WhatsApp.
type Line interface {
	// Link names the link; it is empty without one, and another after each pairing.
	Link() string
	// HistoryWaiting is how many parts of the phone's history are known to be
	// there, and not read yet.
	HistoryWaiting(context.Context) (int, error)
	// HistoryOver says that no part is needed any more.
	HistoryOver(context.Context) error
}

// Options are what the inbox needs.
type Options struct {
	Store     *store.Store
	Forgotten *store.Forgotten // who has left; nil: it is not kept
	Log       *slog.Logger
	Texts     *citizen.Texts
	Reader    *citizen.Reader
	Line      func() Line // the one in use; each new link brings another

	PerPersonHour int           // answers that somebody gets within an hour, at most
	DoubleOptIn   bool          // a registration needs a yes
	KeepQuestions time.Duration // how long what was asked may be answered

	Location *time.Location // where a pause begins and ends at midnight; nil means UTC

	Outgoing loop.Bell // rung when an answer may leave, or an announcement
	Changed  loop.Bell // rung when the page is out of date
}

// Inbox is the receive loop, without a goroutine of its own: WhatsApp's handlers
// call Receive, HistoryRead and Identified. Resume, Until and WatchHistory are for
// one other goroutine.
type Inbox struct {
	store     *store.Store
	forgotten *store.Forgotten
	log       *slog.Logger
	texts     *citizen.Texts
	reader    *citizen.Reader
	line      func() Line

	conversation  []row
	doubleOptIn   bool
	keepQuestions time.Duration
	location      *time.Location

	outgoing, changed loop.Bell

	quota *quota       // who has had enough answers for now
	noted atomic.Value // string: the link whose gap has been noted
	watch watch        // WatchHistory's own

	mu      sync.Mutex      // lets one of HistoryRead and closeGap run at a time; guards brought
	brought []whatsapp.Text // what the history has brought so far
}

// New returns an inbox that knows nothing of the past: see [Inbox.Remember].
func New(o Options) *Inbox {
	return &Inbox{
		store: o.Store, forgotten: o.Forgotten, log: o.Log, texts: o.Texts, reader: o.Reader, line: o.Line,
		conversation: conversation(), doubleOptIn: o.DoubleOptIn, keepQuestions: o.KeepQuestions, location: cmp.Or(o.Location, time.UTC),
		outgoing: o.Outgoing, changed: o.Changed,
		quota: newQuota(o.PerPersonHour),
	}
}

// Remember takes up who was given answers within the last hour, and keeps the texts
// that are in force now, which registrations refer to. It is to be called before
// the first text comes.
func (i *Inbox) Remember(ctx context.Context, now time.Time) error {
	version, text := i.texts.Wording()
	if err := i.store.KeepWording(ctx, version, text, now); err != nil {
		return err
	}
	given, err := i.store.AnswersSince(ctx, now.Add(-time.Hour))
	if err != nil {
		return err
	}
	for _, g := range given {
		i.quota.answered(g.Person, g.Count, g.First)
	}
	return nil
}
