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
	At   time.Time // when it was sent, by the sender's clock
}

// AnswerKind says what an answer is about.
type AnswerKind string

// The kinds of answers. The end of a Goodbye starts the erasure.
const (
	Confirmation  AnswerKind = "confirmation"
	Already       AnswerKind = "already"
	Incomplete    AnswerKind = "incomplete"
	Goodbye       AnswerKind = "goodbye"
	NotRegistered AnswerKind = "not_registered"
	Other         AnswerKind = "other"
)

const (
	// WhatsApp's server keeps what it could not hand over for 14 days; we
	// remember twice as long what we have carried out.
	rememberHandled = 30 * 24 * time.Hour
	// Who is no subscriber and gets an answer is forgotten a day later.
	forgetStranger = 24 * time.Hour
	// Who leaves is forgotten ten seconds after the goodbye has gone, when a phone
	// that is on and could not decrypt it has had time to ask again,
	forgetAfterGoodbye = 10 * time.Second
	// or, when it never goes, as soon as WhatsApp would have forgotten us: a
	// linked device dies after 14 days offline.
	goodbyePatience = 14 * 24 * time.Hour
)

// Inbox is the transaction in which one incoming text is carried out. It is
// valid inside [Store.Handle] only.
type Inbox struct {
	ctx   context.Context
	tx    *sql.Tx
	in    Incoming
	now   time.Time
	newID func() string
}

// Handle has decide carry out an incoming text. What decide does through the
// Inbox is committed as one, together with the note that the text was handled;
// when it returns an error nothing has happened. For a text that was handled
// before, within 30 days, decide is not called and fresh is false. NewID makes
// the message IDs of the answers. Decide must not call the Store.
func (s *Store) Handle(ctx context.Context, in Incoming, now time.Time, newID func() string, decide func(*Inbox) error) (fresh bool, err error) {
	if err := in.From.check(); err != nil {
		return false, fmt.Errorf("incoming text: %w", err)
	}
	if in.ID == "" {
		return false, errors.New("incoming text without a message ID")
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		i := &Inbox{ctx: ctx, tx: tx, in: in, now: now, newID: newID}
		if fresh, err = i.note(); err != nil || !fresh {
			return err
		}
		if err := i.identify(); err != nil {
			return err
		}
		if err := decide(i); err != nil {
			return err
		}
		if err := i.wakeWaiting(); err != nil {
			return err
		}
		return i.exec(endFinished)
	})
	return fresh && err == nil, err
}

// wakeWaiting lets go what waited for the sender to write again.
func (i *Inbox) wakeWaiting() error {
	return i.exec(`UPDATE deliveries SET due = @now, reason = '' WHERE state = 'pending' AND reason = @reason AND due > @now
		AND subscriber IN (SELECT id FROM subscribers WHERE `+isPerson+`)`, sql.Named("reason", NoToken))
}

// note remembers the text as handled, unless it was before. Notes and answers
// that nobody can ask about any more go.
func (i *Inbox) note() (fresh bool, err error) {
	old := sql.Named("old", stamp{i.now.Add(-rememberHandled)})
	if err := i.exec(`DELETE FROM handled WHERE at < @old`, old); err != nil {
		return false, err
	}
	if err := i.exec(`DELETE FROM answers WHERE due < @old AND (state = 'sent' OR state = 'failed')`, old); err != nil {
		return false, err
	}
	id := sql.Named("id", i.in.ID)
	handled, err := i.exists(`SELECT 1 FROM handled WHERE message_id = @id AND (lid = @lid OR number = @number)`, id)
	if err != nil || handled {
		return false, err
	}
	return true, i.exec(`INSERT INTO handled (message_id, number, lid, at)
		VALUES (@id, nullif(@number, ''), nullif(@lid, ''), @now)`, id)
}

// Subscriber is the sender's entry in the list: that with his LID, else that
// with his number. An entry with the number and another LID is somebody else's,
// who had the number before.
func (i *Inbox) Subscriber() (Subscriber, bool, error) {
	rows, err := i.tx.QueryContext(i.ctx, selectSubscribers+` WHERE `+isPerson+` ORDER BY lid = @lid DESC, id LIMIT 1`, i.in.From.args()...)
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("look up a subscriber: %w", err)
	}
	for sub, err := range subscribers(rows) {
		return sub, err == nil, err
	}
	return Subscriber{}, false, nil
}

