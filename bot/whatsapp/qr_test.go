package whatsapp

import (
	"bytes"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// A code as long as WhatsApp's: address, reference, three keys of 32 bytes in base64, client type.
func longCode() string {
	key := strings.Repeat("k3Y/", 11)
	return "https://wa.me/settings/linked_devices#2@" + strings.Repeat("Ref9", 25) + "," + key + "," + key + "," + key + ",1"
}

func TestDrawQRFitsATerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := DrawQR(&out, longCode(), false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	width := utf8.RuneCountInString(lines[0])
	if width > 80 || len(lines) > 40 {
		t.Errorf("got %d columns and %d lines, want at most 80 and 40", width, len(lines))
	}
	for i, line := range lines {
		if utf8.RuneCountInString(line) != width {
			t.Errorf("line %d: got %d columns, want %d", i, utf8.RuneCountInString(line), width)
		}
		if rest := strings.Trim(line, "█▀▄ "); rest != "" {
			t.Errorf("line %d holds %q", i, rest)
		}
	}
	// The quiet zone: two full lines of light above, four light columns left and right.
	if lines[0] != strings.Repeat("█", width) || lines[1] != lines[0] {
		t.Errorf("got %q above the code, want light", lines[:2])
	}
	for i, line := range lines[:len(lines)-1] {
		if !strings.HasPrefix(line, "████") || !strings.HasSuffix(line, "████") {
			t.Errorf("line %d: got no quiet zone at the sides", i)
		}
	}
	// The upper left finder begins with seven dark modules over a ring: a row of ▄ would be light above dark.
	if !strings.HasPrefix(strings.TrimLeft(lines[2], "█"), " ▄▄▄▄▄ ") {
		t.Errorf("got %q, want the edge of a finder pattern, dark where the glyph is blank", lines[2])
	}
}

func TestDrawQRSetsItsColours(t *testing.T) {
	t.Parallel()
	var plainOut, colourOut bytes.Buffer
	if err := DrawQR(&plainOut, longCode(), false); err != nil {
		t.Fatal(err)
	}
	if err := DrawQR(&colourOut, longCode(), true); err != nil {
		t.Fatal(err)
	}
	columns := func(line string) int {
		return utf8.RuneCountInString(regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(line, ""))
	}
	plain := strings.Split(plainOut.String(), "\n")
	for i, line := range strings.Split(strings.TrimSuffix(colourOut.String(), "\n"), "\n") {
		if !strings.HasPrefix(line, "\x1b[") || !strings.HasSuffix(line, "\x1b[0m") {
			t.Fatalf("line %d does not set and end its colours", i)
		}
		if columns(line) != columns(plain[i]) {
			t.Errorf("line %d: colour changes the width", i)
		}
	}
}

// Whatever it is drawn of, it is the same code: light and dark are read back.
func TestDrawingsAgree(t *testing.T) {
	t.Parallel()
	q, err := NewQR(longCode())
	if err != nil {
		t.Fatal(err)
	}
	side := q.Modules() + 2*QuietZone
	want := modules(t, q, Drawing{Quiet: QuietZone})
	for _, cells := range []Cells{HalfBlocks, FullBlocks, Signs} {
		for _, ink := range []Ink{NoInk, EightInk, BrightInk, ExactInk} {
			for _, invert := range []bool{false, true} {
				d := Drawing{Cells: cells, Ink: ink, Quiet: QuietZone, Invert: invert}
				got := modules(t, q, d)
				if invert {
					got = strings.NewReplacer("0", "1", "1", "0").Replace(got)
				}
				if got != want {
					t.Errorf("%+v draws another code", d)
				}
				columns, lines := d.Size(q.Modules())
				if drawn := q.Draw(d); len(drawn) != lines || strings.Count(want, "\n") != side || columns < side {
					t.Errorf("%+v: %d lines, said %d of %d", d, len(drawn), lines, columns)
				}
			}
		}
	}
}

// modules reads a drawing back as a terminal shows it: 1 is light.
func modules(t *testing.T, q *QR, d Drawing) string {
	t.Helper()
	lightOnDark, light, end := d.Ink.on()
	grounds := strings.NewReplacer()
	if d.Ink != NoInk {
		grounds = strings.NewReplacer(lightOnDark, "\x00", light, "\x01", end, "")
	}
	var out strings.Builder
	for _, line := range q.Draw(d) {
		var upper, lower strings.Builder
		ground, n := 0, 0
		for _, r := range grounds.Replace(line) {
			u, l := 0, 0
			switch r {
			case 0, 1:
				ground = int(r)
				continue
			case '█', '#':
				u, l = 1, 1
			case '▀':
				u = 1
			case '▄':
				u, l = ground, 1-ground
			case ' ':
				u, l = ground, ground
			default:
				t.Fatalf("%+v draws %q", d, r)
			}
			if n++; d.Cells != HalfBlocks && n%2 == 0 {
				continue // the second half of a module
			}
			upper.WriteByte(byte('0' + u))
			lower.WriteByte(byte('0' + l))
		}
		out.WriteString(upper.String() + "\n")
		if d.Cells == HalfBlocks {
			out.WriteString(lower.String() + "\n")
		}
	}
	rows := strings.SplitAfter(out.String(), "\n")
	return strings.Join(rows[:q.Modules()+2*d.Quiet], "") // half blocks have one line of light more
}

func TestPNG(t *testing.T) {
	t.Parallel()
	q, err := NewQR(longCode())
	if err != nil {
		t.Fatal(err)
	}
	data, err := q.PNG()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if side := picture.Bounds().Dx(); side != (q.Modules()+8)*8 {
		t.Errorf("%d pixels, want 8 for each of %d modules and for the quiet zone", side, q.Modules())
	}
	dark := func(x, y int) bool { r, _, _, _ := picture.At(x, y).RGBA(); return r == 0 }
	end := 32 + q.Modules()*8
	if dark(31, 31) || !dark(32, 32) || !dark(end-1, 32) || dark(end, 32) {
		t.Error("the quiet zone is not four modules")
	}
}
