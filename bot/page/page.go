// Package page turns a [View] into stato.html, the page that staff open with a
// double click in the spool folder.
//
// The promise: one file that needs nothing else, no script and no network; the same
// View gives the same bytes; and whatever a file is called, its name stays text.
// There is no logic here: who calls decides what is healthy and what the words are.
package page

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

//go:embed stato.html.tmpl
var source string

// View is all that the page shows. Words are Italian, plain text, and never about a
// citizen. Times are shown in their own location.
type View struct {
	Service, Comune string
	Updated         time.Time

	// Healthy is shown by colour and in words; Sentence says what is the matter
	// ("Tutto funziona."), Advice what to do, and may be empty.
	Healthy          bool
	Sentence, Advice string

	Subscribers, Waiting int

	Announcements []Row     // newest first
	Refused       []Refusal // newest first
}

// Row is one announcement. The counts are cumulative: Sent includes Delivered,
// which includes Read.
type Row struct {
	Name     string // the file as dropped
	State    string // in Italian: "in invio"
	Urgent   bool
	Accepted time.Time

	Recipients, Sent, Delivered, Read, Failed int
}

// Refusal is a file in scartati.
type Refusal struct {
	Name   string
	Reason string // lower case, no full stop
}

// Render makes the page. It fails only if the page's own template is broken.
func Render(v View) ([]byte, error) {
	t, err := template.New("stato.html").Funcs(template.FuncMap{"plain": plain, "clock": clock}).Parse(source)
	if err != nil {
		return nil, fmt.Errorf("parse the status page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("render the status page: %w", err)
	}
	return b.Bytes(), nil
}

// plain keeps a file name on its line and in its direction: a mark that turns the
// writing around could make one name look like another.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, name)
}

func clock(t time.Time) string { return t.Format("02/01/2006 15:04") }
