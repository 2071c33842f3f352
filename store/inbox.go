package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Incoming is a text that WhatsApp handed over, without the text.
type Incoming struct {
	ID   string // WhatsApp's message ID, unique for its sender
	From Person
	At   time.Time // when WhatsApp's server took it

	// Unreadable says that it could not be decrypted. It is handled apart from the
	// text itself, which may still come under the same ID.
	Unreadable bool
}

func (in Incoming) key() string {
	if in.Unreadable {
		return in.ID + "/unreadable"
	}
	return in.ID
}

// rememberHandled is how long we remember what we have carried out: WhatsApp's
// server keeps for 14 days what it could not hand over; this is twice as long.
const rememberHandled = 30 * 24 * time.Hour

// Inbox is the transaction in which one incoming text is carried out. It is
// valid inside [Store.Handle] only.
type Inbox struct {
	ctx     context.Context
	tx      *sql.Tx
	in      Incoming
	now     time.Time
	newID   func() string
	changed bool // something is worth remembering
}

// ErrNothing is for a decide that changes nothing and wants no trace of the text,
// not even that a stranger wrote it.
var ErrNothing = errors.New("nothing to remember")

// Handle has decide carry out an incoming text. What decide does through the
// Inbox is committed as one, together with the note that the text was handled;
// when it returns an error nothing has happened. For a text that was handled
// before, within 30 days, decide is not called and fresh is false. So it is
// when decide changes nothing, but for the first text of a stranger, who is to be
// forgotten: then nothing is noted, and the same text may be decided upon again. NewID makes the message IDs of the answers. Decide
// must not call the Store.
func (s *Store) Handle(ctx context.Context, in Incoming, now time.Time, newID func() string, decide func(*Inbox) error) (fresh bool, err error) {
	if err := in.From.check(); err != nil {
		return false, fmt.Errorf("incoming text: %w", err)
	}
	if in.ID == "" {
		return false, errors.New("incoming text without a message ID")
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		i := &Inbox{ctx: ctx, tx: tx, in: in, now: now, newID: newID}
		return i.handle(decide)
	})
	if errors.Is(err, ErrNothing) {
		return false, nil
	}
	return err == nil, err
}

func (i *Inbox) handle(decide func(*Inbox) error) error {
	if fresh, err := i.note(); err != nil {
		return err
	} else if !fresh {
		return ErrNothing
	}
	for _, step := range []func() error{i.readable, i.identify, i.doubt, func() error { return decide(i) }, i.wakeWaiting, i.noteHeard, i.noteStranger} {
		if err := step(); err != nil {
			return err
		}
	}
	if !i.changed {
		return ErrNothing
	}
	if err := i.exec(`UPDATE daemon SET heard = max(heard, @at)`, sql.Named("at", stamp{i.in.At})); err != nil {
		return err
	}
	return i.exec(endFinished)
}

// wakeWaiting lets go what waited for the sender to write again.
func (i *Inbox) wakeWaiting() error {
	return i.change(`UPDATE deliveries SET due = @now, reason = '' WHERE state = 'pending' AND reason = 'no token' AND due > @now
		AND subscriber IN (SELECT id FROM subscribers WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))))`)
}

// noteHeard remembers of who is on the list that they have written: WhatsApp counts
// the others as strangers.
func (i *Inbox) noteHeard() error {
	return i.change(`UPDATE subscribers SET heard = @at WHERE heard = 0
		AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`, sql.Named("at", stamp{i.in.At}))
}

// noteStranger has somebody forgotten who is not on the list, whatever they
// wrote and whether it was answered: WhatsApp's keys for them are a trace too.
func (i *Inbox) noteStranger() error {
	if i.Doubtful() {
		return nil // what was kept of them would take the other one's along
	}
	known, err := i.exists(`SELECT EXISTS (
		SELECT 1 FROM subscribers WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))
		UNION ALL SELECT 1 FROM erasures WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))))`)
	if err != nil || known {
		return err
	}
	return i.ForgetAfter(forgetStranger)
}

