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
	"encoding/base64"
	"fmt"
	"html/template"
	"strconv"
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
	p, err := NewPrinter(v.Updated.Location())
	if err != nil {
		return nil, err
	}
	return p.Render(v)
}

// Printer makes one page after the other. It reads the template once, which takes
// longer than making a page.
type Printer struct{ template *template.Template }

// NewPrinter returns a printer of pages whose times are those of loc. It fails only
// if the page's own template is broken.
func NewPrinter(loc *time.Location) (*Printer, error) {
	t, err := parse("stato.html", source, loc)
	return &Printer{t}, err
}

// Render is like the function [Render].
func (p *Printer) Render(v View) ([]byte, error) { return fill(p.template, newStatus(v)) }

// RenderMinutes makes the record. It fails only if its own template is broken.
func RenderMinutes(m Minutes) ([]byte, error) {
	t, err := parse("verbale.html", minutesSource, m.AsOf.Location())
	if err != nil {
		return nil, err
	}
	return fill(t, m)
}

// parse reads a template that shows times where loc is.
func parse(name, source string, loc *time.Location) (*template.Template, error) {
	t, err := template.New(name).Funcs(template.FuncMap{
		"clock": func(t time.Time) string { return clock(t.In(loc)) }, "day": func(t time.Time) string { return day(t.In(loc)) },
		"deadline": func(t time.Time) string { return deadline(t.In(loc)) }, "seconds": seconds,
		"add": add, "number": number, "share": share, "hex": hexadecimal, "level": level, "severity": LevelOf,
		"phone": phone, "picture": picture, "plain": plain, "short": short, "sort": sortOf, "towns": towns, "words": words,
	}).Parse(source)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	return t, nil
}

func fill(t *template.Template, values any) ([]byte, error) {
	var b bytes.Buffer
	if err := t.Execute(&b, values); err != nil {
		return nil, fmt.Errorf("render %s: %w", t.Name(), err)
	}
	return b.Bytes(), nil
}

// look is how a [Level] is shown: never by colour alone.
type look struct{ Class, Mark, Word string }

func level(l Level) look {
	switch l {
	case Good:
		return look{"good", "✓", "Tutto a posto"}
	case Warning:
		return look{"warn", "!", "Attenzione"}
	}
	return look{"bad", "✕", "C'è un problema"}
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

// short is a name as plain as that; of a very long one it keeps both ends.
func short(name string) string {
	runes := []rune(plain(name))
	if len(runes) <= showName {
		return string(runes)
	}
	return string(runes[:showName*2/3]) + "…" + string(runes[len(runes)-showName/3:])
}

// words keeps the caller's words, in which there may be names, from filling the
// page and from turning the writing around.
func words(s string) string { return clip(plain(s), showWords) }

// towns lists Comuni, of which a file may name any number.
func towns(list []string) string { return clip(plain(strings.Join(list, ", ")), showTowns) }

// sortOf says what sort of file an attachment is.
func sortOf(mime string) string {
	switch mime {
	case "image/jpeg":
		return "immagine JPEG"
	case "image/png":
		return "immagine PNG"
	case "video/mp4":
		return "video MP4"
	case "application/pdf":
		return "documento PDF"
	}
	return mime
}

// number writes a count as Italians do: 8.123.
func number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return digits
}

// share is n in per cent of all, for the length of a bar. Whatever is not nothing
// can be seen.
func share(n, all int) string {
	if n <= 0 || all <= 0 {
		return "0"
	}
	return strconv.FormatFloat(min(100, max(1, 100*float64(n)/float64(all))), 'f', 1, 64)
}

// picture is a thumbnail as the source of an image. It is always called a JPEG, so
// that a browser makes nothing else of it. An attribute as a whole, because as a mere
// address every plus sign would be written as five characters.
func picture(thumbnail []byte) template.HTMLAttr {
	return template.HTMLAttr(`src="data:image/jpeg;base64,` + base64.StdEncoding.EncodeToString(thumbnail) + `"`)
}

func add(a, b int) int { return a + b }

func clock(t time.Time) string { return t.Format("02/01/2006 15:04") }

// deadline is a moment up to which something holds: midnight ends a day.
func deadline(t time.Time) string {
	if t.Hour() == 0 && t.Minute() == 0 {
		return day(t.AddDate(0, 0, -1)) + " 24:00"
	}
	return clock(t)
}

func day(t time.Time) string { return t.Format("02/01/2006") }

func seconds(n int) string { return fmt.Sprintf("%d:%02d", n/60, n%60) }

// hexadecimal is a hash as sha256sum writes it; empty when there is none.
func hexadecimal(sum [32]byte) string {
	if sum == [32]byte{} {
		return ""
	}
	return fmt.Sprintf("%x", sum)
}
