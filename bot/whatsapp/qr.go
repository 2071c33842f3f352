package whatsapp

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"

	"rsc.io/qr"
)

// QuietZone is the light border in modules that the standard asks for. With it, WhatsApp's codes (about 240 characters,
// 57 modules) take 65 columns and 33 lines.
const QuietZone = 4

const pngScale = 8 // pixels to a module

// QR is a pairing code as a square of modules, ready to be drawn. It is as secret as the code.
type QR struct{ code *qr.Code }

// NewQR encodes a pairing code with the least redundancy, so that its modules are as few and as large as can be.
func NewQR(code string) (*QR, error) {
	c, err := qr.Encode(code, qr.L)
	if err != nil {
		return nil, fmt.Errorf("draw the code: %w", err)
	}
	return &QR{c}, nil
}

// Modules is the length of one side, without the quiet zone.
func (q *QR) Modules() int { return q.code.Size }

// Cells is what a QR is drawn of.
type Cells int

const (
	HalfBlocks Cells = iota // █▀▄: two modules to a character, one above the other
	FullBlocks              // █: two characters to a module, for fonts that lack the half blocks
	Signs                   // #: the same without any character beyond ASCII
)

// Ink is which sequences set light and dark, so that they do not depend on the terminal's own colours.
type Ink int

const (
	NoInk     Ink = iota // none: light is what the terminal writes with, dark its background
	EightInk             // the eight colours of a text console
	BrightInk            // bright white on black
	ExactInk             // white and black of the palette of 256, which no theme repaints
)

// on returns the sequences for light signs on a dark background, for the opposite, and for what was before.
func (i Ink) on() (lightOnDark, darkOnLight, end string) {
	switch i {
	case EightInk:
		return "\x1b[37;40m", "\x1b[30;47m", "\x1b[0m"
	case BrightInk:
		return "\x1b[97;40m", "\x1b[30;107m", "\x1b[0m"
	case ExactInk:
		return "\x1b[38;5;231;48;5;16m", "\x1b[38;5;16;48;5;231m", "\x1b[0m"
	}
	return "", "", ""
}

// Drawing says how a QR is put on a terminal.
type Drawing struct {
	Cells  Cells
	Ink    Ink
	Quiet  int  // light modules around it: QuietZone, or fewer where room is short
	Invert bool // light and dark the other way round, for who must do without ink on a light terminal
}

// Size tells how many columns and lines a code of that many modules takes.
func (d Drawing) Size(modules int) (columns, lines int) {
	side := modules + 2*d.Quiet
	if d.Cells == HalfBlocks {
		return side, (side + 1) / 2
	}
	return 2 * side, side
}

// Draw returns the lines of the drawing, all equally wide, each of which sets and ends its own colours.
func (q *QR) Draw(d Drawing) []string {
	_, n := d.Size(q.Modules())
	lines := make([]string, n)
	for i := range lines {
		if d.Cells == HalfBlocks {
			lines[i] = q.halves(d, i)
		} else {
			lines[i] = q.whole(d, i)
		}
	}
	return lines
}

// halves draws the modules 2i and 2i+1 of every column. With ink the background is the upper module, and the sign, if one is
// needed, the lower: signs of many fonts leave lines between them, backgrounds do not.
func (q *QR) halves(d Drawing, i int) string {
	signs := [2][2]string{{" ", "▄"}, {"▀", "█"}} // by what is light above and below
	if d.Ink != NoInk {
		signs = [2][2]string{{" ", "▄"}, {"▄", " "}}
	}
	p := pen{ink: d.Ink}
	for x := range q.Modules() + 2*d.Quiet {
		upper := q.light(d, x, 2*i)
		p.put(upper, signs[upper][q.light(d, x, 2*i+1)])
	}
	return p.line()
}

// whole draws one line of modules. With ink nothing but backgrounds is needed, which no font can lack.
func (q *QR) whole(d Drawing, y int) string {
	signs := [2]string{"  ", "  "}
	switch {
	case d.Ink != NoInk:
	case d.Cells == Signs:
		signs[1] = "##"
	default:
		signs[1] = "██"
	}
	p := pen{ink: d.Ink}
	for x := range q.Modules() + 2*d.Quiet {
		is := q.light(d, x, y)
		p.put(is, signs[is])
	}
	return p.line()
}

// pen writes a line and changes its colours where they change.
type pen struct {
	ink    Ink
	out    strings.Builder
	ground string
}

// put writes signs on a dark background, or on a light one.
func (p *pen) put(light int, signs string) {
	ground, onLight, _ := p.ink.on()
	if light == 1 {
		ground = onLight
	}
	if ground != p.ground {
		p.out.WriteString(ground)
		p.ground = ground
	}
	p.out.WriteString(signs)
}

func (p *pen) line() string {
	_, _, end := p.ink.on()
	return p.out.String() + end
}

// light is 1 where the drawing is light; x and y count from the corner of the quiet zone.
func (q *QR) light(d Drawing, x, y int) int {
	if q.code.Black(x-d.Quiet, y-d.Quiet) != d.Invert {
		return 0
	}
	return 1
}

// PNG returns the code as a picture with its quiet zone, eight pixels to a module.
func (q *QR) PNG() ([]byte, error) {
	side := (q.Modules() + 2*QuietZone) * pngScale
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if q.code.Black(x/pngScale-QuietZone, y/pngScale-QuietZone) {
				picture.SetColorIndex(x, y, 1)
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("draw the code: %w", err)
	}
	return out.Bytes(), nil
}

// DrawQR draws a pairing code with half blocks and the whole quiet zone. It fits an 80-column terminal. Without colour it
// is readable on a dark background only; with colour on any.
func DrawQR(w io.Writer, code string, colour bool) error {
	q, err := NewQR(code)
	if err != nil {
		return err
	}
	d := Drawing{Quiet: QuietZone}
	if colour {
		d.Ink = BrightInk
	}
	_, err = io.WriteString(w, strings.Join(q.Draw(d), "\n")+"\n")
	return err
}
