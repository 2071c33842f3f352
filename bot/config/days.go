package config

import (
	"fmt"
	"strings"
	"time"
)

// Days are whole days from First to Last, both included, each by its midnight. The zero value means: none.
type Days struct{ First, Last time.Time }

// End is the midnight after Last; zero when there are no days.
func (d Days) End() time.Time {
	if d == (Days{}) {
		return time.Time{}
	}
	return d.Last.AddDate(0, 0, 1)
}

func (d Days) in(location *time.Location) Days {
	if d == (Days{}) {
		return d
	}
	return Days{midnight(d.First, location), midnight(d.Last, location)}
}

// midnight starts the day that t shows, whatever its own time zone.
func midnight(t time.Time, location *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, location)
}

// readDays takes an interval of ISO 8601 between two days, in its long form only. The result is in UTC, or zero.
func readDays(value any) (Days, error) {
	s, ok := value.(string)
	if !ok {
		return Days{}, wrong(notDays)
	}
	if s = strings.TrimSpace(s); s == "" {
		return Days{}, nil
	}
	first, last, _ := strings.Cut(s, "/")
	var d Days
	var err error
	if d.First, err = time.Parse(time.DateOnly, first); err != nil {
		return Days{}, wrong(notDays)
	}
	if d.Last, err = time.Parse(time.DateOnly, last); err != nil {
		return Days{}, wrong(notDays)
	}
	return d, d.check()
}

const notDays = "must be the first and the last day, written year-month-day/year-month-day, or empty"

// check finds what only a slip can mean: an election is called some seventy days before the vote, so that a year is a wrong date.
func (d Days) check() error {
	days := int(d.Last.Sub(d.First)/(24*time.Hour)) + 1
	switch {
	case slip(d.First) || slip(d.Last):
		return wrong("must be days from 2000 to 2100, or empty")
	case days < 1:
		return wrong("ends before it starts")
	case days > 366:
		return wrong(fmt.Sprintf("has %d days, at most 366 are allowed", days))
	}
	return nil
}
