package media

import (
	"bytes"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
)

const (
	pdfBlanks = " \t\r\n\f\x00"
	// maxObjects, maxStreams and maxInflated bound what a hostile PDF can make us hold: real
	// ones of 16 MB have some ten thousand objects and a few MB of dictionaries.
	maxObjects  = 300_000
	maxStreams  = 5_000
	maxInflated = 32 << 20
)

// pdfDocument is a PDF as far as counting its pages needs it: the last definition
// of each object, as a reader would see it.
type pdfDocument struct {
	objects  map[int][]byte // an object's number → its words, without a stream
	trailer  []byte         // the last dictionary that names a Root
	encrypt  []byte         // the same for Encrypt: it may stand in an older trailer
	streams  int            // object streams seen so far
	inflated int            // bytes got out of them so far
}

// scanPDF goes through the file once, from "obj" to "obj". The table of objects is
// not looked at: it is often wrong, and readers then do the same.
func scanPDF(data []byte) *pdfDocument {
	d := &pdfDocument{objects: map[int][]byte{}}
	noMoreStreams := false
	for at := 0; at < len(data); {
		start, number, ok := nextObject(data, at)
		d.trailers(data[at:start])
		if !ok || len(d.objects) >= maxObjects {
			return d
		}
		body := data[start:]
		if end := bytes.Index(body, []byte("obj")); end >= 0 {
			body = body[:end]
		}
		at = start + len(body)
		words, stream, hasStream := bytes.Cut(body, []byte("stream"))
		d.objects[number] = words
		if !hasStream || noMoreStreams {
			continue
		}
		begin := start + len(body) - len(stream)
		end := bytes.Index(data[begin:], []byte("endstream"))
		if end < 0 {
			noMoreStreams = true // do not look for it again from every object
			continue
		}
		d.stream(words, data[begin:begin+end])
		at = begin + end
	}
	return d
}

// nextObject finds the next "12 0 obj" from at on: where its words begin and its
// number.
func nextObject(data []byte, at int) (start, number int, ok bool) {
	for {
		i := bytes.Index(data[at:], []byte("obj"))
		if i < 0 {
			return len(data), 0, false
		}
		start = at + i + 3
		before := bytes.TrimRight(data[max(0, start-3-40):start-3], pdfBlanks)
		generation := bytes.TrimRight(before, "0123456789")
		if len(generation) < len(before) {
			before = bytes.TrimRight(generation, pdfBlanks)
			digits := before[len(bytes.TrimRight(before, "0123456789")):]
			if n, err := strconv.Atoi(string(digits)); err == nil && len(before) < len(generation) {
				return start, n, true
			}
		}
		at = start
	}
}

// trailers takes note of what a file says about itself between two objects.
func (d *pdfDocument) trailers(between []byte) {
	if at := bytes.LastIndex(between, []byte("trailer")); at >= 0 {
		d.describes(between[at:])
	}
}

func (d *pdfDocument) describes(words []byte) {
	if len(value(words, "Root")) > 0 {
		d.trailer = words
	}
	if e := value(words, "Encrypt"); len(e) > 0 {
		d.encrypt = e
	}
}

// stream looks into the two kinds of stream that matter: the table of objects,
// which is also a trailer, and objects packed together.
func (d *pdfDocument) stream(words, stream []byte) {
	switch kind := value(words, "Type"); {
	case bytes.HasPrefix(kind, []byte("/XRef")):
		d.describes(words)
	case bytes.HasPrefix(kind, []byte("/ObjStm")):
		n, first := number(value(words, "N")), number(value(words, "First"))
		d.unpack(d.inflate(stream), n, first)
	}
}

// inflate undoes the one compression that programs use here. What is too much,
// broken or encrypted is nothing.
func (d *pdfDocument) inflate(stream []byte) []byte {
	room := int64(maxInflated - d.inflated)
	if d.streams++; d.streams > maxStreams || room == 0 {
		return nil
	}
	stream = bytes.TrimPrefix(bytes.TrimPrefix(stream, []byte("\r")), []byte("\n"))
	z, err := zlib.NewReader(bytes.NewReader(stream))
	if err != nil {
		return nil
	}
	plain, err := io.ReadAll(io.LimitReader(z, room))
	d.inflated += len(plain)
	if err != nil || int64(len(plain)) == room {
		return nil
	}
	return plain
}

// unpack takes the objects out of an object stream: n pairs of number and place,
// then, from first on, the objects.
func (d *pdfDocument) unpack(plain []byte, n, first int) {
	if first <= 0 || first > len(plain) {
		return
	}
	heads, bodies := plain[:first], plain[first:]
	id, begin, heads := nextPair(heads)
	for ; n > 0 && id >= 0 && len(d.objects) < maxObjects; n-- {
		after, end, rest := nextPair(heads)
		if after < 0 {
			end = len(bodies)
		}
		// In order only: else a few bytes could stand for thousands of objects.
		if begin > end || end > len(bodies) {
			return
		}
		d.objects[id] = bodies[begin:end]
		id, begin, heads = after, end, rest
	}
}

// nextPair reads two numbers; -1 when there are none.
func nextPair(words []byte) (id, place int, rest []byte) {
	words = bytes.TrimLeft(words, pdfBlanks)
	id = number(words)
	words = bytes.TrimLeft(bytes.TrimLeft(words, "0123456789"), pdfBlanks)
	if place = number(words); place < 0 {
		return -1, -1, nil
	}
	return id, place, bytes.TrimLeft(words, "0123456789")
}

// value is what follows a key in the words of a dictionary, to the end of the
// words; nil when the key is not there. Dictionaries inside the dictionary are
// not told apart: the keys asked for do not occur in those of a page tree.
func value(words []byte, key string) []byte {
	for {
		at := bytes.Index(words, []byte("/"+key))
		if at < 0 {
			return nil
		}
		words = words[at+1+len(key):]
		if len(words) > 0 && strings.IndexByte(pdfBlanks+"/[(<", words[0]) >= 0 {
			return bytes.TrimLeft(words, pdfBlanks)
		}
	}
}

// number reads the digits at the beginning; -1 when there are none.
func number(words []byte) int {
	digits := words[:len(words)-len(bytes.TrimLeft(words, "0123456789"))]
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return -1
	}
	return n
}

// reference reads "12 0 R" at the beginning.
func reference(words []byte) (int, bool) {
	n := number(words)
	if n < 0 {
		return 0, false
	}
	rest := bytes.TrimLeft(words, "0123456789")
	generation := bytes.TrimLeft(rest, pdfBlanks)
	after := bytes.TrimLeft(bytes.TrimLeft(generation, "0123456789"), pdfBlanks)
	if len(generation) == len(rest) || number(generation) < 0 || !bytes.HasPrefix(after, []byte("R")) {
		return 0, false
	}
	return n, true
}
