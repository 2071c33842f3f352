package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Whatever was typed, read or found may hold what a terminal obeys: colours, jumps of
// the cursor, marks that turn the writing direction, characters nobody sees, line ends
// that forge a line of ours. Errors and talk leave through the functions below, so that
// nobody has to remember it where a name is put into a sentence.

// visible tells whether a terminal shows the character as itself. Blanks that do not
// break a line belong to Italian, and are no danger.
func visible(r rune) bool {
	return unicode.IsPrint(r) || r == '\u00a0' || r == '\u202f'
}

// shown writes s on one line, with escapes as Go's in place of what is not visible.
func shown(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !visible(r) }) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if (r == utf8.RuneError && n == 1) || !visible(r) {
			quoted := strconv.QuoteToASCII(s[:n])
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// shownLines is shown for words of ours that have several lines.
func shownLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = shown(line)
	}
	return strings.Join(lines, "\n")
}

// linedError is an error of several lines, such as [config.Error]. Its text is they.
type linedError interface {
	error
	Lines() []string
}

// legible is the text of an error with escapes for what is not visible. Line ends
// stay where they are ours: in a list of errors, and in a linedError.
func legible(err error) string {
	if e, ok := err.(linedError); ok {
		var lines []string
		for _, line := range e.Lines() {
			lines = append(lines, shown(line))
		}
		return strings.Join(lines, "\n")
	}
	text, parts := err.Error(), []error{errors.Unwrap(err)}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		parts = several.Unwrap()
	}
	var b strings.Builder
	for _, part := range parts {
		if part == nil {
			continue
		}
		before, after, found := strings.Cut(text, part.Error())
		if !found {
			continue // it decides something, and is not said
		}
		if before != "\n" { // as errors.Join has it
			before = shown(before)
		}
		b.WriteString(before + legible(part))
		text = after
	}
	return b.String() + shown(text)
}

// plainJSON escapes what is not visible in JSON, which leaves it the same JSON.
func plainJSON(text []byte) []byte {
	if !bytes.ContainsFunc(text, hidden) {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		switch {
		case !hidden(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}

// hidden is what is not visible and yet stands as it is in JSON: the line ends are
// those between its parts, and it has escaped those within them.
func hidden(r rune) bool { return r != '\n' && !visible(r) }

// lines passes what is written on, changed by how. Each Write is made of whole lines,
// as slog's and encoding/json's are.
type lines struct {
	to  io.Writer
	how func([]byte) []byte
}

// Write implements [io.Writer].
func (l lines) Write(text []byte) (int, error) {
	if _, err := l.to.Write(l.how(text)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// plainText is shownLines for lines.
func plainText(text []byte) []byte { return []byte(shownLines(string(text))) }
