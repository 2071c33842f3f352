package store

import (
	"context"
	"os"
	"testing"
)

// sendAll claims and ends batches of a full window until nothing is due, and looks
// after each.
func (tw *town) sendAll(ctx context.Context, look func(batch int)) {
	tw.t.Helper()
	const window = 32
	for n := 0; ; n++ {
		batch := tw.claimMany(noon(), window)
		if len(batch) == 0 {
			return
		}
		must(tw.t, tw.Together(ctx, func(b *Batch) error { return sentAll(b, batch) }))
		look(n)
	}
}

func (tw *town) walSize() int64 {
	tw.t.Helper()
	info, err := os.Stat(tw.path + "-wal")
	must(tw.t, err)
	return info.Size()
}

// While a large list is sent the log stays small. A reader makes it grow as long as it
// reads, and no longer.
func TestG5_LogStaysSmallWhileALargeListIsSent(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.mass(20_000)
	tw.publish(announcement("a.txt"))
	reader, err := tw.db.Conn(t.Context())
	must(t, err)
	defer reader.Close()
	exec := func(statement string) {
		t.Helper()
		_, err := reader.ExecContext(t.Context(), statement)
		must(t, err)
	}
	var before, read, after int64
	begun, ended := 50, 0
	tw.sendAll(t.Context(), func(batch int) {
		size := tw.walSize()
		switch {
		case batch < begun:
			before = max(before, size)
		case batch == begun:
			exec(`BEGIN; SELECT count(*) FROM daemon`)
		case ended == 0:
			if read = size; read > 3*logLimit/2 {
				exec(`COMMIT`)
				ended = batch
			}
		case batch > ended+2:
			after = max(after, size)
		}
	})
	t.Logf("log: %d kB at most, %d kB behind a reader of %d batches, %d kB at most after it", before>>10, read>>10, ended-begun, after>>10)
	if before > logLimit || after > logLimit || after == 0 {
		t.Errorf("the log had %d bytes, and %d after a reader", before, after)
	}
	equal(t, "sent", tw.look(1).Sent, 20_000)
}

// mass puts many people on the list, in one statement.
func (tw *town) mass(n int) {
	tw.t.Helper()
	_, err := tw.db.Exec(`WITH RECURSIVE people (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM people WHERE n + 1 < ?)
		INSERT INTO subscribers (number, lid, given_name, family_name, comune, since, heard, code)
		SELECT printf('+39333%07d', n * 7919 % 10000000), printf('1%014d', n * 7919 % 10000000), 'Mario', 'Rossi', 'Saronno', 1, 1, printf('A%06d', n) FROM people`, n)
	must(tw.t, err)
}
