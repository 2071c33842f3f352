package media

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// pdfOf puts a PDF together from its objects; the table is wrong, as in many.
func pdfOf(trailer string, objects ...string) []byte {
	return []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + strings.Join(objects, "\n") + "\nxref\n0 0\ntrailer\n" + trailer + "\nstartxref\n9\n%%EOF\n")
}

func deflated(plain string) string {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write([]byte(plain))
	_ = z.Close()
	return out.String()
}

func objectStream(number, n, first int, plain string) string {
	return fmt.Sprintf("%d 0 obj<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length 1>>stream\r\n%s\nendstream\nendobj", number, n, first, deflated(plain))
}

const (
	root  = "<</Root 1 0 R>>"
	first = "1 0 obj<</Type/Catalog/PageMode/UseNone/Pages 2 0 R>>endobj"
)

func TestPaddedPDFs(t *testing.T) {
	t.Parallel()
	whole := pdfOf(root, first, "2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj")
	f := accepted(t, "a.pdf", append(bytes.Clone(whole), make([]byte, 5000)...))
	if !f.Changed || !bytes.Equal(f.Data, whole) {
		t.Errorf("%d bytes leave, want the %d without the zeros", len(f.Data), len(whole))
	}
	refused(t, "a.pdf", append(append(bytes.Clone(whole), make([]byte, 5000)...), "MZ"...), "dopo la fine")
}

func TestPDFPagesAreCounted(t *testing.T) {
	t.Parallel()
	page := func(n int) string { return fmt.Sprintf("%d 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj", n) }
	for name, c := range map[string]struct {
		data []byte
		want int
	}{
		"one branch":              {pdfOf(root, first, "2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj", page(3), page(4)), 2},
		"branches":                {pdfOf(root, first, "2 0 obj<</Kids[3 0 R\n5 0 R]>>endobj", page(3), "5 0 obj<</Kids [6 0 R 7 0 R]>>endobj", page(6), page(7)), 3},
		"kids elsewhere":          {pdfOf(root, first, "2 0 obj<</Kids 9 0 R>>endobj", "9 0 obj [ 3 0 R ] endobj", page(3)), 1},
		"a later version counts":  {pdfOf(root, first, "2 0 obj<</Kids[3 0 R]>>endobj", page(3), page(4), "2 0 obj<</Kids[3 0 R 4 0 R]>>endobj"), 2},
		"a page with a form":      {pdfOf(root, first, "2 0 obj<</Kids[3 0 R]>>endobj", "3 0 obj<</Type/Page/Annots[<</Kids[4 0 R 4 0 R]>>]>>endobj"), 1},
		"a ring":                  {pdfOf(root, first, "2 0 obj<</Kids[2 0 R 1 0 R 3 0 R 3 0 R]>>endobj", page(3)), 2},
		"a stream full of words":  {pdfOf(root, first, "8 0 obj<<>>stream\n2 0 obj<</Kids[]>>endobj\nendstream endobj", "2 0 obj<</Kids[3 0 R]>>endobj", page(3)), 1},
		"no root":                 {pdfOf("<<>>", first, page(3)), 0},
		"a root that is nowhere":  {pdfOf("<</Root 77 0 R>>", first), 0},
		"packed":                  {pdfOf(root, first, objectStream(9, 3, 14, "2 0 3 21 4 28 <</Kids[3 0 R 4 0 R]>><<    >><<    >>")), 2},
		"packed, a number absent": {pdfOf(root, first, objectStream(9, 99, 4, "2 0 <</Kids[3 0 R]>>"), page(3)), 1},
		"packed, first outside":   {pdfOf(root, first, objectStream(9, 1, 999, "2 0 <</Kids[3 0 R]>>"), page(3)), 0},
		"packed, broken":          {pdfOf(root, first, "9 0 obj<</Type/ObjStm/N 1/First 4>>stream\nnot deflated\nendstream endobj", page(3)), 0},
	} {
		f := accepted(t, "avviso.pdf", c.data)
		if f.Pages != c.want || f.Kind != Document || f.MIME != "application/pdf" || f.Changed {
			t.Errorf("%s: %d pages, want %d (%s, changed %v)", name, f.Pages, c.want, f.MIME, f.Changed)
		}
	}
}

func TestRealPDFs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"three.pdf": 3, "objectstreams.pdf": 3, "linearized.pdf": 3,
		"open-40.pdf": 3, "open-128.pdf": 3, "open-aes.pdf": 3, "open-r5.pdf": 3, "open-256.pdf": 3} {
		// What is encrypted keeps the name of the program that made it.
		if f := accepted(t, name, fixture(t, name)); f.Pages != want || f.Changed == strings.HasPrefix(name, "open") {
			t.Errorf("%s: %d pages, changed %v", name, f.Pages, f.Changed)
		}
	}
	for _, name := range []string{"locked-40.pdf", "locked-128.pdf", "locked-aes.pdf", "locked-r5.pdf", "locked-256.pdf"} {
		refused(t, name, fixture(t, name), "il PDF si apre soltanto con una password")
	}
}

func TestHalfCopiedPDFsAreRefused(t *testing.T) {
	t.Parallel()
	web := fixture(t, "linearized.pdf")
	mark := bytes.Index(web, []byte("%%EOF"))
	if mark < 0 || mark > len(web)/2 {
		t.Fatal("this PDF has no mark near its beginning: the test looks at the wrong thing")
	}
	for n := mark; n < len(web)-6; n++ {
		if _, err := Read("web.pdf", web[:n]); err == nil {
			t.Fatalf("the first %d bytes of %d are taken for the whole", n, len(web))
		}
	}
	refused(t, "rotto.pdf", []byte("%PDF-1.4\nstartxref\n9\n"), "manca la fine")
	refused(t, "rotto.pdf", []byte("%PDF-1.4\n%%EOF"), "manca la fine")
	refused(t, "rotto.pdf", []byte("%PDF-1.4\nstartxref\n-9\n%%EOF"), "manca la fine")
}

func TestStringsOfAPDF(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"(abc)def": "abc", `(a\(b\)\\c)`: `a(b)\c`, "(a(b)c)": "a(b)c", `(\101\7x\n)`: "A\ax\n", "<41 42\n43>": "ABC",
		"(open": "", `(open\`: "", "": "", "<4": "", "( )": " ",
	} {
		if got := string(pdfString([]byte(in))); got != want {
			t.Errorf("%q is read as %q, want %q", in, got, want)
		}
	}
}
