package media

import (
	"bytes"
	"compress/flate"
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
	e := eraser{d: d, out: bytes.Clone(d.data), may: !d.signed && !d.locks}
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
		if !e.d.charge(w.reach) {
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
	e.left.add(key, textOf(e.d.key.text(o, pdfString(token))))
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
	filters, _ := filterNames(filter)
	packed := slices.Equal(filters, []string{"FlateDecode"}) && size > 0 && len(value(o.words, "DecodeParms")) == 0
	for _, from := range e.d.unlocked(o) {
		if stored {
			from = io.LimitReader(from, int64(e.extent(o)))
		}
		plain, ok := e.d.decode(o.words, from)
		if !ok || !isXMP(plain) {
			continue
		}
		found, standards := readXMP(plain)
		var empty []byte
		switch {
		case e.may && stored:
			empty = standards.packet(e.extent(o))
		case e.may && packed:
			empty = compressed(standards, size)
		}
		if copy(e.out[o.stream:], empty) == 0 {
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
	n, rest := number(e.d.follow(value(o.words, "Length"))), e.d.data[o.stream:]
	if n <= 0 || n > len(rest) {
		return 0
	}
	const near = 16
	rest = bytes.TrimLeft(rest[n:min(len(rest), n+near)], pdfBlanks)
	if !bytes.HasPrefix(rest, []byte("endstream")) {
		return 0
	}
	return n
}

// extent is how far a stream goes: as it says, or to the word that ends it.
func (e *eraser) extent(o pdfObject) int {
	n := e.size(o)
	if n == 0 {
		n = bytes.Index(e.d.data[o.stream:], []byte("endstream"))
	}
	if n < 0 || !e.d.charge(n) {
		e.d.charge(len(e.d.data) - o.stream)
		return 0
	}
	return n
}

// compressed is an empty packet of XMP as a compressed stream of exactly so many
// bytes: behind the packet come blanks, stored as they are, which may be any number.
// Nil: the stream is shorter than any.
func compressed(standards archive, size int) []byte {
	for _, packet := range [][]byte{standards.packet(standards.size()), nil} {
		var out bytes.Buffer
		out.WriteString("\x78\x9c")
		z, _ := flate.NewWriter(&out, flate.BestCompression) // it is a level that exists
		_, _ = z.Write(packet)
		_ = z.Flush()
		if blanks := stored(packet, size-out.Len()); blanks != nil {
			return append(out.Bytes(), blanks...)
		}
	}
	return nil
}

// stored ends a compressed stream with blanks, to so many bytes: nil when they are
// too few.
func stored(before []byte, size int) []byte {
	const check, head, longest = 4, 5, 0xffff
	parts := max(1, (size-check+longest+head-1)/(longest+head))
	room := size - check - parts*head
	if room < 0 {
		return nil
	}
	blanks := bytes.Repeat([]byte(" "), room)
	sum := adler32.Checksum(append(bytes.Clone(before), blanks...))
	out := make([]byte, 0, size)
	for i := range parts {
		part := blanks[min(room, i*longest):min(room, (i+1)*longest)]
		last := byte(0)
		if i == parts-1 {
			last = 1
		}
		out = binary.LittleEndian.AppendUint16(append(out, last), uint16(len(part)))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(len(part)))
		out = append(out, part...)
	}
	return binary.BigEndian.AppendUint32(out, sum)
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
