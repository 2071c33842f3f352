package media

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
	"io"
	"maps"
	"slices"
)

// anonymous takes out of a PDF who wrote it, with which program, and what its
// photos tell of their camera. Every byte stays where it was: the tables of a PDF
// count them. What is signed is not touched, the signature would break; nor what is
// encrypted or compressed together with other things. That is what is left.
func (d *pdfDocument) anonymous() (data []byte, left imprint) {
	e := eraser{d: d, out: bytes.Clone(d.data), may: !d.signed && !d.locks, lock: d.key()}
	e.infos()
	for _, o := range d.notes {
		e.text("Author", o)
	}
	e.loose()
	for _, o := range d.papers {
		e.paper(o)
	}
	for _, o := range d.photos {
		e.photo(o)
	}
	return e.out, e.left
}

type eraser struct {
	d    *pdfDocument
	out  []byte
	may  bool // change anything
	lock pdfKey
	left imprint
	far  map[int]string // objects that are a text: of which key
}

// infos goes through the list that every version of the PDF has of its author,
// title and programs.
func (e *eraser) infos() {
	numbers := map[int]bool{}
	for _, t := range e.d.trailers {
		words := value(t.words, "Info")
		if n, ok := reference(words); ok {
			numbers[n] = true
		} else if bytes.HasPrefix(words, []byte("<<")) {
			e.info(pdfObject{number: -1, packed: t.packed, at: t.at + len(t.words) - len(words), words: words})
		}
	}
	e.versions(func(n int) bool { return numbers[n] }, e.info)
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		if o := e.d.objects[n]; o.packed {
			e.info(o)
		}
	}
}

// versions calls for every definition of some objects that stands in the file
// itself.
func (e *eraser) versions(wanted func(number int) bool, call func(pdfObject)) {
	for o := range e.d.definitions() {
		if !wanted(o.number) {
			continue
		}
		w := pdfWalk{pdfLexer: pdfLexer{data: o.words}}
		for _, more := w.next(); more; _, more = w.next() {
		}
		if !e.d.charge(w.at) {
			return
		}
		o.words = o.words[:w.at]
		call(o)
	}
}

// info empties a list, if it is one: a broken PDF may call anything so.
func (e *eraser) info(o pdfObject) {
	w := pdfWalk{pdfLexer: pdfLexer{data: o.words}}
	var texts []pdfObject
	var keys []string
	plain, begin := true, -1
	for t, more := w.next(); more; t, more = w.next() {
		switch {
		case t.depth == 0 && t.kind == pdfOpen && len(t.text) == 2:
			begin = w.at
		case t.depth == 0, t.kind == pdfOpen, t.isKey && isStructure(string(t.text)):
			plain = false
		case t.kind == pdfText, t.kind == pdfNumber && len(t.key) > 0:
			from := w.at - len(t.text)
			keys = append(keys, string(t.key))
			texts = append(texts, pdfObject{number: o.number, generation: o.generation, packed: o.packed, at: o.at + from, words: o.words[from:]})
		}
	}
	if !plain || begin < 0 {
		return
	}
	end := w.at - len(">>")
	whole := !o.packed && end >= begin && string(o.words[end:w.at]) == ">>"
	for i, text := range texts {
		text.packed = text.packed || !whole
		e.text(keys[i], text)
	}
	if whole && e.may {
		blank(e.out[o.at+begin : o.at+end])
	}
}

// isStructure knows keys by which a PDF holds together: none of them stands in a
// list of names.
func isStructure(key string) bool {
	switch key {
	case "Type", "Subtype", "S", "Pages", "Kids", "Parent", "Length", "Root", "Filter", "First":
		return true
	}
	return false
}

// text takes out one string, or notes what stays. It may stand in an object of
// its own.
func (e *eraser) text(key string, o pdfObject) {
	if n, ok := reference(o.words); ok {
		if e.far == nil {
			e.far = map[int]string{}
		}
		e.far[n] = key
		return
	}
	l := pdfLexer{data: o.words}
	kind, token := l.next()
	if kind != pdfText {
		return
	}
	closed := token[len(token)-1] == ')' || token[len(token)-1] == '>'
	if e.may && !o.packed && closed {
		from := o.at + l.at - len(token)
		e.out[from+1] = token[len(token)-1]
		blank(e.out[from+2 : from+len(token)])
		return
	}
	e.left.add(key, textOf(e.lock.text(o, pdfString(token))))
}

