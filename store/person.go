package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Number is a telephone number in E.164 form, "+393331234567". It does not
// show itself in logs.
type Number string

// LID is WhatsApp's pseudonymous identity of a person: digits, which are never
// to be shown as a telephone number. It does not show itself in logs.
type LID string

// Person is somebody on WhatsApp. Either field may be empty, not both.
type Person struct {
	Number Number
	LID    LID
}

// Details are what citizens say of themselves when they subscribe.
type Details struct{ GivenName, FamilyName, Comune string }

// Evidence is the proof that somebody asked for the service.
type Evidence struct {
	Words     string    // the registration as they wrote it, letter by letter
	MessageID string    // WhatsApp's ID of it
	Written   time.Time // when WhatsApp's server took it
	Wording   string    // the version of texts and rules in force: see [Store.Wording]
	Confirmed time.Time // when WhatsApp's server took the confirmation; zero: not yet
	Source    string    // the consent as it was noted at an import; empty for who wrote to us
}

// LogValue hides the words.
func (Evidence) LogValue() slog.Value { return slog.StringValue("[evidence]") }

// Subscriber is one entry of the list.
type Subscriber struct {
	ID int64
	Person
	Details
	Since time.Time // when the registration was carried out; a later one that only changes details leaves it
	Evidence
	NewsFrom time.Time // from when ordinary news reach them; zero: always, [Never]: urgent ones only
	Code     Code      // by which they can be served when their number is hidden
}

// ErrNumber says that a text is no telephone number in international form. It
// does not repeat the text, which may be a citizen's.
var ErrNumber = errors.New("not a telephone number in international form, such as +39 333 1234567")

// LogValue hides the number.
func (Number) LogValue() slog.Value { return slog.StringValue("[number]") }

// LogValue hides the LID.
func (LID) LogValue() slog.Value { return slog.StringValue("[lid]") }

// LogValue hides the name.
func (Details) LogValue() slog.Value { return slog.StringValue("[details]") }

// LogValue hides everything but the ID.
func (s Subscriber) LogValue() slog.Value { return slog.Int64Value(s.ID) }

// LogValue hides the person.
func (Person) LogValue() slog.Value { return slog.StringValue("[person]") }

// E.164: a country code does not start with 0, and there are at most 15 digits.
// No country uses fewer than 7 for a subscriber.
const minDigits, maxDigits = 7, 15

// ParseNumber reads a telephone number as people write it: with its country
// code after + or 00, and spaces, dots, hyphens, slashes and parentheses
// between the digits. The error is [ErrNumber].
func ParseNumber(s string) (Number, error) {
	s = strings.TrimSpace(s)
	rest, plus := strings.CutPrefix(s, "+")
	if !plus {
		if rest, plus = strings.CutPrefix(s, "00"); !plus {
			return "", ErrNumber
		}
	}
	digits := strings.NewReplacer(" ", "", "\u00a0", "", ".", "", "-", "", "/", "", "(", "", ")", "").Replace(rest)
	if len(digits) < minDigits || len(digits) > maxDigits || digits[0] == '0' {
		return "", ErrNumber
	}
	if strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return "", ErrNumber
	}
	return Number("+" + digits), nil
}

// args are the parameters by which a person's rows are found, and any others. In
// every table with a number and a lid one of three conditions finds them, which is
// written the same wherever it stands:
//
//	(lid = @lid OR (number = @number AND (lid IS NULL OR @lid = '')))  theirs
//	(lid = @lid OR (number = @number AND number <> ''))                theirs and a former owner's
//	(number = @number AND lid <> @lid)                                 a former owner's
//
// A number alone proves little once both sides know their LID: numbers are given
// to new owners, LIDs are not.
func (p Person) args(more ...any) []any {
	if p.LID == unsaid { // then only what has no LID either is theirs, of all that has their number
		return append([]any{sql.Named("number", string(p.Number)), sql.Named("lid", nil)}, more...)
	}
	return append([]any{sql.Named("number", string(p.Number)), sql.Named("lid", string(p.LID))}, more...)
}

// unsaid takes the place of the LID of who shows a number that is on the list with a
// LID, inside [Store.Handle]: whose the number is by now nobody has said. So nothing of
// that entry is theirs; but a cancellation counts, as it does for a former owner.
const unsaid LID = "?"

func (p Person) check() error {
	if p.Number == "" && p.LID == "" {
		return errors.New("a person with neither number nor LID")
	}
	if p.Number != "" {
		if n, err := ParseNumber(string(p.Number)); err != nil || n != p.Number {
			return fmt.Errorf("a person's number: %w", ErrNumber)
		}
	}
	return nil
}

// Consented is when they gave their consent, by WhatsApp's clock where it is known:
// ours may have been wrong.
func (s Subscriber) Consented() time.Time {
	if s.Written.IsZero() {
		return s.Since
	}
	return s.Written
}

// KeepWording keeps what a version of texts and rules stands for, so that it
// can be shown what a citizen agreed to. A known version stays as it is.
func (s *Store) KeepWording(ctx context.Context, version, text string, now time.Time) error {
	return s.exec(ctx, "keep the texts and rules", `INSERT INTO wordings VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, version, text, stamp{now})
}

// Wording is what a version stands for, and since when it was in force.
func (s *Store) Wording(ctx context.Context, version string) (text string, since time.Time, ok bool, err error) {
	var at stamp
	ok, err = s.scan(ctx, `SELECT text, since FROM wordings WHERE version = ?`, []any{version}, &text, &at)
	return text, at.Time, ok, err
}
