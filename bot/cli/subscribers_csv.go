package cli

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"banditore/store"
)

// bom makes Excel read the file as UTF-8.
const bom = "\ufeff"

// The columns of a list of people. Export writes them in this order; import finds
// them by name, and gives everybody a code of its own.
var columns = []string{"number", "lid", "given_name", "family_name", "comune", "since", "consent_at", "consent", "news_from", "code"}

// writeCSV writes the list for an Italian spreadsheet.
func writeCSV(w io.Writer, list []store.Subscriber, loc *time.Location, now time.Time) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	if err := c.Write(columns); err != nil {
		return err
	}
	for _, s := range list {
		at := s.Written
		if at.IsZero() {
			at = s.Since
		}
		row := []string{string(s.Number), string(s.LID), s.GivenName, s.FamilyName, s.Comune,
			s.Since.In(loc).Format(time.RFC3339), at.In(loc).Format(time.RFC3339), consentOf(s),
			modeOf(s.NewsFrom, now, func(t time.Time) time.Time { return t.In(loc) }).cell(), string(s.Code)}
		for i := range row {
			row[i] = cell(row[i])
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// consentOf says where the proof of the consent is.
func consentOf(s store.Subscriber) string {
	switch {
	case s.Source != "":
		return s.Source
	case s.MessageID != "":
		return "WhatsApp message " + s.MessageID
	}
	return "WhatsApp message"
}

// cell is a value as a spreadsheet shows it and never calculates it: what begins
// as formulas do gets a ' in front. [value] takes it off again.
func cell(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if calculated(s) || calculated(strings.TrimPrefix(s, "'")) || strings.HasPrefix(s, "''") {
		return "'" + s
	}
	return s
}

// value is what a cell holds, blanks around it apart. A name may begin with an
// apostrophe: 'Ntoni.
func value(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && (calculated(rest) || strings.HasPrefix(rest, "'")) {
		s = rest
	}
	return norm.NFC.String(strings.TrimSpace(s))
}

// calculated tells whether a spreadsheet could take s for a formula, which it may
// also do after blanks, or with the wide signs of East Asia.
func calculated(s string) bool {
	trimmed := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	r, _ := utf8.DecodeRuneInString(trimmed)
	return trimmed != "" && strings.ContainsRune("=+-@＝＋－＠|%", r) || (s != "" && strings.ContainsRune("\t\r\n", rune(s[0])))
}

// problem is what is wrong with a line of a file. It never repeats what is there.
type problem struct {
	line  int
	words string
}

// String names the line as an editor counts it.
func (p problem) String() string { return fmt.Sprintf("line %d: %s", p.line, p.words) }

// parseCSV reads people from a file, whatever a spreadsheet has made of it: with
// semicolons or commas, in UTF-8 or Windows-1252. With a problem nobody is
// returned.
func parseCSV(content []byte, loc *time.Location, now time.Time) ([]store.Entry, []problem) {
	text, err := decodeCSV(content)
	if err != nil {
		return nil, []problem{{1, err.Error()}}
	}
	r := csv.NewReader(strings.NewReader(text))
	first, _, _ := strings.Cut(text, "\n")
	if strings.ContainsRune(first, ';') {
		r.Comma = ';'
	}
	head, err := r.Read()
	if err != nil {
		return nil, []problem{{1, "it names no columns; they are: " + strings.Join(columns, ", ")}}
	}
	names, p := header(head)
	if p != "" {
		return nil, []problem{{1, p}}
	}
	return parseRows(r, sheet{names: names, loc: loc, now: now, seen: map[string]int{}})
}

func parseRows(r *csv.Reader, s sheet) (list []store.Entry, problems []problem) {
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, csv.ErrFieldCount) {
			broken, _ := errors.AsType[*csv.ParseError](err)
			return nil, append(problems, problem{broken.Line, "quotes are not paired; nothing after this line was looked at"})
		}
		line, _ := r.FieldPos(0)
		switch {
		case !slices.ContainsFunc(row, func(s string) bool { return strings.TrimSpace(s) != "" }):
			continue // spreadsheets leave empty lines behind
		case err != nil:
			problems = append(problems, problem{line, fmt.Sprintf("has %d columns instead of %d", len(row), len(s.names))})
			continue
		}
		e, wrong := s.entry(row, line)
		for _, w := range wrong {
			problems = append(problems, problem{line, w})
		}
		list = append(list, e)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return list, nil
}

func decodeCSV(content []byte) (string, error) {
	if bytes.IndexByte(content, 0) >= 0 {
		return "", errors.New("it is no CSV text in UTF-8 or Windows-1252; save it as CSV")
	}
	if !utf8.Valid(content) {
		decoded, err := charmap.Windows1252.NewDecoder().Bytes(content)
		if err != nil {
			return "", errors.New("it is no CSV text in UTF-8 or Windows-1252; save it as CSV")
		}
		content = decoded
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(content), bom), "\r\n", "\n"), nil
}

// header finds the columns by name.
func header(head []string) (names []string, wrong string) {
	for _, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(columns, name) {
			return nil, "names a column that is not known; the columns are: " + strings.Join(columns, ", ")
		}
		if slices.Contains(names, name) {
			return nil, "names the column " + name + " twice"
		}
		names = append(names, name)
	}
	for _, name := range []string{"given_name", "family_name", "comune", "consent_at", "consent"} {
		if !slices.Contains(names, name) {
			return nil, "lacks the column " + name
		}
	}
	if !slices.Contains(names, "number") && !slices.Contains(names, "lid") {
		return nil, "lacks the column number"
	}
	return names, ""
}
