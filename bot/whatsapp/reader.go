package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
)

const (
	noticePause    = 5 * time.Second    // after the first failure; it triples up to noticePauseMax
	noticePauseMax = 30 * time.Minute   // while WhatsApp does not give us a file
	noticeTries    = 3                  // of what is gone or damaged
	NoticeLimit    = 7 * 24 * time.Hour // after which a file is given up that we could not get
	handPause      = 30 * time.Second   // after OnText or OnHistory failed, which never makes us give up
	namelessPause  = 10 * time.Second   // how long a notice waits for its ID
)

// reader reads the notices that are kept in session.db, in the order of arrival and one at a time, whichever process took
// them. It has a goroutine of its own, so that a download holds up no text.
type reader struct {
	c     *Client
	bell  chan struct{} // holds one item when there may be something to read
	start sync.Once
	done  chan struct{} // closed when the goroutine has ended

	resumed atomic.Bool // what the last process has read and kept is to be read again, too
	untidy  bool        // what was deleted may still be in the journal
}

func newReader(c *Client) *reader {
	return &reader{c: c, bell: make(chan struct{}, 1), done: make(chan struct{}), untidy: true}
}

// begin starts the reading. A command that only pairs leaves it to the daemon.
func (r *reader) begin() {
	if r.c.options.OnText != nil {
		r.start.Do(func() { go r.run() })
	}
}

func (r *reader) ring() {
	select {
	case r.bell <- struct{}{}:
	default:
	}
}

// end waits until the notice in hand has been dealt with. The context stopping must have ended.
func (r *reader) end() {
	r.start.Do(func() { close(r.done) })
	<-r.done
}

func (r *reader) run() {
	defer close(r.done)
	for r.c.stopping.Err() == nil {
		r.c.mu.Lock()
		changed := r.c.changed
		r.c.mu.Unlock()
		var bell <-chan struct{} = r.bell
		pause, err := r.work()
		if err != nil {
			r.c.log.Error("what the phone told cannot be read now", "error", clean(err))
			bell, changed, pause = nil, nil, handPause // nothing hurries a database that refuses
		}
		r.sleep(bell, changed, pause)
	}
}

// sleep waits for the bell, for a change of the state (the connection stands, perhaps), or for a time that is not zero.
func (r *reader) sleep(bell, changed <-chan struct{}, pause time.Duration) {
	var alarm <-chan time.Time
	if pause > 0 {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-bell:
	case <-changed:
	case <-alarm:
	case <-r.c.stopping.Done():
	}
}

// work reads what is due, and says when there will be more; zero: nobody knows.
func (r *reader) work() (time.Duration, error) {
	if !r.c.enter() {
		return 0, nil
	}
	defer r.c.hands.Done()
	if !r.resumed.Load() {
		if err := r.exec(`UPDATE banditore_notices SET state = 0, tries = 0, due = 0 WHERE state = 1`); err != nil {
			return 0, err
		}
		r.resumed.Store(true)
	}
	for r.c.stopping.Err() == nil {
		l := r.c.current()
		if l == nil {
			break
		}
		n, ok, err := r.next(r.c.State().State == StateConnected)
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		if err := r.deal(l, n); err != nil {
			return 0, err
		}
	}
	if r.untidy && r.tidy() == nil {
		r.untidy = false
	}
	return r.pause()
}

// notice is one row of the table.
type notice struct {
	id       int64
	link     string
	kind     noticeKind
	personal bool
	message  types.MessageID // empty: not known
	content  []byte
	came     time.Time
	state    int
	tries    int
}

// A notice is due when it has been given its ID, or has waited for it in vain.
const noticeDue = `iif(message = '', max(due, came + ?1), due)`

// next is the first notice that is due. Without a connection only what is personal can be read, since it has no file.
func (r *reader) next(connected bool) (n notice, ok bool, err error) {
	var came int64
	err = r.c.db.QueryRowContext(r.c.life, `SELECT id, link, kind, personal, message, content, came, state, tries FROM banditore_notices
		WHERE state <> 1 AND `+noticeDue+` <= ?2 AND (?3 OR personal) ORDER BY id LIMIT 1`,
		namelessPause.Milliseconds(), time.Now().UnixMilli(), connected).
		Scan(&n.id, &n.link, &n.kind, &n.personal, &n.message, &n.content, &came, &n.state, &n.tries)
	n.came = time.UnixMilli(came)
	if errors.Is(err, sql.ErrNoRows) {
		return n, false, nil
	}
	return n, err == nil, err
}

// pause is how long it takes until the next notice is due, or the journal is to be looked at again.
func (r *reader) pause() (time.Duration, error) {
	var due sql.NullInt64
	err := r.c.db.QueryRowContext(r.c.life, `SELECT min(`+noticeDue+`) FROM banditore_notices WHERE state <> 1`, namelessPause.Milliseconds()).Scan(&due)
	pause := max(time.Until(time.UnixMilli(due.Int64)), time.Millisecond)
	switch {
	case err != nil:
		return 0, err
	case due.Valid && pause > time.Millisecond:
		return pause, nil
	case r.untidy:
		return handPause, nil
	}
	return 0, nil // what is due waits for a connection
}

