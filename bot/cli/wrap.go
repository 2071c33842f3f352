package cli

import (
	"strings"
	"unicode"

	eastasian "golang.org/x/text/width"
)

// wrap breaks each line of text between its words, so that none is longer than
// columns where that can be had; a path or a word is never broken. What follows
// in a numbered or bulleted line stands under its words. A line that begins with
// two blanks is to be typed, and stays as it is. 0 columns break nothing.
func wrap(text string, columns int) []string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		if columns <= 0 || strings.HasPrefix(line, "  ") {
			lines = append(lines, line)
			continue
		}
		lines = append(lines, wrapLine(line, columns)...)
	}
	return lines
}

func wrapLine(line string, columns int) []string {
	hang := strings.Repeat(" ", indentOf(line))
	var lines []string
	now := ""
	for word := range strings.FieldsSeq(line) {
		switch {
		case now == "":
			now = word
		case width(now)+1+width(word) > columns:
			lines = append(lines, now)
			now = hang + word
		default:
			now += " " + word
		}
	}
	return append(lines, now)
}

// indentOf is how far the words of "1. …" and "- …" are from the margin.
func indentOf(line string) int {
	mark, _, found := strings.Cut(line, " ")
	if found && (mark == "-" || (strings.HasSuffix(mark, ".") && strings.Trim(mark, "0123456789") == ".")) {
		return len(mark) + 1
	}
	return 0
}

// width is how many columns of a terminal s takes.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// runeWidth is two for Chinese, Japanese and Korean characters and for emoji, and
// none for what is set on the character before.
func runeWidth(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch eastasian.LookupRune(r).Kind() {
	case eastasian.EastAsianWide, eastasian.EastAsianFullwidth:
		return 2
	}
	return 1
}
