package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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

// insertCorrection writes the messages of a correction for everybody who has none of
// it yet. Who has not been reached gets it as news, with a target when they have got
// an older text. Only what came as news is edited, once or again: a correction may
// have been an edit of unknown outcome before, and what it changed then is not known.
// Edits come first, because they are possible for minutes only, also before what is
// there already, and of those the ones first whose time is over first; then corrections.
//
// What had expired stays so, unless the correction names a later end; and who could
// not be reached, unless it was not their fault or they may have an older text. Each
// person's row is looked for by the person: the + keeps SQLite from taking the index
// of preview numbers, where almost all rows are alike.
const insertCorrection = `INSERT INTO deliveries (announcement, subscriber, preview_number, message_id, part, form, target, target_sent, due)
	WITH RECURSIVE parts (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM parts
			WHERE n + 1 < (SELECT messages FROM announcements WHERE id = @id)),
		affected AS (SELECT d.id, d.subscriber, d.preview_number, a.not_before, d.target <> '' AS older,
				EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.id AND x.inherited = 0) AS own,
				iif(d.form = 'edit', d.target, d.message_id) AS target, iif(d.form = 'edit', d.target_sent, d.sent_at) AS sent,
				CASE WHEN d.state NOT IN ('sent', 'delivered', 'read') AND (d.form = 'news' OR d.form = 'correction'
						AND EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.about AND x.inherited = 0)) THEN 'news'
					WHEN a.editable AND d.form <> 'correction' AND iif(d.form = 'edit', d.target_sent, d.sent_at) > @editable THEN 'edit'
					ELSE 'correction' END AS form
			FROM announcements a JOIN deliveries d ON d.announcement = a.about
			WHERE a.id = @id AND d.part = 0 AND d.subscriber IS NOT NULL
				AND (d.state IN ('sent', 'delivered', 'read', 'cancelled') OR d.state = 'expired' AND a.expires > 0
					OR d.state = 'failed' AND (d.form <> 'news' OR d.reason = 'unacceptable'
						OR EXISTS (SELECT 1 FROM announcements c WHERE c.id = a.about AND c.kind = 'correction')))
				AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.announcement = a.id
					AND o.subscriber IS d.subscriber AND +o.preview_number IS d.preview_number AND o.part = d.part))
	SELECT @id, subscriber, preview_number, @prefix || hex(randomblob(9)), n, form,
		iif(form = 'news' AND NOT older, '', target), iif(form = 'news' AND NOT older, 0, sent),
		CASE WHEN n > 0 THEN @afterPrevious WHEN form = 'edit' THEN not_before - 1 ELSE not_before END
	FROM affected JOIN parts ON n = 0 OR form = 'news' OR form = 'correction' AND own
	ORDER BY CASE form WHEN 'edit' THEN 0 WHEN 'correction' THEN 1 ELSE 2 END, sent, id, n`

// insertDeletions writes the messages that delete what is withdrawn, for everybody
// who has it and none yet. A message that was edited may be deleted already, with
// what it was before.
const insertDeletions = `INSERT INTO deliveries (announcement, subscriber, preview_number, message_id, part, form, target, target_sent, due)
	SELECT a.id, d.subscriber, d.preview_number, @prefix || hex(randomblob(9)), d.part, 'revoke',
		iif(d.form = 'edit', d.target, d.message_id), iif(d.form = 'edit', d.target_sent, d.sent_at), @now
	FROM announcements a JOIN deliveries d ON d.announcement = a.about
	WHERE a.id = @id AND d.state IN ('sent', 'delivered', 'read') AND iif(d.form = 'edit', d.target_sent, d.sent_at) > @old
		AND NOT EXISTS (SELECT 1 FROM deliveries r WHERE r.form = 'revoke' AND r.target = iif(d.form = 'edit', d.target, d.message_id))
		AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.announcement = a.id
			AND o.subscriber IS d.subscriber AND +o.preview_number IS d.preview_number AND o.part = d.part)
	ORDER BY d.id`

// tooOld is how many people have what is withdrawn, and for too long.
const tooOld = `SELECT count(*) FROM announcements a JOIN deliveries d ON d.announcement = a.about
	WHERE a.id = @id AND d.part = 0 AND d.state IN ('sent', 'delivered', 'read') AND iif(d.form = 'edit', d.target_sent, d.sent_at) <= @old
		AND NOT EXISTS (SELECT 1 FROM deliveries r WHERE r.form = 'revoke' AND r.target = iif(d.form = 'edit', d.target, d.message_id))
		AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.announcement = a.id
			AND o.subscriber IS d.subscriber AND +o.preview_number IS d.preview_number AND o.part = d.part)`

// ErrAttachmentsGone says that a correction needs attachments of its own: who has
// not been reached would be shown those of what it corrects, which has ended, and
// they are kept no more.
var ErrAttachmentsGone = errors.New("the attachments are kept no more")

// correct writes the deliveries of a new correction.
func correct(ctx context.Context, tx *sql.Tx, id int64, a NewAnnouncement, idPrefix string) error {
	if err := reportAnew(ctx, tx, id); err != nil {
		return err
	}
	if err := cancelAllWrong(ctx, tx, a.Corrects); err != nil {
		return err
	}
	if err := skipCorrection(ctx, tx, id, a); err != nil {
		return err
	}
	if err := catchCorrection(ctx, tx, id, a.AcceptedAt, a.EditWindow, idPrefix); err != nil {
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
// reached gets the right one only. What waits of the wrong one has been cancelled.
func catchCorrection(ctx context.Context, tx *sql.Tx, id int64, now time.Time, window time.Duration, idPrefix string) error {
	result, err := tx.ExecContext(ctx, insertCorrection, sql.Named("id", id), sql.Named("editable", stamp{now.Add(-window)}),
		sql.Named("prefix", idPrefix), sql.Named("afterPrevious", afterPrevious))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
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

// Withdraw cancels what waits of an announcement and of the corrections of it, and
// has what has left within that time deleted from the phones. Repeating it changes
// nothing. The messages that delete count as urgent.
func (s *Store) Withdraw(ctx context.Context, id int64, now time.Time, within time.Duration, idPrefix string) (Announcement, error) {
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
			if err := roomy(ctx, tx, func() error { return withdraw(ctx, tx, one, now, within, idPrefix) }); err != nil {
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

func withdraw(ctx context.Context, tx *sql.Tx, id int64, now time.Time, within time.Duration, idPrefix string) error {
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
	return catchWithdrawal(ctx, tx, withdrawal, now, within, idPrefix)
}

// catchWithdrawal writes the messages that delete and are missing, and ends those
// that have waited for so long that no phone would carry them out any more.
func catchWithdrawal(ctx context.Context, tx *sql.Tx, id int64, now time.Time, within time.Duration, idPrefix string) error {
	if err := expireDeletions(ctx, tx, id, now, within); err != nil {
		return err
	}
	old := sql.Named("old", stamp{now.Add(-within)})
	result, err := tx.ExecContext(ctx, insertDeletions, sql.Named("id", id), sql.Named("now", stamp{now}), old, sql.Named("prefix", idPrefix))
	if err != nil {
		return err
	}
	written, err := result.RowsAffected()
	if err != nil {
		return err
	}
	var keep int
	if err := tx.QueryRowContext(ctx, tooOld, sql.Named("id", id), old).Scan(&keep); err != nil || written == 0 && keep == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE announcements SET too_old = ? WHERE id = ?`, keep, id); err != nil {
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
