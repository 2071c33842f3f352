package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode/utf8"
)

// Subscribers yields the list in the order of registration. An error comes
// last. The whole list is of one moment; while the loop runs an erasure cannot
// be completed, so it should not wait for anybody.
func (s *Store) Subscribers(ctx context.Context) iter.Seq2[Subscriber, error] {
	return func(yield func(Subscriber, error) bool) {
		rows, err := s.db.QueryContext(ctx, `SELECT id, coalesce(number, ''), coalesce(lid, ''), given_name, family_name, comune, since,
			words, message_id, written, wording, confirmed, source, news_from, code FROM subscribers ORDER BY id`)
		if err != nil {
			yield(Subscriber{}, fault(s.path, fmt.Errorf("list the subscribers: %w", err)))
			return
		}
		subscribers(rows)(yield)
	}
}

// Count is how many people are on the list.
func (s *Store) Count(ctx context.Context) (n int, err error) {
	_, err = s.scan(ctx, `SELECT count(*) FROM subscribers`, nil, &n)
	return n, err
}

// ownEntry finds somebody's entry: that with their LID, else that with their
// number.
const ownEntry = `SELECT id FROM subscribers
	WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))
	ORDER BY lid = @lid DESC, id LIMIT 1`

// findSubscriber is the entry whose ID a query finds first.
func findSubscriber(ctx context.Context, db querier, query string, args ...any) (Subscriber, bool, error) {
	var id int64
	err := db.QueryRowContext(ctx, query, args...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return Subscriber{}, false, nil
	}
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("look up a subscriber: %w", err)
	}
	rows, err := db.QueryContext(ctx, `SELECT id, coalesce(number, ''), coalesce(lid, ''), given_name, family_name, comune, since,
		words, message_id, written, wording, confirmed, source, news_from, code FROM subscribers WHERE id = ?`, id)
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("look up a subscriber: %w", err)
	}
	for sub, err := range subscribers(rows) {
		return sub, err == nil, err
	}
	return Subscriber{}, false, nil
}

// subscribers yields the rows of a query for entries, and closes them.
func subscribers(rows *sql.Rows) iter.Seq2[Subscriber, error] {
	return func(yield func(Subscriber, error) bool) {
		defer rows.Close()
		for rows.Next() {
			var sub Subscriber
			var since, written, confirmed, newsFrom stamp
			err := rows.Scan(&sub.ID, &sub.Number, &sub.LID, &sub.GivenName, &sub.FamilyName, &sub.Comune, &since,
				&sub.Words, &sub.MessageID, &written, &sub.Wording, &confirmed, &sub.Source, &newsFrom, &sub.Code)
			sub.Since, sub.Written, sub.Confirmed, sub.NewsFrom = since.Time, written.Time, confirmed.Time, newsFrom.Time
			if !yield(sub, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Subscriber{}, fmt.Errorf("read the subscribers: %w", err))
		}
	}
}

// forgetStranger is when we forget who is no subscriber and got an answer.
const forgetStranger = 24 * time.Hour

