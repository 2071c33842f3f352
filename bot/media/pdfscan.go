package media

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
)

const (
	// maxObjects, maxInflated and pdfWork bound what a hostile PDF can make us hold
	// and do: real ones of 16 MB have some ten thousand objects and a few MB of
	// dictionaries. Of a PDF beyond them nobody can say what is in it.
	maxObjects  = 300_000
	maxInflated = 32 << 20
	pdfWork     = 192 << 20 // bytes read, from the file and out of its streams, some of them more than once
)

// pdfDocument is a PDF as far as it must be known: the last definition of each
// object, as a reader would see it, and what was found in any of them.
type pdfDocument struct {
	data     []byte
	objects  map[int]pdfObject
	trailers []pdfObject
	packs    []pdfObject // streams that hold objects
	papers   []pdfObject // streams of XMP
	photos   []pdfObject // streams that are a JPEG
	trailer  []byte      // the last dictionary that names a Root
	encrypt  []byte      // the same for Encrypt: it may stand in an older trailer
	key      pdfKey      // what it is unlocked with, when it is encrypted
	locks    bool        // a trailer, wherever it is, names an Encrypt
	signed   bool
	notes    []pdfObject // names of who wrote a note on a page
	runs     running     // the first thing that was found
	trees    []tree      // where more of it may be
	work     int         // what is left of pdfWork
	inflated int         // bytes got out of streams so far
	obscure  bool        // there is more than can be looked at
}

// pdfObject is one definition of an object.
type pdfObject struct {
	number, generation int    // -1: not to be read
	words              []byte // without a stream
	at                 int    // where the words begin; of a packed one, where its stream begins
	stream             int    // where the bytes of its stream begin; 0: it has none
	packed, hidden     bool   // in a stream of objects; in a stream of anything else
}

// scanPDF goes through the file once, from "obj" to "obj". The table of objects is
// not looked at: it is often wrong, and readers then do the same. Nor can it lead
// anywhere else: what it points at begins with this word, also inside a stream.
func scanPDF(data []byte) *pdfDocument {
	d := &pdfDocument{data: data, objects: map[int]pdfObject{}, work: pdfWork}
	streamEnd, noMoreStreams := 0, false
	for o := range d.definitions() {
		o.hidden = o.at < streamEnd
		d.object(&o)
		if o.hidden || d.obscure {
			continue
		}
		d.keep(o)
		if o.stream == 0 || noMoreStreams {
			continue
		}
		end := bytes.Index(data[o.stream:], []byte("endstream"))
		if end < 0 {
			noMoreStreams = true // do not look for it again from every object
			continue
		}
		streamEnd = o.stream + end
	}
	d.findTrailers()
	return d
}

// definitions yields every place of the file where an object may begin: a word
// that ends in obj. The words reach to the end of the file.
func (d *pdfDocument) definitions() func(func(pdfObject) bool) {
	return func(yield func(pdfObject) bool) {
		for at := 0; !d.obscure; {
			i := bytes.Index(d.data[at:], []byte("obj"))
			if i < 0 {
				return
			}
			start := at + i + 3
			at = start
			if bytes.HasSuffix(d.data[:start-3], []byte("end")) {
				continue
			}
			o := pdfObject{at: start, words: d.data[start:]}
			o.number, o.generation = numberBefore(d.data[max(0, start-3-40) : start-3])
			if !yield(o) {
				return
			}
		}
	}
}

// numberBefore reads the "12 0 " before obj.
func numberBefore(words []byte) (number, generation int) {
	last := func() int {
		words = bytes.TrimRight(words, pdfBlanks)
		digits := words[len(bytes.TrimRight(words, "0123456789")):]
		words = words[:len(words)-len(digits)]
		n, err := strconv.Atoi(string(digits))
		if err != nil {
			return -1
		}
		return n
	}
	generation = last()
	if len(words) == 0 || bytes.IndexByte([]byte(pdfBlanks), words[len(words)-1]) < 0 {
		return -1, generation
	}
	return last(), generation
}

// keep notes the newest definition of an object.
func (d *pdfDocument) keep(o pdfObject) {
	if old, ok := d.objects[o.number]; o.number < 0 || ok && old.at > o.at {
		return
	}
	if d.objects[o.number] = o; len(d.objects) > maxObjects {
		d.obscure = true
	}
}

// charge takes a part of the work that may be done.
func (d *pdfDocument) charge(n int) bool {
	d.work -= n
	d.obscure = d.obscure || d.work < 0
	return !d.obscure
}

// findTrailers takes note of what a file says about itself: the dictionaries
// after the word, and tables that are a stream. The last one counts.
func (d *pdfDocument) findTrailers() {
	word := []byte("trailer")
	for at := bytes.Index(d.data, word); at >= 0 && !d.obscure; {
		o := pdfObject{number: -1, at: at + len(word), words: d.data[at+len(word):]}
		d.object(&o)
		d.list(&d.trailers, o)
		next := bytes.Index(d.data[o.at:], word)
		if next < 0 {
			break
		}
		at = o.at + next
	}
	slices.SortStableFunc(d.trailers, func(a, b pdfObject) int { return cmp.Compare(a.at, b.at) })
	for _, o := range d.trailers {
		if len(value(o.words, "Root")) > 0 && !o.hidden {
			d.trailer = o.words
		}
		if e := value(o.words, "Encrypt"); len(e) > 0 && !bytes.HasPrefix(e, []byte("null")) {
			d.locks = true
			if !o.hidden {
				d.encrypt = e
			}
		}
	}
}

// follow is what words say, or what the object says that they refer to.
func (d *pdfDocument) follow(words []byte) []byte {
	if n, ok := reference(words); ok {
		return bytes.TrimLeft(d.objects[n].words, pdfBlanks)
	}
	return words
}

// number reads the digits at the beginning; -1 when there are none.
func number(words []byte) int {
	head := words[:min(len(words), 20)]
	digits := head[:len(head)-len(bytes.TrimLeft(head, "0123456789"))]
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return -1
	}
	return n
}

// direct is the number at the beginning; -1 where another object says it.
func direct(words []byte) int {
	if _, refers := reference(words); refers {
		return -1
	}
	return number(words)
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
