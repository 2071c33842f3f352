package spool

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

const (
	// MaxBytes is the largest file that is read. The longest announcement takes
	// at most 16 KiB, and what is larger was not meant as one.
	MaxBytes = 64 << 10
	// MaxCharacters is the longest announcement, in Unicode code points. 4,096 is
	// where WhatsApp's own apps cut a text message.
	MaxCharacters = 4096
)

// parse turns the bytes of a dropped file into the text that is sent, from when to
// when, and to whom, or says why it cannot be. It asks for words beside an
// attachment too: who cannot see the picture has nothing else. The rest of the File
// is the caller's.
func parse(raw []byte, now time.Time, loc *time.Location, comune func(string) (string, bool)) (File, *Refusal) {
	whole, r := readText(raw)
	if r != nil {
		return File{}, r
	}
	f, r := parseText(whole, now, loc, comune)
	if r != nil {
		r.Line = whole.quote(r.line)
	}
	return f, r
}

func parseText(whole passage, now time.Time, loc *time.Location, comune func(string) (string, bool)) (File, *Refusal) {
	front, body, r := splitFront(whole)
	if r != nil {
		return File{}, r
	}
	content, r := readTerms(front, now, loc, comune)
	if r != nil {
		return File{}, r
	}
	if r := cmp.Or(unfit(body, front.line > 0), disguised([]byte(body.text))); r != nil {
		return File{}, r
	}
	content.Text = body.text
	return File{Content: content}, nil
}

// passage is a part of a file, and the number of its first line there: reasons
// name lines as the clerk's editor counts them.
type passage struct {
	text string
	line int
}

// quote is the beginning of a line, for the eyes of who wrote it; 0 is none.
func (p passage) quote(line int) string {
	const enough = 100
	lines := strings.Split(p.text, "\n")
	if line < p.line || line >= p.line+len(lines) {
		return ""
	}
	return printable(cut(lines[line-p.line], enough))
}

func readText(raw []byte) (passage, *Refusal) {
	if len(raw) > MaxBytes {
		return passage{}, tooBig()
	}
	if r := disguised(raw); r != nil {
		return passage{}, r
	}
	text, r := decode(raw)
	if r != nil {
		return passage{}, r
	}
	whole := normalise(text)
	return whole, disguised([]byte(whole.text)) // a web page in UTF-16, or below a blank line
}

// disguised recognises files that are not what their name says.
func disguised(raw []byte) *Refusal {
	for _, kind := range []struct{ magic, what string }{
		{"PK\x03\x04", "un documento di Word, di Excel o di LibreOffice oppure un archivio zip"},
		{"\xd0\xcf\x11\xe0", "un documento di Office"},
		{"{\\rtf", "un documento RTF"},
		{"%PDF-", "un PDF"},
		{"\x89PNG", "un'immagine"},
		{"\xff\xd8\xff", "un'immagine"},
		{"GIF8", "un'immagine"},
		{"<!DOCTYPE", "una pagina web"},
		{"<!doctype", "una pagina web"},
		{"<html", "una pagina web"},
	} {
		if bytes.HasPrefix(raw, []byte(kind.magic)) {
			return &Refusal{Reason: "il nome dice che è un testo, ma il contenuto è " + kind.what,
				Advice: "aprilo, copia il testo nel Blocco note, salvalo come file .txt e metti quello in da_inviare."}
		}
	}
	return nil
}

// decode goes from the surest sign to the guess: a byte order mark, then valid
// UTF-8, then Windows-1252, in which old Windows programs write Italian.
func decode(raw []byte) (string, *Refusal) {
	if rest, ok := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf")); ok {
		if !utf8.Valid(rest) {
			return "", unreadable()
		}
		return string(rest), nil
	}
	if rest, ok := bytes.CutPrefix(raw, []byte("\xff\xfe")); ok {
		return decodeUTF16(rest, binary.LittleEndian)
	}
	if rest, ok := bytes.CutPrefix(raw, []byte("\xfe\xff")); ok {
		return decodeUTF16(rest, binary.BigEndian)
	}
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(text, unicode.ReplacementChar) {
		return "", unreadable() // five bytes mean nothing in Windows-1252
	}
	return string(text), nil
}

func decodeUTF16(raw []byte, order binary.ByteOrder) (string, *Refusal) {
	if len(raw)%2 != 0 {
		return "", unreadable()
	}
	units := make([]uint16, len(raw)/2)
	replaced := 0
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
		if units[i] == unicode.ReplacementChar {
			replaced--
		}
	}
	text := string(utf16.Decode(units))
	// Half a surrogate pair decodes to a replacement character that was not there.
	if replaced+strings.Count(text, string(unicode.ReplacementChar)) != 0 {
		return "", unreadable()
	}
	return text, nil
}

