package cli

import (
	"fmt"
	"io"
	"strings"
)

// table is rows under a heading, as a person reads them. In a narrow window long
// names are cut; what does not fit even so has a line for each cell.
type table struct {
	heading []string
	words   []bool // the columns that may be cut: names, not figures
	rows    [][]string
}

// newTable has the columns of heading, with tabs between them. Those that begin with
// an asterisk may be cut.
func newTable(heading string) *table {
	t := &table{}
	for column := range strings.SplitSeq(heading, "\t") {
		name, may := strings.CutPrefix(column, "*")
		t.heading, t.words = append(t.heading, name), append(t.words, may)
	}
	return t
}

func (t *table) row(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = printable(fmt.Sprint(c))
	}
	t.rows = append(t.rows, row)
}

// The least that is left of a cell that is cut, and of the heading of figures.
const (
	leastWords   = 8
	leastHeading = 4
	betweenCells = 2
)

// print writes the table for a window of that many columns; 0 cuts nothing.
func (t *table) print(to io.Writer, columns int) error {
	widths := t.natural()
	if columns > 0 && !t.fit(widths, columns) {
		return t.stacked(to, columns)
	}
	var b strings.Builder
	for _, row := range append([][]string{t.heading}, t.rows...) {
		for i, cell := range row {
			cell = cutTo(cell, widths[i])
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-width(cell)+betweenCells))
			}
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(to, b.String())
	return err
}

// natural is how wide each column wants to be.
func (t *table) natural() []int {
	widths := make([]int, len(t.heading))
	for _, row := range append([][]string{t.heading}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
		}
	}
	return widths
}

// fit makes columns narrower until the table is: the widest words first, then the
// headings of figures. It tells whether that was enough.
func (t *table) fit(widths []int, columns int) bool {
	least := make([]int, len(widths))
	for i := range widths {
		least[i] = min(widths[i], leastWords)
		if !t.words[i] {
			least[i] = min(widths[i], leastHeading)
			for _, row := range t.rows {
				least[i] = max(least[i], width(row[i]))
			}
		}
	}
	over := (len(widths)-1)*betweenCells - columns
	for _, w := range widths {
		over += w
	}
	for _, words := range []bool{true, false} {
		for ; over > 0; over-- {
			widest := -1
			for i, w := range widths {
				if t.words[i] == words && w > least[i] && (widest < 0 || w > widths[widest]) {
					widest = i
				}
			}
			if widest < 0 {
				break
			}
			widths[widest]--
		}
	}
	return over <= 0
}

// stacked writes each row as lines of a heading and a cell.
func (t *table) stacked(to io.Writer, columns int) error {
	margin := 0
	for _, h := range t.heading {
		margin = max(margin, width(h)+betweenCells)
	}
	margin = min(margin, columns/2)
	var b strings.Builder
	for n, row := range t.rows {
		if n > 0 {
			b.WriteByte('\n')
		}
		for i, cell := range row {
			h := cutTo(t.heading[i], margin-betweenCells)
			b.WriteString(h + strings.Repeat(" ", margin-width(h)) + cutTo(cell, columns-margin) + "\n")
		}
	}
	_, err := io.WriteString(to, b.String())
	return err
}

// cutTo shortens s to that many columns, and shows that it did.
func cutTo(s string, columns int) string {
	if width(s) <= columns {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if columns -= runeWidth(r); columns < 1 { // the last is for the mark
			break
		}
		b.WriteRune(r)
	}
	return b.String() + "…"
}
