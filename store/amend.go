package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// cancelWrong cancels what waits of an announcement that is corrected, but for
// further messages of who has begun to get it; those too when the correction,
// or one of it, brings its own.
func cancelWrong(ctx context.Context, tx *sql.Tx, id int64) error {
	for _, statement := range []string{
		`UPDATE deliveries SET state = 'cancelled' WHERE announcement = ?1 AND state = 'pending' AND ` + isCorrected(`?1`) + ` AND (
			EXISTS (WITH RECURSIVE corrections (id) AS (SELECT id FROM announcements WHERE about = ?1 AND kind = 'correction'
					UNION SELECT a.id FROM announcements a JOIN corrections c ON a.about = c.id WHERE a.kind = 'correction')
				SELECT 1 FROM attachments x JOIN corrections c ON c.id = x.announcement WHERE x.inherited = 0)
			OR NOT EXISTS (SELECT 1 FROM deliveries first WHERE first.announcement = ?1 AND first.part = 0
				AND first.subscriber IS deliveries.subscriber AND first.state IN ('sending', 'sent', 'delivered', 'read')))`,
		`UPDATE announcements SET state = 'stopped' WHERE id = ?1 AND state = 'running' AND ` + isCorrected(`?1`) + ` AND NOT EXISTS (
			SELECT 1 FROM deliveries d WHERE d.announcement = ?1 AND (d.state = 'pending' OR d.state = 'sending'))`,
	} {
		if _, err := tx.ExecContext(ctx, statement, id); err != nil {
			return err
		}
	}
	return nil
}

// cancelAllWrong does so for an announcement and what that one corrects.
func cancelAllWrong(ctx context.Context, tx *sql.Tx, id int64) error {
	for id != 0 {
		if err := cancelWrong(ctx, tx, id); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, `SELECT coalesce(about, 0) FROM announcements WHERE id = ?`, id).Scan(&id)
		if err != nil {
			return err
		}
	}
	return nil
}

// isCorrected tells in SQL whether an announcement is corrected by another.
func isCorrected(announcement string) string {
	return `EXISTS (SELECT 1 FROM announcements c WHERE c.about = ` + announcement + ` AND c.kind = 'correction')`
}

// affected is somebody whom a correction or a withdrawal concerns, and the
// message that is to be changed or deleted.
type affected struct {
	subscriber sql.NullInt64
	preview    sql.NullString
	part       int
	form       Form // of the message that he has got or was to get
	reached    bool
	own        bool // that one has attachments of its own
	older      bool // he has got what that one corrects
	target     string
	sent       stamp
}

// correctedBy is the form in which he gets a correction. Only what came as news
// is edited, once or again: a correction may have been an edit of unknown
// outcome before, and what it changed then is not known.
func (x affected) correctedBy(editable bool) Form {
	switch {
	case !x.reached && (x.form == News || x.form == Correction && x.own):
		return News
	case editable && x.form != Correction:
		return Edit
	}
	return Correction
}

// selectAffected looks for each person's row by the person: the + keeps SQLite
// from taking the index of preview numbers, where almost all rows are alike.
func selectAffected(which string) string {
	return `SELECT d.subscriber, d.preview_number, d.part, d.form, d.state IN ('sent', 'delivered', 'read'),
			EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.about AND x.inherited = 0), d.target <> '',
			iif(d.form = 'edit', d.target, d.message_id), iif(d.form = 'edit', d.target_sent, d.sent_at)
		FROM announcements a JOIN deliveries d ON d.announcement = a.about
		WHERE a.id = ? AND ` + which + ` AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.announcement = a.id
			AND o.subscriber IS d.subscriber AND +o.preview_number IS d.preview_number AND o.part = d.part)
		ORDER BY d.id`
}

// listAffected finds who has no message yet of the correction or withdrawal id.
func listAffected(ctx context.Context, tx *sql.Tx, id int64, which string) (list []affected, err error) {
	rows, err := tx.QueryContext(ctx, selectAffected(which), id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x affected
		if err := rows.Scan(&x.subscriber, &x.preview, &x.part, &x.form, &x.reached, &x.own, &x.older, &x.target, &x.sent); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// ErrAttachmentsGone says that a correction needs attachments of its own: who has
// not been reached would be shown those of what it corrects, which has ended, and
// they are kept no more.
var ErrAttachmentsGone = errors.New("the attachments are kept no more")

// correct writes the deliveries of a new correction.
func correct(ctx context.Context, tx *sql.Tx, id int64, a NewAnnouncement, newID func() string) error {
	if err := reportAnew(ctx, tx, id); err != nil {
		return err
	}
	if err := catchCorrection(ctx, tx, id, a.AcceptedAt, a.EditWindow, newID); err != nil {
		return err
	}
	// An upload that is not fresh could be deleted while this leaves.
	var gone bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM attachments WHERE announcement = ?1 AND data IS NULL AND uploaded_at <= ?2)
		AND EXISTS (SELECT 1 FROM deliveries d JOIN deliveries w ON w.announcement = ?3 AND w.subscriber = d.subscriber AND w.part = 0
			WHERE d.announcement = ?1 AND d.part = 0 AND d.form = 'news'
				AND (w.state IN ('cancelled', 'expired') OR w.state = 'failed' AND w.reason = ?4))`,
		id, stamp{a.AcceptedAt.Add(-UploadLife / 2)}, a.Corrects, Unacceptable).Scan(&gone)
	if gone {
		err = ErrAttachmentsGone
	}
	return err
}

// reportAnew lets the report on what a correction corrects change once more: it says
// that there is one, also when it was final.
func reportAnew(ctx context.Context, tx *sql.Tx, correction int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE announcements SET final = 0 WHERE id = (SELECT about FROM announcements WHERE id = ?)`, correction)
	return err
}

