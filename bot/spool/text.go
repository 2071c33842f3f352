package spool

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
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

// readText turns the bytes of a dropped file into the text that is sent, or says
// why it cannot be.
func readText(raw []byte) (string, *Refusal) {
	if len(raw) > MaxBytes {
		return "", tooBig()
	}
	if r := disguised(raw); r != nil {
		return "", r
	}
	text, r := decode(raw)
	if r != nil {
		return "", r
	}
	text = normalise(text)
	return text, unfit(text)
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
func normalise(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	return norm.NFC.String(strings.TrimFunc(strings.Join(lines, "\n"), blank))
}

// blank counts the byte order mark in: joining two files leaves a second one.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// unfit says why a normalised text is not sent, or nil.
func unfit(text string) *Refusal {
	if line := controlLine(text); line > 0 {
		return &Refusal{Reason: fmt.Sprintf("alla riga %d ci sono caratteri che non sono testo", line),
			Advice: "apri il file con il Blocco note, salvalo con la codifica UTF-8 e rimettilo in da_inviare."}
	}
	if !strings.ContainsFunc(text, visible) {
		return &Refusal{Reason: "il file è vuoto", Advice: "scrivi il testo, salva, e rimetti il file in da_inviare."}
	}
	if text == "---" || strings.HasPrefix(text, "---\n") {
		return &Refusal{Reason: "comincia con una riga ---, cioè con le opzioni (dal, scade, comuni), che questa versione del servizio non conosce",
			Advice: "togli la parte iniziale fino alla seconda riga --- compresa e rimetti il file in da_inviare."}
	}
	if n := utf8.RuneCountInString(text); n > MaxCharacters {
		return &Refusal{Reason: fmt.Sprintf("il testo ha %d caratteri e il massimo è %d", n, MaxCharacters),
			Advice: "accorcialo oppure dividilo in due avvisi."}
	}
	return nil
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
