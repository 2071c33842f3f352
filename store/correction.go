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

// Form says how a message of an announcement appears on the phone.
type Form string

// The forms.
const (
	News       Form = "news"       // as a new message
	Edit       Form = "edit"       // it changes the one before
	Correction Form = "correction" // as a new message that says that it corrects another
	Revoke     Form = "revoke"     // it deletes the one before
)

// turn puts first what is possible for a short time only.
func (f Form) turn() int {
	switch f {
	case Edit:
		return 0
	case Correction:
		return 1
	}
	return 2
}

// affected is somebody whom a correction or a withdrawal concerns, and the
// message that is to be changed or deleted.
type affected struct {
	subscriber sql.NullInt64
	preview    sql.NullString
	part       int
	form       Form // of the message that they have got or were to get
	reached    bool
	own        bool // that one has attachments of its own
	older      bool // they have got what that one corrects
	target     string
	sent       stamp
}

// correctedBy is the form in which they get a correction. Only what came as news
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

// getsCorrection lists who has no message yet of a correction. What had expired
// stays so, unless the correction names a later end; and who could not be reached,
// unless it was not their fault or they may have an older text. It looks for each
// person's row by the person: the + keeps SQLite from taking the index of preview
// numbers, where almost all rows are alike.
const getsCorrection = `SELECT d.subscriber, d.preview_number, d.part, d.form, d.state IN ('sent', 'delivered', 'read'),
		EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.about AND x.inherited = 0), d.target <> '',
		iif(d.form = 'edit', d.target, d.message_id), iif(d.form = 'edit', d.target_sent, d.sent_at)
	FROM announcements a JOIN deliveries d ON d.announcement = a.about
	WHERE a.id = ? AND d.part = 0 AND d.subscriber IS NOT NULL
		AND (d.state IN ('sent', 'delivered', 'read', 'cancelled') OR d.state = 'expired' AND a.expires > 0
			OR d.state = 'failed' AND (d.form <> 'news' OR d.reason = 'unacceptable'
				OR EXISTS (SELECT 1 FROM announcements c WHERE c.id = a.about AND c.kind = 'correction')))
		AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.announcement = a.id
			AND o.subscriber IS d.subscriber AND +o.preview_number IS d.preview_number AND o.part = d.part)
	ORDER BY d.id`

// getsDeletion lists who has what is withdrawn, and no message yet that deletes it.
// A message that was edited may be deleted already, with what it was before.
const getsDeletion = `SELECT d.subscriber, d.preview_number, d.part, d.form, d.state IN ('sent', 'delivered', 'read'),
		EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.about AND x.inherited = 0), d.target <> '',
		iif(d.form = 'edit', d.target, d.message_id), iif(d.form = 'edit', d.target_sent, d.sent_at)
	FROM announcements a JOIN deliveries d ON d.announcement = a.about
	WHERE a.id = ? AND d.state IN ('sent', 'delivered', 'read')
		AND NOT EXISTS (SELECT 1 FROM deliveries r WHERE r.form = 'revoke' AND r.target = iif(d.form = 'edit', d.target, d.message_id))
		AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.announcement = a.id
			AND o.subscriber IS d.subscriber AND +o.preview_number IS d.preview_number AND o.part = d.part)
	ORDER BY d.id`

// listAffected finds who has no message yet of the correction or withdrawal id.
func listAffected(ctx context.Context, tx *sql.Tx, query string, id int64) (list []affected, err error) {
	rows, err := tx.QueryContext(ctx, query, id)
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
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM attachments WHERE announcement = @id AND data IS NULL AND uploaded_at <= @old)
		AND EXISTS (SELECT 1 FROM deliveries d JOIN deliveries w ON w.announcement = @corrects AND w.subscriber = d.subscriber AND w.part = 0
			WHERE d.announcement = @id AND d.part = 0 AND d.form = 'news'
				AND (w.state IN ('cancelled', 'expired') OR w.state = 'failed' AND w.reason = 'unacceptable'))`,
		sql.Named("id", id), sql.Named("old", stamp{a.AcceptedAt.Add(-UploadLife / 2)}), sql.Named("corrects", a.Corrects)).Scan(&gone)
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
			EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.id AND x.inherited = 0)
		FROM announcements a WHERE id = ?`, id).Scan(&wrong, &editable, &messages, &due, &own)
	if err != nil {
		return err
	}
	if err := cancelAllWrong(ctx, tx, wrong); err != nil {
		return err
	}
	list, err := listAffected(ctx, tx, getsCorrection, id)
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

