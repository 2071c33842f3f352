package store

import (
	"database/sql"
	"fmt"
)

// identify makes use of a text that tells both the number and the LID of its
// sender: entries of the list that turn out to be the same person's become one,
// and learn what they lacked; whoever had the number before loses it.
func (i *Inbox) identify() error {
	if i.in.From.Number == "" || i.in.From.LID == "" {
		return nil
	}
	// The former owners stay known by their LID, where their messages go.
	for _, table := range []string{"answers", "handled", "erasures", "signups"} {
		if err := i.exec(`UPDATE ` + table + ` SET number = NULL WHERE ` + isFormerOwner); err != nil {
			return err
		}
	}
	entry, listed, err := i.Subscriber()
	if err != nil || !listed {
		return err // an entry with his number and another LID waits for a word of his: see inherit and Cancel
	}
	if err := i.change(`UPDATE subscribers SET number = NULL WHERE ` + isFormerOwner); err != nil {
		return err
	}
	if err := i.merge(entry.ID); err != nil {
		return err
	}
	if err := i.change(`DELETE FROM erasures WHERE ` + isPerson); err != nil {
		return err
	}
	return i.change(`UPDATE subscribers SET number = @number, lid = @lid WHERE id = @id
		AND (number IS NOT @number OR lid IS NOT @lid)`, sql.Named("id", entry.ID))
}

// rank orders the states of two deliveries of one announcement: the higher
// one stays when their recipients turn out to be one person. What has left, or
// may have, outdoes what still waits: nobody is shown an announcement twice. What
// changes or deletes something on his phone outdoes what came instead of that.
func rank(delivery string) string {
	return `CASE ` + delivery + `.state WHEN 'read' THEN 7 WHEN 'delivered' THEN 6 WHEN 'sent' THEN 5
		WHEN 'sending' THEN 4 WHEN 'pending' THEN 2 + (` + delivery + `.target <> '') ELSE 1 END`
}

// merge makes one entry of all that are the sender's. The entry keep stays,
// with the earliest date and the deliveries of all.
func (i *Inbox) merge(keep int64) error {
	others, err := i.others(keep)
	if err != nil {
		return err
	}
	for _, other := range others {
		if err := i.absorb(keep, other); err != nil {
			return err
		}
	}
	return nil
}

// absorb makes one entry of two: keep stays.
func (i *Inbox) absorb(keep, other int64) error {
	both := []any{sql.Named("keep", keep), sql.Named("other", other)}
	for _, statement := range []string{
		`DELETE FROM deliveries WHERE id IN (
			SELECT CASE WHEN ` + rank("a") + ` >= ` + rank("b") + ` THEN b.id ELSE a.id END
			FROM deliveries a JOIN deliveries b ON b.announcement = a.announcement AND b.part = a.part
			WHERE a.subscriber = @keep AND b.subscriber = @other)`,
		`UPDATE deliveries SET subscriber = @keep WHERE subscriber = @other`,
		// He has the pictures of what is edited.
		`DELETE FROM deliveries WHERE subscriber = @keep AND state = 'pending' AND part > 0 AND form = 'news' AND EXISTS (
			SELECT 1 FROM deliveries b WHERE b.announcement = deliveries.announcement AND b.subscriber = @keep AND b.part = 0 AND b.form = 'edit')`,
		// What the one waited for, the other has got.
		`UPDATE deliveries SET due = (SELECT not_before FROM announcements a WHERE a.id = announcement)
			WHERE subscriber = @keep AND state = 'pending' AND due = ` + parked + ` AND EXISTS (
			SELECT 1 FROM deliveries b WHERE b.announcement = deliveries.announcement AND b.subscriber = @keep
			AND b.part = deliveries.part - 1 AND b.state IN ('sent', 'delivered', 'read'))`,
		`UPDATE subscribers SET since = (SELECT min(since) FROM subscribers WHERE id IN (@keep, @other)),
			heard = (SELECT max(heard) FROM subscribers WHERE id IN (@keep, @other)) WHERE id = @keep`,
		`DELETE FROM subscribers WHERE id = @other`,
		`UPDATE daemon SET gone = gone - 1`, // nobody has gone
	} {
		if err := i.change(statement, both...); err != nil {
			return err
		}
	}
	return nil
}

func (i *Inbox) others(keep int64) (ids []int64, err error) {
	rows, err := i.tx.QueryContext(i.ctx, `SELECT id FROM subscribers WHERE id <> @keep AND `+isPerson,
		i.in.From.args(sql.Named("keep", keep))...)
	if err != nil {
		return nil, fmt.Errorf("look up a subscriber: %w", err)
	}
	return column[int64](rows)
}

// column reads the rows of a query for one column.
func column[T any](rows *sql.Rows) (values []T, err error) {
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, fmt.Errorf("read a row: %w", err)
		}
		values = append(values, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the rows: %w", err)
	}
	return values, nil
}
