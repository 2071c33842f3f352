package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow/store/sqlstore"
	waLog "go.mau.fi/whatsmeow/util/log"

	"banditore/store/datadir"
)

// Options is what a Client needs to know. Dir and Number are required.
//
// The callbacks run on goroutines of their own, OnText and OnHistory one at a time and in the order of arrival. They must
// not call Close; they may call Send. Without OnText (a command that only pairs) texts stay on WhatsApp's server.
type Options struct {
	Dir        string       // existing data directory; session.db is kept in it, mode 0600
	Number     string       // E.164; the only number that may be linked
	Device     string       // name shown in the phone's list of linked devices; the first Client of a process decides it
	Logger     *slog.Logger // nil discards
	HTTPClient *http.Client // nil in production: like Go's default transport, which honours HTTPS_PROXY and SSL_CERT_FILE

	// Last is the state that OnState reported last to the process before, zero if there was none: a suspension is waited
	// for across restarts, and after a logout State goes on saying so.
	Last Last

	// Mark is what KeepMark was given last, by whatever process. It tells an old copy of session.db from the one that was in
	// use. KeepMark must have committed before it returns, and is called in Open and Close only. nil: a copy is not noticed.
	Mark     string
	KeepMark func(ctx context.Context, mark string) error

	// Beside opens session.db beside the process that links a phone or uses the link, only for Forget: there is no link then,
	// nothing is parked and no use is noted.
	Beside bool

	// OnText receives what a citizen sent us privately: messages, calls, and word of messages that cannot be read. It must
	// have committed before it returns nil; after an error or a panic the same text comes again, and those that the same person
	// has written since after it. It must be quick: nothing else is received meanwhile.
	OnText func(context.Context, Text) error
	// OnReceipts receives the receipts of recipients' phones, under the same rules: those that came within a moment (foldPause)
	// together, in the order of arrival. After an error or a panic all of them come again. IDs may be unknown to us.
	OnReceipts func(context.Context, []Receipt) error
	// OnState learns of every change of state, in order, and once more when Ready becomes true. It must not block.
	OnState func(StateChange)
	// OnPhoneSeen learns when the Comune's own phone was online, by WhatsApp's clock: it confirmed something, a message was
	// typed or read on it, it sent its history. At most once a minute, with the newest time. It must not block.
	OnPhoneSeen func(at time.Time)
	// OnReachoutLock learns that WhatsApp lets us write to nobody who has not written first (active), until when (zero: it
	// did not say), or that it does again. It must not block.
	OnReachoutLock func(active bool, until time.Time)
	// OnHistory receives what citizens wrote to us privately, oldest first, as far as the phone's history tells: once for
	// each part of the history, also with none, and the link over which the part came, as in [Client.Link]: it may be an
	// earlier one. It must have committed before it returns nil; after an error or a panic the
	// same part comes again. With keep the part comes again also in the next process, until HistoryOver is called. Texts may
	// be years old, and may have been handed to OnText before. nil: nobody wants them.
	OnHistory func(ctx context.Context, link string, texts []Text) (keep bool, err error)
	// OnIdentity learns that a number and a LID are the same person's, as soon as WhatsApp shows it in the answer to a question
	// of ours, and before anything is sent to them for which only one of the two was given. If former is not empty, that LID
	// was theirs before and is not in use any more. It must have committed before it returns nil. nil: nobody wants to know.
	OnIdentity func(ctx context.Context, known Address, former string) error
	// OnKept learns that the library has stored somebody in session.db on its own account, of whom no other callback may ever
	// tell: [Client.Sweep] finds out. It must not block. nil: nobody wants to know.
	OnKept func()
	// OnCapping learns how WhatsApp counts the chats that we begin with people who have not written. It must not block.
	OnCapping func(Capping)
	// OnLine learns that the line breaks after each login (Line.Breaks), each time that it does, and of every session that
	// lives. It must not block.
	OnLine func(Line)
	// Resend is asked for the content of a message that a phone could not decrypt. With ok == false the phone gets nothing:
	// so it must be for what was cancelled, has expired, belongs to somebody who left, or went to anybody but from. It may be
	// called at any time.
	Resend func(ctx context.Context, messageID string, from Sender) (content Content, ok bool)
	// OnRepeat receives the wish for a message that Resend has given; it leaves by [Client.Repeat]. It must have committed
	// before it returns nil. nil: such messages leave at once.
	OnRepeat func(context.Context, Repeat) error
	// Wanted is asked about each message just before it is encrypted, after the questions about its recipient, which can
	// take seconds. With false Send ends as NotSent and FaultUnwanted. nil: every message is.
	Wanted func(ctx context.Context, messageID string) bool
}

// Last is a state of the past, and when it began.
type Last struct {
	StateChange
	Since time.Time
}

