package media

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// content is what the bytes of a file are, whatever its name says.
type content int

const (
	unknown content = iota
	isJPEG
	isPNG
	isWebP
	isPDF
	isMP4
	isGIF
	isHEIC
	isAVIF
	isTIFF
	isBMP
	isSVG
	isJXL
	isPhotoshop
	isMOV
	isAVI
	isWMV
	isMKV
	isMPEG
	isAudio
	isZIP
	isWord
	isExcel
	isSlides
	isLibre
	isOldOffice
	isRTF
	isPostScript
	isArchive
	isProgram
	isHTML
	isText
)

// what names the content as in "il contenuto è …".
func (c content) what() string {
	return [...]string{
		unknown: "sconosciuto", isJPEG: "un'immagine JPEG", isPNG: "un'immagine PNG", isWebP: "un'immagine WebP",
		isPDF: "un PDF", isMP4: "un video MP4", isGIF: "un'immagine GIF", isHEIC: "una foto HEIC (il formato degli iPhone)",
		isAVIF: "un'immagine AVIF", isTIFF: "un'immagine TIFF", isBMP: "un'immagine BMP", isSVG: "un disegno SVG",
		isJXL: "un'immagine JPEG XL o JPEG 2000", isPhotoshop: "un'immagine di Photoshop", isMOV: "un video QuickTime (MOV)",
		isAVI: "un video AVI", isWMV: "un video di Windows Media (WMV)", isMKV: "un video MKV o WebM", isMPEG: "un video MPEG",
		isAudio: "un audio", isZIP: "un archivio ZIP", isWord: "un documento di Word", isExcel: "un foglio di Excel",
		isSlides: "una presentazione di PowerPoint", isLibre: "un documento di LibreOffice",
		isOldOffice: "un documento di Office di vecchio tipo", isRTF: "un documento RTF", isPostScript: "un documento PostScript",
		isArchive: "un archivio compresso", isProgram: "un programma", isHTML: "una pagina web", isText: "un testo",
	}[c]
}

// noun names the file in a sentence about it: "la foto non si può aprire".
func (c content) noun() string {
	switch c {
	case isJPEG:
		return "la foto"
	case isPDF:
		return "il PDF"
	case isMP4:
		return "il video"
	}
	return "l'immagine"
}

// ending is the end of the name of a file that may be sent.
func (c content) ending() string {
	return map[content]string{isJPEG: ".jpg", isPNG: ".png", isWebP: ".webp", isPDF: ".pdf", isMP4: ".mp4"}[c]
}

// remedy is what staff can do with a content that is not sent as it is.
func (c content) remedy() string {
	switch c {
	case isGIF, isHEIC, isAVIF, isTIFF, isBMP, isSVG, isJXL, isPhotoshop:
		return "cambiare il nome non basta: apri l'immagine con un programma di fotografia, salvala in formato JPEG"
	case isMOV, isAVI, isWMV, isMKV, isMPEG:
		return "cambiare il nome non basta: con un programma di video salvalo in formato MP4 (H.264)"
	case isWord, isExcel, isSlides, isLibre, isOldOffice, isRTF, isPostScript, isHTML:
		return "cambiare il nome non basta: aprilo, salvalo o stampalo in formato PDF"
	case isText:
		return "se è il testo dell'avviso cambia la fine del nome in .txt, altrimenti togli il file"
	case isZIP, isArchive:
		return "aprilo, metti fuori le immagini o i PDF che contiene"
	}
	return "gli allegati possono essere immagini .jpg, .png o .webp, documenti .pdf e video .mp4: togli questo"
}

