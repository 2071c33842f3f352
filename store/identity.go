package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// identify makes use of a text that tells both the number and the LID of its
// sender: entries of the list that turn out to be the same person's become one,
// and learn what they lacked; whoever had the number before loses it.
func (i *Inbox) identify() error {
	if i.in.From.Number == "" || i.in.From.LID == "" {
		return nil
	}
	// The former owners stay known by their LID, where their messages go.
	for _, statement := range []string{
		`UPDATE answers SET number = NULL WHERE (number = @number AND lid <> @lid)`,
		`UPDATE handled SET number = NULL WHERE (number = @number AND lid <> @lid)`,
		`UPDATE erasures SET number = NULL WHERE (number = @number AND lid <> @lid)`,
		`UPDATE questions SET number = NULL WHERE (number = @number AND lid <> @lid)`,
	} {
		if err := i.exec(statement); err != nil {
			return err
		}
	}
	if err := i.keepNewestQuestion(); err != nil {
		return err
	}
	entry, listed, err := i.Subscriber()
	if err != nil || !listed {
		return err // an entry with their number and another LID waits for a word of theirs: see inherit and Cancel
	}
	if err := i.change(`UPDATE subscribers SET number = NULL WHERE (number = @number AND lid <> @lid)`); err != nil {
		return err
	}
	if err := i.merge(entry.ID); err != nil {
		return err
	}
	if err := i.change(`DELETE FROM erasures WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`); err != nil {
		return err
	}
	return i.change(`UPDATE subscribers SET number = @number, lid = @lid WHERE id = @id
		AND (number IS NOT @number OR lid IS NOT @lid)`, sql.Named("id", entry.ID))
}

// merge makes one entry of all that are the sender's. The entry keep stays,
// with the earliest date and the deliveries of all.
func (i *Inbox) merge(keep int64) error {
	others, err := i.others(keep)
	if err != nil {
		return err
	}
	for _, other := range others {
		if err := i.absorb(keep, other); err != nil {
			return err
		}
	}
	return nil
}

// absorb makes one entry of two: keep stays, with its code. Of two modes the
// stricter stays. Of two deliveries of one announcement
// stays what has left, or may have: nobody is shown an announcement twice. What
// changes or deletes something on their phone outdoes what came instead of that.
func (i *Inbox) absorb(keep, other int64) error {
	both := []any{sql.Named("keep", keep), sql.Named("other", other), sql.Named("afterPrevious", afterPrevious)}
	for _, statement := range []string{
		`DELETE FROM deliveries WHERE id IN (
			SELECT CASE WHEN
					CASE a.state WHEN 'read' THEN 7 WHEN 'delivered' THEN 6 WHEN 'sent' THEN 5
						WHEN 'sending' THEN 4 WHEN 'pending' THEN 2 + (a.target <> '') ELSE 1 END
					>= CASE b.state WHEN 'read' THEN 7 WHEN 'delivered' THEN 6 WHEN 'sent' THEN 5
						WHEN 'sending' THEN 4 WHEN 'pending' THEN 2 + (b.target <> '') ELSE 1 END
				THEN b.id ELSE a.id END
			FROM deliveries a JOIN deliveries b ON b.announcement = a.announcement AND b.part = a.part
			WHERE a.subscriber = @keep AND b.subscriber = @other)`,
		`UPDATE deliveries SET subscriber = @keep WHERE subscriber = @other`,
		// They have the pictures of what is edited.
		`DELETE FROM deliveries WHERE subscriber = @keep AND state = 'pending' AND part > 0 AND form = 'news' AND EXISTS (
			SELECT 1 FROM deliveries b WHERE b.announcement = deliveries.announcement AND b.subscriber = @keep AND b.part = 0 AND b.form = 'edit')`,
		// What the one waited for, the other has got.
		`UPDATE deliveries SET due = (SELECT not_before FROM announcements a WHERE a.id = announcement)
		WHERE subscriber = @keep AND state = 'pending' AND due = @afterPrevious AND EXISTS (
			SELECT 1 FROM deliveries b WHERE b.announcement = deliveries.announcement AND b.subscriber = @keep
				AND b.part = deliveries.part - 1 AND b.state IN ('sent', 'delivered', 'read'))`,
		`UPDATE subscribers SET since = (SELECT min(since) FROM subscribers WHERE id IN (@keep, @other)),
			heard = (SELECT max(heard) FROM subscribers WHERE id IN (@keep, @other)),
			news_from = (SELECT max(news_from) FROM subscribers WHERE id IN (@keep, @other)) WHERE id = @keep`,
		`DELETE FROM subscribers WHERE id = @other`,
		`UPDATE daemon SET gone = gone - 1`, // nobody has gone
	} {
		if err := i.change(statement, both...); err != nil {
			return err
		}
	}
	entry, _, err := findSubscriber(i.ctx, i.tx, `SELECT id FROM subscribers WHERE id = @keep`, sql.Named("keep", keep))
	if err != nil {
		return err
	}
	return i.skipWaiting(keep, entry.NewsFrom)
}