// Client is the link to WhatsApp. Its methods may be called from any goroutine.
type Client struct {
	options   Options
	log       *slog.Logger
	path      string // of session.db
	mark      mark   // of this opening; zero: not noted
	debt      debt
	db        *sql.DB
	wrapped   *dbutil.Database // db, as the library sees it
	container *sqlstore.Container
	people    *people
	versions  *versions
	http      *http.Client // for everything that is no websocket
	page      *http.Client // for WhatsApp's page
	reader    *reader      // of what the phone tells
	callSeed  maphash.Seed
	receipts  *receipts // of recipients' phones
	repeats   *repeats  // that they ask for

	life     context.Context // ends when Close has waited for the handlers
	endLife  context.CancelFunc
	stopping context.Context // ends when Close begins
	stop     context.CancelFunc

	turn      chan struct{} // holds one item while a message is in flight
	uploading chan struct{} // holds one item while a file is
	pairing   sync.Mutex    // held by Pair
	reporting sync.Mutex    // keeps the calls of OnState in order
	texting   sync.Mutex    // lets one call of OnText or OnHistory run at a time
	order     order         // of the texts of each person

	logins   logins       // when the next may be made
	hears    atomic.Bool  // the library shows us what comes in
	cappings atomic.Int64 // words of that kind so far

	mu             sync.Mutex
	link           *link // nil while unpaired
	state          StateChange
	backlogOver    bool
	backlogTimer   *time.Timer
	resetTimer     *time.Timer
	knockTimer     *time.Timer // the next connection after WhatsApp has ended the link
	seekTimer      *time.Timer // the next look-up of the version, while WhatsApp refuses ours
	refusals       refusals
	unheardTimer   *time.Timer // until the library should have noticed that the line broke; see watchEnd
	endHeard       atomic.Bool // it has, of the last line
	calmTimer      *time.Timer // until the present session has lived long enough; see logins
	undelivered    []Text      // see deliverLater
	redeliverTimer *time.Timer
	phoneHeard     time.Time // see hear
	phoneTold      time.Time
	phoneTimer     *time.Timer
	calls          []uint64            // the last ones that were told of: see isNewCall
	inHand         map[string]*attempt // what waits for its acknowledgement, by message ID
	unknown        unknowns
	changed        chan struct{} // closed and replaced at every change of state or backlogOver
	closed         bool
	hands          sync.WaitGroup // handlers in hand; Add only with mu held and closed false
	folding        sync.WaitGroup // foldReceipts, until the end
}

// ErrClosed is the answer to anything asked of a closed Client.
var ErrClosed = errors.New("whatsapp client is closed")

// ErrOtherNumber says that session.db belongs to another number than the configured one.
var ErrOtherNumber = errors.New("the data directory is linked to another number than service.number: " +
	"correct service.number, or end that link with `banditore unpair`")

// Fault is a problem with session.db that a person must mend. Its text is one sentence with the remedy.
type Fault struct {
	Path, Problem, Remedy string
	Err                   error
}

// Error is the sentence.
func (f *Fault) Error() string { return fmt.Sprintf("%s: %s: %s", f.Path, f.Problem, f.Remedy) }

// Unwrap gives what the system or SQLite said.
func (f *Fault) Unwrap() error { return f.Err }

const sessionFile = datadir.Session

// Every option of SQLite is in the DSN, because a PRAGMA reaches one pooled connection only. A lost commit of the Signal
// ratchets would make messages undecryptable, hence FULL; erased rows must not survive in free pages, hence secure_delete.
// Preparing the library's statements anew each time took a fifth of the CPU time of a send.
const sessionOptions = "_foreign_keys=on&_journal_mode=WAL&_txlock=immediate&_busy_timeout=20000&_secure_delete=on&_synchronous=FULL&_stmt_cache_size=100"

// busyTimeout is the milliseconds in sessionOptions: how long a statement waits for another program that writes to session.db.
// While one holds a write transaction open (a sqlite3 shell after BEGIN IMMEDIATE), nothing can be encrypted or decrypted, so
// nothing leaves and nobody is heard; after that time what was in hand fails and comes again. Nobody waits for a reader: a
// write goes past it, and only Compact needs it to end.
const busyTimeout = 20000

