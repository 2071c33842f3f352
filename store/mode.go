package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Somebody's mode is the time from which ordinary news reach them: always, never,
// or again after a pause. Urgent ones always do, and so does a correction or a
// withdrawal of what they have got. What does not reach them because of their mode
// has no row; it is counted with its announcement.

// Never is the time from which ordinary news reach those who want urgent ones only.
// It can be stored and written like any other, and lies behind all of them.
func Never() time.Time { return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC) }

// Modes counts the people on the list by their mode.
type Modes struct {
	All    int // they get all news
	Urgent int // urgent ones only
	Paused int // until a day that is still to come
}

// Total is how many there are.
func (m Modes) Total() int { return m.All + m.Urgent + m.Paused }

// Modes counts the list of now by mode.
func (s *Store) Modes(ctx context.Context, now time.Time) (m Modes, err error) {
	_, err = s.scan(ctx, `SELECT (SELECT count(*) FROM subscribers),
			(SELECT count(*) FROM subscribers WHERE news_from > 0 AND news_from >= @never),
			(SELECT count(*) FROM subscribers WHERE news_from > 0 AND news_from > @now AND news_from < @never)`,
		[]any{sql.Named("now", stamp{now}), sql.Named("never", stamp{Never()})}, &m.All, &m.Urgent, &m.Paused)
	m.All -= m.Urgent + m.Paused
	return m, err
}

// SetNewsFrom sets from when ordinary news reach the sender, who is on the list:
// the zero time for always, [Never] for urgent ones only. What waits for them and
// was to leave before goes, unless it has begun to; what they have missed until
// now they do not get.
func (i *Inbox) SetNewsFrom(from time.Time) error {
	entry, listed, err := i.Subscriber()
	if err != nil || !listed {
		return err
	}
	err = i.change(`UPDATE subscribers SET news_from = @from WHERE id = @id`, sql.Named("from", stamp{from}), sql.Named("id", entry.ID))
	if err != nil {
		return err
	}
	return i.skipWaiting(entry.ID, from)
}

// skipWaiting takes out of the outbox what waits for somebody and is not to reach
// them before from, and counts them with those whom it does not reach. What was
// tried may have arrived, unless it waits for them to write: it is finished.
func (i *Inbox) skipWaiting(id int64, from time.Time) error {
	rows, err := i.tx.QueryContext(i.ctx, `SELECT a.id FROM deliveries d JOIN announcements a ON a.id = d.announcement
		WHERE d.subscriber = @id AND d.part = 0 AND d.state = 'pending' AND d.form = 'news' AND d.target = ''
			AND (d.attempts = 0 OR d.reason = 'no token') AND a.priority < @urgent AND max(a.not_before, @now) < @from`,
		sql.Named("id", id), sql.Named("urgent", Urgent), sql.Named("now", stamp{i.now}), sql.Named("from", stamp{from}))
	if err != nil {
		return fmt.Errorf("what waits for somebody: %w", err)
	}
	waiting, err := column[int64](rows)
	if err != nil {
		return err
	}
	for _, announcement := range waiting {
		if err := i.skip(id, announcement); err != nil {
			return err
		}
	}
	return nil
}

// skip takes one announcement out of somebody's outbox, and with it the rows of what
// it corrects, none of which has reached them: those would bring it back. They count
// as paused, not as unsubscribed (deliveries_removed).
func (i *Inbox) skip(id, announcement int64) error {
	about := []any{sql.Named("id", id), sql.Named("announcement", announcement)}
	var further int
	err := i.tx.QueryRowContext(i.ctx, `SELECT count(*) FROM deliveries
		WHERE announcement = @announcement AND subscriber = @id AND part > 0 AND state = 'pending'`, about...).Scan(&further)
	if err != nil {
		return fmt.Errorf("what waits for somebody: %w", err)
	}
	for _, statement := range []string{
		`DELETE FROM deliveries WHERE subscriber = @id AND (state = 'pending' AND announcement = @announcement
			OR state IN ('cancelled', 'expired', 'failed') AND announcement IN (
				WITH RECURSIVE whole (id) AS (SELECT @announcement UNION SELECT about FROM announcements a JOIN whole ON a.id = whole.id WHERE about IS NOT NULL)
				SELECT id FROM whole))`,
		`UPDATE tallies SET count = count - iif(extra = 0, 1, @further)
		WHERE announcement = @announcement AND form = 'news' AND state = 'unsubscribed'`,
		`UPDATE announcements SET paused = paused + 1 WHERE id = @announcement`,
	} {
		if err := i.change(statement, append(about, sql.Named("further", further))...); err != nil {
			return err
		}
	}
	return nil
}

// leavesAt is when an announcement begins to leave, as far as modes are concerned:
// somebody whose pause ends before gets it. An urgent one always reaches everybody.
func (a NewAnnouncement) leavesAt() stamp {
	switch {
	case a.Urgent, a.Preview:
		return stamp{Never()}
	case a.NotBefore.After(a.AcceptedAt):
		return stamp{a.NotBefore}
	}
	return stamp{a.AcceptedAt}
}

// countPaused counts whom a new announcement does not reach because of their mode.
const countPaused = `UPDATE announcements SET paused = (SELECT count(*) FROM subscribers s
		WHERE s.news_from > 0 AND s.news_from > @leaves
			AND (announcements.comuni = '' OR s.comune IN (SELECT value FROM json_each(announcements.comuni))))
	WHERE id = @announcement`

// skipCorrection keeps a new correction from those whom it would reach as news,
// though they are paused: the rows of what it corrects go, and have been counted
// where they were. Who may have got the wrong text gets the right one.
func skipCorrection(ctx context.Context, tx *sql.Tx, id int64, a NewAnnouncement) error {
	for _, statement := range []string{
		`UPDATE announcements SET paused = (SELECT count(*) FROM subscribers s JOIN deliveries d ON d.subscriber = s.id
			WHERE s.news_from > 0 AND s.news_from > @leaves AND d.announcement = announcements.about AND d.part = 0 AND d.form = 'news' AND d.target = ''
				AND (d.attempts = 0 AND (d.state = 'cancelled' OR d.state = 'expired' AND announcements.expires > 0)
					OR d.state = 'failed' AND d.reason = 'unacceptable'))
		WHERE id = @announcement`,
		`DELETE FROM deliveries WHERE id IN (
			WITH RECURSIVE whole (id) AS (SELECT @announcement UNION SELECT about FROM announcements a JOIN whole ON a.id = whole.id WHERE about IS NOT NULL)
			SELECT o.id FROM subscribers s CROSS JOIN whole JOIN deliveries d ON d.announcement = whole.id AND d.subscriber = s.id
				JOIN deliveries o ON o.announcement = d.announcement AND o.subscriber = s.id
			WHERE s.news_from > 0 AND s.news_from > @leaves AND d.part = 0 AND d.form = 'news' AND d.target = ''
				AND (d.attempts = 0 AND d.state IN ('cancelled', 'expired') OR d.state = 'failed' AND d.reason = 'unacceptable'))`,
	} {
		if _, err := tx.ExecContext(ctx, statement, sql.Named("announcement", id), sql.Named("leaves", a.leavesAt())); err != nil {
			return err
		}
	}
	return nil
}
