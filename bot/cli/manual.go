package cli

import "strings"

// manual is a text for people, from which a terminal and the manual pages are
// written. A line that begins with "# " is a heading, one with "- " or "1. " a point,
// one with two blanks is to be typed as it stands, and ": " explains the line before
// it. Other lines that follow each other are one paragraph, however they are broken.
type manual []block

// block is one piece of a manual.
type block struct {
	kind blockKind
	mark string // of a point its dash or number, of an explanation what is explained
	text string // one line, but for what is to be typed
}

type blockKind int

const (
	paragraph blockKind = iota
	heading
	point
	explanation
	typed
)

// parseManual reads a manual.
func parseManual(text string) manual {
	var m manual
	lines := strings.Split(text, "\n")
	open := false // whether the last block may go on
	for i, line := range lines {
		line = strings.TrimRight(line, " ")
		explained := i+1 < len(lines) && strings.HasPrefix(lines[i+1], ": ")
		switch {
		case line == "":
			open = false
			continue
		case explained:
			m = append(m, block{kind: explanation, mark: line})
		case !open || !m.goOn(line):
			m = append(m, newBlock(line))
		}
		open = m[len(m)-1].kind != heading
	}
	return m
}

// newBlock is what a line begins.
func newBlock(line string) block {
	if title, is := strings.CutPrefix(line, "# "); is {
		return block{kind: heading, text: title}
	}
	if strings.HasPrefix(line, "  ") {
		return block{kind: typed, text: line}
	}
	if n := indentOf(line); n > 0 {
		return block{kind: point, mark: line[:n-1], text: line[n:]}
	}
	return block{kind: paragraph, text: line}
}

// goOn makes line a part of the last block, if it is one.
func (m manual) goOn(line string) bool {
	last, next := &m[len(m)-1], newBlock(line)
	words, explains := strings.CutPrefix(line, ": ")
	switch {
	case explains && last.kind == explanation && last.text == "":
		last.text = words
	case next.kind == typed && last.kind == typed:
		last.text += "\n" + line
	case next.kind == paragraph && last.kind != typed:
		last.text += " " + line
	default:
		return false
	}
	return true
}

// section is what stands under a heading.
func (m manual) section(title string) manual {
	for i, b := range m {
		if b.kind != heading || b.text != title {
			continue
		}
		rest := m[i+1:]
		for j, b := range rest {
			if b.kind == heading {
				return rest[:j]
			}
		}
		return rest
	}
	return nil
}

// forTerminal breaks the manual into lines of at most that many columns, where that
// can be had.
func (m manual) forTerminal(columns int) []string {
	var lines []string
	for i, b := range m {
		if i > 0 && !m.closely(i) {
			lines = append(lines, "")
		}
		switch b.kind {
		case typed:
			lines = append(lines, strings.Split(b.text, "\n")...)
		case point:
			lines = append(lines, wrapLine(b.mark+" "+b.text, columns)...)
		case explanation:
			lines = append(lines, b.explain(m.margin(i, columns), columns)...)
		default:
			lines = append(lines, wrapLine(b.text, columns)...)
		}
	}
	return lines
}

// closely tells that no empty line stands before the block.
func (m manual) closely(i int) bool {
	before, b := m[i-1].kind, m[i].kind
	return before == heading || (before == b && (b == point || b == explanation))
}

// margin is where the words of an explanation begin: at the same column as those
// around it.
func (m manual) margin(i, columns int) int {
	widest := 0
	for ; i > 0 && m[i-1].kind == explanation; i-- {
	}
	for ; i < len(m) && m[i].kind == explanation; i++ {
		widest = max(widest, width(m[i].mark))
	}
	if margin := widest + 4; margin <= min(28, columns/3) {
		return margin
	}
	return 6 // what is explained has lines of its own
}

// explain writes what is explained two columns from the edge, and its explanation
// from the margin on.
func (b block) explain(margin, columns int) []string {
	hang := strings.Repeat(" ", margin)
	lines := wrapLine(b.text, columns-margin)
	for i := range lines {
		lines[i] = hang + lines[i]
	}
	mark := "  " + b.mark
	if width(mark)+2 > margin || len(lines) == 0 {
		return append([]string{mark}, lines...)
	}
	lines[0] = mark + lines[0][width(mark):]
	return lines
}
