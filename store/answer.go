package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// AnswerKind says what an answer is about.
type AnswerKind string

// The kinds of answers, as far as anybody must tell them apart: the end of a Goodbye
// starts the erasure, that of a Confirmation completes the proof of consent. Help is
// every answer that only explains something, whatever was asked: a new one needs no
// kind, nor a schema that lists it.
const (
	Confirmation  AnswerKind = "confirmation"
	Already       AnswerKind = "already"
	Incomplete    AnswerKind = "incomplete"
	OptIn         AnswerKind = "opt_in"
	Goodbye       AnswerKind = "goodbye"
	NotRegistered AnswerKind = "not_registered"
	Help          AnswerKind = "help"
	MyData        AnswerKind = "my_data" // it has no text: who sends it writes what is held at that moment
	Other         AnswerKind = "other"
	Again         AnswerKind = "again"     // the second, shorter answer to what was not understood
	Office        AnswerKind = "office"    // and the third, which says whom to call
	Emergency     AnswerKind = "emergency" // 112; it leaves before all other answers
	Leaving       AnswerKind = "leaving"   // the question whether they want to leave
	Call          AnswerKind = "call"
	Unreadable    AnswerKind = "unreadable"
	Privacy       AnswerKind = "privacy" // the notice that follows a confirmation; it leaves after all other answers but cards
	Card          AnswerKind = "card"    // the service's contact card; it has no text, and leaves last
)

// Command tells whether such an answer replies to something we understood and
// carried out, and which nobody needs to read any more. Somebody should read what we
// did not understand, what only may have been a wish to leave, and what was perhaps
// an emergency.
func (k AnswerKind) Command() bool {
	return !slices.Contains([]AnswerKind{Other, Again, Office, Emergency, Leaving, Call, Unreadable, Privacy, Card}, k)
}

// rank orders the answers that are due: the lower leaves first.
func (k AnswerKind) rank() int {
	switch k {
	case Emergency:
		return 0
	case Privacy:
		return 2
	case Card:
		return 3
	}
	return 1
}

const (
	// Who leaves is forgotten ten seconds after the goodbye has gone, when a phone
	// that is on and could not decrypt it has had time to ask again,
	forgetAfterGoodbye = 10 * time.Second
	// or, when it never goes, as soon as WhatsApp would have forgotten us: a
	// linked device dies after 14 days offline.
	goodbyePatience = 14 * 24 * time.Hour
)

// Answer puts a message to the sender in the outbox. A [Goodbye] that follows
// [Inbox.Cancel] decides when they are forgotten; who is not on the list otherwise
// is forgotten after 24 hours, if nothing else has been decided.
func (i *Inbox) Answer(kind AnswerKind, text string) error { return i.AnswerLater(kind, text, i.now) }

// AnswerLater is Answer for what is not to leave before due.
func (i *Inbox) AnswerLater(kind AnswerKind, text string, due time.Time) error {
	err := i.change(`INSERT INTO answers (number, lid, kind, rank, text, message_id, due, created, replies_to)
		VALUES (nullif(@number, ''), nullif(@lid, ''), @kind, @rank, @text, @message, @due, @now, @to)`,
		sql.Named("kind", kind), sql.Named("rank", kind.rank()), sql.Named("text", text), sql.Named("message", i.newID()), sql.Named("due", stamp{due}), sql.Named("to", i.in.ID))
	if err != nil {
		return err
	}
	if kind == Goodbye {
		return i.ForgetAfter(goodbyePatience)
	}
	return nil
}

// Withdraw takes answers of these kinds that have not left yet out of the
// sender's outbox: a later one says better what they say.
func (i *Inbox) Withdraw(kinds ...AnswerKind) error {
	for _, kind := range kinds {
		err := i.change(`DELETE FROM answers WHERE state = 'pending' AND kind = @kind
			AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`, sql.Named("kind", kind))
		if err != nil {
			return err
		}
	}
	return nil
}

// Answered is how many answers of this kind the sender was given since then.
func (i *Inbox) Answered(kind AnswerKind, since time.Time) (n int, err error) {
	err = i.tx.QueryRowContext(i.ctx, `SELECT count(*) FROM answers WHERE kind = @kind AND created > @since
		AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`,
		i.in.From.args(sql.Named("kind", kind), sql.Named("since", stamp{since}))...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the answers: %w", err)
	}
	return n, nil
}

// Given is how many answers somebody was given, privacy notices and contact cards
// apart, and when the first.
type Given struct {
	Person
	Count int
	First time.Time
}

// AnswersSince lists who was given answers since then.
func (s *Store) AnswersSince(ctx context.Context, since time.Time) (list []Given, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT coalesce(number, ''), coalesce(lid, ''), count(*), min(created) FROM answers
		WHERE created > ? AND kind NOT IN ('privacy', 'card') GROUP BY number, lid`, stamp{since})
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("list the answers: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		var g Given
		var first stamp
		if err := rows.Scan(&g.Number, &g.LID, &g.Count, &first); err != nil {
			return nil, fmt.Errorf("read an answer: %w", err)
		}
		g.First = first.Time
		list = append(list, g)
	}
	return list, fault(s.path, rows.Err())
}

const claimAnswer = `UPDATE answers SET state = 'sending' WHERE id = (
		SELECT id FROM answers WHERE state = 'pending' AND due <= ? ORDER BY rank, due, id LIMIT 1)
	RETURNING id, message_id, coalesce(number, ''), coalesce(lid, ''), text, attempts, kind, replies_to`

// ClaimAnswer gives out the answer that has been due longest, if there is one: that
// to an emergency before all others, privacy notices only when no other is due, and
// contact cards only when nothing else is.
func (s *Store) ClaimAnswer(ctx context.Context, now time.Time) (o Outgoing, ok bool, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	o.claimed = now
	ok, err = s.scan(ctx, claimAnswer, []any{stamp{now}}, &o.id, &o.MessageID, &o.To.Number, &o.To.LID, &o.Text, &o.Attempts, &o.Answer, &o.RepliesTo)
	return o, ok, err
}

// follow does what the end of an answer brings about.
func (b *Batch) follow(o Outgoing, at time.Time) (err error) {
	switch o.Answer {
	case Goodbye:
		_, err = b.tx.ExecContext(b.ctx, `UPDATE erasures SET due = @due
			WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`, o.To.args(sql.Named("due", stamp{at.Add(forgetAfterGoodbye)}))...)
	case NotRegistered:
		_, err = b.tx.ExecContext(b.ctx, `UPDATE erasures SET due = @due WHERE due > @due
			AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`, o.To.args(sql.Named("due", stamp{at.Add(forgetStranger)}))...)
	case Confirmation:
		_, err = b.tx.ExecContext(b.ctx, `UPDATE subscribers SET confirmed = @at WHERE confirmed = 0
			AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))
			AND EXISTS (SELECT 1 FROM answers WHERE id = @id AND state = 'sent')`,
			o.To.args(sql.Named("at", stamp{at}), sql.Named("id", o.id))...)
	}
	return err
}

// EndQuestion takes an answer without a text out of the outbox, once it is known
// that there is nothing to say. For the pace it counts like one that left.
func (s *Store) EndQuestion(ctx context.Context, o Outgoing, now time.Time) error {
	return s.Together(ctx, func(b *Batch) error { return b.end(o, now, `DELETE FROM answers WHERE id = @id AND text = ''`, "") })
}
