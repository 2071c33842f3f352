package citizen

import "time"

// Span is how long a pause is to last, as it was written. The zero Span is [UsualPause].
type Span struct {
	// Days is a number of days from now; 0: see Month.
	Days int
	// Month and Day are the first day with news again; Day 0 is the first of the month.
	Month time.Month
	Day   int
}

const (
	// UsualPause is how many days a pause lasts when nobody says for how long.
	UsualPause = 30
	// LongestPause is how many days a pause lasts at most.
	LongestPause = 365
)

// End is the midnight at which a pause ends that begins now, in the time zone of now: after today, and within [LongestPause].
func (s Span) End(now time.Time) time.Time {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	latest := today.AddDate(0, 0, LongestPause)
	end := today.AddDate(0, 0, UsualPause)
	switch {
	case s.Days > 0:
		end = today.AddDate(0, 0, min(s.Days, LongestPause))
	case s.Month != 0:
		end = time.Date(today.Year(), s.Month, max(s.Day, 1), 0, 0, 0, 0, today.Location())
		if !end.After(today) {
			end = end.AddDate(1, 0, 0)
		}
	}
	if end.After(latest) {
		return latest
	}
	return end
}
