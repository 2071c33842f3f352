package whatsapp

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/mdp/qrterminal/v3"
)

// quietZone is the light border in modules that the standard asks for. With it, WhatsApp's codes (about 240 characters,
// 57 modules) take 65 columns.
const quietZone = 4

const (
	whiteOnBlack = "\x1b[97;40m"
	plain        = "\x1b[0m"
)

// DrawQR draws a pairing code with half blocks, two modules to a character: █ is light, a blank is dark. It fits an
// 80-column terminal. Without colour it is readable on a dark background only; with colour every line sets white on
// black itself, so that it is readable on any.
func DrawQR(w io.Writer, code string, colour bool) error {
	var drawing bytes.Buffer
	qrterminal.GenerateWithConfig(code, qrterminal.Config{
		Level:      qrterminal.L,
		Writer:     &drawing,
		HalfBlocks: true,
		QuietZone:  quietZone,
	})
	before, after := "", ""
	if colour {
		before, after = whiteOnBlack, plain
	}
	out := bufio.NewWriter(w)
	for line := range bytes.Lines(drawing.Bytes()) {
		fmt.Fprintf(out, "%s%s%s\n", before, bytes.TrimSuffix(line, []byte("\n")), after)
	}
	return out.Flush()
}
