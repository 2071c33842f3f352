package cli

import (
	"bytes"
	"strings"
	"testing"
)

func towns() *table {
	t := newTable("*ANNOUNCEMENT\t*STATE\tRECIPIENTS\tREAD (AT LEAST)")
	t.row("festa.txt", "finished", 12, 3)
	t.row("chiusura della biblioteca comunale per inventario, agosto.txt", "running", "3010, 4 paused", 0)
	t.row("図書館のお知らせと図書館のお知らせと図書館のお知らせ.txt", "held", 7, 7)
	t.row(strings.Repeat("e\u0301", 60)+"\x1b[31m", "held", 7, 7)
	return t
}

// In a window a table is no wider than it, figures are whole, and what is cut says so.
func TestNarrowTables(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{20, 40, 60, 80, 100, 200} {
		var out bytes.Buffer
		if err := towns().print(&out, columns); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		for line := range strings.Lines(text) {
			if n := width(strings.TrimSuffix(line, "\n")); n > columns {
				t.Errorf("%d columns of %d: %s", n, columns, line)
			}
		}
		if columns >= 60 && (strings.Count(text, "\n") != 5 || !strings.Contains(text, "3010, 4 paused")) {
			t.Errorf("%d columns:\n%s", columns, text)
		}
		if (columns < 200) != strings.Contains(text, "…") || strings.Contains(text, "\x1b") || !strings.Contains(text, "festa.t") {
			t.Errorf("%d columns:\n%s", columns, text)
		}
	}
}

// A program reads all of it.
func TestTableForAProgramIsWhole(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := towns().print(&out, 0); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "…") || !strings.Contains(text, "per inventario, agosto.txt") {
		t.Error(text)
	}
}

func TestWidthOnATerminal(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "città": 5, "citta\u0300": 5, "図書館": 6, "🎉": 2, "ｆｕｌｌ": 8, "ﾊﾝｶｸ": 4, "a\u200db": 2} {
		if got := width(s); got != want {
			t.Errorf("%q has %d columns, not %d", s, got, want)
		}
	}
	if got := cutTo("図書館図書館", 6); got != "図書…" {
		t.Error(got)
	}
	if got := cutTo("e\u0301e\u0301e\u0301", 2); got != "e\u0301…" {
		t.Error(got)
	}
}