// Subscribe puts the sender on the list, or brings their details up to date, with
// the proof of their consent; the message's ID and time are the text's own. An
// erasure that was waiting for them is withdrawn, and a question of ours ends. Who was
// on it keeps their mode and their code.
// While it is doubtful whose the number is, only who says the name under which it is on
// the list is taken for that person.
func (i *Inbox) Subscribe(d Details, e Evidence) error {
	if err := i.trustName(d); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM erasures WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`,
		`DELETE FROM questions WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`,
	} {
		if err := i.change(statement); err != nil {
			return err
		}
	}
	if err := i.dropUnmatched(i.in.At); err != nil {
		return err
	}
	if err := i.inherit(d); err != nil {
		return err
	}
	listed, err := i.listed()
	if err != nil {
		return err
	}
	args := []any{sql.Named("given", d.GivenName), sql.Named("family", d.FamilyName), sql.Named("comune", d.Comune),
		sql.Named("words", e.Words), sql.Named("message", i.in.ID), sql.Named("written", stamp{i.in.At}),
		sql.Named("wording", e.Wording), sql.Named("source", e.Source)}
	if !listed {
		code, err := i.freeCode()
		if err != nil {
			return err
		}
		err = i.change(`INSERT INTO subscribers (number, lid, given_name, family_name, comune, since, words, message_id, written, wording, source, code)
			VALUES (nullif(@number, ''), nullif(@lid, ''), @given, @family, @comune, @now, @words, @message, @written, @wording, @source, @code)`,
			append(args, sql.Named("code", code))...)
		if err != nil || e.Source != "" { // who is imported has not written
			return err
		}
		return i.enlist()
	}
	return i.change(`UPDATE subscribers SET given_name = @given, family_name = @family, comune = @comune,
			words = @words, message_id = @message, written = @written, wording = @wording, source = @source
		WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`, args...)
}

// longestWords is how many bytes of what somebody has written are kept as the proof.
const longestWords = 4096

// Correct brings the details of the sender up to date, who is on the list: they have
// said what was wrong. The proof of their consent stays, and these words are added to
// its words, so that it says where the new values come from; of what is too long
// together the earlier words are cut.
func (i *Inbox) Correct(d Details, words string) error {
	entry, listed, err := i.Subscriber()
	if err != nil || !listed {
		return err
	}
	words = firstBytes(words, longestWords/2)
	if before := firstBytes(entry.Words, longestWords-len("\n")-len(words)); before != "" {
		words = before + "\n" + words
	}
	return i.change(`UPDATE subscribers SET given_name = @given, family_name = @family, comune = @comune, words = @words WHERE id = @id`,
		sql.Named("given", d.GivenName), sql.Named("family", d.FamilyName), sql.Named("comune", d.Comune),
		sql.Named("words", words), sql.Named("id", entry.ID))
}

// firstBytes is at most the first n bytes of a text, whole characters.
func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// enlist lets a new subscriber have what was accepted after they had written and
// is still leaving: their text may have waited for us while the file did not.
func (i *Inbox) enlist() error {
	rows, err := i.tx.QueryContext(i.ctx, `SELECT id FROM announcements a WHERE state = 'running' AND preview = 0
		AND kind <> 'withdrawal' AND accepted_at > ? AND NOT EXISTS (SELECT 1 FROM announcements c WHERE c.about = a.id)`, stamp{i.in.At})
	if err != nil {
		return fmt.Errorf("incoming text: %w", err)
	}
	running, err := column[int64](rows)
	if err != nil {
		return err
	}
	for _, id := range running {
		var messages int
		if err := i.tx.QueryRowContext(i.ctx, `SELECT messages FROM announcements WHERE id = ?`, id).Scan(&messages); err != nil {
			return fmt.Errorf("incoming text: %w", err)
		}
		for part := range messages {
			err := i.change(`INSERT INTO deliveries (announcement, subscriber, message_id, part, due)
				SELECT a.id, s.id, @message, @part, iif(@part = 0, max(a.not_before, @now), @afterPrevious)
				FROM announcements a JOIN subscribers s ON (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))
				WHERE a.id = @announcement AND (a.comuni = '' OR s.comune IN (SELECT value FROM json_each(a.comuni)))`,
				sql.Named("message", i.newID()), sql.Named("part", part), sql.Named("announcement", id), sql.Named("afterPrevious", afterPrevious))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

var errDoubtful = errors.New("a registration from a number that may be somebody else's by now")

// trustName ends the doubt about who says the name under which their number is on the
// list.
func (i *Inbox) trustName(d Details) error {
	if !i.Doubtful() {
		return nil
	}
	entry, _, err := findSubscriber(i.ctx, i.tx, `SELECT id FROM subscribers WHERE number = @number`, i.in.From.args()...)
	if err != nil {
		return err
	}
	if !strings.EqualFold(entry.GivenName, d.GivenName) || !strings.EqualFold(entry.FamilyName, d.FamilyName) {
		return errDoubtful
	}
	i.in.From.LID = ""
	return nil
}

// inherit decides about an entry with the sender's number and another LID. Under
// the same name it is theirs: WhatsApp gave them a new LID. Else the number was
// given to somebody new, and the entry stays, known by its LID alone.
func (i *Inbox) inherit(d Details) error {
	if i.in.From.Number == "" || i.in.From.LID == "" {
		return nil
	}
	former, found, err := findSubscriber(i.ctx, i.tx, `SELECT id FROM subscribers WHERE (number = @number AND lid <> @lid)`, i.in.From.args()...)
	if err != nil || !found {
		return err
	}
	listed, err := i.listed()
	if err != nil {
		return err
	}
	id := sql.Named("id", former.ID)
	if !listed && strings.EqualFold(former.GivenName, d.GivenName) && strings.EqualFold(former.FamilyName, d.FamilyName) {
		return i.change(`UPDATE subscribers SET lid = @lid WHERE id = @id`, id)
	}
	return i.change(`UPDATE subscribers SET number = NULL WHERE id = @id`, id)
}

// onList tells whether somebody is on the list, or whoever had their number
// before.
const onList = `SELECT EXISTS (SELECT 1 FROM subscribers WHERE (lid = @lid OR (number = @number AND number <> '')))`

// Cancel takes the sender off the list, with everything that waits to leave for
// them, and has them forgotten. An entry with their number goes also when its LID is
// another: a cancellation under either counts. It tells whether they were on it; if
// not, nothing changes but that a question of ours ends. While one of their identities is
// missing it is kept what they asked for: see [Inbox.CancelUnmatched].
func (i *Inbox) Cancel() (was bool, err error) {
	if err := i.keepUnmatched(); err != nil {
		return false, err
	}
	if err := i.change(`DELETE FROM questions WHERE (lid = @lid OR (number = @number AND number <> ''))`); err != nil {
		return false, err
	}
	was, err = i.exists(onList)
	if err != nil || !was {
		return false, err
	}
	if i.Doubtful() {
		i.in.From.LID = "" // from here on they are one: who had the number is off the list
	}
	// The list may know more of them than this text tells.
	err = i.change(`INSERT INTO erasures (number, lid, due, unsubscribed_at) SELECT number, lid, @now, @at FROM subscribers
		WHERE (lid = @lid OR (number = @number AND number <> ''))`, sql.Named("at", stamp{i.in.At}))
	if err != nil {
		return true, err
	}
	for _, statement := range []string{
		`DELETE FROM subscribers WHERE (lid = @lid OR (number = @number AND number <> ''))`,
		`DELETE FROM answers WHERE (state = 'pending' OR state = 'sending') AND (lid = @lid OR (number = @number AND number <> ''))`,
	} {
		if err := i.change(statement); err != nil {
			return true, err
		}
	}
	return true, i.ForgetAfter(forgetAfterGoodbye)
}

// ForgetAfter sets when the sender, who is not on the list, is forgotten.
func (i *Inbox) ForgetAfter(d time.Duration) error {
	due := sql.Named("due", stamp{i.now.Add(d)})
	if err := i.change(`UPDATE erasures SET due = @due WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`, due); err != nil {
		return err
	}
	return i.change(`INSERT INTO erasures (number, lid, due) SELECT nullif(@number, ''), nullif(@lid, ''), @due
		WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))))`, due)
}

// Entry is somebody who is to be put on the list without having written: they gave
// their consent elsewhere, and it was recorded.
type Entry struct {
	Person
	Details
	ConsentAt time.Time
	Consent   string    // where and how it was recorded
	NewsFrom  time.Time // as [Subscriber.NewsFrom]
}

// Imported is what has become of a list of entries.
type Imported struct {
	Added        int // they are on the list now
	Listed       int // they were already; nothing of theirs was changed
	Unsubscribed int // have unsubscribed since they gave the consent, and stay away
}

// errTried ends a transaction that was only to be tried.
var errTried = errors.New("only tried")

// Import puts people on the list, all or none. Whoever is on it, under
// the number or the LID, stays as they are, and nobody is brought back who has
// unsubscribed after they gave this consent, as far as the list or f knows. With try nothing is
// changed, and the result is what would become of them.
func (s *Store) Import(ctx context.Context, list []Entry, f *Forgotten, now time.Time, try bool) (n Imported, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		for _, e := range list {
			if err := e.importInto(ctx, tx, f, now, &n); err != nil {
				return err
			}
		}
		if try {
			return errTried
		}
		return nil
	})
	switch {
	case errors.Is(err, errTried):
		return n, nil
	case err != nil:
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	return n, nil
}

func (e Entry) importInto(ctx context.Context, tx *sql.Tx, f *Forgotten, now time.Time, n *Imported) error {
	if err := e.Person.check(); err != nil {
		return err
	}
	i := &Inbox{ctx: ctx, tx: tx, in: Incoming{From: e.Person, At: e.ConsentAt}, now: now}
	listed, err := i.exists(onList)
	if err != nil {
		return err
	}
	if listed {
		n.Listed++
		return nil
	}
	asked, err := i.unmatchedAt()
	if err != nil {
		return err
	}
	unsubscribed, err := i.exists(`SELECT EXISTS (SELECT 1 FROM erasures WHERE unsubscribed_at > @consent
		AND (lid = @lid OR (number = @number AND number <> '')))`, sql.Named("consent", stamp{e.ConsentAt}))
	if err != nil {
		return err
	}
	if unsubscribed || asked.After(e.ConsentAt) || f.UnsubscribedAfter(e.Person, e.ConsentAt) {
		n.Unsubscribed++
		return nil
	}
	n.Added++
	if err := i.Subscribe(e.Details, Evidence{Source: e.Consent}); err != nil {
		return err
	}
	return i.SetNewsFrom(e.NewsFrom)
}
