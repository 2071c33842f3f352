package media

import (
	"bufio"
	"io"
)

// unpredicted undoes the writing of rows as differences from what stands beside
// and above, as PNG has it. Object streams hardly ever have rows.
func (d *pdfDocument) unpredicted(from io.Reader, settings []byte) (io.Reader, bool) {
	predictor := direct(value(settings, "Predictor"))
	if predictor <= 1 {
		return from, len(value(settings, "Predictor")) == 0 || predictor >= 0
	}
	of := func(key string, without int) int {
		if words := value(settings, key); len(words) > 0 {
			return direct(words)
		}
		return without
	}
	columns, colors, bits := of("Columns", 1), of("Colors", 1), of("BitsPerComponent", 8)
	const widest = 1 << 20
	if predictor < 10 || columns < 1 || columns > widest || colors < 1 || colors > 32 || bits < 1 || bits > 16 {
		return nil, false
	}
	row := (columns*colors*bits + 7) / 8
	if row > widest || !d.charge(2*row) {
		return nil, false
	}
	return &rowReader{from: bufio.NewReader(from), beside: max(1, colors*bits/8), row: make([]byte, row), above: make([]byte, row)}, true
}

type rowReader struct {
	from       *bufio.Reader
	beside     int // how many bytes back its neighbour is
	row, above []byte
	ready      []byte // what of row was not given away yet
}

func (r *rowReader) Read(p []byte) (int, error) {
	if len(r.ready) == 0 {
		kind, err := r.from.ReadByte()
		if err != nil {
			return 0, io.EOF
		}
		r.row, r.above = r.above, r.row
		n, _ := io.ReadFull(r.from, r.row)
		if n == 0 {
			return 0, io.EOF
		}
		clear(r.row[n:])
		r.undo(kind)
		r.ready = r.row[:n]
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// undo adds up a row.
func (r *rowReader) undo(kind byte) {
	for i := range r.row {
		var left, corner byte
		if i >= r.beside {
			left, corner = r.row[i-r.beside], r.above[i-r.beside]
		}
		up := r.above[i]
		switch kind {
		case 1:
			r.row[i] += left
		case 2:
			r.row[i] += up
		case 3:
			r.row[i] += byte((int(left) + int(up)) / 2)
		case 4:
			r.row[i] += paeth(int(left), int(up), int(corner))
		}
	}
}

// paeth is which of the three neighbours is nearest to what they let expect.
func paeth(left, up, corner int) byte {
	distance := func(a, b int) int { return max(a-b, b-a) }
	guess := left + up - corner
	switch l, u, c := distance(guess, left), distance(guess, up), distance(guess, corner); {
	case l <= u && l <= c:
		return byte(left)
	case u <= c:
		return byte(up)
	}
	return byte(corner)
}
