// Package page turns a [View] into stato.html, the page that staff open with a
// double click in the spool folder, and [Minutes] into the printable record of an
// announcement.
//
// The promise: one file that needs nothing else, no script and no network; the same
// values give the same bytes; whatever a file is called or a text says, it stays
// text; and the status page stays under 200 kB however long the service has run.
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

//go:embed verbale.html.tmpl
var minutesSource string

// Render makes the page. It fails only if the page's own template is broken.
func Render(v View) ([]byte, error) {
	return render("stato.html", source, v)
}

func render(name, source string, values any) ([]byte, error) {
	t, err := template.New(name).Funcs(template.FuncMap{"plain": plain, "clock": clock}).Parse(source)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, values); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
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
