package store

import (
	"context"
	"database/sql"
	"time"
)

// Batch is what a caller of [Store.Together] reports at once: how attempts have
// ended. Its methods are those of the Store that have the same names. One that fails
// spoils the batch, and nothing of it is kept.
type Batch struct {
	ctx   context.Context
	tx    *sql.Tx
	spans map[int64]span // of what left, by the announcement
	until time.Time      // when the last of it did
}

// span is when the first and the last of several messages left.
type span struct{ first, last time.Time }

// Together writes down how many attempts have ended in one transaction, which costs
// the disk about as much as one attempt alone. The Batch is worth nothing after do;
// an error of do keeps everything as it was.
func (s *Store) Together(ctx context.Context, do func(*Batch) error) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		b := &Batch{ctx: ctx, tx: tx, spans: map[int64]span{}}
		if err := do(b); err != nil {
			return err
		}
		return b.close()
	})
}

// Sent is [Batch.Sent] alone.
func (s *Store) Sent(ctx context.Context, o Outgoing, at time.Time) error {
	return s.Together(ctx, func(b *Batch) error { return b.Sent(o, at) })
}

// Fail is [Batch.Fail] alone.
func (s *Store) Fail(ctx context.Context, o Outgoing, now time.Time, reason Reason) error {
	return s.Together(ctx, func(b *Batch) error { return b.Fail(o, now, reason) })
}

// PutBack is [Batch.PutBack] alone.
func (s *Store) PutBack(ctx context.Context, o Outgoing) error {
	return s.Together(ctx, func(b *Batch) error { return b.PutBack(o) })
}

// Postpone is [Batch.Postpone] alone.
func (s *Store) Postpone(ctx context.Context, o Outgoing, due time.Time) error {
	return s.Together(ctx, func(b *Batch) error { return b.Postpone(o, due) })
}

// Retry is [Batch.Retry] alone.
func (s *Store) Retry(ctx context.Context, o Outgoing, due time.Time, reason Reason) error {
	return s.Together(ctx, func(b *Batch) error { return b.Retry(o, due, reason) })
}

// end carries out the end of an attempt, and what it brings about. The row may
// have gone with its person, or a receipt may have said more than we know.
func (b *Batch) end(o Outgoing, at time.Time, statement string, reason Reason) error {
	_, err := b.tx.ExecContext(b.ctx, statement, sql.Named("id", o.id), sql.Named("at", stamp{at}), sql.Named("reason", reason))
	if err != nil {
		return err
	}
	if err := b.follow(o, at); err != nil {
		return err
	}
	return b.departed(o, at)
}

// departed notes that a message left, or may have, whatever became of it.
func (b *Batch) departed(o Outgoing, at time.Time) error {
	if o.Announcement != 0 {
		s, more := b.spans[o.Announcement]
		if !more {
			s.first = at
		}
		s.last = at
		b.spans[o.Announcement] = s
	}
	b.until = at
	return noteDeparture(b.ctx, b.tx, at, o.Announcement != 0)
}

// close writes what is written once for all that left. What the ceiling no longer
// needs goes, but for the last announcement message.
func (b *Batch) close() error {
	for id, s := range b.spans {
		_, err := b.tx.ExecContext(b.ctx, `UPDATE announcements SET first_sent = iif(first_sent = 0, @first, first_sent), last_sent = @last
			WHERE id = @id`, sql.Named("first", stamp{s.first}), sql.Named("last", stamp{s.last}), sql.Named("id", id))
		if err != nil {
			return err
		}
	}
	if b.until.IsZero() {
		return nil
	}
	_, err := b.tx.ExecContext(b.ctx, `DELETE FROM departures WHERE at < ?
		AND id <> (SELECT id FROM departures WHERE announcement = 1 ORDER BY at DESC LIMIT 1)`, stamp{b.until.Add(-day)})
	return err
}