func (i *Inbox) others(keep int64) (ids []int64, err error) {
	rows, err := i.tx.QueryContext(i.ctx, `SELECT id FROM subscribers WHERE id <> @keep
		AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`,
		i.in.From.args(sql.Named("keep", keep))...)
	if err != nil {
		return nil, fmt.Errorf("look up a subscriber: %w", err)
	}
	return column[int64](rows)
}

const (
	// rememberUnmatched is how long a cancellation is kept that nobody on the list was
	// found for. What reveals whose it was is as a rule the next message to them, and a
	// quarter without any is rare; after that, who gets something again may say so again.
	rememberUnmatched = 90 * 24 * time.Hour
	// maxUnmatched bounds what strangers can make us keep: the newest.
	maxUnmatched = 10_000
)

// complete tells whether both identities are known.
func (p Person) complete() bool { return p.Number != "" && p.LID != "" && p.LID != unsaid }

// doubt sees whether the sender shows no more than a number that is on the list with a
// LID.
func (i *Inbox) doubt() error {
	if i.in.From.LID != "" {
		return nil
	}
	listed, err := i.exists(`SELECT EXISTS (SELECT 1 FROM subscribers WHERE number = @number AND lid <> '')`)
	if listed {
		i.in.From.LID = unsaid
	}
	return err
}

// Doubtful tells whether the sender shows no more than a number that is on the list
// with a LID: it may be somebody else's by now. They count as somebody who is not on
// the list, and cannot be put on it before that is known.
func (i *Inbox) Doubtful() bool { return i.in.From.LID == unsaid }

// hashes are the keyed ones of a person's identities, as far as they are known.
func (p Person) hashes(key []byte) (list [][]byte) {
	if p.Number != "" {
		list = append(list, keyedHash(key, "number", strings.TrimPrefix(string(p.Number), "+")))
	}
	if p.LID != "" && p.LID != unsaid {
		list = append(list, keyedHash(key, "lid", string(p.LID)))
	}
	return list
}

// Complete tells whether both identities of the sender are known. If not, they may
// be on the list under the other one.
func (i *Inbox) Complete() bool { return i.in.From.complete() }

// Deny answers that the sender is not on the list ([NotRegistered]). While one of
// their identities is missing that is not certain: then the answer must not be sent
// before WhatsApp was asked, see [Store.Identify], and they are not forgotten before
// it has been. Without a text they are told nothing, and only the question waits.
func (i *Inbox) Deny(text string) error {
	if i.Complete() {
		if text == "" {
			return nil
		}
		return i.Answer(NotRegistered, text)
	}
	if text == "" {
		waits, err := i.exists(`SELECT EXISTS (SELECT 1 FROM answers WHERE kind = 'not_registered' AND state IN ('pending', 'sending')
			AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))))`)
		if err != nil || waits {
			return err
		}
	}
	if err := i.Answer(NotRegistered, text); err != nil {
		return err
	}
	if left, err := i.hasLeft(); err != nil || left {
		return err // they are forgotten when that was promised
	}
	return i.ForgetAfter(goodbyePatience)
}

// hasLeft tells whether the sender has unsubscribed and is still to be forgotten.
func (i *Inbox) hasLeft() (bool, error) {
	return i.exists(`SELECT EXISTS (SELECT 1 FROM erasures WHERE unsubscribed_at > 0
		AND (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = ''))))`)
}

// CancelUnmatched carries out what the sender asked for under the identity that was not
// known to be theirs until now: a cancellation, unless they have registered since,
// under either. It tells whether they were taken off the list; then they are owed a
// goodbye.
func (i *Inbox) CancelUnmatched() (was bool, err error) {
	if !i.Complete() {
		return false, nil
	}
	at, err := i.unmatchedAt()
	if err != nil || at.IsZero() {
		return false, err
	}
	entry, listed, err := i.Subscriber()
	if err != nil {
		return false, err
	}
	if !listed || at.Before(entry.Consented().Truncate(time.Second)) { // WhatsApp counts whole seconds
		return false, i.dropUnmatched(at)
	}
	shown := i.in.At
	i.in.At = at
	was, err = i.Cancel()
	i.in.At = shown
	return was, err
}

// Identify makes use of WhatsApp's answer to a question of ours: p's number and LID
// are one person's. If former is not empty, that LID was theirs before, and what
// stands under it is moved. Entries of the list that turn out to be one person's
// become one; and a cancellation that one of the two identities had asked for is
// carried out, as [Inbox.CancelUnmatched] says. It tells whether it was: then goodbye waits
// for them in the outbox, in the place of what did.
func (s *Store) Identify(ctx context.Context, p Person, former LID, goodbye string, now time.Time, newID func() string) (unsubscribed bool, err error) {
	if err := p.check(); err != nil || !p.complete() {
		return false, errors.Join(errors.New("identify: a number and a LID are needed"), err)
	}
	err = s.update(ctx, func(tx *sql.Tx) error {
		i := &Inbox{ctx: ctx, tx: tx, in: Incoming{From: p, At: now}, now: now, newID: newID}
		if err := i.move(former); err != nil {
			return err
		}
		if err := i.identify(); err != nil {
			return err
		}
		if i.in.ID, err = i.denied(); err != nil {
			return err
		}
		if unsubscribed, err = i.CancelUnmatched(); err != nil || !unsubscribed {
			return err
		}
		return i.Answer(Goodbye, goodbye)
	})
	return unsubscribed, err
}

