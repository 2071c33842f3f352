package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math"
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

// Publish writes an announcement and a delivery, with a message ID of its own that
// begins with idPrefix, for each subscriber of this moment whose mode lets it reach
// them, in one transaction; the list may be of any length, it takes no memory. For a File
// that was published and is not filed yet it changes nothing and returns that
// announcement. Without a recipient the announcement has ended at once. The
// error is [ErrAttachmentsGone] when a correction cannot show what it should.
func (s *Store) Publish(ctx context.Context, a NewAnnouncement, idPrefix string) (Announcement, error) {
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
			err = addPreviews(ctx, tx, id, a, idPrefix)
		case a.Corrects != 0:
			err = roomy(ctx, tx, func() error { return correct(ctx, tx, id, a, idPrefix) })
		default:
			err = roomy(ctx, tx, func() error { return addDeliveries(ctx, tx, id, a, idPrefix) })
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

// roomy lets SQLite keep more of the database in memory while a row is written for
// each of many people: message IDs lie all over their index, and each page of it would
// be read and written many times. That is 64 MB at most, for lists of a million, and
// given back at the end.
func roomy(ctx context.Context, tx *sql.Tx, work func() error) (err error) {
	var people int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM subscribers`).Scan(&people); err != nil {
		return err
	}
	room := min(max(people/16, usualCache), 65536)
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", room)); err != nil {
		return err
	}
	defer func() {
		_, undone := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", usualCache))
		err = errors.Join(err, undone)
	}()
	return work()
}

const usualCache = 2000 // KiB for each connection, SQLite's own measure

func (a NewAnnouncement) messages() int { return max(1, a.Messages) }

// addDeliveries lets each announcement begin with other people, so that nobody is
// always the last: steps of the golden ratio spread the beginnings evenly over the
// list, however long it is. A person's first message is due at its time. IDs are
// the prefix and 18 random digits.
func addDeliveries(ctx context.Context, tx *sql.Tx, id int64, a NewAnnouncement, idPrefix string) error {
	_, err := tx.ExecContext(ctx, insertDeliveries, sql.Named("announcement", id), sql.Named("turn", turn(id)), sql.Named("prefix", idPrefix),
		sql.Named("messages", a.messages()), sql.Named("due", stamp{a.NotBefore}), sql.Named("afterPrevious", afterPrevious),
		sql.Named("leaves", a.leavesAt()))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, countPaused, sql.Named("announcement", id), sql.Named("leaves", a.leavesAt()))
	return err
}

const insertDeliveries = `INSERT INTO deliveries (announcement, subscriber, message_id, part, due)
	WITH RECURSIVE parts (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM parts WHERE n + 1 < @messages),
		recipients AS NOT MATERIALIZED (SELECT s.id FROM announcements a CROSS JOIN subscribers s
			WHERE a.id = @announcement AND s.news_from <= @leaves
				AND (a.comuni = '' OR s.comune IN (SELECT value FROM json_each(a.comuni)))),
		beginning (id) AS (SELECT id FROM recipients ORDER BY id LIMIT 1 OFFSET CAST(@turn * (SELECT count(*) FROM recipients) AS INTEGER))
	SELECT @announcement, r.id, @prefix || hex(randomblob(9)), n, iif(n = 0, @due, @afterPrevious)
	FROM (SELECT id FROM recipients WHERE id >= (SELECT id FROM beginning)
		UNION ALL SELECT id FROM recipients WHERE id < (SELECT id FROM beginning)) r CROSS JOIN parts`

// turn is where in the list an announcement begins, from 0 to 1.
func turn(announcement int64) float64 {
	_, part := math.Modf(float64(announcement) * math.Phi)
	return part
}

// addPreviews writes the deliveries for each number; one that is listed twice
// counts once.
func addPreviews(ctx context.Context, tx *sql.Tx, id int64, a NewAnnouncement, idPrefix string) error {
	for _, n := range a.PreviewNumbers {
		for part := range a.messages() {
			_, err := tx.ExecContext(ctx, `INSERT INTO deliveries (announcement, preview_number, message_id, part, due)
				VALUES (@announcement, @number, @prefix || hex(randomblob(9)), @part, iif(@part = 0, @due, @afterPrevious)) ON CONFLICT DO NOTHING`,
				sql.Named("announcement", id), sql.Named("number", string(n)), sql.Named("prefix", idPrefix), sql.Named("part", part),
				sql.Named("due", stamp{a.NotBefore}), sql.Named("afterPrevious", afterPrevious))
			if err != nil {
				return err
			}
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