// handError says that OnText or OnHistory did not take something.
type handError struct{ error }

// Unwrap gives what OnText or OnHistory said.
func (e handError) Unwrap() error { return e.error }

// deal reads one notice and notes how that went. An error means that it could not be noted.
func (r *reader) deal(l *link, n notice) error {
	if n.state == 2 {
		return r.drop(l, n)
	}
	r.c.log.Debug("reading what the phone told", "kind", string(n.kind))
	var keep bool
	err := r.c.guarded(func() (err error) {
		keep, err = r.read(l, n)
		return err
	})
	switch {
	case err == nil && keep:
		return r.exec(`UPDATE banditore_notices SET state = 1 WHERE id = ?`, n.id)
	case err == nil:
		return r.drop(l, n)
	case r.c.stopping.Err() != nil:
		return nil // it was cut short
	}
	pause, again := judgeNotice(n, err, time.Now())
	if !again {
		r.c.log.Error("something that the phone told cannot be had and is given up", "kind", string(n.kind), "error", clean(err))
		return r.drop(l, n)
	}
	level := slog.LevelWarn
	if hand := (handError{}); errors.As(err, &hand) {
		level = slog.LevelError
	}
	r.c.log.Log(r.c.life, level, "something that the phone told could not be read and is tried again", "kind", string(n.kind), "pause", pause, "error", clean(err))
	return r.exec(`UPDATE banditore_notices SET tries = tries + 1, due = ? WHERE id = ?`, time.Now().Add(pause).UnixMilli(), n.id)
}

// judgeNotice says how long after a failure a notice is tried again, if it is.
func judgeNotice(n notice, err error, now time.Time) (pause time.Duration, again bool) {
	if hand := (handError{}); errors.As(err, &hand) {
		return handPause, true
	}
	if errors.Is(err, errHistorySize) {
		return 0, false
	}
	if isGone(err) {
		again = n.tries+1 < noticeTries
	} else {
		again = now.Sub(n.came) < NoticeLimit
	}
	pause = noticePause
	for range min(n.tries, 10) {
		pause = min(3*pause, noticePauseMax)
	}
	return pause, again
}

// isGone tells whether a file is not there any more, or is not what it was to be.
func isGone(err error) bool {
	for _, gone := range []error{
		whatsmeow.ErrMediaDownloadFailedWith403, whatsmeow.ErrMediaDownloadFailedWith404, whatsmeow.ErrMediaDownloadFailedWith410,
		whatsmeow.ErrInvalidMediaSHA256, whatsmeow.ErrInvalidMediaEncSHA256, whatsmeow.ErrInvalidMediaHMAC, whatsmeow.ErrTooShortFile,
		whatsmeow.ErrNoURLPresent, errDamaged,
	} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}

// drop deletes a notice, and its file on WhatsApp's server.
func (r *reader) drop(l *link, n notice) error {
	if file := fileOf(n); file != nil {
		if err := r.exec(`UPDATE banditore_notices SET state = 2 WHERE id = ?`, n.id); err != nil {
			return err
		}
		r.c.deleteFile(l, file)
	}
	if err := r.exec(`DELETE FROM banditore_notices WHERE id = ?`, n.id); err != nil {
		return err
	}
	r.untidy = r.untidy || n.personal
	r.c.log.Debug("what the phone told has been dealt with", "kind", string(n.kind))
	return nil
}

func (r *reader) exec(query string, args ...any) error {
	_, err := r.c.db.ExecContext(r.c.life, query, args...)
	return err
}

// tidy empties the journal. It gives way to a program that reads session.db: until that has ended it would only hold
// everybody up.
func (r *reader) tidy() error {
	return r.c.impatient(r.c.life, func(conn *sql.Conn) error { return emptyJournal(r.c.life, conn) })
}

// HistoryWaiting counts the parts of the phone's history that are known and have not been handed over yet. A part that
// cannot be had is counted until it is given up, and so is what session.db could not take and WhatsApp has kept for us: it
// may be one.
func (c *Client) HistoryWaiting(ctx context.Context) (n int, err error) {
	last := 1 // what the last process has read counts until this one has begun to read it again
	if c.reader.resumed.Load() {
		last = 0
	}
	err = c.db.QueryRowContext(ctx, `SELECT count(*) FROM banditore_notices WHERE kind = ? AND state <= ?`, string(noticeHistory), last).Scan(&n)
	if c.order.lost() {
		n++
	}
	return n, faultOf(c.path, err)
}

// HistoryOver says that the parts of the history which OnHistory wanted kept are not needed any more.
func (c *Client) HistoryOver(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return faultOf(c.path, err)
	}
	defer tx.Rollback()
	for _, query := range []string{
		`DELETE FROM banditore_notices WHERE state = 1 AND personal`,
		`UPDATE banditore_notices SET state = 2 WHERE state = 1`,
	} {
		if _, err := tx.ExecContext(ctx, query); err != nil {
			return faultOf(c.path, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return faultOf(c.path, err)
	}
	if err := c.reader.tidy(); err != nil && !errors.Is(err, ErrBusy) {
		return faultOf(c.path, err)
	}
	c.reader.ring()
	return nil
}