// Open opens or creates session.db in o.Dir and touches no network. ctx bounds the opening only. One that is damaged, or an old
// copy, is parked, and State tells why; one that cannot be used for another reason is a *Fault, and one that belongs to another
// number is ErrOtherNumber. Only one process at a time may have a Client that is not Beside.
func Open(ctx context.Context, o Options) (*Client, error) {
	if !strings.HasPrefix(o.Number, "+") || !isDigits(o.Number[1:]) {
		return nil, errors.New("whatsapp: the service's number must be in the form +39…")
	}
	if o.OnKept == nil {
		o.OnKept = func() {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	configureProcess(o.Device)
	wrapped, container, why, err := openFit(ctx, o, newLibraryLog(o.Logger, nil))
	if err != nil {
		return nil, err
	}
	path := filepath.Join(o.Dir, sessionFile)
	c := &Client{options: o, log: o.Logger, path: path, db: wrapped.RawDB, wrapped: wrapped, container: container, changed: make(chan struct{}), turn: make(chan struct{}, 1), inHand: make(map[string]*attempt)}
	c.reader = newReader(c)
	c.receipts, c.repeats, c.callSeed = newReceipts(), newRepeats(), maphash.MakeSeed()
	c.uploading = make(chan struct{}, 1)
	c.people = newPeople(container, wrapped, o.Number, o.OnKept)
	c.people.doubts.settle, c.people.doubts.token = c.whose, c.tokenOf
	c.versions = newVersions(c.keptVersion(ctx))
	c.configureHTTP()
	c.life, c.endLife = context.WithCancel(context.WithoutCancel(ctx))
	c.stopping, c.stop = context.WithCancel(c.life)
	c.state = o.unlinked(why)
	if o.Beside {
		return c, nil
	}
	c.folding.Go(c.foldReceipts)
	c.loadUnknown(ctx)
	c.loadLogins(ctx)
	if err := errors.Join(c.beginMark(ctx), c.loadLink(ctx)); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

func openSession(ctx context.Context, path string, log waLog.Logger) (*dbutil.Database, *sqlstore.Container, error) {
	// SQLite gives its journal files the mode of the database, so the mode must be right before the first page is written.
	if err := datadir.Make(path); err != nil {
		return nil, nil, faultOf(path, err)
	}
	db, err := connect(path, sessionOptions)
	if err != nil {
		return nil, nil, faultOf(path, err)
	}
	// One connection is faster than several here (the library's transactions are small and exclude one another anyway),
	// and lets Forget compact the file without waiting for readers of our own.
	db.SetMaxOpenConns(1)
	wrapped, container, err := asLibrary(db, log)
	if err != nil {
		_ = db.Close()
		return nil, nil, err
	}
	for _, step := range []func() error{
		func() error { return mustBeOurs(ctx, db, path, false) },
		func() error { return quickCheck(ctx, db) },
		func() error { return container.Upgrade(ctx) },
		func() error { _, err := db.ExecContext(ctx, ownTables); return err },
		func() error { return mustBeOurs(ctx, db, path, true) },
	} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		_ = db.Close()
		return nil, nil, faultOf(path, err)
	}
	return wrapped, container, nil
}

// connect makes the pool. It opens nothing yet.
func connect(path, options string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(datadir.Connector{Path: path, DSN: dsn(path, options), SQLite: &sqlite3.SQLiteDriver{}}), nil
}

func dsn(path, options string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path) + "?" + options
}

func quickCheck(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return sqlite3.Error{Code: sqlite3.ErrCorrupt}
	}
	return nil
}

// faultOf turns the errors of a disk into something a person can act on, and leaves others as they are.
func faultOf(path string, err error) error {
	if _, is := errors.AsType[*datadir.Fault](err); is || err == nil {
		return err
	}
	if _, told := errors.AsType[*Fault](err); told {
		return err
	}
	fault := func(problem, remedy string) error { return &Fault{path, problem, remedy, err} }
	var sqlite sqlite3.Error
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fault("the data directory does not exist", "create it, owned by the user that runs banditore, mode 0700")
	case errors.Is(err, os.ErrPermission):
		return fault("no permission", "give the data directory to the user that runs banditore, mode 0700")
	case !errors.As(err, &sqlite):
		return fmt.Errorf("%s: %w", path, clean(err))
	}
	switch sqlite.Code {
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return fault("the file is damaged", "run `banditore pair`, which puts it aside; the list of subscribers is not in it")
	case sqlite3.ErrFull:
		return fault("the disk is full", "make room; nothing is lost")
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		return fault("it cannot be written", "check the owner, the mode and the mount of the data directory")
	case sqlite3.ErrIoErr:
		return fault("the disk reports an error", "check the disk and its space")
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return fault("another program holds it", "stop the other program")
	}
	return fmt.Errorf("%s: %w", path, clean(err))
}

// Paired tells whether a phone has linked this data directory, as far as we know without asking WhatsApp.
func (c *Client) Paired() bool { return c.current() != nil }

// Close hands over the receipts that have come, waits for the callbacks in hand, so that what they have committed is
// acknowledged, takes the link down, and closes session.db. A Send in hand is cut short. Later calls do nothing.
func (c *Client) Close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	c.closed = true
	c.stopTimer(&c.backlogTimer)
	c.stopTimer(&c.resetTimer)
	c.stopTimer(&c.knockTimer)
	c.stopTimer(&c.seekTimer)
	c.stopTimer(&c.calmTimer)
	c.stopTimer(&c.unheardTimer)
	c.stopTimer(&c.redeliverTimer)
	c.stopTimer(&c.phoneTimer)
	counted := c.unknown.timer != nil
	c.stopTimer(&c.unknown.timer)
	l := c.link
	c.mu.Unlock()
	c.stop()
	c.reader.end()
	c.hands.Wait()
	c.folding.Wait()
	if l != nil {
		l.hangUp(c.endLife)
	}
	if counted {
		c.saveUnknown()
	}
	c.endLife()
	c.endMark()
	return c.db.Close()
}

// enter counts a handler in, unless the Client is closed. Every true is followed by one c.hands.Done.
func (c *Client) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.hands.Add(1)
	return true
}

func (c *Client) current() *link {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link
}