// note writes down that the text is handled, and forgets what is long past.
// It is not fresh when it was handled before.
func (i *Inbox) note() (fresh bool, err error) {
	old := sql.Named("old", stamp{i.now.Add(-rememberHandled)})
	if err := i.exec(`DELETE FROM handled WHERE at < @old`, old); err != nil {
		return false, err
	}
	if err := i.exec(`DELETE FROM answers WHERE created < @old AND (state = 'sent' OR state = 'failed')`, old); err != nil {
		return false, err
	}
	id := sql.Named("id", i.in.key())
	handled, err := i.exists(`SELECT EXISTS (SELECT 1 FROM handled WHERE message_id = @id AND (lid = @lid OR number = @number))`, id)
	if err != nil || handled {
		return false, err
	}
	return true, i.exec(`INSERT INTO handled (message_id, number, lid, at, sent)
		VALUES (@id, nullif(@number, ''), nullif(@lid, ''), @now, @sent)`, id, sql.Named("sent", stamp{i.in.At}))
}

// readable withdraws the request to write again: what could not be decrypted
// has come in a form that could.
func (i *Inbox) readable() error {
	if i.in.Unreadable {
		return nil
	}
	return i.change(`DELETE FROM answers WHERE kind = 'unreadable' AND state = 'pending' AND replies_to = @id
		AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`, sql.Named("id", i.in.ID))
}

// Wish is what a text asked for, as far as a text that comes late must not undo
// it.
type Wish int

const (
	NoWish         Wish = iota
	WishIncomplete      // to be put on the list, without saying who
	WishIn              // to be put on the list
	WishOut             // to be taken off it
)

// NoteWish keeps what the text asks for, as long as that it was handled.
func (i *Inbox) NoteWish(w Wish) error {
	return i.change(`UPDATE handled SET wish = @wish WHERE message_id = @id AND (lid = @lid OR number = @number)`,
		sql.Named("id", i.in.key()), sql.Named("wish", int(w)))
}

// Superseded tells whether the sender has had one of these wishes since, that was
// noted: then an older text must not undo it.
func (i *Inbox) Superseded(by ...Wish) (bool, error) {
	for _, w := range by {
		if w == WishOut {
			if at, err := i.unmatchedAt(); err != nil || at.After(i.in.At) {
				return err == nil, err
			}
		}
		found, err := i.exists(`SELECT EXISTS (SELECT 1 FROM handled
			WHERE message_id <> @id AND sent > @at AND wish = @wish AND (lid = @lid OR number = @number))`,
			sql.Named("id", i.in.key()), sql.Named("at", stamp{i.in.At}), sql.Named("wish", int(w)))
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// Subscriber is the sender's entry in the list: that with their LID, else
// that with their number. An entry with the number and another LID is somebody else's,
// who had the number before, as far as we know.
func (i *Inbox) Subscriber() (Subscriber, bool, error) {
	return findSubscriber(i.ctx, i.tx, ownEntry, i.in.From.args()...)
}

func (i *Inbox) listed() (bool, error) {
	return i.exists(`SELECT EXISTS (SELECT 1 FROM subscribers WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))))`)
}

// exec runs a statement that may use @number, @lid and @now beside its args.
func (i *Inbox) exec(query string, args ...any) error {
	_, err := i.run(query, args...)
	return err
}

// change is exec for what is worth remembering, if it changes a row.
func (i *Inbox) change(query string, args ...any) error {
	n, err := i.run(query, args...)
	i.changed = i.changed || n > 0
	return err
}

func (i *Inbox) run(query string, args ...any) (rows int64, err error) {
	result, err := i.tx.ExecContext(i.ctx, query, i.in.From.args(append(args, sql.Named("now", stamp{i.now}))...)...)
	if err != nil {
		return 0, fmt.Errorf("incoming text: %w", err)
	}
	return result.RowsAffected()
}

// exists is what a query says that asks whether something exists.
func (i *Inbox) exists(query string, args ...any) (found bool, err error) {
	err = i.tx.QueryRowContext(i.ctx, query, i.in.From.args(args...)...).Scan(&found)
	if err != nil {
		return false, fmt.Errorf("incoming text: %w", err)
	}
	return found, nil
}
