package store

import (
	"database/sql"
	"time"
)

// Never is the time from which ordinary news reach those who want urgent ones only.
// It can be stored and written like any other, and lies behind all of them.
func Never() time.Time { return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC) }

// SetNewsFrom sets from when ordinary news reach the sender, who is on the list:
// the zero time for always, [Never] for urgent ones only.
func (i *Inbox) SetNewsFrom(from time.Time) error {
	return i.change(`UPDATE subscribers SET news_from = @from
		WHERE (lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))`, sql.Named("from", stamp{from}))
}
