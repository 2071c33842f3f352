package media

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// keptChunks are the chunks of a PNG that make the picture and its colours, with
// the longest that each may be. Text in all its forms, EXIF, times, and what
// programs add for themselves are not among them.
func keptChunk(name string) (longest int, ok bool) {
	switch name {
	case "IDAT":
		return MaxBytes, true
	case "PLTE":
		return 3 * 256, true
	case "tRNS":
		return 256, true
	case "gAMA", "cICP", "sBIT":
		return 4, true
	case "sRGB":
		return 1, true
	case "cHRM":
		return 32, true
	case "pHYs":
		return 9, true
	}
	return 0, false
}

// pngFile is a PNG on its way through openPNG.
type pngFile struct {
	out    bytes.Buffer
	pic    picture
	space  colours
	points bool // an IDAT was seen
}

// openPNG keeps the chunks that make the picture, drops all others and what comes
// after the end.
func openPNG(data []byte) (picture, *Refusal) {
	f := pngFile{pic: picture{is: isPNG, orientation: 1}}
	f.out.Grow(len(data))
	f.out.WriteString(pngMagic)
	rest := data[len(pngMagic):]
	for {
		if len(rest) < 12 {
			return picture{}, incomplete(isPNG)
		}
		n := int(binary.BigEndian.Uint32(rest))
		if n > len(rest)-12 {
			return picture{}, incomplete(isPNG)
		}
		name, body := string(rest[4:8]), rest[8:8+n]
		if crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) {
			return picture{}, damaged(isPNG, "")
		}
		if name == "IEND" {
			f.write(name, nil)
			return f.finish()
		}
		if r := f.take(name, body); r != nil {
			return picture{}, r
		}
		rest = rest[12+n:]
	}
}

func (f *pngFile) take(name string, body []byte) *Refusal {
	if (name == "IHDR") != (f.space == 0) {
		return damaged(isPNG, "")
	}
	switch name {
	case "IHDR":
		f.write(name, body)
		return f.header(body)
	case "acTL":
		return animated()
	case "eXIf":
		f.pic.orientation = exifOrientation(body)
		return nil
	case "iCCP":
		f.profile(body)
		return nil
	}
	longest, kept := keptChunk(name)
	if kept && len(body) <= longest {
		f.points = f.points || name == "IDAT"
		f.write(name, body)
		return nil
	}
	if kept || name[0]&0x20 == 0 { // a chunk in capitals must be understood
		return damaged(isPNG, "")
	}
	return nil
}

// header reads the dimensions and what decoding will cost: eight bytes for a
// point of 16 bits a colour, and half as much again when it is interlaced, for
// the largest of the pictures that are joined.
func (f *pngFile) header(body []byte) *Refusal {
	if len(body) != 13 {
		return damaged(isPNG, "")
	}
	w, h := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
	if w == 0 || h == 0 || w > 1<<31-1 || h > 1<<31-1 {
		return damaged(isPNG, "")
	}
	// No side of a picture within the limits is longer: and the product stays small.
	f.pic.width, f.pic.height = min(int(w), 1e9), min(int(h), 1e9)
	depth, kind, interlaced := body[8], body[9], body[12]
	f.space = 3
	if kind&2 == 0 { // grey, with or without transparency
		f.space = 1
	}
	f.pic.pointCost = 4
	if depth == 16 {
		f.pic.pointCost = 8
	}
	if interlaced != 0 {
		f.pic.pointCost += f.pic.pointCost / 2
	}
	return nil
}

// profile writes the colour profile anew; nothing is written that is none.
func (f *pngFile) profile(body []byte) {
	icc := unpackProfile(body, f.space)
	if icc == nil || f.pic.profile != nil || f.points {
		return
	}
	if f.space == 3 {
		f.pic.profile = icc
	}
	f.write("iCCP", packProfile(icc))
}

func (f *pngFile) write(name string, body []byte) {
	chunk := binary.BigEndian.AppendUint32(make([]byte, 0, 12+len(body)), uint32(len(body)))
	chunk = append(append(chunk, name...), body...)
	f.out.Write(binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:])))
}

func (f *pngFile) finish() (picture, *Refusal) {
	if !f.points {
		return picture{}, damaged(isPNG, "")
	}
	f.pic.data = f.out.Bytes()
	return f.pic, nil
}
