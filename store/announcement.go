package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// AnnouncementState says how far an announcement is.
type AnnouncementState string

// The states of an announcement.
const (
	Running  AnnouncementState = "running" // some deliveries have not ended
	Finished AnnouncementState = "sent"    // all have
	Stopped  AnnouncementState = "stopped" // its file was taken away; what waited is cancelled
)

// Announcement is what was published, and how it is going.
type Announcement struct {
	ID                    int64
	Name, File, Text      string
	Urgent, Preview, Held bool
	Released              bool // staff let it leave in spite of an election
	State                 AnnouncementState
	AcceptedAt, NotBefore time.Time
	Expires               time.Time // what has not left by then does not leave; zero: never
	FirstSent, LastSent   time.Time // zero while nothing has left
	Counts
	Reasons map[Reason]int // how many of Failed for which reason
}

// Counts are the deliveries of an announcement. They are cumulative: what is
// read counts as delivered and as sent too. Who has left the list since stays
// counted; what he had still to get counts as cancelled.
type Counts struct {
	Recipients, Waiting, Sent, Delivered, Read, Failed, Expired, Cancelled int
}

// ErrNoAnnouncement says that there is no announcement with the ID.
var ErrNoAnnouncement = errors.New("no such announcement")

const selectAnnouncements = `SELECT a.id, a.name, a.file, a.text, a.urgent, a.preview, a.held, a.released, a.state,
	a.accepted_at, a.not_before, a.expires, a.first_sent, a.last_sent,
	(SELECT json_group_object(reason, count) FROM failures f WHERE f.announcement = a.id AND count > 0), coalesce(sum(t.count), 0),
	coalesce(sum(t.count) FILTER (WHERE t.state IN ('pending', 'sending')), 0),
	coalesce(sum(t.count) FILTER (WHERE t.state IN ('sent', 'delivered', 'read')), 0),
	coalesce(sum(t.count) FILTER (WHERE t.state IN ('delivered', 'read')), 0),
	coalesce(sum(t.count) FILTER (WHERE t.state = 'read'), 0),
	coalesce(sum(t.count) FILTER (WHERE t.state = 'failed'), 0),
	coalesce(sum(t.count) FILTER (WHERE t.state = 'expired'), 0),
	coalesce(sum(t.count) FILTER (WHERE t.state = 'cancelled'), 0)
	FROM announcements a LEFT JOIN tallies t ON t.announcement = a.id`

// Announcements lists the newest first, at most limit of them; 0 means all.
func (s *Store) Announcements(ctx context.Context, limit int) ([]Announcement, error) {
	if limit == 0 {
		limit = -1
	}
	return s.announcements(ctx, `WHERE a.id IN (SELECT id FROM announcements ORDER BY id DESC LIMIT ?) GROUP BY a.id ORDER BY a.id DESC`, limit)
}

// Unfiled lists the announcements whose file has not been filed away, the
// oldest first.
func (s *Store) Unfiled(ctx context.Context) ([]Announcement, error) {
	return s.announcements(ctx, `WHERE a.filed = 0 GROUP BY a.id ORDER BY a.id`)
}

// Stop cancels what waits of an announcement. A message that is being sent is
// not called back. One that has ended already stays as it is.
func (s *Store) Stop(ctx context.Context, id int64) (Announcement, error) {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE announcements SET state = 'stopped' WHERE id = ? AND state = 'running'`, id)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE deliveries SET state = 'cancelled' WHERE announcement = ? AND state = 'pending'`, id)
		return err
	})
	if err != nil {
		return Announcement{}, fmt.Errorf("stop an announcement: %w", err)
	}
	return s.announcement(ctx, id)
}

// Filed notes that the file and its report are in their last place.
func (s *Store) Filed(ctx context.Context, id int64) error {
	return s.exec(ctx, "file an announcement away", `UPDATE announcements SET filed = 1 WHERE id = ?`, id)
}

// Hold lets nothing more of an announcement leave until [Store.Release].
func (s *Store) Hold(ctx context.Context, id int64) error {
	return s.exec(ctx, "hold an announcement", `UPDATE announcements SET held = 1 WHERE id = ?`, id)
}

// Release lets what was held go on. With election it may leave although there
// is one.
func (s *Store) Release(ctx context.Context, id int64, election bool) error {
	return s.exec(ctx, "release an announcement", `UPDATE announcements SET held = 0, released = max(released, ?) WHERE id = ?`, election, id)
}

// Expire ends what waits of announcements that have become pointless by now,
// if anything does. A message that is being sent is not called back.
func (s *Store) Expire(ctx context.Context, now time.Time) (expired bool, err error) {
	_, err = s.scan(ctx, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE `+isExpired+`)`, []any{sql.Named("now", stamp{now})}, &expired)
	if err != nil || !expired {
		return false, err
	}
	return true, s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = 'expired' WHERE `+isExpired, sql.Named("now", stamp{now}))
		return err
	})
}

const isExpired = `state = 'pending' AND announcement IN (
	SELECT id FROM announcements WHERE state = 'running' AND expires > 0 AND expires <= @now)`

func (s *Store) exec(ctx context.Context, doing, query string, args ...any) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		return nil
	})
}

func (s *Store) announcement(ctx context.Context, id int64) (Announcement, error) {
	list, err := s.announcements(ctx, `WHERE a.id = ? GROUP BY a.id`, id)
	if err != nil {
		return Announcement{}, err
	}
	if len(list) == 0 {
		return Announcement{}, ErrNoAnnouncement
	}
	return list[0], nil
}

func (s *Store) announcements(ctx context.Context, where string, args ...any) (list []Announcement, err error) {
	rows, err := s.db.QueryContext(ctx, selectAnnouncements+" "+where, args...)
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("list the announcements: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAnnouncement(rows)
		if err != nil {
			return nil, fmt.Errorf("read an announcement: %w", err)
		}
		list = append(list, a)
	}
	return list, fault(s.path, rows.Err())
}

func scanAnnouncement(rows *sql.Rows) (a Announcement, err error) {
	var accepted, notBefore, expires, first, last stamp
	var reasons []byte
	err = rows.Scan(&a.ID, &a.Name, &a.File, &a.Text, &a.Urgent, &a.Preview, &a.Held, &a.Released, &a.State,
		&accepted, &notBefore, &expires, &first, &last, &reasons,
		&a.Recipients, &a.Waiting, &a.Sent, &a.Delivered, &a.Read, &a.Failed, &a.Expired, &a.Cancelled)
	if err != nil {
		return a, err
	}
	a.AcceptedAt, a.NotBefore, a.Expires, a.FirstSent, a.LastSent = accepted.Time, notBefore.Time, expires.Time, first.Time, last.Time
	return a, json.Unmarshal(reasons, &a.Reasons)
}
