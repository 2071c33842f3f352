package media

import (
	"bytes"
	"compress/lzw"
	"encoding/ascii85"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

const pagesOf = "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj"

// doing builds a PDF whose catalogue has more in it.
func doing(more string, objects ...string) []byte {
	return pdfOf(root, append([]string{"1 0 obj<</Type/Catalog/Pages 2 0 R" + more + ">>endobj", pagesOf}, objects...)...)
}

// Whatever a PDF would do beyond being read, it is refused for it, with what to do.
func TestPDFsThatRunSomething(t *testing.T) {
	t.Parallel()
	script, program, form := "JavaScript", "può avviare un programma", "modulo di tipo XFA"
	files, media, sends, opens := "altri file allegati", "un video, un suono o un oggetto in 3D", "manda o carica dati", "apre un altro file"
	sites := "apre da solo un sito"
	for name, c := range map[string]struct{ action, reason string }{
		"at opening":              {`/OpenAction<</S/JavaScript/JS(app.alert\(1\))>>`, script},
		"elsewhere":               {`/OpenAction 9 0 R`, script},
		"at closing":              {`/AA<</WC<</S/JavaScript/JS<6170702e616c657274>>>>>`, script},
		"in UTF-16":               {"/OpenAction<</S/JavaScript/JS(\xfe\xff\x00a\x00p\x00p)>>", script},
		"after another action":    {`/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[<</S/URI/URI(https://comune.it)>><</S/JavaScript/JS 7 0 R>>]>>`, script},
		"in a field":              {`/AcroForm<</Fields[<</FT/Tx/T(nome)/AA<</K<</S/JavaScript/JS(x)>>>>>>]>>`, script},
		"in the list of names":    {`/Names<</JavaScript<</Names[(a)9 0 R]>>>>`, script},
		"in a list elsewhere":     {`/Names<</JavaScript 8 0 R>>`, script},
		"with a film":             {`/OpenAction<</S/Rendition/OP 0/JS(x)>>`, media},
		"in a link":               {`/OpenAction<</S/URI/URI( JavaScript:x)>>`, script},
		"a program":               {`/OpenAction<</S/Launch/F(cmd.exe)>>`, program},
		"a program of Windows":    {`/OpenAction<</S/Launch/Win<</F(cmd.exe)>>>>`, program},
		"a form that sends":       {`/AA<</WS<</S/SubmitForm/F(https://example.com)>>>>`, sends},
		"a form that loads":       {`/OpenAction<</S/ImportData/F(a.fdf)>>`, sends},
		"another file":            {`/OpenAction<</S/GoToR/F(\\\\host\\x.pdf)/D[0/Fit]>>`, opens},
		"a file inside":           {`/OpenAction<</S/GoToE/T<</R/C/N(a)>>>>`, opens},
		"a site at opening":       {`/OpenAction<</S/URI/URI(https://example.com)>>`, sites},
		"a site, elsewhere":       {`/OpenAction 5 0 R`, sites},
		"a site at every page":    {`/X<</Type/Page/AA<</O 5 0 R>>>>`, sites},
		"a site in the end":       {`/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[<</S/URI/URI(https://example.com)>>]>>`, sites},
		"files":                   {`/Names<</EmbeddedFiles<</Names[(a.exe)<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>]>>>>`, files},
		"files in a list":         {`/Names<</EmbeddedFiles 8 0 R>>`, files},
		"files that belong to it": {`/AF[<</Type/Filespec/UF(a.xml)/EF<</UF 6 0 R>>>>]`, files},
		"a file, by itself":       {`/X<</Type/EmbeddedFile>>`, files},
		"a paper clip":            {`/X<</Type/Annot/Subtype/FileAttachment>>`, files},
		"XFA":                     {`/AcroForm<</XFA[(template)6 0 R]>>`, form},
		"XFA elsewhere":           {`/AcroForm<</XFA 6 0 R>>`, form},
		"rich media":              {`/X<</Subtype/RichMedia>>`, media},
		"a screen":                {`/X<</Subtype/Screen>>`, media},
		"a film of old":           {`/X<</Subtype/Movie>>`, media},
		"a sound":                 {`/X<</S/Sound/Sound 6 0 R>>`, media},
		"a body":                  {`/X<</Subtype/3D>>`, media},
	} {
		data := doing(c.action, "9 0 obj<</S/JavaScript/JS(x)>>endobj", "8 0 obj<</Names[(a) 7 0 R]>>endobj")
		if strings.Contains(c.action, "8 0 R") || c.reason != script { // the script beside it must not answer for it
			data = doing(c.action, "8 0 obj<</Names[(a) 7 0 R]>>endobj", "5 0 obj<</S/URI/URI(https://example.com)>>endobj")
		}
		refused(t, name+".pdf", data, c.reason)
	}
}

// What a PDF of a town hall has, and what does nothing.
func TestPDFsThatRunNothing(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]string{
		"where it opens":         `/OpenAction[3 0 R/XYZ null null 0]`,
		"a page to go to":        `/OpenAction<</S/GoTo/D[3 0 R/Fit]>>`,
		"a link":                 `/X<</Subtype/Link/A<</S/URI/URI(https://comune.saronno.va.it/javascript:x)>>>>`,
		"a form":                 `/AcroForm<</Fields[<</FT/Tx/T(nome)/V()>><</FT/Btn/A<</S/ResetForm>>>>]/DA(/Helv 0 Tf)>>`,
		"a form without XFA":     `/AcroForm<</Fields[]/XFA null>>`,
		"a form with empty XFA":  `/AcroForm<</Fields[]/XFA[]>>`,
		"colours that mix":       `/X<</ExtGState<</G0<</BM/Screen>>/G1<</BM[/Screen/Normal]>>>>>>`,
		"fonts of any name":      `/X<</Font<</JS 5 0 R/EF 5 0 R/XFA 5 0 R>>/XObject<</JavaScript 5 0 R>>>>`,
		"lists left empty":       `/Names<</JavaScript<</Names[]>>/EmbeddedFiles 8 0 R/Dests 5 0 R>>`,
		"a list that is nowhere": `/Names<</JavaScript 77 0 R>>`,
		"rights to a form":       `/Perms<</UR3<</Reference[<</TransformParams<</Form[/Import/Export]/EF[/Create/Delete]>>>>]>>>>`,
		"words about it":         `/X(/S /JavaScript /JS)/Y<2f4c61756e6368>/Z[(endobj)(/Launch)]`,
		"a remark about it":      "%/S/JavaScript/JS(x)\n",
		"structure":              `/StructTreeRoot<</K<</S/Document/K<</S/Figure/Alt(video)>>>>>>`,
	} {
		if f := accepted(t, name+".pdf", doing(more, "8 0 obj<</Names[]>>endobj")); f.Pages != 1 {
			t.Errorf("%s: %d pages", name, f.Pages)
		}
	}
}