// denied is the message that waits to be answered with a [NotRegistered], if one does.
func (i *Inbox) denied() (id string, err error) {
	err = i.tx.QueryRowContext(i.ctx, `SELECT coalesce(max(replies_to), '') FROM answers
		WHERE kind = 'not_registered' AND state IN ('pending', 'sending')
			AND (lid = @lid OR (number = @number AND number <> ''))`, i.in.From.args()...).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("look for what is answered: %w", err)
	}
	return id, nil
}

// move puts what stands under another LID under the sender's.
func (i *Inbox) move(former LID) error {
	if former == "" || former == i.in.From.LID {
		return nil
	}
	then := sql.Named("former", string(former))
	for _, statement := range []string{
		`UPDATE answers SET lid = @lid WHERE lid = @former`,
		`UPDATE handled SET lid = @lid WHERE lid = @former`,
		`UPDATE erasures SET lid = @lid WHERE lid = @former`,
		`UPDATE questions SET lid = @lid WHERE lid = @former`,
	} {
		if err := i.change(statement, then); err != nil {
			return err
		}
	}
	rows, err := i.tx.QueryContext(i.ctx, `SELECT id FROM subscribers WHERE lid = ?`, string(former))
	if err != nil {
		return fmt.Errorf("look up a subscriber: %w", err)
	}
	entries, err := column[int64](rows)
	if err != nil || len(entries) == 0 {
		return err
	}
	entry, listed, err := findSubscriber(i.ctx, i.tx, `SELECT id FROM subscribers WHERE lid = @lid`, i.in.From.args()...)
	if err != nil {
		return err
	}
	if listed {
		return i.absorb(entry.ID, entries[0])
	}
	return i.change(`UPDATE subscribers SET lid = @lid WHERE lid = @former`, then)
}

// unmatchedKey is made when it is first needed, and never leaves the database.
func (i *Inbox) unmatchedKey() (key []byte, err error) {
	if err := i.tx.QueryRowContext(i.ctx, `SELECT unmatched_key FROM daemon`).Scan(&key); err != nil || key != nil {
		return key, err
	}
	key = make([]byte, keyBytes)
	_, _ = rand.Read(key) // never fails
	return key, i.exec(`UPDATE daemon SET unmatched_key = @key`, sql.Named("key", key))
}

// keepUnmatched remembers that the sender has asked to leave, if it is under one
// identity and neither the text nor the list knows the other.
func (i *Inbox) keepUnmatched() error {
	entry, listed, err := findSubscriber(i.ctx, i.tx, `SELECT id FROM subscribers WHERE (lid = @lid OR (number = @number AND number <> ''))`, i.in.From.args()...)
	if err != nil {
		return err
	}
	if i.Complete() || listed && entry.complete() {
		return i.dropUnmatched(i.in.At)
	}
	return i.eachHash(func(hash any) error {
		return i.change(`INSERT INTO unmatched (hash, at) VALUES (@hash, @at)
			ON CONFLICT (hash) DO UPDATE SET at = excluded.at WHERE excluded.at > at`, hash, sql.Named("at", stamp{i.in.At}))
	})
}

// dropUnmatched forgets what the sender has asked for until then.
func (i *Inbox) dropUnmatched(until time.Time) error {
	return i.eachHash(func(hash any) error {
		return i.change(`DELETE FROM unmatched WHERE hash = @hash AND at <= @until`, hash, sql.Named("until", stamp{until}))
	})
}

// unmatchedAt is when the sender asked to leave last, without having been found on
// the list; zero: never, or long ago.
func (i *Inbox) unmatchedAt() (last time.Time, err error) {
	err = i.eachHash(func(hash any) error {
		var at stamp
		err := i.tx.QueryRowContext(i.ctx, `SELECT max(at) FROM unmatched WHERE hash = @hash AND at > @old`,
			hash, sql.Named("old", stamp{i.now.Add(-rememberUnmatched)})).Scan(&at)
		if at.After(last) {
			last = at.Time
		}
		return err
	})
	return last, err
}

func (i *Inbox) eachHash(work func(hash any) error) error {
	key, err := i.unmatchedKey()
	if err != nil {
		return fmt.Errorf("unmatched cancellations: %w", err)
	}
	for _, hash := range i.in.From.hashes(key) {
		if err := work(sql.Named("hash", hash)); err != nil {
			return fmt.Errorf("unmatched cancellations: %w", err)
		}
	}
	return nil
}

// purgeUnmatched forgets the cancellations that are too old, or too many.
func purgeUnmatched(ctx context.Context, tx *sql.Tx, now time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM unmatched WHERE at <= ?
		OR hash NOT IN (SELECT hash FROM unmatched ORDER BY at DESC LIMIT ? + 0)`, stamp{now.Add(-rememberUnmatched)}, maxUnmatched)
	return err
}
