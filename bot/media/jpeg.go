package media

import (
	"bytes"
	"encoding/binary"
)

// maxScans bounds the time that decoding takes: a scan costs a progressive
// picture a walk over all its points, and can be written in seventy bytes. Real
// ones have about ten.
const maxScans = 50

// The markers of a JPEG that are looked at.
const (
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markSOF0 = 0xc0 // baseline
	markSOF2 = 0xc2 // progressive
	markDHT  = 0xc4
	markDQT  = 0xdb
	markDRI  = 0xdd
	markAPP0 = 0xe0
	markCOM  = 0xfe
)

// jpegFile is a JPEG on its way through openJPEG.
type jpegFile struct {
	out     bytes.Buffer // what is kept
	at      int          // where the next APP2 of a profile is to stand
	pic     picture
	space   colours
	profile profileParts
	scans   int
}

// colours is how many components a picture has: an RGB profile fits three only.
type colours int

// openJPEG keeps the segments that make the picture and drops all others: EXIF
// with its place and its little picture, XMP, IPTC, comments, the further
// pictures of a phone (they stand after the end), and whatever else is there.
func openJPEG(data []byte) (picture, *Refusal) {
	f := jpegFile{pic: picture{is: isJPEG, orientation: 1}}
	f.out.Grow(len(data))
	f.out.Write(data[:2])
	f.at = 2
	rest := data[2:]
	for {
		mark, body, after, r := nextSegment(rest)
		if r != nil {
			return picture{}, r
		}
		if mark == markEOI {
			f.out.Write([]byte{0xff, markEOI})
			return f.finish()
		}
		segment := rest[len(rest)-len(after)-len(body)-4 : len(rest)-len(after)]
		rest = after
		if mark == markSOS {
			n := scanLength(rest)
			segment = segment[:len(segment)+n] // the compressed points follow it
			rest = rest[n:]
		}
		if r := f.take(mark, body, segment); r != nil {
			return picture{}, r
		}
	}
}

// nextSegment splits a segment off: its marker, what it holds, what comes after.
// Stuffing before a marker, and what else stands there, belongs to nothing.
func nextSegment(data []byte) (mark byte, body, after []byte, r *Refusal) {
	at := bytes.IndexByte(data, 0xff)
	for at >= 0 && at+1 < len(data) {
		switch mark = data[at+1]; {
		case mark == 0xff:
			at++
		case mark == 0, mark == 1, mark >= 0xd0 && mark <= 0xd7:
			next := bytes.IndexByte(data[at+2:], 0xff) // no segment: stuffing, TEM, a stray restart
			if next < 0 {
				return 0, nil, nil, incomplete(isJPEG)
			}
			at += 2 + next
		case mark == markEOI:
			return mark, nil, data[at+2:], nil
		case mark == markSOI || at+4 > len(data):
			return 0, nil, nil, damaged(isJPEG, "")
		default:
			end := at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
			if end < at+4 || end > len(data) {
				return 0, nil, nil, incomplete(isJPEG)
			}
			return mark, data[at+4 : end], data[end:], nil
		}
	}
	return 0, nil, nil, incomplete(isJPEG)
}

// scanLength is how far the compressed points go: to the first marker that is
// neither a stuffed 0xff nor a restart.
func scanLength(data []byte) int {
	for i := 0; ; i += 2 {
		next := bytes.IndexByte(data[i:], 0xff)
		if next < 0 || i+next+1 >= len(data) {
			return len(data)
		}
		i += next
		if m := data[i+1]; m != 0 && (m < 0xd0 || m > 0xd7) {
			return i
		}
	}
}

// take keeps, shortens or drops a segment.
func (f *jpegFile) take(mark byte, body, segment []byte) *Refusal {
	switch {
	case mark >= markSOF0 && mark <= markSOF2:
		f.out.Write(segment)
		return f.frame(mark, body)
	case mark == markSOS:
		if f.scans++; f.scans > maxScans {
			return damaged(isJPEG, "troppi passaggi")
		}
		f.out.Write(segment)
	case mark == markDHT, mark == markDQT, mark == markDRI:
		f.out.Write(segment)
	case mark >= markAPP0 && mark <= markAPP0+15:
		f.application(mark, body)
	case mark > markSOF2 && mark <= 0xcf:
		return &Refusal{Reason: "è un JPEG di un tipo che i telefoni non mostrano",
			Advice: "aprilo con un programma di fotografia, salvalo di nuovo come JPEG" + again}
	}
	return nil
}

