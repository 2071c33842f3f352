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
	Name string // the file as dropped, for people
	File string // its name while it is being sent; no two unfiled ones share it
	Text string

	Urgent  bool
	Preview bool // it goes to PreviewNumbers, and to no subscriber

	AcceptedAt     time.Time
	NotBefore      time.Time // the first message leaves no earlier
	Expires        time.Time // what has not left by then does not leave; zero: never
	PreviewNumbers []Number
}

// Publish writes an announcement and a delivery, with its own message ID from
// newID, for each subscriber of this moment, in one transaction. For a File
// that was published and is not filed yet it changes nothing and returns that
// announcement. Without a recipient the announcement has ended at once.
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
		if a.Preview {
			err = addPreviews(ctx, tx, id, a, newID)
		} else {
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

func insertAnnouncement(ctx context.Context, tx *sql.Tx, a NewAnnouncement) (id int64, err error) {
	hash := sha256.Sum256([]byte(a.Text))
	err = tx.QueryRowContext(ctx, `INSERT INTO announcements
		(name, file, text, content_hash, urgent, preview, state, accepted_at, not_before, expires)
		VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?, ?) RETURNING id`,
		a.Name, a.File, a.Text, hash[:], a.Urgent, a.Preview, stamp{a.AcceptedAt}, stamp{a.NotBefore}, stamp{a.Expires}).Scan(&id)
	return id, err
}

func addDeliveries(ctx context.Context, tx *sql.Tx, id int64, a NewAnnouncement, newID func() string) error {
	rows, err := tx.QueryContext(ctx, `SELECT id FROM subscribers ORDER BY id`)
	if err != nil {
		return err
	}
	recipients, err := column[int64](rows)
	if err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO deliveries (announcement, subscriber, message_id, due) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, r := range inTurn(recipients, id) {
		if _, err := insert.ExecContext(ctx, id, r, newID(), stamp{a.NotBefore}); err != nil {
			return err
		}
	}
	return nil
}

// inTurn lets each announcement begin with other people, so that nobody is
// always the last: steps of the golden ratio spread the beginnings evenly over
// the list, however long it is.
func inTurn(recipients []int64, announcement int64) []int64 {
	_, part := math.Modf(float64(announcement) * math.Phi)
	first := int(part * float64(len(recipients)))
	return slices.Concat(recipients[first:], recipients[:first])
}

// addPreviews writes one delivery for each number; one that is listed twice
// counts once.
func addPreviews(ctx context.Context, tx *sql.Tx, id int64, a NewAnnouncement, newID func() string) error {
	for _, n := range a.PreviewNumbers {
		_, err := tx.ExecContext(ctx, `INSERT INTO deliveries (announcement, preview_number, message_id, due) VALUES (?, ?, ?, ?)
			ON CONFLICT (announcement, preview_number) DO NOTHING`, id, string(n), newID(), stamp{a.NotBefore})
		if err != nil {
			return err
		}
	}
	return nil
}

// RecentlyPublished tells whether a text was announced since then, and under
// which name: a probable double. Previews do not count, nor what was stopped
// before anything had left, nor the announcement that is being made of file.
func (s *Store) RecentlyPublished(ctx context.Context, file, text string, since time.Time) (name string, ok bool, err error) {
	hash := sha256.Sum256([]byte(text))
	ok, err = s.scan(ctx, `SELECT name FROM announcements
		WHERE content_hash = ? AND accepted_at >= ? AND preview = 0
		AND NOT (file = ? AND filed = 0) AND NOT (state = 'stopped' AND first_sent = 0)
		ORDER BY accepted_at DESC LIMIT 1`, []any{hash[:], stamp{since}, file}, &name)
	return name, ok, err
}

// endFinished ends the announcements that have nothing left to send. It runs
// at the end of every transaction that may have taken the last delivery.
const endFinished = `UPDATE announcements SET state = 'sent' WHERE state = 'running' AND NOT EXISTS (
	SELECT 1 FROM deliveries d WHERE d.announcement = announcements.id AND (d.state = 'pending' OR d.state = 'sending'))`
