package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Forget takes p off the list, as a text of his would, but without an answer,
// and has everything held on him erased now, also when he is not on it. Left is
// when he asked for it. It tells whether he was on the list; it may be repeated,
// and is remembered ([Forgotten]) in any case.
func (s *Store) Forget(ctx context.Context, p Person, left, now time.Time) (was bool, err error) {
	if err := p.check(); err != nil {
		return false, err
	}
	err = s.update(ctx, func(tx *sql.Tx) error {
		i := &Inbox{ctx: ctx, tx: tx, in: Incoming{From: p, At: left}, now: now}
		if was, err = i.Cancel(); err != nil {
			return err
		}
		return i.eraseNow()
	})
	if err != nil {
		return false, fmt.Errorf("take somebody off the list: %w", err)
	}
	return was, nil
}

// eraseNow has the sender erased under every identity that something of his is
// held under.
func (i *Inbox) eraseNow() error {
	for _, table := range []string{"answers", "handled"} {
		err := i.change(`INSERT INTO erasures (number, lid, due) SELECT DISTINCT number, lid, @now FROM ` + table + ` AS held WHERE ` + isPerson + `
			AND NOT EXISTS (SELECT 1 FROM erasures AS e WHERE e.number IS held.number AND e.lid IS held.lid)`)
		if err != nil {
			return err
		}
	}
	if err := i.ForgetAfter(0); err != nil {
		return err
	}
	// He has asked for it, also when he was not on the list: an older one may have him.
	return i.change(`UPDATE erasures SET left_at = @left WHERE left_at = 0 AND `+isPerson, sql.Named("left", stamp{i.in.At}))
}

// Erased tells whether nothing of p is held any more, in no form.
func (s *Store) Erased(ctx context.Context, p Person) (bool, error) {
	r, err := s.Record(ctx, p)
	if err != nil || !r.Nothing() {
		return false, err
	}
	var owed bool
	_, err = s.scan(ctx, `SELECT owes_compaction FROM daemon`, nil, &owed)
	return !owed, err
}