func packed(filters, compressed string) string {
	return fmt.Sprintf("9 0 obj<</Type/ObjStm/N 1/First 4%s/Length %d>>stream\n%s\nendstream endobj", filters, len(compressed), compressed)
}

func lzwOf(plain string) string {
	var out bytes.Buffer
	z := lzw.NewWriter(&out, lzw.MSB, 8)
	_, _ = z.Write([]byte(plain))
	_ = z.Close()
	return out.String()
}

// cubes do not repeat themselves, so that the codes of LZW grow.
func cubes(n int) string {
	var out strings.Builder
	for i := 0; out.Len() < n; i++ {
		fmt.Fprint(&out, i*i*i, " ")
	}
	return out.String()[:n]
}

func ascii85Of(plain string) string {
	out := make([]byte, ascii85.MaxEncodedLen(len(plain)))
	return string(out[:ascii85.Encode(out, []byte(plain))]) + "~>"
}

// rowsOf writes what PNG would write of rows of so many bytes, each with the
// method of its turn.
func rowsOf(plain string, wide int) string {
	var out strings.Builder
	above := make([]byte, wide)
	for n := 0; len(plain) > 0; n++ {
		row := []byte((plain + strings.Repeat(" ", wide))[:wide])
		plain = plain[min(len(plain), wide):]
		method := byte(n % 5)
		out.WriteByte(method)
		for i, b := range row {
			var left, corner byte
			if i > 0 {
				left, corner = row[i-1], above[i-1]
			}
			out.WriteByte(b - [...]byte{0, left, above[i], byte((int(left) + int(above[i])) / 2), paeth(int(left), int(above[i]), int(corner))}[method])
		}
		above = row
	}
	return out.String()
}

