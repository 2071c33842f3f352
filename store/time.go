package store

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"
)

// stamp is a time as the database holds it: Unix milliseconds, 0 for the zero
// time. It is the only place where times are converted.
type stamp struct{ time.Time }

var (
	_ driver.Valuer = stamp{}
	_ sql.Scanner   = (*stamp)(nil)
)

// Value gives the milliseconds.
func (s stamp) Value() (driver.Value, error) {
	if s.IsZero() {
		return int64(0), nil
	}
	return s.UnixMilli(), nil
}

// Scan reads milliseconds; NULL, the minimum of no rows, is the zero time.
func (s *stamp) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		s.Time = time.Time{}
	case int64:
		s.Time = time.Time{}
		if v != 0 {
			s.Time = time.UnixMilli(v).UTC()
		}
	default:
		return fmt.Errorf("a time is stored as %T", v)
	}
	return nil
}
