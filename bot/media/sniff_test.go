package media

import (
	"bytes"
	"strings"
	"testing"
)

// strangers are beginnings of what people rename, and how it is called.
var strangers = []struct{ data, called string }{
	{"GIF89a\x01\x00\x01\x00", "un'immagine GIF"},
	{"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "una foto HEIC (il formato degli iPhone)"},
	{"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "una foto HEIC (il formato degli iPhone)"},
	{"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", "un'immagine AVIF"},
	{"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", "un'immagine AVIF"},
	{"II*\x00\x08\x00\x00\x00", "un'immagine TIFF"}, {"MM\x00*\x00\x00\x00\x08", "un'immagine TIFF"},
	{"BM\x36\x00\x00\x00", "un'immagine BMP"}, {"8BPS\x00\x01", "un'immagine di Photoshop"},
	{"<svg xmlns='http://www.w3.org/2000/svg'/>", "un disegno SVG"}, {"<?xml version='1.0'?>\n<!-- x -->\n<SVG/>", "un disegno SVG"},
	{"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"},
	{"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "un video QuickTime (MOV)"}, {"\x00\x00\x00\x08wide\x00\x00", "un video QuickTime (MOV)"},
	{"RIFF\x00\x00\x00\x00AVI LIST", "un video AVI"}, {"\x1a\x45\xdf\xa3\x01", "un video MKV o WebM"},
	{"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6", "Windows Media"}, {"\x00\x00\x01\xba\x44", "un video MPEG"},
	{"G" + strings.Repeat("x", 187) + "G" + strings.Repeat("x", 187) + "Gx", "un video MPEG"},
	{"\x00\x00\x00\x14ftypM4A \x00\x00\x02\x00", "un audio"}, {"ID3\x04", "un audio"}, {"RIFF\x00\x00\x00\x00WAVEfmt ", "un audio"},
	{"PK\x03\x04 a.txt", "un archivio ZIP"}, {"PK\x03\x04[Content_Types].xml word/document.xml", "un documento di Word"},
	{"PK\x03\x04[Content_Types].xml xl/workbook.xml", "un foglio di Excel"}, {"PK\x03\x04 ppt/presentation.xml", "PowerPoint"},
	{"PK\x03\x04\x14mimetypeapplication/vnd.oasis.opendocument.text", "LibreOffice"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office di vecchio tipo"}, {"{\\rtf1", "RTF"}, {"%!PS-Adobe", "PostScript"},
	{"Rar!\x1a\x07", "un archivio compresso"}, {"7z\xbc\xaf\x27\x1c", "un archivio compresso"}, {"\x1f\x8b\x08", "un archivio compresso"},
	{"MZ\x90\x00", "un programma"}, {"\x7fELF\x02", "un programma"}, {"#!/bin/sh\nrm -rf /", "un programma"},
	{"\n<!DOCTYPE html><p>", "una pagina web"}, {"<HTML>", "una pagina web"}, {"<script>alert(1)</script>", "una pagina web"},
	{"Sabato festa in piazza, tutti invitati perché è gratis.", "un testo"},
}

func TestContentDecidesNotTheName(t *testing.T) {
	t.Parallel()
	names := map[string]string{"a.jpg": "un'immagine JPEG", "a.JPEG": "un'immagine JPEG", "a.png": "un'immagine PNG",
		"a.webp": "un'immagine WebP", "a.Pdf": "un PDF", "a.mp4": "un video MP4"}
	for name, promised := range names {
		for _, s := range strangers {
			refused(t, name, []byte(s.data), s.called)
			refused(t, name, []byte(s.data), "il nome dice che è "+promised+", ma il contenuto è ")
		}
		for ending, data := range sendable(t) {
			if kind, _ := kindOfName(name); kind.ending() != ending {
				refused(t, name, data, "il nome dice che è "+promised+", ma il contenuto è un")
			}
		}
		refused(t, name, []byte{}, "il file è vuoto")
		refused(t, name, make([]byte, 5000), "il file è danneggiato (il contenuto non è "+promised+")")
		refused(t, name, make([]byte, MaxBytes+1), "il file ha 17 MB e il massimo è 16")
	}
	for name, reason := range map[string]string{"a.gif": `i file di tipo ".gif" non si possono inviare`, "a.heic": ".heic", ".jpg.exe": ".exe",
		"a.jpg ": ".jpg", "a": "il nome non dice", "": "il nome non dice", "a." + strings.Repeat("x", 300) + "\n": "i file di tipo"} {
		refused(t, name, []byte("\xff\xd8\xff"), reason)
	}
}

// sendable is one small file of each kind that is sent.
func sendable(t testing.TB) map[string][]byte {
	return map[string][]byte{
		".jpg": asJPEG(t, drawing(16, 16), 80), ".png": asPNG(t, drawing(16, 16)), ".webp": fixture(t, "lossy.webp"),
		".pdf": fixture(t, "three.pdf"), ".mp4": fixture(t, "video.mp4"),
	}
}

// smallZIP is an archive that every ZIP program opens, whatever stands before it.
const smallZIP = "PK\x03\x04\x0a\x00\x00\x00\x00\x00\x00\x00\x21\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00a" +
	"PK\x01\x02\x0a\x00\x0a\x00\x00\x00\x00\x00\x00\x00\x21\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00a" +
	"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x2f\x00\x00\x00\x1f\x00\x00\x00"

func TestFilesThatAreTwoThings(t *testing.T) {
	t.Parallel()
	all := sendable(t)
	zip := smallZIP + "\x00\x00"
	for _, ending := range []string{".jpg", ".png", ".webp"} { // the second thing does not leave
		f := accepted(t, "due"+ending, append(bytes.Clone(all[ending]), zip...))
		if alone := accepted(t, "una"+ending, all[ending]); !bytes.Equal(f.Data, alone.Data) {
			t.Errorf("%s: the archive behind it changes what leaves", ending)
		}
	}
	if f := accepted(t, "due.pdf", append(bytes.Clone(all[".pdf"]), zip...)); !bytes.Equal(f.Data, accepted(t, "una.pdf", all[".pdf"]).Data) {
		t.Error("the archive behind the PDF leaves with it")
	}
	inComment := smallZIP + "\x11\x00startxref\n9\n%%EOF"
	refused(t, "due.pdf", append(bytes.Clone(all[".pdf"]), inComment...), "è anche un archivio ZIP")
	refused(t, "due.pdf", append(bytes.Clone(all[".pdf"]), strings.Repeat("<html>", 500)...), "dopo la fine del PDF ci sono altri dati")
	refused(t, "due.mp4", append(bytes.Clone(all[".mp4"]), zip...), "il video non si può aprire")
	refused(t, "due.jpg", append([]byte("GIF89a"), all[".jpg"]...), "un'immagine GIF")
	refused(t, "due.pdf", append([]byte("<html><!--"), all[".pdf"]...), "una pagina web")
	refused(t, "due.pdf", append([]byte(zip), all[".pdf"]...), "un archivio ZIP")
	hidden := withSegments(all[".jpg"], segment(0xe2, profileName+"\x01\x01"+string(icc("RGB ", 200))+zip))
	if f := accepted(t, "due.jpg", hidden); bytes.Contains(f.Data, []byte("PK\x03\x04")) {
		t.Error("an archive leaves under the name of a profile")
	}
}

func TestG9_EveryPieceOfAFileIsAnswered(t *testing.T) {
	t.Parallel()
	for ending, data := range sendable(t) {
		whole := len(data)
		if ending == ".pdf" { // the end of the last line may be missing
			whole = len(bytes.TrimRight(data, "\n"))
		}
		for n := range whole {
			if n == 0 {
				continue
			}
			if f, err := Read("pezzo"+ending, data[:n]); err == nil {
				t.Errorf("%s: the first %d bytes of %d are taken for the whole: %d bytes", ending, n, len(data), len(f.Data))
			}
		}
		for i := range data { // and every byte wrong in turn
			data[i] ^= 0xff
			if f, err := Read("guasto"+ending, data); err == nil && f.Kind == Image {
				decoded(t, f.Data)
			}
			data[i] ^= 0xff
		}
	}
	accepted(t, "pezzo.pdf", bytes.TrimRight(fixture(t, "three.pdf"), "\n"))
}
