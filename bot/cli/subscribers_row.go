package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"banditore/store"
)

// sheet is what a row of an imported file is read against.
type sheet struct {
	names []string // of the columns
	loc   *time.Location
	now   time.Time
	seen  map[string]int // the line of each number and LID
}

// The longest values, in characters: those of a registration, and a note.
const maxDetail, maxConsent = 60, 300

// entry reads one row, and says all that is wrong with it.
func (s sheet) entry(row []string, line int) (e store.Entry, wrong []string) {
	field := func(name string) string {
		if i := slices.Index(s.names, name); i >= 0 {
			return value(row[i])
		}
		return ""
	}
	say := func(words string) {
		if words != "" {
			wrong = append(wrong, words)
		}
	}
	e.Person, wrong = s.person(field("number"), field("lid"), line)
	e.Details = store.Details{GivenName: field("given_name"), FamilyName: field("family_name"), Comune: field("comune")}
	e.Consent = field("consent")
	say(unfit("given_name", e.GivenName, maxDetail))
	say(unfit("family_name", e.FamilyName, maxDetail))
	say(unfit("comune", e.Comune, maxDetail))
	say(unfit("consent", e.Consent, maxConsent))
	at, ok := parseMoment(field("consent_at"), s.loc)
	switch {
	case !ok:
		say("consent_at: no date such as 2026-09-30, 30/09/2026 or 2026-09-30T18:30:00+02:00")
	case at.After(s.now):
		say("consent_at: lies in the future")
	case at.Year() < 2009:
		say("consent_at: lies before there was WhatsApp")
	}
	e.ConsentAt = at
	if e.NewsFrom, ok = parseMode(field("news_from"), s.loc); !ok {
		say("news_from: neither a date such as 2026-09-30 or 30/09/2026, nor never, nor nothing")
	}
	return e, wrong
}

func (s sheet) person(number, lid string, line int) (p store.Person, wrong []string) {
	if number == "" && lid == "" {
		return p, []string{"number: missing"}
	}
	if number != "" {
		var err error
		if p.Number, err = store.ParseNumber(number); err != nil {
			wrong = append(wrong, "number: "+err.Error())
		}
	}
	if lid != "" {
		if p.LID = store.LID(lid); !isLID(lid) {
			wrong = append(wrong, "lid: not the digits of a LID")
		}
	}
	for _, key := range []string{string(p.Number), "lid " + string(p.LID)} {
		switch before, again := s.seen[key]; {
		case key == "" || key == "lid ":
		case again:
			wrong = append(wrong, fmt.Sprintf("is the same person as line %d", before))
		default:
			s.seen[key] = line
		}
	}
	return p, wrong
}

// unfit says what is wrong with a text that must be there.
func unfit(name, text string, most int) string {
	switch {
	case text == "":
		return name + ": missing"
	case utf8.RuneCountInString(text) > most:
		return fmt.Sprintf("%s: longer than %d characters", name, most)
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		return name + ": holds characters that are no text"
	}
	return ""
}

// parseMoment reads a date, or a date with the time of day, as people and
// spreadsheets in Italy write it.
func parseMoment(s string, loc *time.Location) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.Truncate(time.Second).UTC(), true
	}
	for _, day := range []string{"2006-01-02", "2/1/2006"} {
		for _, clock := range []string{"", " 15:04", " 15:04:05"} {
			if at, err := time.ParseInLocation(day+clock, s, loc); err == nil {
				return at.UTC(), true
			}
		}
	}
	return time.Time{}, false
}