// loose takes out the strings that stand in objects of their own.
func (e *eraser) loose() {
	far := e.far
	if len(far) == 0 {
		return
	}
	e.versions(func(n int) bool { return far[n] != "" }, func(o pdfObject) { e.text(far[o.number], o) })
	for _, n := range slices.Sorted(maps.Keys(far)) {
		if o := e.d.objects[n]; o.packed {
			e.text(far[n], o)
		}
	}
}

// paper empties a stream of XMP.
func (e *eraser) paper(o pdfObject) {
	if o.hidden {
		return
	}
	filter := value(o.words, "Filter")
	stored := len(filter) == 0
	size := e.size(o)
	packed := nameOf(filter) == "FlateDecode" && size > 0 && len(value(o.words, "DecodeParms")) == 0
	for _, from := range e.d.unlocked(e.lock, o) {
		if stored {
			from = io.LimitReader(from, int64(e.extent(o)))
		}
		plain, ok := e.d.decode(o.words, from)
		if !ok || !isXMP(plain) {
			continue
		}
		found, standards := readXMP(plain)
		switch {
		case e.may && stored:
			n := e.extent(o)
			copy(e.out[o.stream:o.stream+n], standards.packet(n))
		case e.may && packed:
			copy(e.out[o.stream:o.stream+size], uncompressed(standards, size))
		default:
			e.left.join(found)
		}
		return
	}
}

// isXMP knows a packet by a word that each has, in either alphabet.
func isXMP(plain []byte) bool {
	return bytes.Contains(plain, []byte("rdf:")) || bytes.Contains(plain, []byte("r\x00d\x00f\x00:"))
}

// size is how long a stream says it is, if its end is there; else 0.
func (e *eraser) size(o pdfObject) int {
	n := number(e.d.follow(value(o.words, "Length")))
	if n <= 0 || n > len(e.d.data)-o.stream {
		return 0
	}
	if !bytes.HasPrefix(bytes.TrimLeft(e.d.data[o.stream+n:], pdfBlanks), []byte("endstream")) {
		return 0
	}
	return n
}

// extent is how far a stream goes: as it says, or to the word that ends it.
func (e *eraser) extent(o pdfObject) int {
	if n := e.size(o); n > 0 {
		return n
	}
	n := bytes.Index(e.d.data[o.stream:], []byte("endstream"))
	return max(0, n)
}

// uncompressed is an empty packet of XMP in the form of a compressed stream, of
// exactly so many bytes: parts that are stored as they are have any length.
func uncompressed(standards archive, size int) []byte {
	const around, part, longest = 2 + 4, 5, 0xffff
	parts := (size - around + longest + part - 1) / (longest + part)
	room := size - around - parts*part
	if room < 0 {
		return nil // shorter than any packet
	}
	packet := standards.packet(room)
	out := []byte{0x78, 0x01}
	for i := range parts {
		n := min(longest, len(packet)-i*longest)
		last := byte(0)
		if i == parts-1 {
			last = 1
		}
		out = binary.LittleEndian.AppendUint16(append(out, last), uint16(n))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(n))
		out = append(out, packet[i*longest:i*longest+n]...)
	}
	return binary.BigEndian.AppendUint32(out, adler32.Checksum(packet))
}

// photo empties what a photo in the PDF tells of its camera.
func (e *eraser) photo(o pdfObject) {
	if o.hidden {
		return
	}
	photo := e.out[o.stream : o.stream+e.extent(o)]
	if e.d.locks {
		return // nobody can read it here
	}
	scrubbed := bytes.Clone(photo)
	if !scrub(scrubbed) {
		return
	}
	if e.may {
		copy(photo, scrubbed)
		return
	}
	e.left.photos = true
}

func blank(words []byte) {
	for i := range words {
		words[i] = ' '
	}
}
