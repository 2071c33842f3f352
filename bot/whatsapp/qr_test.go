package whatsapp

import (
	"bytes"
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
	for i, line := range strings.Split(strings.TrimSuffix(colourOut.String(), "\n"), "\n") {
		if !strings.HasPrefix(line, whiteOnBlack) || !strings.HasSuffix(line, plain) {
			t.Fatalf("line %d does not set and end its colours", i)
		}
	}
	if got := strings.NewReplacer(whiteOnBlack, "", plain, "").Replace(colourOut.String()); got != plainOut.String() {
		t.Error("colour changes the drawing")
	}
}
