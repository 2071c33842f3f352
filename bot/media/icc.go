package media

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// iccTag is one entry of a colour profile: its name and its content.
type iccTag struct {
	name string
	data []byte
}

// plainProfile builds a profile anew from what makes the colours: the curves,
// the primaries, the white point. All else, which has been a monitor's serial
// number, a date, a person's name and room, is left behind. Nil: it is no profile
// for so many colours, or nothing in it makes any.
func plainProfile(icc []byte, n colours) []byte {
	if !validProfile(icc, n) {
		return nil
	}
	old := iccTags(icc)
	var tags []iccTag
	for _, name := range []string{"wtpt", "chad", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC", "kTRC", "cicp", "A2B0"} {
		if data := plainTag(name, old[name]); data != nil {
			tags = append(tags, iccTag{name, data})
		}
	}
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool {
			return !slices.ContainsFunc(tags, func(t iccTag) bool { return t.name == name })
		})
	}
	grey, light := has("kTRC"), has("rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC")
	if !has("wtpt") || !(n == 1 && grey || n == 3 && light || has("A2B0")) {
		return nil
	}
	modern := icc[8] >= 4
	tags = append(tags, iccTag{"desc", iccName(modern)}, iccTag{"cprt", iccWords("text", modern)})
	return assemble(iccHead(icc), tags)
}

// iccTags lists what a profile holds, by name.
func iccTags(icc []byte) map[string][]byte {
	const most, table = 100, 132
	tags := map[string][]byte{}
	rows := icc[table:]
	for range min(most, binary.BigEndian.Uint32(icc[table-4:])) {
		if len(rows) < 12 {
			break
		}
		from, size := uint64(binary.BigEndian.Uint32(rows[4:])), uint64(binary.BigEndian.Uint32(rows[8:]))
		if from >= table && from+size <= uint64(len(icc)) && tags[string(rows[:4])] == nil {
			tags[string(rows[:4])] = icc[from : from+size]
		}
		rows = rows[12:]
	}
	return tags
}

// plainTag is the content of a tag as far as its own numbers say it goes; nil when
// it is none that makes colours.
func plainTag(name string, data []byte) []byte {
	if len(data) < 12 {
		return nil
	}
	size := 0
	switch kind := string(data[:4]); {
	case kind == "XYZ " && (name == "wtpt" || name[1:] == "XYZ"):
		size = 8 + 3*4
	case kind == "sf32" && name == "chad":
		size = 8 + 9*4
	case kind == "cicp" && name == "cicp":
		size = 8 + 4
	case kind == "curv" && name[1:] == "TRC":
		size = 12 + 2*int(min(0xffff, binary.BigEndian.Uint32(data[8:])))
	case kind == "para" && name[1:] == "TRC" && data[8] == 0 && data[9] < 5:
		size = 12 + 4*[]int{1, 3, 4, 5, 7}[data[9]]
	case (kind == "mft1" || kind == "mft2") && name == "A2B0":
		size = iccTableSize(data)
	}
	if size == 0 || size > len(data) {
		return nil
	}
	out := bytes.Clone(data[:size])
	clear(out[4:8])
	if kind := string(out[:4]); kind == "para" {
		clear(out[10:12])
	} else if kind == "mft1" || kind == "mft2" {
		out[11] = 0
	}
	return out
}

// iccTableSize is how long a table of colours is: the curves at its two ends, and a
// grid with so many points a side between them. 0: there is no such table.
func iccTableSize(data []byte) int {
	const head1, head2 = 48, 52
	if len(data) < head2 {
		return 0
	}
	in, out, grid := int(data[8]), int(data[9]), int(data[10])
	if in < 1 || in > 4 || out != 3 {
		return 0
	}
	points := out
	for range in {
		points *= grid
	}
	if string(data[:4]) == "mft1" {
		return head1 + 256*in + points + 256*out
	}
	first, last := int(binary.BigEndian.Uint16(data[48:])), int(binary.BigEndian.Uint16(data[50:]))
	return head2 + 2*(first*in+points+last*out)
}

// iccHead is the head of a profile without its date, its maker, its device and
// its number.
func iccHead(icc []byte) []byte {
	const size = 128
	out := make([]byte, size)
	copy(out[8:10], icc[8:10])   // the version
	copy(out[12:24], icc[12:24]) // the class of devices, the colours, and in which numbers they are told
	binary.BigEndian.PutUint16(out[24:], 2000)
	copy(out[26:30], "\x00\x01\x00\x01")
	copy(out[36:], "acsp")
	out[67] = icc[67] & 3                                              // for photos or for drawings
	copy(out[68:], "\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d") // light of day, as in all profiles
	return out
}

// iccName says what the profile is called: nothing, in the form of its version.
func iccName(modern bool) []byte {
	if modern {
		return iccWords("mluc", true)
	}
	out := append([]byte("desc\x00\x00\x00\x00\x00\x00\x00\x04ICC\x00"), make([]byte, 4+4+2+1+67)...)
	return out
}

// iccWords is a tag of words that say "ICC".
func iccWords(kind string, modern bool) []byte {
	if modern {
		return []byte("mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0cenUS\x00\x00\x00\x06\x00\x00\x00\x1c\x00I\x00C\x00C")
	}
	return []byte(kind + "\x00\x00\x00\x00ICC\x00")
}

// assemble puts a profile together. Curves that are the same stand in it once.
func assemble(head []byte, tags []iccTag) []byte {
	out := binary.BigEndian.AppendUint32(head, uint32(len(tags)))
	at := len(out) + 12*len(tags)
	var body []byte
	places := map[string]int{}
	for _, t := range tags {
		place, known := places[string(t.data)]
		if !known {
			body = append(body, make([]byte, -len(body)&3)...)
			place = at + len(body)
			places[string(t.data)] = place
			body = append(body, t.data...)
		}
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(out, uint32(place)), uint32(len(t.data)))
	}
	out = append(out, body...)
	out = append(out, make([]byte, -len(out)&3)...)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}
