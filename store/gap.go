package store

import (
	"context"
	"time"
)

// Gap is the time during which no device was linked. What citizens wrote in it
// comes with the phone's history, if it comes.
type Gap struct {
	Link   string    // which link ended it
	From   time.Time // when the newest text was sent that had been handled by then; zero: none ever
	Read   time.Time // when a part of the history was last read; zero: none was
	Closed bool      // nothing more is waited for
}

// Gap is the one before the present link, as far as it was noted.
func (s *Store) Gap(ctx context.Context) (g Gap, err error) {
	var from, read stamp
	_, err = s.scan(ctx, `SELECT gap_link, gap_from, gap_read, gap_closed FROM daemon`, nil, &g.Link, &from, &read, &g.Closed)
	g.From, g.Read = from.Time, read.Time
	return g, err
}

// BeginGap notes a new link, before anything that comes over it is handled. For
// a link that is known it does nothing. A gap that was not closed goes on: what it
// held is looked for again.
func (s *Store) BeginGap(ctx context.Context, link string) error {
	return s.exec(ctx, "note a new link", `UPDATE daemon SET gap_link = ?1, gap_from = iif(gap_link = '' OR gap_closed, heard, gap_from), gap_read = 0, gap_closed = 0 WHERE gap_link <> ?1`, link)
}

// NoteHistory notes that a part of the history was read.
func (s *Store) NoteHistory(ctx context.Context, now time.Time) error {
	return s.exec(ctx, "note a part of the history", `UPDATE daemon SET gap_read = ?`, stamp{now})
}

// CloseGap notes that nothing more is waited for.
func (s *Store) CloseGap(ctx context.Context) error {
	return s.exec(ctx, "close the gap", `UPDATE daemon SET gap_closed = 1`)
}
