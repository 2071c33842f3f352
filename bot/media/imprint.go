package media

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// imprint is what a document says about who made it, and could not be taken out.
type imprint struct {
	people, titles, programs []string
	photos                   bool // a photo in it has data of the camera, perhaps the place
}

const (
	maxNames      = 5  // of a kind: who reads a warning wants to know whose name it is
	maxNameLength = 60 // in characters
)

// words say in Italian what stays, as the reason of a [Refusal] does; empty when
// nothing does.
func (p imprint) words() string {
	var parts []string
	for _, x := range []struct {
		what string
		list []string
	}{{"il nome", p.people}, {"il titolo", p.titles}, {"il nome del programma", p.programs}} {
		if len(x.list) > 0 {
			parts = append(parts, x.what+": "+strings.Join(x.list, ", "))
		}
	}
	if p.photos {
		parts = append(parts, "i dati nascosti di una foto, forse il luogo")
	}
	if len(parts) == 0 {
		return ""
	}
	return "il documento porta " + strings.Join(parts, "; ")
}

// add notes what stands under a word of a PDF's own list. Words that nobody knows
// may name anybody.
func (p *imprint) add(key, text string) {
	switch key {
	case "CreationDate", "ModDate", "SourceModified", "Trapped":
	case "Title", "Subject", "Keywords":
		note(&p.titles, text)
	case "Creator", "Producer", "PTEX.Fullbanner":
		note(&p.programs, text)
	default:
		note(&p.people, text)
	}
}

// note adds a text to a list, once, and as it can be shown.
func note(list *[]string, text string) {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }), " ")
	if utf8.RuneCountInString(text) > maxNameLength {
		text = string([]rune(text)[:maxNameLength]) + "…"
	}
	if text != "" && !slices.Contains(*list, text) && len(*list) < maxNames {
		*list = append(*list, text)
	}
}

// textOf decodes a string of a PDF: UTF-16, UTF-8, or one byte to a character.
func textOf(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return fromUTF16(raw[2:], binary.BigEndian)
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return fromUTF16(raw[2:], binary.LittleEndian)
	case utf8.Valid(raw):
		return string(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	}
	var out strings.Builder
	for _, b := range raw {
		out.WriteRune(rune(b))
	}
	return out.String()
}

func fromUTF16(raw []byte, order binary.ByteOrder) string {
	var units []uint16
	for ; len(raw) >= 2; raw = raw[2:] {
		units = append(units, order.Uint16(raw))
	}
	return string(utf16.Decode(units))
}

// join adds what was found elsewhere.
func (p *imprint) join(q imprint) {
	for _, x := range []struct{ to, from *[]string }{{&p.people, &q.people}, {&p.titles, &q.titles}, {&p.programs, &q.programs}} {
		for _, text := range *x.from {
			note(x.to, text)
		}
	}
	p.photos = p.photos || q.photos
}
