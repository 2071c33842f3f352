package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// NewAnnouncement is what is to be sent.
type NewAnnouncement struct {
	Content
	Attachments    []NewAttachment // in the order in which they are sent
	PreviewNumbers []Number

	Editable   bool          // a correction can be an edit
	EditWindow time.Duration // of what left longer ago it cannot
}

// Publish writes an announcement and a delivery, with its own message ID from
// newID, for each subscriber of this moment, in one transaction. For a File
// that was published and is not filed yet it changes nothing and returns that
// announcement. Without a recipient the announcement has ended at once. The
// error is [ErrAttachmentsGone] when a correction cannot show what it should.
func (s *Store) Publish(ctx context.Context, a NewAnnouncement, newID func() string) (Announcement, error) {
	var id int64
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT id FROM announcements WHERE file = ? AND filed = 0`, a.File).Scan(&id)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if id, err = insertAnnouncement(ctx, tx, a); err != nil {
			return err
		}
		if err := addAttachments(ctx, tx, id, a); err != nil {
			return err
		}
		switch {
		case a.Preview:
			err = addPreviews(ctx, tx, id, a, newID)
		case a.Corrects != 0:
			err = correct(ctx, tx, id, a, newID)
		default:
			err = addDeliveries(ctx, tx, id, a, newID)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, endFinished)
		return err
	})
	if err != nil {
		return Announcement{}, fmt.Errorf("publish: %w", err)
	}
	return s.announcement(ctx, id)
}

func (a NewAnnouncement) messages() int { return max(1, a.Messages) }

func addDeliveries(ctx context.Context, tx *sql.Tx, id int64, a NewAnnouncement, newID func() string) error {
	rows, err := tx.QueryContext(ctx, `SELECT s.id FROM subscribers s JOIN announcements a ON a.id = ?
		WHERE a.comuni = '' OR s.comune IN (SELECT value FROM json_each(a.comuni)) ORDER BY s.id`, id)
	if err != nil {
		return err
	}
	recipients, err := column[int64](rows)
	if err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO deliveries (announcement, subscriber, message_id, part, due) VALUES (?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, r := range inTurn(recipients, id) {
		if err := addParts(ctx, insert, id, r, a.messages(), a.NotBefore, newID); err != nil {
			return err
		}
	}
	return nil
}

// addParts writes the n messages for one recipient, of which the first is due at
// its time.
func addParts(ctx context.Context, insert *sql.Stmt, announcement int64, recipient any, n int, due time.Time, newID func() string) error {
	for part := range n {
		if _, err := insert.ExecContext(ctx, announcement, recipient, newID(), part, partDue(part, due)); err != nil {
			return err
		}
	}
	return nil
}

// partDue is when one of a person's messages is due of which the first is due at
// first.
func partDue(part int, first time.Time) any {
	if part > 0 {
		return afterPrevious
	}
	return stamp{first}
}

// inTurn lets each announcement begin with other people, so that nobody is
// always the last: steps of the golden ratio spread the beginnings evenly over
// the list, however long it is.
func inTurn(recipients []int64, announcement int64) []int64 {
	_, part := math.Modf(float64(announcement) * math.Phi)
	first := int(part * float64(len(recipients)))
	return slices.Concat(recipients[first:], recipients[:first])
}

// addPreviews writes the deliveries for each number; one that is listed twice
// counts once.
func addPreviews(ctx context.Context, tx *sql.Tx, id int64, a NewAnnouncement, newID func() string) error {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO deliveries (announcement, preview_number, message_id, part, due)
		VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, n := range a.PreviewNumbers {
		if err := addParts(ctx, insert, id, string(n), a.messages(), a.NotBefore, newID); err != nil {
			return err
		}
	}
	return nil
}

// ContentHash is what two announcements have in common that are the same to a
// person: the text, and the attachments as they were dropped, in order.
func ContentHash(text string, dropped ...[32]byte) [32]byte {
	h := sha256.New()
	h.Write([]byte(text))
	for _, d := range dropped {
		h.Write(d[:])
	}
	return [32]byte(h.Sum(nil))
}

func (a NewAnnouncement) contentHash() [32]byte {
	var dropped [][32]byte
	for _, x := range a.Attachments {
		dropped = append(dropped, x.DroppedHash)
	}
	return ContentHash(a.Text, dropped...)
}

// newestTwin finds the last announcement of the same content. Previews do not
// count, nor what was stopped before anything had left, nor what was withdrawn, nor
// the announcement that is being made of file.
const newestTwin = `SELECT name, accepted_at FROM announcements
	WHERE content_hash = @hash AND preview = 0 AND kind <> 'withdrawal' AND accepted_at >= @since
		AND NOT (file = @file AND filed = 0) AND NOT (state = 'stopped' AND first_sent = 0)
		AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = announcements.id AND w.kind = 'withdrawal')
	ORDER BY accepted_at DESC LIMIT 1`

// RecentlyPublished tells whether a content was announced since then, and under
// which name: a probable double.
func (s *Store) RecentlyPublished(ctx context.Context, file string, hash [32]byte, since time.Time) (name string, ok bool, err error) {
	var accepted stamp
	ok, err = s.scan(ctx, newestTwin, []any{sql.Named("hash", hash[:]), sql.Named("file", file), sql.Named("since", stamp{since})}, &name, &accepted)
	return name, ok, err
}

// PublishedBefore tells whether a content was announced before the announcement
// that is being made of file, under which name and when.
func (s *Store) PublishedBefore(ctx context.Context, file string, hash [32]byte) (name string, at time.Time, ok bool, err error) {
	var accepted stamp
	ok, err = s.scan(ctx, newestTwin, []any{sql.Named("hash", hash[:]), sql.Named("file", file), sql.Named("since", stamp{})}, &name, &accepted)
	return name, accepted.Time, ok, err
}
