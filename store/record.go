package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Record is all that the database holds on one person (art. 15 GDPR).
type Record struct {
	Person
	Subscriber *Subscriber // nil: not on the list
	Question   *Question   // nil: none is open
	Deliveries []RecordedDelivery
	Answers    []RecordedAnswer
	Handled    []RecordedText
	Forgotten  time.Time // when they are to be forgotten; zero: not
}

// RecordedDelivery is a message of an announcement to them, or one that corrects or
// deletes another. Of what was withdrawn, Announcement is the name.
type RecordedDelivery struct {
	Announcement, MessageID string
	State                   DeliveryState
	Form                    Form
	Part                    int       // which of the announcement's messages it is, from 0
	Sent                    time.Time // zero: it has not left
}

// RecordedAnswer is an answer to them.
type RecordedAnswer struct {
	Kind                   AnswerKind
	Text, MessageID, State string
	Written                time.Time
}

// RecordedText is the trace of a text of theirs: never what they wrote.
type RecordedText struct {
	MessageID string
	At        time.Time
}

// Nothing tells whether nothing at all is held.
func (r Record) Nothing() bool {
	return r.Subscriber == nil && r.Question == nil && r.Forgotten.IsZero() && len(r.Deliveries)+len(r.Answers)+len(r.Handled) == 0
}

// Record is all we hold on p, at one moment. What is held under an identity that
// p does not name counts when the list knows that it is the same person's.
func (s *Store) Record(ctx context.Context, p Person) (r Record, err error) {
	err = s.reading(ctx, func(db querier) error {
		r, err = record(ctx, db, p, time.Time{})
		return err
	})
	return r, err
}

// Record is all we hold on the sender, this text included once something is done
// about it.
func (i *Inbox) Record() (Record, error) {
	r, err := record(i.ctx, i.tx, i.in.From, i.now)
	if r.LID == unsaid {
		r.LID = ""
	}
	return r, err
}

func record(ctx context.Context, db querier, p Person, now time.Time) (r Record, err error) {
	r.Person = p
	sub, ok, err := findSubscriber(ctx, db, ownEntry, p.args()...)
	if err != nil {
		return r, err
	}
	if ok {
		r.Subscriber, r.Person = &sub, sub.Person
	}
	question, ok, err := findQuestion(ctx, db, r.Person, now)
	if err != nil {
		return r, err
	}
	if ok {
		r.Question = &question
	}
	for _, read := range []func(context.Context, querier) error{r.readDeliveries, r.readAnswers, r.readHandled, r.readErasure} {
		if err := read(ctx, db); err != nil {
			return r, fmt.Errorf("what is held on a person: %w", err)
		}
	}
	return r, nil
}

func (r *Record) readDeliveries(ctx context.Context, db querier) error {
	const query = `SELECT a.name, d.message_id, d.state, d.form, d.part, d.sent_at FROM deliveries d JOIN announcements a ON a.id = d.announcement
		WHERE d.preview_number = @number OR d.subscriber IN (SELECT id FROM subscribers
			WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))) ORDER BY d.id`
	return r.each(ctx, db, query, func(rows *sql.Rows) error {
		var d RecordedDelivery
		var sent stamp
		err := rows.Scan(&d.Announcement, &d.MessageID, &d.State, &d.Form, &d.Part, &sent)
		d.Sent = sent.Time
		r.Deliveries = append(r.Deliveries, d)
		return err
	})
}

func (r *Record) readAnswers(ctx context.Context, db querier) error {
	const query = `SELECT kind, text, message_id, state, created FROM answers
		WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))) ORDER BY id`
	return r.each(ctx, db, query, func(rows *sql.Rows) error {
		var a RecordedAnswer
		var at stamp
		err := rows.Scan(&a.Kind, &a.Text, &a.MessageID, &a.State, &at)
		a.Written = at.Time
		r.Answers = append(r.Answers, a)
		return err
	})
}

func (r *Record) readHandled(ctx context.Context, db querier) error {
	const query = `SELECT message_id, at FROM handled WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))) ORDER BY at`
	return r.each(ctx, db, query, func(rows *sql.Rows) error {
		var x RecordedText
		var at stamp
		err := rows.Scan(&x.MessageID, &at)
		x.At = at.Time
		r.Handled = append(r.Handled, x)
		return err
	})
}

func (r *Record) readErasure(ctx context.Context, db querier) error {
	const query = `SELECT due FROM erasures WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`
	return r.each(ctx, db, query, func(rows *sql.Rows) error {
		var at stamp
		err := rows.Scan(&at)
		r.Forgotten = at.Time
		return err
	})
}

// each gives the rows of a query about the person to read, one after the other.
func (r *Record) each(ctx context.Context, db querier, query string, read func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query, r.args()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
