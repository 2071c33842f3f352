package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Asked says what we have asked somebody.
type Asked string

// What can be asked.
const (
	AskedDetails Asked = "details" // what is missing of name and Comune
	AskedCheck   Asked = "check"   // whether what we understood is right; with double opt-in that is the consent
	AskedLeave   Asked = "leave"   // whether they want to leave
)

// Question is one of ours that is open: the next message of whom it was put to is
// read in its light. Anybody may have one, on the list or not.
type Question struct {
	Asked   Asked
	Details           // what is known so far
	Words   string    // what they have written so far, letter by letter
	Since   time.Time // when it was put to them first
}

// LogValue hides the person.
func (q Question) LogValue() slog.Value { return slog.StringValue(string(q.Asked)) }

// Question is the one that is open for the sender, if there is one that is still
// good.
func (i *Inbox) Question() (q Question, ok bool, err error) {
	err = i.asListed(func() error {
		q, ok, err = findQuestion(i.ctx, i.tx, i.in.From, i.now)
		return err
	})
	return q, ok, err
}

// Ask keeps a question to the sender open until keep has passed. It takes the place
// of an earlier one, of which it keeps Since if it asks for the same; Since of q is
// not looked at. Who is not on the list is forgotten after keep; but who has left,
// and is asked only whether they want to leave, when that was promised.
func (i *Inbox) Ask(q Question, keep time.Duration) error {
	return i.asListed(func() error {
		before, open, err := findQuestion(i.ctx, i.tx, i.in.From, i.now)
		if err != nil {
			return err
		}
		q.Since = i.now
		if open && before.Asked == q.Asked {
			q.Since = before.Since
		}
		if err := i.DropQuestion(); err != nil {
			return err
		}
		err = i.change(`INSERT INTO questions (number, lid, asked, given_name, family_name, comune, words, since, due)
			VALUES (nullif(@number, ''), nullif(@lid, ''), @asked, @given, @family, @comune, @words, @since, @due)`,
			sql.Named("asked", q.Asked), sql.Named("given", q.GivenName), sql.Named("family", q.FamilyName), sql.Named("comune", q.Comune),
			sql.Named("words", q.Words), sql.Named("since", stamp{q.Since}), sql.Named("due", stamp{i.now.Add(keep)}))
		if err != nil {
			return err
		}
		if listed, err := i.listed(); err != nil || listed {
			return err
		}
		if left, err := i.hasLeft(); err != nil || left && q.Asked == AskedLeave {
			return err
		}
		return i.ForgetAfter(keep)
	})
}

// DropQuestion ends the question that is open for the sender, if there is one.
func (i *Inbox) DropQuestion() error {
	return i.asListed(func() error {
		return i.change(`DELETE FROM questions WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`)
	})
}

// asListed does something under the identities that the list knows of the sender,
// which may be more than the text tells.
func (i *Inbox) asListed(do func() error) error {
	entry, listed, err := i.Subscriber()
	if err != nil {
		return err
	}
	told := i.in.From
	defer func() { i.in.From = told }()
	if listed {
		i.in.From = entry.Person
	}
	return do()
}

// keepNewestQuestion ends what else is open for the sender but the newest question:
// it was asked before they turned out to be one person.
func (i *Inbox) keepNewestQuestion() error {
	return i.change(`DELETE FROM questions WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))
		AND id < (SELECT max(id) FROM questions WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))))`)
}

func findQuestion(ctx context.Context, db querier, p Person, now time.Time) (q Question, ok bool, err error) {
	var since stamp
	err = db.QueryRowContext(ctx, `SELECT asked, given_name, family_name, comune, words, since FROM questions
		WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))) AND due > @now ORDER BY id DESC LIMIT 1`,
		p.args(sql.Named("now", stamp{now}))...).
		Scan(&q.Asked, &q.GivenName, &q.FamilyName, &q.Comune, &q.Words, &since)
	q.Since = since.Time
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return q, false, nil
	case err != nil:
		return q, false, fmt.Errorf("look up a question: %w", err)
	}
	return q, true, nil
}

// purgeQuestions forgets those that are worth nothing any more. Strangers are
// forgotten with theirs.
func purgeQuestions(ctx context.Context, tx *sql.Tx, now time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM questions WHERE due <= ?`, stamp{now})
	return err
}
