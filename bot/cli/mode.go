package cli

import (
	"time"

	"banditore/store"
)

// mode is what reaches somebody, by a word and, for a pause, until when; the words
// are an interface.
type mode struct {
	Mode     string    `json:"mode"`
	NewsFrom time.Time `json:"news_from,omitzero"` // when a pause ends
}

const (
	modeAll    = "all"
	modeUrgent = "urgent"
	modePaused = "paused"
)

// modeOf is that of somebody whom ordinary news reach from then on. A pause that is
// over is none.
func modeOf(from, now time.Time, at func(time.Time) time.Time) mode {
	switch {
	case !from.After(now):
		return mode{Mode: modeAll}
	case from.Before(store.Never()):
		return mode{Mode: modePaused, NewsFrom: at(from)}
	}
	return mode{Mode: modeUrgent}
}

// String is for people.
func (m mode) String() string {
	switch m.Mode {
	case modePaused:
		return "paused until " + m.NewsFrom.Format(time.DateOnly)
	case modeUrgent:
		return "urgent news only"
	}
	return "all news"
}

// cell is m for a spreadsheet: never, the end of a pause, or nothing.
func (m mode) cell() string {
	switch m.Mode {
	case modePaused:
		return m.NewsFrom.Format(time.RFC3339)
	case modeUrgent:
		return cellNever
	}
	return ""
}

// cellNever stands in a list where the end of a pause does.
const cellNever = "never"

// parseMode reads what cell has written.
func parseMode(s string, loc *time.Location) (from time.Time, ok bool) {
	switch s {
	case "":
		return time.Time{}, true
	case cellNever:
		return store.Never(), true
	}
	return parseMoment(s, loc)
}
