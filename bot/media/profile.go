package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"slices"
)

// A colour profile (ICC) is no metadata: without it the photos of many phones
// turn pale. It is taken apart and put together again from what makes colours, so
// that nothing else travels under its name.

const (
	// profileName begins every APP2 segment of a profile.
	profileName = "ICC_PROFILE\x00"
	// maxProfile is more than the largest profile of a printing press.
	maxProfile = 2 << 20
	// profilePart is what fits into a segment beside its name and two numbers.
	profilePart = 0xffff - 2 - len(profileName) - 2
)

// profileParts collects the pieces of a JPEG's profile: number, count, bytes.
type profileParts [][]byte

func (p *profileParts) add(part []byte) {
	if len(part) > 2 {
		*p = append(*p, part)
	}
}

// join puts the pieces in order; nil when one is missing or there are too many.
func (p profileParts) join() []byte {
	slices.SortStableFunc(p, func(a, b []byte) int { return int(a[0]) - int(b[0]) })
	var whole []byte
	for i, part := range p {
		if int(part[0]) != i+1 || int(part[1]) != len(p) || len(whole)+len(part) > maxProfile {
			return nil
		}
		whole = append(whole, part[2:]...)
	}
	return whole
}

// validProfile says whether this is a profile and for so many colours. Its length
// stands in it, so that nothing can hang on its end.
func validProfile(icc []byte, n colours) bool {
	if len(icc) < 132 || int(binary.BigEndian.Uint32(icc)) != len(icc) || string(icc[36:40]) != "acsp" {
		return false
	}
	switch string(icc[16:20]) {
	case "GRAY":
		return n == 1
	case "RGB ":
		return n == 3
	case "CMYK":
		return n == 4
	}
	return false
}

// withProfile puts an RGB profile into a JPEG that was just encoded.
func withProfile(jpeg, icc []byte) []byte {
	if icc == nil {
		return jpeg
	}
	return insertProfile(jpeg, 2, icc)
}

func insertProfile(jpeg []byte, at int, icc []byte) []byte {
	out := make([]byte, 0, len(jpeg)+len(icc)+len(icc)/100+64)
	out = append(out, jpeg[:at]...)
	count := (len(icc) + profilePart - 1) / profilePart
	number := 0
	for part := range slices.Chunk(icc, profilePart) {
		number++
		out = append(out, 0xff, markAPP0+2)
		out = binary.BigEndian.AppendUint16(out, uint16(2+len(profileName)+2+len(part)))
		out = append(out, profileName...)
		out = append(out, byte(number), byte(count))
		out = append(out, part...)
	}
	return append(out, jpeg[at:]...)
}

// unpackProfile inflates the profile of a PNG: a name, a zero, the method, the
// bytes. Nil when it is not one.
func unpackProfile(chunk []byte, n colours) []byte {
	_, packed, ok := bytes.Cut(chunk, []byte{0})
	if !ok || len(packed) < 1 || packed[0] != 0 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	icc, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err != nil || len(icc) > maxProfile {
		return nil
	}
	return plainProfile(icc, n)
}

// packProfile is the other direction, under a name of our own.
func packProfile(icc []byte) []byte {
	var out bytes.Buffer
	out.WriteString("ICC\x00\x00")
	z := zlib.NewWriter(&out)
	// Neither fails: a buffer takes everything.
	_, _ = z.Write(icc)
	_ = z.Close()
	return out.Bytes()
}
