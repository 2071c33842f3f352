package media

import (
	"bytes"
	"compress/flate"
	"compress/lzw"
	"encoding/ascii85"
	"io"

	tifflzw "golang.org/x/image/tiff/lzw"
)

// maxFilters is how often a stream may be compressed: real ones are once or twice.
const maxFilters = 8

// decode undoes what a stream was compressed with; from gives its bytes, and after
// its end whatever follows: each method knows its own end. Broken data end where
// they break, as for readers. Not ok: a reader might see more than we do.
func (d *pdfDocument) decode(words []byte, from io.Reader) (plain []byte, ok bool) {
	names := value(words, "Filter")
	if len(names) == 0 {
		names = value(words, "F") // some readers take the short words of pictures
	}
	settings := value(words, "DecodeParms")
	if len(settings) == 0 {
		settings = value(words, "DP")
	}
	filters, ok := filterNames(names)
	if !ok {
		return nil, false
	}
	lists := bytes.HasPrefix(settings, []byte("["))
	for i, name := range filters {
		own := settings
		if lists {
			own = element(settings, i)
		}
		if _, refers := reference(own); refers {
			return nil, false
		}
		if from, ok = d.filter(name, own, from); !ok {
			return nil, false
		}
	}
	room := int64(maxInflated - d.inflated)
	plain, _ = io.ReadAll(io.LimitReader(from, room))
	d.inflated += len(plain)
	return plain, int64(len(plain)) < room
}

// filterNames reads a name or a list of names.
func filterNames(words []byte) (names []string, ok bool) {
	if len(words) == 0 || bytes.HasPrefix(words, []byte("null")) {
		return nil, true
	}
	w := pdfWalk{pdfLexer: pdfLexer{data: words}}
	for t, more := w.next(); more && len(names) < maxFilters; t, more = w.next() {
		switch t.kind {
		case pdfName:
			names = append(names, string(t.text))
		case pdfNumber, pdfText:
			return nil, false // it says elsewhere what it is
		}
	}
	return names, len(names) < maxFilters
}

// element is the words of the n-th dictionary of a list; nil when there is none.
func element(list []byte, n int) []byte {
	w := pdfWalk{pdfLexer: pdfLexer{data: list}}
	at := -1
	for t, more := w.next(); more; t, more = w.next() {
		if t.depth != 1 || t.kind == pdfClose && len(t.text) == 2 {
			continue
		}
		if at++; at == n {
			return list[w.at-len(t.text):]
		}
	}
	return nil
}

// filter is the reverse of one method of compression.
func (d *pdfDocument) filter(name string, settings []byte, from io.Reader) (io.Reader, bool) {
	const tables = 40 << 10 // what undoing it takes, however short the stream is
	if !d.charge(tables) {
		return nil, false
	}
	switch name {
	case "FlateDecode", "Fl":
		var head [2]byte
		_, _ = io.ReadFull(from, head[:]) // an empty stream stays empty
		return d.unpredicted(flate.NewReader(from), settings)
	case "LZWDecode", "LZW":
		switch early := value(settings, "EarlyChange"); {
		case len(early) > 0 && direct(early) < 0:
			return nil, false
		case direct(early) == 0:
			return d.unpredicted(lzw.NewReader(from, lzw.MSB, 8), settings)
		}
		return d.unpredicted(tifflzw.NewReader(from, tifflzw.MSB, 8), settings)
	case "ASCIIHexDecode", "AHx":
		return &hexReader{from: from}, true
	case "ASCII85Decode", "A85":
		return ascii85.NewDecoder(&upTo{from: from, mark: '~'}), true
	case "RunLengthDecode", "RL":
		return &runReader{from: from}, true
	case "Crypt":
		return from, true
	}
	return nil, false
}

// upTo ends before a mark.
type upTo struct {
	from io.Reader
	mark byte
	done bool
}

func (u *upTo) Read(p []byte) (int, error) {
	if u.done {
		return 0, io.EOF
	}
	n, err := u.from.Read(p)
	if end := bytes.IndexByte(p[:n], u.mark); end >= 0 {
		u.done = true
		return end, nil
	}
	return n, err
}

// hexReader reads digits in pairs, whatever stands between them, up to a >.
type hexReader struct {
	from io.Reader
	half int // 0: no digit waits; else it, plus 16
	done bool
}

func (h *hexReader) Read(p []byte) (n int, err error) {
	digits := make([]byte, len(p))
	for n == 0 && !h.done && err == nil && len(p) > 0 {
		var got int
		got, err = h.from.Read(digits)
		for _, b := range digits[:got] {
			digit := hexDigit(b)
			switch {
			case b == '>':
				h.done = true
			case digit < 0:
			case h.half == 0:
				h.half = 16 + digit
			default:
				p[n], h.half = byte(h.half<<4|digit), 0
				n++
			}
			if h.done {
				break
			}
		}
	}
	if n == 0 && err == nil && len(p) > 0 {
		err = io.EOF
	}
	return n, err
}

// runReader undoes the writing of repeated bytes as a count and the byte.
type runReader struct {
	from  io.Reader
	ready []byte
}

func (r *runReader) Read(p []byte) (int, error) {
	for len(r.ready) == 0 {
		var head [1]byte
		if _, err := io.ReadFull(r.from, head[:]); err != nil || head[0] == 128 {
			return 0, io.EOF
		}
		count := int(head[0]) + 1
		if head[0] > 128 {
			count = 1
		}
		r.ready = make([]byte, count)
		if _, err := io.ReadFull(r.from, r.ready); err != nil {
			return 0, io.EOF
		}
		if head[0] > 128 {
			r.ready = bytes.Repeat(r.ready, 257-int(head[0]))
		}
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}