// application keeps of the APPn segments only what changes the colours, and the
// beginning of JFIF: after it a small picture may follow that shows more than the
// large one.
func (f *jpegFile) application(mark byte, body []byte) {
	switch {
	case mark == markAPP0 && len(body) >= 14 && bytes.HasPrefix(body, []byte("JFIF\x00")):
		f.out.Write([]byte{0xff, mark, 0, 16})
		f.out.Write(body[:12])
		f.out.Write([]byte{0, 0})
		f.at = f.out.Len()
	case mark == markAPP0+14 && len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")):
		f.out.Write([]byte{0xff, mark, 0, 14})
		f.out.Write(body[:12])
	case mark == markAPP0+1 && bytes.HasPrefix(body, []byte("Exif\x00")) && len(body) > 6:
		f.pic.orientation = exifOrientation(body[6:])
	case mark == markAPP0+2 && bytes.HasPrefix(body, []byte(profileName)):
		f.profile.add(body[len(profileName):])
	}
}

// frame reads the dimensions and what decoding will cost: the planes, for a
// progressive picture the coefficients (four bytes each), and for CMYK the four
// planes joined.
func (f *jpegFile) frame(mark byte, body []byte) *Refusal {
	if len(body) < 6 || f.space != 0 {
		return damaged(isJPEG, "")
	}
	f.pic.height, f.pic.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	n := int(body[5])
	if len(body) != 6+3*n || n < 1 || n > 4 || f.pic.width == 0 || f.pic.height == 0 {
		return damaged(isJPEG, "")
	}
	f.space = colours(n)
	most, all := 0, 0
	for i := range n {
		sampling := int(body[7+3*i]>>4) * int(body[7+3*i]&15)
		most, all = max(most, sampling), all+sampling
	}
	if most == 0 {
		return damaged(isJPEG, "")
	}
	// all/most samples belong to a point, if the largest plane has one for each.
	f.pic.pointCost = (all + most - 1) / most
	if mark == markSOF2 {
		f.pic.pointCost = (5*all + most - 1) / most
	}
	if n == 4 {
		f.pic.pointCost += 4
	}
	return nil
}

// finish puts the profile where it belongs, if it is one for these colours.
func (f *jpegFile) finish() (picture, *Refusal) {
	if f.space == 0 || f.scans == 0 {
		return picture{}, damaged(isJPEG, "")
	}
	f.pic.data, f.pic.ink = f.out.Bytes(), f.space == 4
	profile := plainProfile(f.profile.join(), f.space)
	if profile == nil { // the inks of a printing press have none: such a picture becomes one of light
		return f.pic, nil
	}
	f.pic.data = insertProfile(f.pic.data, f.at, profile)
	if f.space == 3 {
		f.pic.profile = profile
	}
	return f.pic, nil
}

// scrub blanks in a JPEG what does not make the picture, without moving a byte.
// It says whether there was anything.
func scrub(data []byte) (found bool) {
	if !bytes.HasPrefix(data, []byte{0xff, markSOI}) {
		return false
	}
	rest := data[2:]
	for {
		mark, body, after, r := nextSegment(rest)
		if r != nil || mark == markEOI || mark == markSOS {
			return found // what follows the first scan was found in no picture of a PDF
		}
		drawn := mark == markAPP0 && bytes.HasPrefix(body, []byte("JFIF")) || mark == markAPP0+14 || mark == markAPP0+2 && bytes.HasPrefix(body, []byte(profileName))
		if (mark >= markAPP0 && mark <= markAPP0+15 || mark == markCOM) && !drawn && len(bytes.Trim(body, "\x00")) > 0 {
			clear(body)
			found = true
		}
		rest = after
	}
}