// catchCorrection gives everybody the right text who has none of the correction
// yet: who has the wrong one gets it changed or a new message, who has not been
// reached gets the right one only. Edits come first, because they are possible
// for minutes only, and of those the ones first whose time is over first; then
// corrections.
func catchCorrection(ctx context.Context, tx *sql.Tx, id int64, now time.Time, window time.Duration, newID func() string) error {
	var wrong int64
	var editable, own bool
	var messages int
	var due stamp
	err := tx.QueryRowContext(ctx, `SELECT about, editable, messages, not_before,
		EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.id AND x.inherited = 0) FROM announcements a WHERE id = ?`, id).Scan(&wrong, &editable, &messages, &due, &own)
	if err != nil {
		return err
	}
	if err := cancelAllWrong(ctx, tx, wrong); err != nil {
		return err
	}
	// What had expired stays so, unless the correction names a later end; and who
	// could not be reached, unless it was not his fault or he may have an older text.
	list, err := listAffected(ctx, tx, id, `d.part = 0 AND d.subscriber IS NOT NULL AND (d.state IN ('sent', 'delivered', 'read', 'cancelled')
		OR d.state = 'expired' AND a.expires > 0 OR d.state = 'failed' AND (d.form <> 'news' OR d.reason = '`+string(Unacceptable)+`'
			OR EXISTS (SELECT 1 FROM announcements c WHERE c.id = a.about AND c.kind = 'correction')))`)
	if err != nil || len(list) == 0 {
		return err
	}
	for i, x := range list {
		list[i].form = x.correctedBy(editable && x.sent.Add(window).After(now))
	}
	slices.SortStableFunc(list, func(a, b affected) int {
		return cmp.Or(cmp.Compare(a.form.turn(), b.form.turn()), a.sent.Compare(b.sent.Time))
	})
	for _, x := range list {
		n, at := 1, due
		if x.form == News || x.form == Correction && own {
			n = messages
		}
		if x.form == Edit {
			at.Time = due.Add(-time.Millisecond) // also before what is there already
		}
		if err := addAmendment(ctx, tx, id, x, n, at, newID); err != nil {
			return err
		}
	}
	if err := cancelWrong(ctx, tx, id); err != nil { // this one may be corrected itself
		return err
	}
	return resume(ctx, tx, id)
}

// addAmendment writes the n messages for one person; a withdrawal's one has the
// part of the message that it deletes. News with a target is for who has got an
// older text.
func addAmendment(ctx context.Context, tx *sql.Tx, id int64, x affected, n int, due stamp, newID func() string) error {
	if x.form == News && !x.older {
		x.target, x.sent = "", stamp{}
	}
	for i := range n {
		_, err := tx.ExecContext(ctx, `INSERT INTO deliveries (announcement, subscriber, preview_number, message_id, part, form, target, target_sent, due)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?9, `+parked+`, ?10))`,
			id, x.subscriber, x.preview, newID(), x.part+i, x.form, x.target, x.sent, i > 0, due)
		if err != nil {
			return err
		}
	}
	return nil
}

// resume lets an announcement go on that had ended before more was added.
func resume(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE announcements SET state = 'running', final = 0 WHERE id = ? AND state = 'sent'
		AND EXISTS (SELECT 1 FROM deliveries d WHERE d.announcement = announcements.id AND d.state = 'pending')`, id)
	return err
}

// catchFor is how long after a correction [Store.CatchUp] looks for who turns out to
// have got what it corrects: as long as reports follow the phones.
const catchFor = 7 * 24 * time.Hour

// CatchUp writes what is missing of recent corrections and withdrawals: the
// message that was being sent when they came has ended since, or a phone has
// said that it has what we believed not to have left. A phone that was switched off
// may say so days later; what is withdrawn is looked for as long as it can be deleted.
func (s *Store) CatchUp(ctx context.Context, now time.Time, editWindow, deleteWindow time.Duration, newID func() string) error {
	rows, err := s.db.QueryContext(ctx, `SELECT a.id FROM announcements a WHERE a.about IS NOT NULL
		AND (a.accepted_at > iif(a.kind = 'withdrawal', ?, ?) OR a.kind = 'withdrawal' AND a.state = 'running')
		AND (a.state <> 'stopped' OR `+isCorrected(`a.id`)+`)
		AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = a.id AND w.kind = 'withdrawal') ORDER BY a.id`,
		stamp{now.Add(-deleteWindow)}, stamp{now.Add(-catchFor)})
	if err != nil {
		return fault(s.path, fmt.Errorf("list the corrections: %w", err))
	}
	recent, err := column[int64](rows)
	if err != nil {
		return fault(s.path, err)
	}
	for _, id := range recent {
		err := s.update(ctx, func(tx *sql.Tx) error {
			var kind Kind
			if err := tx.QueryRowContext(ctx, `SELECT kind FROM announcements WHERE id = ?`, id).Scan(&kind); err != nil {
				return err
			}
			if kind == KindCorrection {
				return catchCorrection(ctx, tx, id, now, editWindow, newID)
			}
			return catchWithdrawal(ctx, tx, id, now, deleteWindow, newID)
		})
		if err != nil {
			return fmt.Errorf("catch what was in hand: %w", err)
		}
	}
	return nil
}
