package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Reached is how fast messages of one kind really left: the urgent ones, or the others.
type Reached struct {
	From, To time.Time     // a stretch of up to a minute at the end of which the last of them left
	Moments  int           // at so many different ones within it, but for the first, messages left,
	Messages int           // and so many did, but for those of the first moment
	Average  time.Duration // between two messages of the quickest announcement of late; 0: unknown
}

const (
	// lately is how far back a stretch goes, before its last message, and most how
	// many moments it holds: what it costs to look grows with neither the list nor the day.
	lately = time.Minute
	most   = 500
	// telling is how many messages an announcement needs for its average to tell anything.
	telling = 20
)

// Reached tells how fast urgent messages and the others left last, and when the last
// of all did (zero: none has). What is a day old is known by its average alone, which
// counts nights and attempts that came late, too: the truth was no slower. It only reads.
func (s *Store) Reached(ctx context.Context) (ordinary, urgent Reached, last time.Time, err error) {
	var at stamp
	err = s.reading(ctx, func(db querier) error {
		err := db.QueryRowContext(ctx, `SELECT max(at) FROM departures WHERE announcement = 1`).Scan(&at)
		if err != nil {
			return err
		}
		if err := averages(ctx, db, &ordinary, &urgent); err != nil {
			return err
		}
		if err := ordinary.stretch(ctx, db, urgent.To); err != nil {
			return err
		}
		return urgent.stretch(ctx, db, ordinary.To)
	})
	if err != nil {
		return Reached{}, Reached{}, time.Time{}, fmt.Errorf("see how fast messages leave: %w", err)
	}
	return ordinary, urgent, at.Time, nil
}

// averages looks at the 30 newest announcements.
func averages(ctx context.Context, db querier, ordinary, urgent *Reached) error {
	rows, err := db.QueryContext(ctx, `SELECT a.priority = 2, a.first_sent, a.last_sent,
			(SELECT coalesce(sum(t.count), 0) FROM tallies t WHERE t.announcement = a.id AND t.state IN ('sent', 'delivered', 'read'))
		FROM announcements a WHERE a.id > (SELECT max(id) FROM announcements) - 30 AND a.first_sent > 0`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var isUrgent bool
		var first, last stamp
		var n int
		if err := rows.Scan(&isUrgent, &first, &last, &n); err != nil {
			return err
		}
		r := ordinary
		if isUrgent {
			r = urgent
		}
		r.note(first.Time, last.Time, n)
	}
	return rows.Err()
}

// note takes up one announcement, of which n messages left.
func (r *Reached) note(first, last time.Time, n int) {
	if last.After(r.To) {
		r.To = last
	}
	if n < telling {
		return
	}
	if average := last.Sub(first) / time.Duration(n-1); average > 0 && (r.Average == 0 || average < r.Average) {
		r.Average = average
	}
}

// stretch counts what left in the last minute before r.To, since the other kind did.
func (r *Reached) stretch(ctx context.Context, db querier, other time.Time) error {
	since := r.To.Add(-lately)
	if other.After(since) && other.Before(r.To) {
		since = other
	}
	rows, err := db.QueryContext(ctx, leftLately, sql.Named("since", stamp{since}), sql.Named("until", stamp{r.To}), sql.Named("most", most))
	if err != nil {
		return err
	}
	defer rows.Close()
	var at stamp
	var n, moments, messages int
	for rows.Next() {
		if err := rows.Scan(&at, &n); err != nil {
			return err
		}
		moments++
		messages += n
	}
	if moments > 0 {
		r.From, r.Moments, r.Messages = at.Time, moments-1, messages-n
	}
	return rows.Err()
}

const leftLately = `SELECT at, count(*) FROM departures WHERE announcement = 1 AND at > @since AND at <= @until
	GROUP BY at ORDER BY at DESC LIMIT @most + 0`