// A script is found wherever it hides.
func TestScriptsThatHide(t *testing.T) {
	t.Parallel()
	action := "<</S/JavaScript/JS(x)>>"
	plain := "4 0 " + action
	twice := deflated(deflated(plain))
	whole := doing("/OpenAction 4 0 R", "4 0 obj<</S/GoTo/D[3 0 R/Fit]>>endobj")
	for name, data := range map[string][]byte{
		"packed":                   doing("/OpenAction 4 0 R", packed("/Filter/FlateDecode", deflated(plain))),
		"packed, without its kind": doing("", strings.Replace(packed("/Filter/FlateDecode", deflated(plain)), "/Type/ObjStm", "", 1)),
		"packed, of a hidden kind": doing("", strings.Replace(packed("/Filter[/Fl#61teDecode]", deflated(plain)), "/Type", "/T#79pe", 1)),
		"packed, not compressed":   doing("", packed("", plain)),
		"packed, short words":      doing("", packed("/F/Fl", deflated(plain))),
		"packed twice":             doing("", packed("/Filter[/FlateDecode/FlateDecode]", twice)),
		"packed in rows":           doing("", packed("/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 3>>", deflated(rowsOf(plain, 3)))),
		"packed in rows, listed":   doing("", packed("/Filter[/ASCIIHexDecode/FlateDecode]/DecodeParms[null<</Predictor 12/Columns 5>>]", hex.EncodeToString([]byte(deflated(rowsOf(plain, 5))))+">")),
		"packed by LZW":            doing("", packed("/Filter/LZWDecode", lzwOf(plain))),
		"packed by LZW, late":      doing("", strings.Replace(packed("/Filter/LZWDecode/DecodeParms<</EarlyChange 0>>", lzwOf("4 4000 "+cubes(4000)+action)), "First 4", "First 7", 1)),
		"in letters":               doing("", packed("/Filter[/ASCII85Decode/FlateDecode]", ascii85Of(deflated(plain)))),
		"in digits":                doing("", packed("/Filter[/AHx/Fl]", strings.ToUpper(hex.EncodeToString([]byte(deflated(plain))))+">")),
		"in runs":                  doing("", packed("/Filter/RunLengthDecode", string(rune(len(plain)-1))+plain+"\x80")),
		"cut off":                  doing("", packed("/Filter/FlateDecode", deflated(plain)[:len(deflated(plain))-6])),
		"behind false numbers":     doing("", strings.Replace(packed("/Filter/FlateDecode", deflated("9 0 5 5 "+action+action)), "/N 1/First 4", "/N 2/First 8", 1)),
		"behind false ends":        doing("", packed("", "4 9 endstream"+action)),
		"in an odd name":           doing("/OpenAction<</S/J#61v#61Scr#69pt/#4aS(x)>>"),
		"in a name elsewhere":      doing("/OpenAction<</S 5 0 R>>", "5 0 obj/JavaScript endobj"),
		"in a later version":       append(bytes.Clone(whole), pdfOf(root, "4 0 obj"+action+"endobj")...),
		"in an earlier version":    append(doing("/OpenAction 4 0 R", "4 0 obj"+action+"endobj"), whole...),
		"in a stream":              doing("", "5 0 obj<</Length 99>>stream\n4 0 obj"+action+"endobj\nendstream endobj"),
		"behind a remark":          doing("", "4 0%\nobj"+action+"endobj", ""),
		"in a string":              doing("", "5 0 obj(4 0 obj"+action+")endobj"),
		"in what nothing leads to": doing("", "44 0 obj<</Nothing["+action+"]>>endobj"),
		"in no page":               doing("/Broken[(", "4 0 obj"+action+"endobj"),
		"among broken words":       doing("/OpenAction<<1(a)/S/JavaScript/JS(x)"),
		"in the trailer":           pdfOf("<</Root<</OpenAction"+action+"/Pages 2 0 R>>>>", pagesOf),
	} {
		refused(t, name+".pdf", data, "JavaScript")
	}
	for _, name := range []string{"script-packed.pdf", "script-40.pdf", "script-128.pdf", "script-aes.pdf", "script-r5.pdf", "script-256.pdf"} {
		if bytes.Contains(fixture(t, name), []byte("JavaScript")) {
			t.Fatalf("%s: the script does not hide", name)
		}
		refused(t, name, fixture(t, name), "JavaScript")
	}
}

// Where a reader might find what we cannot, the PDF is refused too.
func TestPDFsThatCannotBeJudged(t *testing.T) {
	t.Parallel()
	plain := "4 0 <</S/X>>"
	odd := "<</Root 1 0 R/Encrypt<</Filter/Adobe.PubSec/V 4>>>>"
	for name, data := range map[string][]byte{
		"a way of packing nobody knows":   doing("", packed("/Filter/JBIG2Decode", plain)),
		"it says elsewhere how":           doing("", packed("/Filter 5 0 R", deflated(plain))),
		"it says elsewhere in which rows": doing("", packed("/Filter/FlateDecode/DecodeParms 5 0 R", deflated(plain))),
		"it says elsewhere where":         doing("", strings.Replace(packed("/Filter/FlateDecode", deflated(plain)), "First 4", "First 5 0 R", 1)),
		"packed again and again":          doing("", packed("/Filter["+strings.Repeat("/FlateDecode", 9)+"]", plain)),
		"far too deep":                    doing("/X" + strings.Repeat("[", 5000)),
		"far too large":                   doing("", packed("/Filter/FlateDecode", deflated(plain+strings.Repeat(" ", maxInflated)))),
		"locked by a certificate":         pdfOf(odd, first, pagesOf, packed("/Filter/FlateDecode", deflated("nothing to read"))),
		"too many objects":                doing("", strings.Repeat("(4 0 obj", 20_000)),
	} {
		refused(t, name+".pdf", data, "una parte del PDF non si può controllare")
	}
}