// cancelWrong cancels what waits of an announcement that is corrected, and stops
// it when nothing remains to be sent.
func cancelWrong(ctx context.Context, tx *sql.Tx, id int64) error {
	if err := cancelCorrected(ctx, tx, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE announcements SET state = 'stopped' WHERE id = @id AND state = 'running'
		AND EXISTS (SELECT 1 FROM announcements c WHERE c.about = @id AND c.kind = 'correction')
		AND NOT EXISTS (SELECT 1 FROM deliveries WHERE announcement = @id AND (state = 'pending' OR state = 'sending'))`, sql.Named("id", id))
	return err
}

// cancelAllWrong does so for an announcement and what that one corrects.
func cancelAllWrong(ctx context.Context, tx *sql.Tx, id int64) error {
	for id != 0 {
		if err := cancelWrong(ctx, tx, id); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(about, 0) FROM announcements WHERE id = ?`, id).Scan(&id); err != nil {
			return err
		}
	}
	return nil
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
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, x.subscriber, x.preview, newID(), x.part+i, x.form, x.target, x.sent, partDue(i, due.Time))
		if err != nil {
			return err
		}
	}
	return nil
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
			AND (a.state <> 'stopped' OR EXISTS (SELECT 1 FROM announcements c WHERE c.about = a.id AND c.kind = 'correction'))
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

// Withdraw cancels what waits of an announcement and of the corrections of it, and
// has what has left within that time deleted from the phones. Repeating it changes
// nothing. The messages that delete count as urgent.
func (s *Store) Withdraw(ctx context.Context, id int64, now time.Time, within time.Duration, newID func() string) (Announcement, error) {
	err := s.update(ctx, func(tx *sql.Tx) error {
		// All at once: half of it on the phones would be worse than all of it.
		rows, err := tx.QueryContext(ctx, `WITH RECURSIVE whole (id) AS (SELECT id FROM announcements WHERE id = ?
			UNION SELECT a.id FROM announcements a JOIN whole ON a.about = whole.id WHERE a.kind = 'correction') SELECT id FROM whole ORDER BY id`, id)
		if err != nil {
			return err
		}
		whole, err := column[int64](rows)
		if err != nil {
			return err
		}
		for _, one := range whole {
			if err := withdraw(ctx, tx, one, now, within, newID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Announcement{}, fmt.Errorf("withdraw: %w", err)
	}
	return s.announcement(ctx, id)
}

func withdraw(ctx context.Context, tx *sql.Tx, id int64, now time.Time, within time.Duration, newID func() string) error {
	if err := cancelWaiting(ctx, tx, id); err != nil {
		return err
	}
	for _, statement := range []string{
		`UPDATE announcements SET state = 'stopped' WHERE id = @id AND state = 'running'`,
		`INSERT INTO announcements (name, file, text, content_hash, urgent, preview, filed, state, accepted_at, not_before, kind, about, final)
		SELECT name, file, '', zeroblob(32), urgent, preview, 1, 'running', @now, @now, 'withdrawal', id, 1 FROM announcements
		WHERE id = @id AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = @id AND w.kind = 'withdrawal')`,
	} {
		if _, err := tx.ExecContext(ctx, statement, sql.Named("id", id), sql.Named("now", stamp{now})); err != nil {
			return err
		}
	}
	if err := reportAnew(ctx, tx, id); err != nil {
		return err
	}
	var withdrawal int64
	if err := tx.QueryRowContext(ctx, `SELECT id FROM announcements WHERE about = ? AND kind = 'withdrawal'`, id).Scan(&withdrawal); err != nil {
		return err
	}
	return catchWithdrawal(ctx, tx, withdrawal, now, within, newID)
}

// catchWithdrawal writes the messages that delete and are missing, and ends those
// that have waited for so long that no phone would carry them out any more.
func catchWithdrawal(ctx context.Context, tx *sql.Tx, id int64, now time.Time, within time.Duration, newID func() string) error {
	if err := expireDeletions(ctx, tx, id, now, within); err != nil {
		return err
	}
	list, err := listAffected(ctx, tx, getsDeletion, id)
	if err != nil || len(list) == 0 {
		return err
	}
	old := 0
	for _, x := range list {
		switch {
		case x.sent.Add(within).After(now):
			x.form = Revoke
			if err := addAmendment(ctx, tx, id, x, 1, stamp{now}, newID); err != nil {
				return err
			}
		case x.part == 0:
			old++
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE announcements SET too_old = ? WHERE id = ?`, old, id); err != nil {
		return err
	}
	return resume(ctx, tx, id)
}

// Deletions is how many messages that delete remain to be sent, and when the next
// may be; zero: none waits.
func (s *Store) Deletions(ctx context.Context) (remaining int, due time.Time, err error) {
	var next stamp
	_, err = s.scan(ctx, `SELECT
		(SELECT coalesce(sum(count), 0) FROM tallies WHERE state IN ('pending', 'sending')
			AND announcement IN (SELECT id FROM announcements WHERE state = 'running' AND kind = 'withdrawal')),
		(SELECT min((SELECT min(due) FROM deliveries WHERE announcement = a.id AND state = 'pending'))
			FROM announcements a WHERE state = 'running' AND kind = 'withdrawal')`, nil, &remaining, &next)
	return remaining, next.Time, err
}
