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
	Running  AnnouncementState = "running"  // some deliveries have not ended
	Finished AnnouncementState = "finished" // all have
	Stopped  AnnouncementState = "stopped"  // its file was taken away; what waited is cancelled
)

// Announcement is what was published, and how it is going.
type Announcement struct {
	ID   int64
	Kind Kind
	Content
	Attachments         int // among its messages
	Held                bool
	Released            bool     // staff let it leave in spite of an election
	Priority            Priority // of its messages: see [Urgent]
	State               AnnouncementState
	FirstSent, LastSent time.Time // zero while nothing has left
	Counts
	Reasons map[Reason]int // how many of Failed for which reason

	CorrectsName string      // the name of what it corrects
	Amended      Amended     // how a correction reached whom
	CorrectedBy  string      // the name of the newest correction of this one that was not withdrawn; empty: none
	Withdrawal   *Withdrawal // nil: it was not withdrawn
	Folder       string      // where the file was filed: [FolderWithdrawn], or empty for the usual one
	Final        bool        // its report changes no more
}

// Kind says what an announcement is for.
type Kind string

// The kinds. Withdrawals are listed with what they withdraw only.
const (
	KindNews       Kind = "news"
	KindCorrection Kind = "correction"
	KindWithdrawal Kind = "withdrawal"
)

// FolderWithdrawn is Announcement.Folder of what was withdrawn.
const FolderWithdrawn = "ritirare"

// Amended counts people by how a correction has reached them.
type Amended struct {
	Edited int // the message changed on the phone
	Resent int // by a new message
	Direct int // they had not got the wrong one
}

// Withdrawal is how the deletion of an announcement goes, in people.
type Withdrawal struct {
	At                              time.Time
	Asked, Deleted, Waiting, Failed int // Deleted: WhatsApp's server took the deletion
	TooOld                          int // whose phones keep it: it left too long ago, or the deletion has waited too long
}

// Counts are the deliveries of an announcement. They are cumulative: what is
// read counts as delivered and as sent too. Who has unsubscribed since stays
// counted. They are people: who gets several messages counts by the first. The JSON
// names are an interface.
type Counts struct {
	Recipients   int `json:"recipients"`
	Waiting      int `json:"waiting"` // it has not left yet
	Sent         int `json:"sent"`
	Delivered    int `json:"delivered"`
	Read         int `json:"read"`
	Failed       int `json:"failed"`
	Expired      int `json:"expired"`
	Cancelled    int `json:"cancelled"`
	Unsubscribed int `json:"unsubscribed"` // from the list, before it was known to have reached them
	Paused       int `json:"paused"`       // no recipients: it was for them, too, but for their mode
	// PartsWaiting and PartsFailed are further messages, to whom the first one has
	// reached or will: all of them are attachments. Waiting + PartsWaiting messages
	// have not left yet.
	PartsWaiting int `json:"attachments_waiting,omitempty"`
	PartsFailed  int `json:"attachments_failed,omitempty"`
}

// ErrNoAnnouncement says that there is no announcement with the ID.
var ErrNoAnnouncement = errors.New("no such announcement")

// Announcements lists the newest first, at most limit of them; 0 means all.
func (s *Store) Announcements(ctx context.Context, limit int) ([]Announcement, error) {
	if limit == 0 {
		limit = -1
	}
	// Not a bare LIMIT ?: SQLite looks at its value, and so plans the whole query anew for each.
	return s.announcements(ctx, `SELECT id FROM announcements WHERE kind <> 'withdrawal' ORDER BY id DESC LIMIT ? + 0`, limit)
}

// Unfiled lists the announcements whose file has not been filed away, the
// oldest first.
func (s *Store) Unfiled(ctx context.Context) ([]Announcement, error) {
	return s.announcements(ctx, `SELECT id FROM announcements WHERE filed = 0 ORDER BY id`)
}

// Reporting lists the announcements that have been filed away and whose report
// may still change, the oldest first.
func (s *Store) Reporting(ctx context.Context) ([]Announcement, error) {
	return s.announcements(ctx, `SELECT id FROM announcements WHERE filed = 1 AND final = 0 AND kind <> 'withdrawal' ORDER BY id`)
}

// Finalize notes that the report of an announcement changes no more.
func (s *Store) Finalize(ctx context.Context, id int64) error {
	return s.exec(ctx, "end a report", `UPDATE announcements SET final = 1 WHERE id = ?`, id)
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
		return cancelWaiting(ctx, tx, id)
	})
	if err != nil {
		return Announcement{}, fmt.Errorf("stop an announcement: %w", err)
	}
	return s.announcement(ctx, id)
}

// Filed notes that the file and its report are in their last place. What was
// kept of the attachments goes: whoever still asks for them has an upload.
func (s *Store) Filed(ctx context.Context, id int64) error { return s.filed(ctx, id, "") }

// FiledWithdrawn notes that the files and the report of what was withdrawn are
// in the folder for that.
func (s *Store) FiledWithdrawn(ctx context.Context, id int64) error {
	return s.filed(ctx, id, FolderWithdrawn)
}

func (s *Store) filed(ctx context.Context, id int64, folder string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE announcements SET filed = 1, folder = ?, final = 0 WHERE id = ?`, folder, id); err != nil {
			return fmt.Errorf("file an announcement away: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE attachments SET data = NULL WHERE announcement = ?`, id); err != nil {
			return fmt.Errorf("file an announcement away: %w", err)
		}
		return nil
	})
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

func (s *Store) announcement(ctx context.Context, id int64) (Announcement, error) {
	list, err := s.announcements(ctx, `SELECT id FROM announcements WHERE id = ?`, id)
	if err != nil {
		return Announcement{}, err
	}
	if len(list) == 0 {
		return Announcement{}, ErrNoAnnouncement
	}
	return list[0], nil
}

// announcements reads those that a query lists, in its order, all at one moment.
func (s *Store) announcements(ctx context.Context, ids string, args ...any) (list []Announcement, err error) {
	err = s.reading(ctx, func(db querier) error {
		rows, err := db.QueryContext(ctx, ids, args...)
		if err != nil {
			return err
		}
		wanted, err := column[int64](rows)
		if err != nil || len(wanted) == 0 {
			return err
		}
		text, err := json.Marshal(wanted)
		if err != nil {
			return err
		}
		rows, err = db.QueryContext(ctx, selectAnnouncements, string(text))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			a, err := scanAnnouncement(rows)
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list the announcements: %w", err)
	}
	return list, nil
}

// update is a transaction that may end an announcement.
func (s *Store) update(ctx context.Context, work func(*sql.Tx) error) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := work(tx); err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
		if _, err := tx.ExecContext(ctx, endFinished); err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
		return nil
	})
}

// endFinished ends the announcements of which nothing remains to be sent. It runs
// at the end of every transaction that may have taken the last delivery.
const endFinished = `UPDATE announcements SET state = 'finished' WHERE state = 'running' AND NOT EXISTS (
	SELECT 1 FROM deliveries d WHERE d.announcement = announcements.id AND (d.state = 'pending' OR d.state = 'sending'))`

// resume lets an announcement go on that had ended before more was added.
func resume(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE announcements SET state = 'running', final = 0 WHERE id = ? AND state = 'finished'
		AND EXISTS (SELECT 1 FROM deliveries d WHERE d.announcement = announcements.id AND d.state = 'pending')`, id)
	return err
}
