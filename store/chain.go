package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// KeptMinutes is what the database knows of the page about an announcement.
type KeptMinutes struct {
	Minutes           // Number is 0 when it knows none, and ought to
	Name, File string // of the announcement: as dropped, and while it was being sent
	Accepted   time.Time
}

// Chain lists the minutes by their number, and then the announcements that were filed
// without any though minutes were kept already.
func (s *Store) Chain(ctx context.Context) (list []KeptMinutes, err error) {
	err = s.reading(ctx, func(db querier) error {
		rows, err := db.QueryContext(ctx, `SELECT coalesce(m.number, 0), m.hash, a.name, a.file, a.accepted_at
			FROM announcements a LEFT JOIN minutes m ON m.announcement = a.id
			WHERE m.number IS NOT NULL OR a.filed = 1 AND a.preview = 0 AND a.kind <> 'withdrawal'
				AND a.id > (SELECT announcement FROM minutes ORDER BY number LIMIT 1)
			ORDER BY m.number IS NULL, m.number, a.id`)
		if err != nil {
			return fmt.Errorf("list the minutes: %w", err)
		}
		list, err = keptMinutes(rows)
		return err
	})
	return list, err
}

func keptMinutes(rows *sql.Rows) (list []KeptMinutes, err error) {
	defer rows.Close()
	for rows.Next() {
		var k KeptMinutes
		var hash []byte
		var accepted stamp
		if err := rows.Scan(&k.Number, &hash, &k.Name, &k.File, &accepted); err != nil {
			return nil, fmt.Errorf("read the minutes: %w", err)
		}
		copy(k.Hash[:], hash)
		k.Accepted = accepted.Time
		list = append(list, k)
	}
	return list, rows.Err()
}
