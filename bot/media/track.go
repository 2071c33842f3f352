package media

import "encoding/binary"

// track is what must be known of the video in an MP4: how large it is seen.
type track struct{ width, height int }

// needed says whether playing a track needs a box; level is the box in which it
// stands.
func needed(level, name string) bool {
	switch level {
	case "trak":
		return name == "tkhd" || name == "mdia" || name == "edts"
	case "mdia":
		return name == "mdhd" || name == "hdlr" || name == "minf"
	case "minf":
		return name == "vmhd" || name == "smhd" || name == "dinf" || name == "stbl"
	case "avc1", "avc3":
		return name == "avcC" || name == "pasp" || name == "colr" || name == "clap" || name == "btrt" || name == "fiel"
	case "mp4a":
		return name == "esds" || name == "btrt"
	}
	switch name {
	case "stsd", "stts", "ctts", "cslg", "stss", "stsz", "stz2", "stsc", "stco", "co64", "sgpd", "sbgp", "sdtp":
		return true
	}
	return false
}

// inside lists the boxes of a box and blanks those that playing does not need,
// and second ones of a kind: nothing here looks into those.
func (m *movie) inside(b box) ([]box, *Refusal) {
	list, r := boxes(b.body, b.start)
	if r != nil {
		return nil, r
	}
	for i, c := range list {
		if first, _ := find(list, c.name); !needed(b.name, c.name) || first.at != c.at {
			m.blank(c)
			list[i].name = "free"
		}
	}
	return list, nil
}

// track keeps a track of pictures or sound. Any other (the place and the speed of
// a camera, subtitles, time codes) is blanked whole; what it refers to is then
// used by nobody and goes too.
func (m *movie) track(trak box) *Refusal {
	list, r := boxes(trak.body, trak.start)
	if r != nil {
		return r
	}
	mdia, _ := find(list, "mdia")
	within, r := boxes(mdia.body, mdia.start)
	if r != nil {
		return r
	}
	hdlr, _ := find(within, "hdlr")
	if len(hdlr.body) < 12 {
		return damaged(isMP4, "")
	}
	kind := string(hdlr.body[8:12])
	if kind != "vide" && kind != "soun" {
		m.blank(trak)
		return nil
	}
	if list, r = m.inside(trak); r != nil {
		return r
	}
	if within, r = m.inside(mdia); r != nil {
		return r
	}
	clear(hdlr.body[12:]) // its maker, and the name that the program gave it
	if mdhd, ok := find(within, "mdhd"); ok {
		forgetTimes(mdhd.body)
	}
	tkhd, _ := find(list, "tkhd")
	forgetTimes(tkhd.body)
	if kind == "vide" {
		if m.video != nil {
			return &Refusal{Reason: "il file contiene più di un video", Advice: "salva un solo video in formato MP4 (H.264)" + again}
		}
		if m.video, r = dimensions(tkhd.body); r != nil {
			return r
		}
	}
	minf, _ := find(within, "minf")
	return m.media(kind, minf)
}

// media checks what a track is made of and notes which parts of the file it uses.
func (m *movie) media(kind string, minf box) *Refusal {
	list, r := m.inside(minf)
	if r != nil {
		return r
	}
	stbl, ok := find(list, "stbl")
	dinf, _ := find(list, "dinf")
	const here = 28 // a dinf that says: in this file
	if !ok || len(dinf.body) < here || dinf.body[here-1]&1 == 0 {
		return damaged(isMP4, "")
	}
	clear(dinf.body[here:])
	tables, r := m.inside(stbl)
	if r != nil {
		return r
	}
	stsd, _ := find(tables, "stsd")
	m.length = 0
	if r := m.codecs(kind, stsd); r != nil {
		return r
	}
	used, ok := samples(tables)
	if !ok {
		return damaged(isMP4, "")
	}
	m.used = append(m.used, used...)
	m.streams = append(m.streams, stream{tables, m.length, kind == "soun"})
	return nil
}

// dimensions reads how large a video is seen: a phone held upright stores it
// lying, with a matrix that turns it.
func dimensions(tkhd []byte) (*track, *Refusal) {
	at := 40
	if len(tkhd) > 0 && tkhd[0] == 1 {
		at = 52
	}
	if len(tkhd) != at+44 {
		return nil, damaged(isMP4, "")
	}
	matrix := tkhd[at:]
	t := &track{
		width:  int(binary.BigEndian.Uint32(tkhd[at+36:]) >> 16),
		height: int(binary.BigEndian.Uint32(tkhd[at+40:]) >> 16),
	}
	if t.width == 0 || t.height == 0 {
		return nil, damaged(isMP4, "")
	}
	a, b := binary.BigEndian.Uint32(matrix), binary.BigEndian.Uint32(matrix[4:])
	if a == 0 && b != 0 {
		t.width, t.height = t.height, t.width
	}
	return t, nil
}