// sniff says what the bytes are, by their beginning: all the formats that are
// sent declare themselves there.
func sniff(data []byte) content {
	for _, s := range [...]struct {
		magic string
		is    content
	}{
		{"\xff\xd8\xff", isJPEG}, {pngMagic, isPNG}, {"GIF8", isGIF},
		{"II*\x00", isTIFF}, {"MM\x00*", isTIFF}, {"II+\x00", isTIFF}, {"MM\x00+", isTIFF}, {"BM", isBMP}, {"8BPS", isPhotoshop},
		{"\xff\x0a", isJXL}, {"\x00\x00\x00\x0cJXL ", isJXL}, {"\x00\x00\x00\x0cjP  ", isJXL},
		{"\x30\x26\xb2\x75\x8e\x66\xcf\x11", isWMV}, {"\x1a\x45\xdf\xa3", isMKV}, {"\x00\x00\x01\xba", isMPEG}, {"\x00\x00\x01\xb3", isMPEG},
		{"ID3", isAudio}, {"\xff\xfb", isAudio}, {"\xff\xf3", isAudio}, {"OggS", isAudio}, {"fLaC", isAudio}, {"#!AMR", isAudio},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", isOldOffice}, {"{\\rtf", isRTF}, {"%!PS", isPostScript},
		{"Rar!", isArchive}, {"7z\xbc\xaf\x27\x1c", isArchive}, {"\x1f\x8b", isArchive}, {"BZh", isArchive}, {"\xfd7zXZ", isArchive},
		{"MZ", isProgram}, {"\x7fELF", isProgram}, {"\xca\xfe\xba\xbe", isProgram}, {"#!/", isProgram},
	} {
		if bytes.HasPrefix(data, []byte(s.magic)) {
			return s.is
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte("RIFF")) && len(data) >= 12:
		return sniffRIFF(data)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return sniffZIP(data)
	case len(data) >= 8 && quickTimeAtom(string(data[4:8])):
		return sniffMovie(data)
	case len(data) > 2*188 && data[0] == 'G' && data[188] == 'G' && data[2*188] == 'G':
		return isMPEG
	}
	return sniffText(data)
}

func sniffRIFF(data []byte) content {
	switch string(data[8:12]) {
	case "WEBP":
		return isWebP
	case "AVI ":
		return isAVI
	case "WAVE":
		return isAudio
	}
	return unknown
}

// sniffZIP tells the documents that are archives inside by the names in them.
func sniffZIP(data []byte) content {
	for _, s := range [...]struct {
		inside string
		is     content
	}{
		{"word/document", isWord}, {"xl/workbook", isExcel}, {"ppt/presentation", isSlides},
		{"mimetypeapplication/vnd.oasis.opendocument", isLibre},
	} {
		if bytes.Contains(data, []byte(s.inside)) {
			return s.is
		}
	}
	return isZIP
}

// quickTimeAtom says whether a file may begin with a box of this name. Old
// QuickTime films have no ftyp.
func quickTimeAtom(name string) bool {
	switch name {
	case "ftyp", "moov", "mdat", "wide", "pnot", "skip", "free":
		return true
	}
	return false
}

// sniffMovie tells by its brand what a file of boxes is: the photos of iPhones
// are made of the same boxes as films.
func sniffMovie(data []byte) content {
	if string(data[4:8]) != "ftyp" || len(data) < 12 {
		return isMOV
	}
	switch brand := string(data[8:12]); brand {
	case "qt  ":
		return isMOV
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "mif2", "msf1":
		if brands := data[8:min(len(data), int(binary.BigEndian.Uint32(data)), 64)]; bytes.Contains(brands, []byte("avif")) {
			return isAVIF
		}
		return isHEIC
	case "avif", "avis":
		return isAVIF
	case "M4A ", "M4B ", "M4P ":
		return isAudio
	case "jp2 ", "jxl ", "crx ":
		return isJXL
	}
	return isMP4
}

// sniffText looks at what is left: markup, words, or nothing known. A PDF may
// have a byte order mark or blanks before its first line, and nothing else.
func sniffText(data []byte) content {
	data = bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return isPDF
	}
	start := strings.ToLower(string(data[:min(len(data), 512)]))
	switch {
	case strings.HasPrefix(start, "<svg"), strings.HasPrefix(start, "<?xml") && strings.Contains(start, "<svg"):
		return isSVG
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"), strings.HasPrefix(start, "<head"), strings.HasPrefix(start, "<script"):
		return isHTML
	case len(start) > 3 && legible(data):
		return isText
	}
	return unknown
}

// legible says whether bytes are words: valid UTF-8 (but for a last character
// that was cut) without control characters.
func legible(data []byte) bool {
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 && len(data) >= utf8.UTFMax || r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		data = data[n:]
	}
	return true
}

// alsoArchive says whether a ZIP program would open the file as an archive: the
// archive's directory stands at the end, whatever the beginning is.
func alsoArchive(data []byte) bool {
	const trailer, longestComment = 22, 0xffff
	tail := data[max(0, len(data)-trailer-longestComment):]
	// The zeros are the numbers of two floppy disks: four bytes alone would be
	// found by chance in one large file out of sixty thousand.
	return bytes.Contains(tail, []byte("PK\x05\x06\x00\x00\x00\x00"))
}
