package media

import (
	"bytes"
	"encoding/binary"
)

// H.264 comes in units, each with its kind in the first byte. Some carry words
// beside the pictures: the program and all that it was told, times, what a camera
// adds for its maker. Those become padding of the same length, which every
// decoder passes over.

// The kinds of units that are looked at.
const (
	unitKind    = 0x1f // the bits of the first byte that tell the kind
	unitSEI     = 6
	unitPadding = 12
)

// unitLength is how many bytes say how long a unit is, as the configuration of a
// track has it; 0: it does not say.
func unitLength(avcC []byte) int {
	if len(avcC) < 7 || avcC[0] != 1 {
		return 0
	}
	return int(avcC[4]&3) + 1
}

// quietUnits pads the units of a sample that only tell something. What is not
// made of units is left as it is: nobody can play it.
func quietUnits(sample []byte, length int) {
	for len(sample) >= length {
		n := 0
		for _, b := range sample[:length] {
			n = n<<8 | int(b)
		}
		sample = sample[length:]
		if n > len(sample) {
			return
		}
		quiet(sample[:n])
		sample = sample[n:]
	}
}

// quietConfiguration does the same for the units of a configuration, and clears what
// comes after them.
func quietConfiguration(avcC []byte) {
	if unitLength(avcC) == 0 {
		return
	}
	rest, ok := quietList(avcC[6:], int(avcC[5]&0x1f))
	if ok && len(rest) > 0 {
		rest, ok = quietList(rest[1:], int(rest[0]))
	}
	const more = 4 // how the colours are kept, and how many units follow
	if profile := avcC[1]; ok && len(rest) >= more && (profile == 100 || studio(profile)) {
		rest, ok = quietList(rest[more:], int(rest[more-1]))
	}
	if ok {
		clear(rest)
	}
}

func quietList(data []byte, units int) (rest []byte, ok bool) {
	for range units {
		if len(data) < 2 {
			return nil, false
		}
		n := int(binary.BigEndian.Uint16(data))
		if data = data[2:]; n > len(data) {
			return nil, false
		}
		quiet(data[:n])
		data = data[n:]
	}
	return data, true
}

// quiet pads a unit if it is one that only tells something.
func quiet(unit []byte) {
	if len(unit) == 0 {
		return
	}
	switch kind := unit[0] & unitKind; {
	case kind == unitSEI && plays264(unescaped(unit[1:])):
	case kind == unitSEI, kind == unitPadding, kind == 0, kind == 17, kind == 18, kind >= 22: // of no meaning, or padding that may be none
		unit[0] = unitPadding
		body := unit[1:]
		for i := range body {
			body[i] = 0xff
		}
		if len(body) > 0 {
			body[len(body)-1] = 0x80
		}
	}
}

// unescaped is a unit without the bytes that keep its content from looking like
// the beginning of another one.
func unescaped(unit []byte) []byte {
	if !bytes.Contains(unit, []byte{0, 0, 3}) {
		return unit
	}
	out := make([]byte, 0, len(unit))
	zeros := 0
	for _, b := range unit {
		if zeros >= 2 && b == 3 {
			zeros = 0
			continue
		}
		if zeros++; b != 0 {
			zeros = 0
		}
		out = append(out, b)
	}
	return out
}

// plays264 says whether all messages of a unit matter for playing: when pictures
// are shown, which way is up, how bright, what is said (captions).
func plays264(messages []byte) bool {
	for len(messages) > 0 && messages[0] != 0x80 {
		kind, rest := sumOfBytes(messages)
		size, body := sumOfBytes(rest)
		if size > len(body) {
			return false
		}
		switch kind {
		case 0, 1, 6, 45, 47, 137, 144, 147:
		case 4:
			if !bytes.HasPrefix(body, []byte("\xb5\x00\x31GA94")) {
				return false
			}
		default:
			return false
		}
		messages = body[size:]
	}
	return len(messages) == 1
}

// sumOfBytes reads a number: 0xff means that more follows.
func sumOfBytes(data []byte) (n int, rest []byte) {
	for i, b := range data {
		n += int(b)
		if b != 0xff {
			return n, data[i+1:]
		}
	}
	return n, nil
}

// quietSamples goes through what the tracks refer to, which is known to lie in the
// file. Tracks that say that the same bytes are theirs again and again are left:
// no program makes them.
func (m *movie) quietSamples() {
	room := uint64(2 * len(m.out))
	for _, t := range m.streams {
		eachSample(t.tables, func(s span) bool {
			if n := s.to - s.from; n > room || s.to > uint64(len(m.out)) {
				return false
			}
			room -= s.to - s.from + 1
			if sample := m.out[s.from:s.to]; t.length > 0 {
				quietUnits(sample, t.length)
			} else if t.sound {
				quietSound(sample)
			}
			return true
		})
	}
}

// quietSound clears the name that an encoder of AAC writes into its padding.
func quietSound(sample []byte) {
	for _, name := range []string{"Lavc", "libfaac", "FAAC"} {
		at := bytes.Index(sample, []byte(name))
		if at < 0 {
			continue
		}
		words := sample[at+len(name):]
		version := len(words) - len(bytes.TrimLeft(words, " .0123456789"))
		if version >= 3 { // four letters alone may be sound
			clear(sample[at : at+len(name)+version])
		}
	}
}
