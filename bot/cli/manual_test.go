package cli

import (
	"slices"
	"strings"
	"testing"
)

func TestManual(t *testing.T) {
	t.Parallel()
	m := parseManual("First words\nand more.\n\n# A heading\nBelow it.\n- one,\n  typed\n- two\ngoes on\n\nshort\n: explained here\nlonger\n: explained, too\nin two lines\n\nAfter it: not a term.\n")
	want := manual{
		{paragraph, "", "First words and more."},
		{heading, "", "A heading"},
		{paragraph, "", "Below it."},
		{point, "-", "one,"},
		{typed, "", "  typed"},
		{point, "-", "two goes on"},
		{explanation, "short", "explained here"},
		{explanation, "longer", "explained, too in two lines"},
		{paragraph, "", "After it: not a term."},
	}
	if !slices.Equal(m, want) {
		t.Errorf("got  %+v\nwant %+v", m, want)
	}
	got := strings.Join(m.forTerminal(30), "\n")
	if want := `First words and more.

A heading
Below it.

- one,

  typed

- two goes on

  short   explained here
  longer  explained, too in
          two lines

After it: not a term.`; got != want {
		t.Errorf("got\n%s", got)
	}
	roff := m.roff("DESCRIPTION")
	for _, want := range []string{".SH \"DESCRIPTION\"\n.PP\nFirst", ".SH \"A HEADING\"\n", ".IP \"\\-\" 4\none,", ".nf\n  typed\n.fi", ".TP\n.B \"longer\"\nexplained, too"} {
		if !strings.Contains(roff, want) {
			t.Errorf("no %q in\n%s", want, roff)
		}
	}
	if got := m.section("A heading"); !slices.Equal(got, m[2:]) {
		t.Errorf("under the heading stands %+v", got)
	}
}

// Nothing that stands in a text is a request, and nothing that is typed changes.
func TestRoffEscapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Type `banditore pair --png FILE` now": `Type \fBbanditore pair \-\-png FILE\fR now`,
		`«banditore pair», l'altro`:            `\fBbanditore pair\fR, l\(aqaltro`,
		`"banditore help x" and "else"`:        `\fBbanditore help x\fR and "else"`,
		".TH is \\none":                        `\&.TH is \enone`,
		"'so":                                  `\(aqso`,
	} {
		if got := formatted(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got, want := argument(`say "a-b"`), `"say \(dqa\-b\(dq"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
