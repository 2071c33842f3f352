package media

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Producer="Scrivano 3" pdfaid:part="2" pdfaid:conformance="B"/>` +
	`<rdf:Description><dc:creator><rdf:Seq><rdf:li>Camera of the mayor</rdf:li></rdf:Seq></dc:creator><dc:title><rdf:Alt><rdf:li xml:lang="x-default">secret-place</rdf:li></rdf:Alt></dc:title>` +
	`<pdfuaid:part>1</pdfuaid:part><xmpMM:DocumentID>45.6258</xmpMM:DocumentID></rdf:Description></rdf:RDF></x:xmpmeta>                                                  <?xpacket end="w"?>`

func paper(dictionary, packet string) string {
	return fmt.Sprintf("7 0 obj<</Type/Metadata/Subtype/XML%s/Length %d>>stream\n%s\nendstream endobj", dictionary, len(packet), packet)
}

func utf16Of(text string) string {
	out := "\xfe\xff"
	for _, r := range text {
		out += string([]byte{byte(r >> 8), byte(r)})
	}
	return out
}

const withInfo = "<</Root 1 0 R/Info 6 0 R>>"

// Who wrote a PDF, and with what, is taken out of it; the pages stay, and every byte
// is where it was.
func TestPDFsLoseTheirAuthor(t *testing.T) {
	t.Parallel()
	catalogue := "1 0 obj<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R>>endobj"
	wide := utf16Of("Camera of the mayor")
	version := func(trailer string, objects ...string) []byte {
		return pdfOf(trailer, append([]string{catalogue, pagesOf}, objects...)...)
	}
	for name, data := range map[string][]byte{
		"plain":                       version(withInfo, `6 0 obj<</Author(Camera of the mayor)/Title(secret-place)/Producer(Scrivano)/CreationDate(D:20261130)>>endobj`),
		"escaped":                     version(withInfo, `6 0 obj<< /Author (\(x\) Camera of the mayor (\051) ) /Company(secret-place) >> endobj`),
		"in digits":                   version(withInfo, "6 0 obj<</Author<"+hex.EncodeToString([]byte("Camera of the mayor"))+">/Manager(secret-place)>>endobj"),
		"wide":                        version(withInfo, "6 0 obj<</Author("+wide+")/Title(\xef\xbb\xbfsecret-place)>>endobj"),
		"elsewhere":                   version(withInfo, "6 0 obj<</Author 10 0 R/Title 11 0 R>>endobj", "10 0 obj(Camera of the mayor)endobj", "11 0 obj <"+hex.EncodeToString([]byte(wide))+"> endobj"),
		"several":                     append(version(withInfo, `6 0 obj<</Author(Camera of the mayor)>>endobj`), pdfOf(withInfo, `6 0 obj<</Author(secret-place)>>endobj`)...),
		"another list":                append(version("<</Root 1 0 R/Info 5 0 R>>", `5 0 obj<</Author(Camera of the mayor)>>endobj`), pdfOf(withInfo, `6 0 obj<</Author(secret-place)>>endobj`)...),
		"in the trailer":              version("<</Root 1 0 R/Info<</Author(Camera of the mayor)>>>>"),
		"in a table that is a stream": version("<<>>", "6 0 obj<</Author(Camera of the mayor)>>endobj", "12 0 obj<</Type/XRef/Root 1 0 R/Info 6 0 R/W[1 2 1]>>stream\n\nendstream endobj"),
		"XMP":                         version(root, paper("", xmp)),
		"XMP, packed":                 version(root, paper("/Filter/FlateDecode", deflated(xmp))),
		"XMP, packed in a list":       version(root, paper("/Filter[/FlateDecode]", deflated(xmp))),
		"XMP of another length":       version(root, strings.Replace(paper("", xmp), "/Length ", "/Length 9", 1)),
		"XMP of a picture":            version(root, strings.Replace(paper("", xmp), "7 0 obj", "17 0 obj", 1)),
		"XMP, short":                  version(root, paper("", "<rdf:RDF>Camera of the mayor")),
		"a note":                      version(root, `5 0 obj<</Type/Annot/Subtype/Text/T(Camera of the mayor)/Contents(ciao)>>endobj`),
		"notes in a list":             version(root, "5 0 obj[<</T("+wide+")/Subtype/Highlight>><</Subtype/Popup/T 6 0 R>>]endobj", "6 0 obj(secret-place)endobj"),
	} {
		f := accepted(t, name+".pdf", data)
		if f.Carries != "" || !f.Changed || len(f.Data) != len(data) || f.Pages != 1 {
			t.Errorf("%s: it carries %q, changed %v, %d bytes of %d, %d pages", name, f.Carries, f.Changed, len(f.Data), len(data), f.Pages)
		}
		for _, secret := range []string{"mayor", "Scrivano", wide[2:], hex.EncodeToString([]byte(wide)), hex.EncodeToString([]byte("Camera of the mayor"))} {
			if bytes.Contains(f.Data, []byte(secret)) {
				t.Errorf("%s: %q is still there", name, secret)
			}
		}
		if again := accepted(t, name+".pdf", f.Data); again.Changed {
			t.Errorf("%s: there was more to take away than was taken", name)
		}
		if strings.HasPrefix(name, "XMP, packed") {
			d := scanPDF(f.Data)
			plain, ok := d.decode(d.papers[0].words, bytes.NewReader(d.data[d.papers[0].stream:]))
			if !ok || !bytes.Contains(plain, []byte(`pdfaid:part="2" pdfaid:conformance="B"`)) || !bytes.Contains(plain, []byte(`pdfuaid:part="1"`)) {
				t.Errorf("%s: it says %q", name, plain)
			}
		}
	}
}

// What cannot be taken out is told.
func TestPDFsThatCarryAName(t *testing.T) {
	t.Parallel()
	info := "6 0 obj<</Author(Mario Rossi)/Title(Bozza \\(3\\))/Producer(Scrivano)/Manager<" + hex.EncodeToString([]byte(utf16Of("Anna Verdì"))) + ">/ModDate(D:2026)>>endobj"
	signature := "5 0 obj<</Type/Sig/ByteRange[0 10 20 30]/Contents<00>>>endobj"
	all := "il documento porta il nome: Mario Rossi, Anna Verdì; il titolo: Bozza (3); il nome del programma: Scrivano"
	marked := strings.ReplaceAll(strings.ReplaceAll(xmp, "Camera of the mayor", "Mario Rossi"), "secret-place", "Bozza")
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"signed":            {pdfOf(withInfo, first, pagesOf, info, signature), all},
		"signed, with XMP":  {pdfOf(root, first, pagesOf, strings.ReplaceAll(paper("", marked), "45.6258", "1"), signature), "il documento porta il nome: Mario Rossi; il titolo: Bozza; il nome del programma: Scrivano 3"},
		"signed, XMP wide":  {pdfOf(root, first, pagesOf, paper("", utf16Of(strings.ReplaceAll(marked, "45.6258", "1"))), signature), "il documento porta il nome: Mario Rossi; il titolo: Bozza; il nome del programma: Scrivano 3"},
		"signed, packed":    {pdfOf(root, first, pagesOf, paper("/Filter/FlateDecode", deflated(marked)), signature), "il documento porta il nome: Mario Rossi; il titolo: Bozza; il nome del programma: Scrivano 3"},
		"signed, a note":    {pdfOf(root, first, pagesOf, "6 0 obj<</Subtype/Stamp/T(Mario Rossi)>>endobj", signature), "il documento porta il nome: Mario Rossi"},
		"packed":            {pdfOf(withInfo, first, pagesOf, objectStream(9, 1, 4, "6 0 <</Author(Mario Rossi)>>")), "il documento porta il nome: Mario Rossi"},
		"a note, packed":    {pdfOf(root, first, pagesOf, objectStream(9, 1, 4, "6 0 <</Subtype/Ink/T(Mario Rossi)>>")), "il documento porta il nome: Mario Rossi"},
		"packed, elsewhere": {pdfOf(withInfo, first, pagesOf, objectStream(9, 2, 8, "6 0 5 23 <</Author 5 0 R     >>(Mario Rossi)")), "il documento porta il nome: Mario Rossi"},
		"many, and long":    {pdfOf(withInfo, first, pagesOf, signature, "6 0 obj<</A(a)/B(b\n\x01c)/C(c)/D(a)/E()/F(  )/G("+strings.Repeat("x", 99)+")/H(h)/I(i)>>endobj"), "il documento porta il nome: a, b c, c, " + strings.Repeat("x", 60) + "…, h"},
		"a form":            {pdfOf(root, first, pagesOf, "6 0 obj<</Subtype/Widget/T(nome)>>endobj", signature), ""},
		"no list at all":    {pdfOf("<</Root 1 0 R/Info 1 0 R>>", first, pagesOf), ""},
		"nothing":           {pdfOf("<</Root 1 0 R/Info 66 0 R>>", first, pagesOf), ""},
	} {
		if f := accepted(t, name+".pdf", c.data); f.Carries != c.want || f.Changed || f.Pages != 1 {
			t.Errorf("%s: it carries %q, want %q; changed %v, %d pages", name, f.Carries, c.want, f.Changed, f.Pages)
		}
	}
	for _, name := range []string{"open-40.pdf", "open-128.pdf", "open-aes.pdf", "open-r5.pdf", "open-256.pdf"} {
		if f := accepted(t, name, fixture(t, name)); !strings.HasPrefix(f.Carries, "il documento porta il titolo: Untitled; il nome del programma: GPL Ghostscript 10.00.0") {
			t.Errorf("%s: it carries %q", name, f.Carries)
		}
	}
}

// The photos in a PDF lose what their camera wrote; those of a signed one are told of.
func TestPhotosInAPDF(t *testing.T) {
	t.Parallel()
	clean := asJPEG(t, drawing(20, 20), 80)
	photo := withSegments(clean, segment(0xe0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x00\x00"), segment(0xe1, "Exif\x00\x00"+string(exif(1, binary.BigEndian))), segment(0xfe, "Camera of the mayor"))
	object := fmt.Sprintf("5 0 obj<</Subtype/Image/Filter/DCTDecode/Length %d>>stream\n%s\nendstream endobj", len(photo), photo)
	data := pdfOf(root, first, pagesOf, object)
	f := accepted(t, "volantino.pdf", data)
	at := bytes.Index(f.Data, []byte("stream\n")) + len("stream\n")
	if !f.Changed || len(f.Data) != len(data) || !samePoints(decoded(t, f.Data[at:at+len(photo)]), decoded(t, clean)) {
		t.Error("the photo is not what it was")
	}
	signed, err := Read("firmato.pdf", pdfOf(root, first, pagesOf, object, "6 0 obj<</Type/Sig/ByteRange[0 1 2 3]>>endobj"))
	if err != nil || signed.Changed || signed.Carries != "il documento porta i dati nascosti di una foto, forse il luogo" {
		t.Errorf("signed: %v, it carries %q", err, signed.Carries)
	}
}