// normalise makes the same text out of the same words, whatever program wrote it:
// LF, no blanks at line ends, trimmed, accents composed (macOS takes them apart).
func normalise(text string) passage {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	p := trim(strings.Join(lines, "\n"), 1)
	p.text = norm.NFC.String(p.text)
	return p
}

// trim takes the blanks around a text away whose first line has this number.
func trim(text string, line int) passage {
	rest := strings.TrimLeftFunc(text, blank)
	line += strings.Count(text[:len(text)-len(rest)], "\n")
	return passage{text: strings.TrimRightFunc(rest, blank), line: line}
}

// blank counts the byte order mark in: joining two files leaves a second one.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// unfit says why a normalised text is not sent, or nil. What comes after options
// must not look like options again: somebody has glued two files together.
func unfit(p passage, afterOptions bool) *Refusal {
	if line := controlLine(p.text); line > 0 {
		return garbled(p.line + line - 1)
	}
	if !strings.ContainsFunc(p.text, visible) {
		if afterOptions {
			return &Refusal{Reason: "dopo le opzioni non c'è il testo", Advice: "scrivi il testo sotto la seconda riga ---, salva, e rimetti il file in da_inviare."}
		}
		return &Refusal{Reason: "il file è vuoto", Advice: "scrivi il testo, salva, e rimetti il file in da_inviare."}
	}
	if first, _, _ := strings.Cut(p.text, "\n"); first == fence {
		return &Refusal{Reason: fmt.Sprintf("alla riga %d, dopo le opzioni, c'è un'altra riga --- prima del testo", p.line), line: p.line,
			Advice: "metti tutte le opzioni fra le prime due righe ---, togli le altre righe ---, e rimetti il file in da_inviare."}
	}
	if r := cmp.Or(almostOptions(p), ourOwn(p.text)); r != nil {
		return r
	}
	if n := utf8.RuneCountInString(p.text); n > MaxCharacters {
		return &Refusal{Reason: fmt.Sprintf("il testo ha %d caratteri e il massimo è %d", n, MaxCharacters),
			Advice: "accorcialo oppure dividilo in due avvisi."}
	}
	return nil
}

// reports are how the reports beside sent and refused files begin.
var reports = regexp.MustCompile(`^(?:Avviso: .*\nAccettato: [\d/]+ [\d:]+\nTipo: |File: .*\n(?:Insieme a: .*\n)?NON INVIATO\n\nMotivo: )`)

// ourOwn refuses what we have written ourselves: a copy of it that the Explorer has
// given another name ("LEGGIMI - Copia.txt") must not go out to a whole town.
func ourOwn(text string) *Refusal {
	title, _, _ := strings.Cut(readme, "\n")
	first, _, _ := strings.Cut(text, "\n")
	if first != title && !reports.MatchString(text) {
		return nil
	}
	return &Refusal{Reason: "non è un avviso, ma una copia di un file scritto dal servizio",
		Advice: "se è qui per sbaglio, cancellala; se volevi inviare un avviso, metti il suo testo in da_inviare."}
}

func garbled(line int) *Refusal {
	return &Refusal{Reason: fmt.Sprintf("alla riga %d ci sono caratteri che non sono testo", line), line: line,
		Advice: "apri il file con il Blocco note, salvalo con la codifica UTF-8 e rimettilo in da_inviare."}
}

func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// controlLine is the number of the first line with a control character (NUL
// included) that is neither a line end nor a tab; 0 when there is none.
func controlLine(text string) int {
	at := strings.IndexFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t'
	})
	if at < 0 {
		return 0
	}
	return 1 + strings.Count(text[:at], "\n")
}

func tooBig() *Refusal {
	return &Refusal{Reason: fmt.Sprintf("il file è troppo grande: il massimo è %d KB", MaxBytes>>10),
		Advice: fmt.Sprintf("un avviso ha al massimo %d caratteri: accorcialo oppure dividilo in due.", MaxCharacters)}
}

func unreadable() *Refusal {
	return &Refusal{Reason: "il testo è danneggiato: alcuni caratteri non si possono leggere",
		Advice: "apri il file con il Blocco note, controlla le lettere accentate, salvalo con la codifica UTF-8 e rimettilo in da_inviare."}
}
