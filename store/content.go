package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

// Content is an announcement as it was accepted: what is sent, to whom and when. It
// is carried from the file to the page; a new option of a file is a field here, and a
// column in the two queries below.
type Content struct {
	Name  string // the file as dropped, for people
	File  string // its name while it is being sent; no two unfiled ones share it
	Text  string
	Owner string // the user who owned the file

	Urgent   bool
	Preview  bool     // it goes to preview numbers, and to no subscriber
	Comuni   []string // only their residents get it; nil: everybody
	Messages int      // that everybody gets; 0 means 1
	Corrects int64    // the announcement that this one corrects; 0: none

	AcceptedAt time.Time
	NotBefore  time.Time // the first message leaves no earlier
	Expires    time.Time // what has not left by then does not leave; zero: never
}

// insertAnnouncement writes the row of an announcement that begins to leave.
func insertAnnouncement(ctx context.Context, tx *sql.Tx, a NewAnnouncement) (id int64, err error) {
	hash := a.contentHash()
	kind := KindNews
	about := a.Corrects
	if a.Preview {
		about = 0 // it shows what a correction would be, and corrects nothing
	}
	if about != 0 {
		kind = KindCorrection
	}
	comuni := ""
	if len(a.Comuni) > 0 {
		list, err := json.Marshal(a.Comuni)
		if err != nil {
			return 0, err
		}
		comuni = string(list)
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO announcements
		(name, file, text, content_hash, urgent, preview, state, accepted_at, not_before, expires, kind, about, editable, messages, comuni, owner, released)
		VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, nullif(?11, 0), ?, ?, ?, ?, coalesce((SELECT released FROM announcements WHERE id = ?11), 0)) RETURNING id`,
		a.Name, a.File, a.Text, hash[:], a.Urgent, a.Preview, stamp{a.AcceptedAt}, stamp{a.NotBefore}, stamp{a.Expires},
		kind, about, a.Editable, a.messages(), comuni, a.Owner).Scan(&id)
	return id, err
}

// selectAnnouncements takes the IDs as a JSON list. The people of an announcement
// are counted by their first message.
const selectAnnouncements = `SELECT a.id, a.kind, a.name, a.file, a.text, a.comuni, a.owner, a.messages,
		(SELECT count(*) FROM attachments x WHERE x.announcement = a.id),
		a.urgent, a.preview, a.held, a.released, a.priority, a.state,
		a.accepted_at, a.not_before, a.expires, a.first_sent, a.last_sent, a.folder, a.final, a.paused,
		coalesce(a.about, 0), coalesce((SELECT o.name FROM announcements o WHERE o.id = a.about), ''),
		coalesce((SELECT c.name FROM announcements c WHERE c.about = a.id AND c.kind = 'correction'
			AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = c.id AND w.kind = 'withdrawal') ORDER BY c.id DESC LIMIT 1), ''),
		(SELECT json_object('At', w.accepted_at, 'TooOld', w.too_old + coalesce(sum(x.count) FILTER (WHERE x.state = 'expired'), 0),
				'Asked', coalesce(sum(x.count) FILTER (WHERE x.state NOT IN ('expired', 'unsubscribed')), 0),
				'Deleted', coalesce(sum(x.count) FILTER (WHERE x.state IN ('sent', 'delivered', 'read')), 0),
				'Waiting', coalesce(sum(x.count) FILTER (WHERE x.state IN ('pending', 'sending')), 0),
				'Failed', coalesce(sum(x.count) FILTER (WHERE x.state = 'failed'), 0))
			FROM announcements w LEFT JOIN tallies x ON x.announcement = w.id AND x.extra = 0
			WHERE w.about = a.id AND w.kind = 'withdrawal' GROUP BY w.id),
		(SELECT json_group_object(reason, count) FROM failures f WHERE f.announcement = a.id AND count > 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.state IN ('pending', 'sending')), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.state IN ('sent', 'delivered', 'read')), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.state IN ('delivered', 'read')), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.state = 'read'), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.state = 'failed'), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.state = 'expired'), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.state = 'cancelled'), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.state = 'unsubscribed'), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 1 AND t.state IN ('pending', 'sending')), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 1 AND t.state = 'failed'), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.form = 'edit' AND t.state IN ('sent', 'delivered', 'read')), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.form = 'correction' AND t.state IN ('sent', 'delivered', 'read')), 0),
		coalesce(sum(t.count) FILTER (WHERE t.extra = 0 AND t.form = 'news' AND t.state IN ('sent', 'delivered', 'read')), 0)
	FROM json_each(?) wanted JOIN announcements a ON a.id = wanted.value LEFT JOIN tallies t ON t.announcement = a.id
	GROUP BY wanted.key ORDER BY wanted.key`

// scanAnnouncement reads a row of selectAnnouncements.
func scanAnnouncement(rows *sql.Rows) (a Announcement, err error) {
	var accepted, notBefore, expires, first, last stamp
	var comuni string
	var withdrawal, reasons []byte
	err = rows.Scan(&a.ID, &a.Kind, &a.Name, &a.File, &a.Text, &comuni, &a.Owner, &a.Messages, &a.Attachments,
		&a.Urgent, &a.Preview, &a.Held, &a.Released, &a.Priority, &a.State, &accepted, &notBefore, &expires, &first, &last, &a.Folder, &a.Final, &a.Paused,
		&a.Corrects, &a.CorrectsName, &a.CorrectedBy, &withdrawal, &reasons,
		&a.Recipients, &a.Waiting, &a.Sent, &a.Delivered, &a.Read, &a.Failed, &a.Expired, &a.Cancelled, &a.Unsubscribed,
		&a.PartsWaiting, &a.PartsFailed, &a.Amended.Edited, &a.Amended.Resent, &a.Amended.Direct)
	if err != nil {
		return a, err
	}
	a.AcceptedAt, a.NotBefore, a.Expires, a.FirstSent, a.LastSent = accepted.Time, notBefore.Time, expires.Time, first.Time, last.Time
	if comuni != "" {
		err = json.Unmarshal([]byte(comuni), &a.Comuni)
	}
	if withdrawal != nil {
		w := struct {
			Withdrawal
			At int64
		}{}
		err = errors.Join(err, json.Unmarshal(withdrawal, &w))
		w.Withdrawal.At = time.UnixMilli(w.At).UTC()
		a.Withdrawal = &w.Withdrawal
	}
	return a, errors.Join(err, json.Unmarshal(reasons, &a.Reasons))
}
