package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// codecs refuses what not every phone can play: they all play H.264 with AAC.
func (m *movie) codecs(kind string, stsd box) *Refusal {
	if len(stsd.body) < 8 {
		return damaged(isMP4, "")
	}
	entries, r := boxes(stsd.body[8:], stsd.start+8)
	if r != nil {
		return r
	}
	if len(entries) == 0 {
		return damaged(isMP4, "")
	}
	for _, e := range entries {
		if kind == "soun" {
			r = m.sound(e)
		} else {
			r = m.pictures(e)
		}
		if r != nil {
			return r
		}
	}
	return nil
}

func (m *movie) pictures(entry box) *Refusal {
	if entry.name != "avc1" && entry.name != "avc3" {
		return unplayable("il video è "+codecName(entry.name)+", che molti telefoni non mostrano", "H.264")
	}
	const vendor, compressor, length, fixed = 12, 42, 32, 78
	if len(entry.body) < fixed {
		return damaged(isMP4, "")
	}
	clear(entry.body[vendor : vendor+4])
	clear(entry.body[compressor : compressor+length]) // often the name of the camera
	list, r := m.description(entry, fixed)
	config, _ := find(list, "avcC")
	m.length = unitLength(config.body)
	quietConfiguration(config.body)
	m.plainColours(list)
	if r == nil && len(config.body) > 1 && studio(config.body[1]) {
		r = unplayable("il video è in un formato H.264 da studio (10 bit o 4:2:2), che i telefoni non mostrano", "H.264 normale, a 8 bit e 4:2:0")
	}
	return r
}

// plainColours blanks a colour profile: it names who made it, and phones go by the
// numbers of the standard (nclx) alone.
func (m *movie) plainColours(list []box) {
	if colr, ok := find(list, "colr"); ok && !bytes.HasPrefix(colr.body, []byte("nclx")) && !bytes.HasPrefix(colr.body, []byte("nclc")) {
		m.blank(colr)
	}
}

// studio says whether a profile of H.264 is one of those that keep more colour than
// phones can decode: what professional cameras record.
func studio(profile byte) bool {
	switch profile {
	case 44, 110, 122, 244:
		return true
	}
	return false
}

func (m *movie) sound(entry box) *Refusal {
	if entry.name != "mp4a" {
		return unplayable(fmt.Sprintf("il suono del video è in un formato che molti telefoni non sentono (%.4q)", entry.name), "H.264 con suono AAC")
	}
	const fixed, fixedOfVersion1 = 28, 44
	if len(entry.body) < fixed {
		return damaged(isMP4, "")
	}
	const vendor = 12
	clear(entry.body[vendor : vendor+4])
	head := fixed
	if version := binary.BigEndian.Uint16(entry.body[8:]); version == 1 { // QuickTime's
		head = min(len(entry.body), fixedOfVersion1)
	}
	list, r := m.description(entry, head)
	if config, _ := find(list, "esds"); r == nil && !isAAC(config.body) {
		r = unplayable("il suono del video non è AAC, e molti telefoni non lo sentono", "H.264 con suono AAC")
	}
	return r
}

// isAAC reads what kind of sound an mp4a is, which may be MP3, say. What cannot be
// read is left to the phones.
func isAAC(esds []byte) bool {
	const stream, decoder = 3, 4 // descriptors, one in the other: a tag, a length of up to four bytes, the content
	at := 4
	for _, tag := range []struct{ is, fixed int }{{stream, 3}, {decoder, 0}} {
		if at >= len(esds) || int(esds[at]) != tag.is {
			return true
		}
		for at++; at < len(esds) && esds[at]&0x80 != 0; at++ {
		}
		at += 1 + tag.fixed
	}
	return at >= len(esds) || esds[at] == 0x40 || esds[at] >= 0x66 && esds[at] <= 0x68
}

// description blanks what stands behind the fixed part of a sample entry and is
// not needed, and lists the rest. QuickTime ends it with four zeros.
func (m *movie) description(entry box, fixed int) ([]box, *Refusal) {
	body := entry.body[fixed:]
	if n := len(body); n >= 4 && binary.BigEndian.Uint32(body[n-4:]) == 0 {
		if _, r := boxes(body, 0); r != nil {
			body = body[:n-4]
		}
	}
	return m.inside(box{name: entry.name, start: entry.start + fixed, body: body})
}

func codecName(name string) string {
	switch name {
	case "hvc1", "hev1", "dvh1", "dvhe":
		return "in formato HEVC (H.265)"
	case "av01":
		return "in formato AV1"
	case "vp08", "vp09":
		return "in formato VP8 o VP9"
	case "encv", "drmi":
		return "protetto contro la copia"
	case "mp4v", "s263":
		return "in un formato vecchio (MPEG-4 o H.263)"
	}
	return fmt.Sprintf("in un formato raro (%.4q)", name)
}

func unplayable(reason, as string) *Refusal {
	return &Refusal{Reason: reason, Advice: "con un programma di video salvalo in formato MP4 (" + as + ")" + again}
}
