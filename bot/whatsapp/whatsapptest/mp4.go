package whatsapptest

import "encoding/binary"

// movieFacts reads the length of a film and the size of its picture out of its boxes (ISO/IEC 14496-12).
func movieFacts(file []byte) facts {
	f := facts{mime: mimeMP4, broken: "a film without a picture"}
	sound := eachBox(file, func(kind string, body []byte) bool {
		return kind != "moov" || eachBox(body, f.readMovie)
	})
	if !sound {
		f.broken = "a film with broken boxes"
	}
	return f
}

// readMovie takes a box of moov.
func (f *facts) readMovie(kind string, body []byte) bool {
	switch kind {
	case "mvhd":
		return f.readLength(body)
	case "trak":
		return eachBox(body, func(kind string, body []byte) bool { return kind != "tkhd" || f.readSize(body) })
	}
	return true
}

// readLength takes the body of mvhd.
func (f *facts) readLength(body []byte) bool {
	var scale, length uint64
	switch {
	case len(body) >= 20 && body[0] == 0:
		scale, length = uint64(binary.BigEndian.Uint32(body[12:])), uint64(binary.BigEndian.Uint32(body[16:]))
	case len(body) >= 32 && body[0] == 1:
		scale, length = uint64(binary.BigEndian.Uint32(body[20:])), binary.BigEndian.Uint64(body[24:])
	}
	if scale == 0 {
		return false
	}
	f.seconds = float64(length) / float64(scale)
	return true
}

// readSize takes the body of tkhd, at whose end are the matrix that turns the picture, and its size before. Sound has
// none.
func (f *facts) readSize(body []byte) bool {
	if len(body) < 84 {
		return false
	}
	number := func(fromEnd int) int { return int(binary.BigEndian.Uint32(body[len(body)-fromEnd:])) >> 16 }
	width, height := number(8), number(4)
	if width == 0 || height == 0 || f.width > 0 {
		return true
	}
	if number(44) == 0 && number(28) == 0 { // a quarter turn
		width, height = height, width
	}
	f.width, f.height, f.broken = width, height, ""
	return true
}

// eachBox calls do with the boxes that fill data, until one is not sound.
func eachBox(data []byte, do func(kind string, body []byte) bool) bool {
	for len(data) > 0 {
		if len(data) < 8 {
			return false
		}
		size, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
		switch {
		case size == 0:
			size = uint64(len(data))
		case size == 1 && len(data) >= 16:
			size, head = binary.BigEndian.Uint64(data[8:]), 16
		}
		if size < head || size > uint64(len(data)) || !do(string(data[4:8]), data[head:size]) {
			return false
		}
		data = data[size:]
	}
	return true
}
