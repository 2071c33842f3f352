package citizen

import (
	"fmt"
	"time"
)

// launchDay is the day in Italian, or "" when it has come.
func launchDay(launch, now time.Time) string {
	if launch.IsZero() || !now.Before(launch) {
		return ""
	}
	return day(launch)
}

// lateDay is the day on which the citizen wrote. The year goes without saying while it lasts.
func (t *Texts) lateDay(late, now time.Time) string {
	late, now = t.local(late), t.local(now)
	if late.Year() == now.Year() {
		return dayOfYear(late)
	}
	return day(late)
}

// moment is a time of day with its day: "20 novembre 2026, ore 10:15".
func (t *Texts) moment(at time.Time) string {
	at = t.local(at)
	return day(at) + ", ore " + at.Format("15:04")
}

func (t *Texts) local(at time.Time) time.Time {
	if t.service.Location == nil {
		return at.UTC()
	}
	return at.In(t.service.Location)
}

// day is the day that at shows in its own time zone.
func day(at time.Time) string { return fmt.Sprintf("%s %d", dayOfYear(at), at.Year()) }

func dayOfYear(at time.Time) string {
	number := fmt.Sprint(at.Day())
	if number == "1" {
		number = "1º"
	}
	months := [...]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
		"luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}
	return number + " " + months[at.Month()-1]
}