// Subscribe puts the sender on the list, or brings his details up to date. An
// erasure that was waiting for him is withdrawn.
func (i *Inbox) Subscribe(d Details) error {
	if err := i.exec(`DELETE FROM erasures WHERE ` + isPerson); err != nil {
		return err
	}
	details := []any{sql.Named("given", d.GivenName), sql.Named("family", d.FamilyName), sql.Named("comune", d.Comune)}
	listed, err := i.listed()
	if err != nil {
		return err
	}
	if !listed {
		return i.exec(`INSERT INTO subscribers (number, lid, given_name, family_name, comune, since)
			VALUES (nullif(@number, ''), nullif(@lid, ''), @given, @family, @comune, @now)`, details...)
	}
	return i.exec(`UPDATE subscribers SET given_name = @given, family_name = @family, comune = @comune WHERE `+isPerson, details...)
}

// Cancel takes the sender off the list, with everything that waits to leave for
// him, and remembers that he is to be forgotten.
func (i *Inbox) Cancel() error {
	// The list may know more of him than this text tells.
	err := i.exec(`INSERT INTO erasures (number, lid, due) SELECT number, lid, 0 FROM subscribers WHERE ` + isPerson)
	if err != nil {
		return err
	}
	if err := i.exec(`DELETE FROM subscribers WHERE ` + isPerson); err != nil {
		return err
	}
	if err := i.exec(`DELETE FROM answers WHERE (state = 'pending' OR state = 'sending') AND ` + isPerson); err != nil {
		return err
	}
	return i.forgetAfter(forgetStranger)
}

// Answer puts a message to the sender in the outbox. If he is not on the list
// when it is called, he is to be forgotten: a [Goodbye] that follows [Inbox.Cancel]
// decides when, any other answer gives him 24 hours.
func (i *Inbox) Answer(kind AnswerKind, text string) error {
	err := i.exec(`INSERT INTO answers (number, lid, kind, text, message_id, due)
		VALUES (nullif(@number, ''), nullif(@lid, ''), @kind, @text, @message, @now)`,
		sql.Named("kind", kind), sql.Named("text", text), sql.Named("message", i.newID()))
	if err != nil {
		return err
	}
	if kind == Goodbye {
		return i.forgetAfter(goodbyePatience)
	}
	listed, err := i.listed()
	if err != nil || listed {
		return err
	}
	waiting, err := i.exists(`SELECT 1 FROM erasures WHERE ` + isPerson)
	if err != nil || waiting {
		return err
	}
	return i.forgetAfter(forgetStranger)
}

// forgetAfter sets the sender's erasure.
func (i *Inbox) forgetAfter(d time.Duration) error {
	due := sql.Named("due", stamp{i.now.Add(d)})
	if err := i.exec(`UPDATE erasures SET due = @due WHERE `+isPerson, due); err != nil {
		return err
	}
	return i.exec(`INSERT INTO erasures (number, lid, due) SELECT nullif(@number, ''), nullif(@lid, ''), @due
		WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE `+isPerson+`)`, due)
}

func (i *Inbox) listed() (bool, error) {
	return i.exists(`SELECT 1 FROM subscribers WHERE ` + isPerson)
}

// exec runs a statement that may use @number, @lid and @now beside its args.
func (i *Inbox) exec(query string, args ...any) error {
	_, err := i.tx.ExecContext(i.ctx, query, i.in.From.args(append(args, sql.Named("now", stamp{i.now}))...)...)
	if err != nil {
		return fmt.Errorf("incoming text: %w", err)
	}
	return nil
}

func (i *Inbox) exists(query string, args ...any) (found bool, err error) {
	err = i.tx.QueryRowContext(i.ctx, `SELECT EXISTS (`+query+`)`, i.in.From.args(args...)...).Scan(&found)
	if err != nil {
		return false, fmt.Errorf("incoming text: %w", err)
	}
	return found, nil
}
