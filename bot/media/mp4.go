package media

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// box is a piece of an MP4: where it stands in the file and what it holds.
type box struct {
	name  string
	at    int    // where its header begins in the file
	start int    // where its body begins
	body  []byte // without the header
}

// maxBoxes is how many may stand side by side: real files have a dozen, and
// looking for one among millions would take for ever.
const maxBoxes = 1000

// boxes splits the content of a box, which begins at base in the file, into
// boxes. They must fill it exactly.
func boxes(data []byte, base int) ([]box, *Refusal) {
	var list []box
	for at := 0; at < len(data); {
		rest := data[at:]
		if len(rest) < 8 {
			return nil, incomplete(isMP4)
		}
		size, header := uint64(binary.BigEndian.Uint32(rest)), 8
		switch {
		case size == 0: // to the end
			size = uint64(len(rest))
		case size == 1 && len(rest) >= 16:
			size, header = binary.BigEndian.Uint64(rest[8:]), 16
		}
		if size < uint64(header) || len(list) == maxBoxes {
			return nil, damaged(isMP4, "")
		}
		if size > uint64(len(rest)) {
			return nil, incomplete(isMP4)
		}
		list = append(list, box{string(rest[4:8]), base + at, base + at + header, rest[header:size:size]})
		at += int(size)
	}
	return list, nil
}

// find is the first box of that name. Of a box that is not there the body is nil.
func find(list []box, name string) (box, bool) {
	i := slices.IndexFunc(list, func(b box) bool { return b.name == name })
	if i < 0 {
		return box{}, false
	}
	return list[i], true
}

// movie is an MP4 on its way through readMP4: out is a copy in which boxes that
// are not needed are blanked. Nothing moves, because the boxes point into each
// other by position.
type movie struct {
	out     []byte
	points  []box  // mdat: where pictures and sound are
	used    []span // the parts of them that the tracks refer to
	video   *track
	length  int      // of the lengths of H.264's units, while a track is read; 0: not known
	streams []stream // what the tracks consist of
}

// stream is what a track consists of: H.264 in units, or sound.
type stream struct {
	tables []box
	length int // how many bytes say how long a unit is; 0: it is not made of units that we know
	sound  bool
}

// readMP4 checks that a video is one that phones play, and blanks all that is not
// needed for playing it: the place, the camera, the date, data that cameras
// record beside the pictures, what the encoder tells of itself, and what nobody
// refers to.
func readMP4(data []byte) (File, *Refusal) {
	m := movie{out: bytes.Clone(data)}
	top, r := boxes(m.out, 0)
	if r != nil {
		return File{}, r
	}
	if r := m.top(top); r != nil {
		return File{}, r
	}
	head, _ := find(top, "moov")
	seconds, r := m.moov(head)
	if r != nil {
		return File{}, r
	}
	if m.video == nil {
		return File{}, &Refusal{Reason: "il video non contiene immagini", Advice: "controlla il file: forse è soltanto un audio," + again}
	}
	if r := m.blankUnused(); r != nil {
		return File{}, r
	}
	m.quietSamples()
	return File{Kind: Video, MIME: "video/mp4", Data: m.out, Width: m.video.width, Height: m.video.height,
		Seconds: seconds, Changed: !bytes.Equal(m.out, data)}, nil
}

// top looks at the outermost boxes.
func (m *movie) top(list []box) *Refusal {
	moovs := 0
	for i, b := range list {
		switch b.name {
		case "ftyp":
			if i != 0 || len(b.body) > 256 {
				return damaged(isMP4, "")
			}
			if !plays(b.body) {
				return otherVideo()
			}
		case "moov":
			moovs++
		case "mdat":
			m.points = append(m.points, b)
		case "moof", "sidx", "styp", "mfra", "ssix":
			return fragmented()
		default:
			m.blank(b)
		}
	}
	if moovs != 1 || len(m.points) == 0 || list[0].name != "ftyp" {
		return incomplete(isMP4)
	}
	return nil
}

// plays says whether the brands of a file are of the MP4 family. The old video
// phones' 3GP is a part of it, and so are the brands of some cameras if they say
// that they keep to it.
func plays(ftyp []byte) bool {
	for i := 0; i+4 <= len(ftyp); i += 4 {
		if i == 4 { // the version
			continue
		}
		switch brand := string(ftyp[i : i+4]); {
		case brand == "qt  ":
			return false // never the first one here: that is a MOV
		case brand[:3] == "iso", brand[:3] == "mp4", brand[:3] == "avc", brand[:3] == "M4V", brand[:3] == "3gp", brand == "f4v ", brand == "dash":
			return true
		}
	}
	return false
}

// blank turns a box into free space of the same size, filled with zeros.
func (m *movie) blank(b box) {
	copy(m.out[b.at+4:], "free")
	clear(b.body)
}

// moov walks the table of contents: the tracks, and how long it all takes.
func (m *movie) moov(moov box) (seconds int, r *Refusal) {
	list, r := boxes(moov.body, moov.start)
	if r != nil {
		return 0, r
	}
	head, _ := find(list, "mvhd")
	if seconds = duration(head.body); seconds < 0 {
		return 0, damaged(isMP4, "")
	}
	forgetTimes(head.body)
	for _, b := range list {
		switch b.name {
		case "trak":
			if r := m.track(b); r != nil {
				return 0, r
			}
		case "mvex":
			return 0, fragmented()
		default:
			if b.at != head.at {
				m.blank(b)
			}
		}
	}
	return seconds, nil
}

// duration reads a header of times: in seconds, rounded up, -1 when it is none.
func duration(body []byte) int {
	var scale, length uint64
	switch {
	case len(body) >= 20 && body[0] == 0:
		scale, length = uint64(binary.BigEndian.Uint32(body[12:])), uint64(binary.BigEndian.Uint32(body[16:]))
	case len(body) >= 32 && body[0] == 1:
		scale, length = uint64(binary.BigEndian.Uint32(body[20:])), binary.BigEndian.Uint64(body[24:])
	}
	const day = 24 * 60 * 60
	if scale == 0 || length/scale > day {
		return -1
	}
	return int((length + scale - 1) / scale)
}

// forgetTimes blanks when it was made and changed: they begin mvhd, tkhd and mdhd.
func forgetTimes(body []byte) {
	switch {
	case len(body) >= 12 && body[0] == 0:
		clear(body[4:12])
	case len(body) >= 20 && body[0] == 1:
		clear(body[4:20])
	}
}

func fragmented() *Refusal {
	return &Refusal{Reason: "è un video a frammenti, fatto per lo streaming",
		Advice: "con un programma di video salvalo come MP4 normale (H.264)" + again}
}

func otherVideo() *Refusal {
	return &Refusal{Reason: "è un video di un tipo che i telefoni non mostrano",
		Advice: "con un programma di video salvalo in formato MP4 (H.264)" + again}
}
