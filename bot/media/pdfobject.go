package media

import "bytes"

// object goes through an object: judges what it consists of, finds its end, and
// notes what its stream is good for.
func (d *pdfDocument) object(o *pdfObject) {
	w := pdfWalk{pdfLexer: pdfLexer{data: o.words}}
	for t, more := w.next(); more; t, more = w.next() {
		d.judge(&w, t)
		d.sign(o, &w, t)
	}
	after := w.pdfLexer
	_, word := after.next()
	if w.tooDeep || !d.charge(max(w.reach, after.at)) {
		d.obscure = true
		return
	}
	o.words = o.words[:w.at]
	if string(word) != "stream" || o.packed {
		return
	}
	begin := o.at + after.at
	if rest := d.data[begin:]; bytes.HasPrefix(rest, []byte("\r\n")) {
		begin += 2
	} else if len(rest) > 0 && (rest[0] == '\n' || rest[0] == '\r') {
		begin++
	}
	o.stream = begin
	if d.charge(4 * w.at) {
		d.streamOf(*o)
	}
}

// streamOf sorts streams by what they are looked at for.
func (d *pdfDocument) streamOf(o pdfObject) {
	if len(value(o.words, "First")) > 0 && len(value(o.words, "N")) > 0 {
		d.list(&d.packs, o)
	}
	if len(value(o.words, "Root")) > 0 {
		d.list(&d.trailers, o)
	}
	if nameOf(value(o.words, "Subtype")) == "XML" || nameOf(value(o.words, "Type")) == "Metadata" {
		d.list(&d.papers, o)
	}
	if filters, _ := filterNames(value(o.words, "Filter")); len(filters) == 1 && filters[0] == "DCTDecode" {
		d.list(&d.photos, o)
	}
}

// list adds to one of the lists, which a hostile PDF could make very long.
func (d *pdfDocument) list(list *[]pdfObject, o pdfObject) {
	const longest = 50_000
	if *list = append(*list, o); len(*list) > longest {
		d.obscure = true
	}
}

// sign takes note of signatures, and of who wrote a note on a page.
func (d *pdfDocument) sign(o *pdfObject, w *pdfWalk, t pdfToken) {
	switch {
	case t.isKey && string(t.text) == "ByteRange":
		d.signed = true
	case t.kind == pdfName && string(t.key) == "Subtype" && t.dict >= 0 && isNote(string(t.text)):
		words, looked := lookup(w.data[t.dict:], "T")
		if d.charge(looked) && len(words) > 0 {
			d.list(&d.notes, pdfObject{number: o.number, generation: o.generation, packed: o.packed, at: o.at + len(w.data) - len(words), words: words})
		}
	}
}

// isNote knows the notes that people write on pages, among what else lies on them.
// The name that the field of a form has stands under the same word.
func isNote(subtype string) bool {
	switch subtype {
	case "Text", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline", "Squiggly",
		"StrikeOut", "Stamp", "Caret", "Ink", "Popup", "Redact":
		return true
	}
	return false
}

// nameOf is the name at the beginning of words; empty when there is none.
func nameOf(words []byte) string {
	l := pdfLexer{data: words}
	if kind, text := l.next(); kind == pdfName {
		return string(text)
	}
	return ""
}

// openPacks takes the objects out of the streams of objects. What is locked is
// unlocked first. A stream that a reader could perhaps open, and we cannot,
// makes the PDF obscure.
func (d *pdfDocument) openPacks() {
	for _, o := range d.packs {
		n, first := direct(value(o.words, "N")), direct(value(o.words, "First"))
		if n < 0 || first < 0 {
			d.obscure = true
		}
		opened := false
		for _, from := range d.unlocked(o) {
			plain, ok := d.decode(o.words, from)
			d.obscure = d.obscure || !ok
			if d.obscure {
				return
			}
			opened = d.unpack(o, plain, n, first) || opened
		}
		if d.locks && !opened && n > 0 {
			d.obscure = true
		}
		if d.obscure {
			return
		}
	}
	d.packs = nil
}

// unpack takes the objects out of an object stream: n pairs of number and place,
// then, from first on, the objects. Not ok: there are none.
func (d *pdfDocument) unpack(o pdfObject, plain []byte, n, first int) (ok bool) {
	if first <= 0 || first > len(plain) {
		return false
	}
	heads, bodies := plain[:first], plain[first:]
	for range n {
		id, begin, rest := nextPair(heads)
		if id < 0 || begin > len(bodies) || d.obscure {
			break
		}
		heads, ok = rest, true
		in := pdfObject{number: id, words: bodies[begin:], at: o.stream, packed: true, hidden: o.hidden}
		d.object(&in)
		if !o.hidden {
			d.keep(in)
		}
	}
	return ok
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
