package pace

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// minutesOfDay is what a clock on the wall shows in a day: 24:00 is its end.
const minutesOfDay = 24 * 60

// Hours is a window of the day by the clock on the wall, from its first minute
// to before its last. It may span midnight. The zero value is the whole day.
type Hours struct {
	from, to int // minutes since 00:00; equal for the whole day
}

// ParseHours reads a window such as "08:00-20:00", "20:00-06:00" or, for the
// whole day, "00:00-24:00".
func ParseHours(s string) (Hours, error) {
	first, last, ok := strings.Cut(s, "-")
	if !ok {
		return Hours{}, errors.New("hours have the form 08:00-20:00")
	}
	from, err := parseClock(strings.TrimSpace(first))
	if err != nil {
		return Hours{}, err
	}
	to, err := parseClock(strings.TrimSpace(last))
	if err != nil {
		return Hours{}, err
	}
	switch {
	case from == minutesOfDay:
		return Hours{}, errors.New("hours cannot start at 24:00; write 00:00")
	case from == to:
		return Hours{}, errors.New("hours start and end at the same time; write 00:00-24:00 for the whole day")
	case from == 0 && to == minutesOfDay:
		return Hours{}, nil
	}
	return Hours{from: from, to: to % minutesOfDay}, nil
}

// parseClock reads "HH:MM", to 24:00.
func parseClock(s string) (minutes int, err error) {
	wrong := fmt.Errorf("%.20q is not a time between 00:00 and 24:00", s)
	if len(s) != len("00:00") || s[2] != ':' {
		return 0, wrong
	}
	hour, err := strconv.ParseUint(s[:2], 10, 8)
	if err != nil {
		return 0, wrong
	}
	minute, err := strconv.ParseUint(s[3:], 10, 8)
	if err != nil || minute > 59 || hour*60+minute > minutesOfDay {
		return 0, wrong
	}
	return int(hour*60 + minute), nil
}

// String is the form that [ParseHours] reads.
func (h Hours) String() string {
	to := h.to
	if to == 0 {
		to = minutesOfDay
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", h.from/60, h.from%60, to/60, to%60)
}

// next is the first moment from t on that is inside the window. It leaps to the
// next opening, but over no change of the clock: on both nights of the year when
// the clock skips an hour or shows it twice, the opening is looked for again
// from there.
func (h Hours) next(t time.Time, loc *time.Location) time.Time {
	for local := t.In(loc); !h.holds(local); local = t.In(loc) {
		t = h.opening(local)
		if _, change := local.ZoneBounds(); !change.IsZero() && change.Before(t) {
			t = change
		}
	}
	return t
}

// opening is when the clock on the wall comes to the window, if nobody touches
// it.
func (h Hours) opening(local time.Time) time.Time {
	wait := (h.from - minuteOf(local) + minutesOfDay) % minutesOfDay
	minute := local.Add(-time.Duration(local.Second())*time.Second - time.Duration(local.Nanosecond()))
	return minute.Add(time.Duration(wait) * time.Minute)
}

// closing is a moment until which the window, which holds local, surely stays open. At
// a change of the clock it is looked at anew.
func (h Hours) closing(local time.Time) time.Time {
	if h == (Hours{}) {
		return local.AddDate(100, 0, 0)
	}
	open := (h.to - minuteOf(local) + minutesOfDay) % minutesOfDay
	minute := local.Add(-time.Duration(local.Second())*time.Second - time.Duration(local.Nanosecond()))
	end := minute.Add(time.Duration(open) * time.Minute)
	if _, change := local.ZoneBounds(); !change.IsZero() {
		end = earlier(end, change)
	}
	return end
}

func minuteOf(local time.Time) int { return local.Hour()*60 + local.Minute() }

func (h Hours) holds(local time.Time) bool {
	minute := minuteOf(local)
	if h.from < h.to {
		return h.from <= minute && minute < h.to
	}
	return minute >= h.from || minute < h.to // over midnight, or the whole day
}
