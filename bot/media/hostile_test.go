package media

import (
	"fmt"
	"strings"
	"testing"
)

// Hostile PDFs are many small ones that each ask for the whole file to be looked at
// again. That is counted, not timed: every one is answered with a small multiple of
// what the file has.
func TestG9_PDFsThatAskForEverythingAgain(t *testing.T) { // not parallel: it measures memory
	many := func(n int, what string) string { return strings.Repeat(what, n) }
	numbered := func(n int, form string) string {
		var out strings.Builder
		for i := range n {
			fmt.Fprintf(&out, form, i+10)
		}
		return out.String()
	}
	far := strings.Repeat("x ", 2<<20)
	bomb := deflated(strings.Repeat(deflated(strings.Repeat("\x00", 1<<20)), 50))
	for name, data := range map[string][]byte{
		"strings":            doing("", many(400_000, "(4 0 obj")),
		"remarks":            doing("", many(400_000, "4 0 obj%")),
		"lists":              doing("", many(400_000, "4 0 obj[")),
		"dictionaries":       doing("", many(400_000, "4 0 obj<</A")),
		"trailers":           doing("", many(400_000, "trailer<<(")),
		"digits":             doing("", many(400_000, "4 0 obj<12")),
		"numbers":            doing("", "4 0 obj<</N "+strings.Repeat("1", 4<<20)+">>endobj"),
		"photos":             doing("", many(60_000, "4 0 obj<</Filter/DCTDecode>>stream\n\xff\xd8")+far),
		"photos to one end":  doing("", numbered(20_000, "%d 0 obj<</Filter/DCTDecode/Length 9 0 R>>stream\n\xff\xd8")+"9 0 obj 4000000 endobj "+far+"endstream"),
		"papers":             doing("", many(60_000, "4 0 obj<</Subtype/XML>>stream\nrdf:<x>")+far),
		"notes":              doing("", many(200_000, "<</Subtype/Text/T(")+far),
		"notes in a row":     doing("", numbered(100_000, "%d 0 obj<</Subtype/Text/T 5 0 R>>")+far),
		"empty lists":        doing("", "5 0 obj["+far+"]endobj "+many(5_000, "4 0 obj<</EmbeddedFiles 5 0 R>>endobj ")),
		"packs":              doing("", many(60_000, "4 0 obj<</N 1/First 4/Filter/FlateDecode>>stream\nxx\x00\x00\x00\xff\xff")+far),
		"packs in packs":     doing("", many(200, packed("/Filter[/FlateDecode/FlateDecode]", bomb))),
		"packs of one place": doing("", objectStream(9, 1_000_000, 4<<20, numbered(300_000, "%d 0 ")+far)),
		"packs in runs":      doing("", many(10_000, "4 0 obj<</N 1/First 4/Filter[/RL/RL/RL/RL/RL/RL]>>stream\n\x81\x81\x81\x81")+far),
		"packs in digits":    doing("", many(10_000, "4 0 obj<</N 1/First 4/Filter[/AHx/AHx/AHx]>>stream\n")+far),
		"packs in rows":      doing("", many(10_000, "4 0 obj<</N 1/First 4/DecodeParms<</Predictor 12/Columns 1048576/Colors 32/BitsPerComponent 16>>/Filter/FlateDecode>>stream\nxx")+far),
		"lists of files":     pdfOf(strings.Repeat("<</Info 1 0 R/Root 1 0 R>>trailer", 100_000), first),
		"versions":           pdfOf(withInfo, first, many(300_000, "6 0 obj<</A(x)>>endobj ")),
		"a deep page":        doing("", "5 0 obj"+many(1<<20, "<</A")),
	} {
		var d *pdfDocument
		used := memory(func() {
			if d = scanPDF(data); d.refuse() == nil {
				d.anonymous()
			}
		})
		if used > 400<<20 {
			t.Errorf("%s: %d MB", name, used>>20)
		}
		if d.work < -len(data)-(1<<20) {
			t.Errorf("%s: %d MB of work for %d MB", name, (pdfWork-d.work)>>20, len(data)>>20)
		}
	}
}
