package media

import "bytes"

// pdfKind is what a token of a PDF is.
type pdfKind byte

const (
	pdfEnd    pdfKind = iota // nothing is left
	pdfName                  // /Type, without the stroke
	pdfText                  // (a string) or <61>, as it stands there
	pdfOpen                  // << or [
	pdfClose                 // >> or ]
	pdfNumber                // a number or a word: 12, true, R, endobj
)

const (
	pdfBlanks   = " \t\r\n\f\x00"
	pdfBrackets = "()<>[]{}/%"
)

// pdfLexer splits the words of a PDF into tokens. It holds no copy of anything
// and gets to the end of whatever it is given.
type pdfLexer struct {
	data []byte
	at   int
}

func (l *pdfLexer) next() (kind pdfKind, text []byte) {
	l.skip()
	rest := l.data[l.at:]
	if len(rest) == 0 {
		return pdfEnd, nil
	}
	n := 1
	switch b := rest[0]; {
	case b == '/':
		n += regular(rest[1:])
		l.at += n
		return pdfName, unhashed(rest[1:n])
	case b == '(':
		kind, n = pdfText, literalLength(rest)
	case bytes.HasPrefix(rest, []byte("<<")):
		kind, n = pdfOpen, 2
	case bytes.HasPrefix(rest, []byte(">>")):
		kind, n = pdfClose, 2
	case b == '<':
		kind, n = pdfText, len(rest)
		if end := bytes.IndexByte(rest, '>'); end >= 0 {
			n = end + 1
		}
	case b == '[':
		kind = pdfOpen
	case b == ']':
		kind = pdfClose
	default:
		kind, n = pdfNumber, max(1, regular(rest))
	}
	l.at += n
	return kind, rest[:n]
}

// skip passes blanks and comments.
func (l *pdfLexer) skip() {
	for l.at < len(l.data) {
		switch b := l.data[l.at]; {
		case bytes.IndexByte([]byte(pdfBlanks), b) >= 0:
			l.at++
		case b == '%':
			end := bytes.IndexAny(l.data[l.at:], "\r\n")
			if end < 0 {
				end = len(l.data) - l.at
			}
			l.at += end
		default:
			return
		}
	}
}

// regular is how many bytes belong to a name or a word.
func regular(data []byte) int {
	for i, b := range data {
		if bytes.IndexByte([]byte(pdfBlanks+pdfBrackets), b) >= 0 {
			return i
		}
	}
	return len(data)
}

// literalLength is how long a string in parentheses is, with those inside.
func literalLength(data []byte) int {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(data)
}

// unhashed is a name as it is meant: any letter may be written as #61.
func unhashed(name []byte) []byte {
	if bytes.IndexByte(name, '#') < 0 {
		return name
	}
	out := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		if name[i] == '#' && i+2 < len(name) {
			if high, low := hexDigit(name[i+1]), hexDigit(name[i+2]); high >= 0 && low >= 0 {
				out = append(out, byte(high<<4|low))
				i += 2
				continue
			}
		}
		out = append(out, name[i])
	}
	return out
}

func hexDigit(b byte) int { return bytes.IndexByte([]byte("0123456789abcdef"), b|0x20) }

// pdfToken is a token and where it stands.
type pdfToken struct {
	kind  pdfKind
	text  []byte
	isKey bool
	key   []byte // of the dictionary entry of which it is the value, or into whose list it belongs
	depth int    // how many dictionaries and lists are around it
	dict  int    // where the innermost dictionary begins; -1: there is none
}

// pdfDepth is how many dictionaries and lists may stand in one another: readers
// give up far earlier.
const pdfDepth = 1000

// pdfWalk goes through one value, whatever it consists of, token by token. It reads
// dictionaries as readers do: where a key should stand and there is something else,
// that is passed over.
type pdfWalk struct {
	pdfLexer
	around  []pdfFrame
	started bool
	tooDeep bool
	reach   int // how far it has looked, which may be beyond where the value ends
}

type pdfFrame struct {
	isDict, waits bool   // waits: a key was read, and its value is next
	key           []byte // of that value
	start         int
	outer         []byte // the key under which it stands
}

// next is the next token of the value; false when the value is over.
func (w *pdfWalk) next() (t pdfToken, more bool) {
	if w.started && len(w.around) == 0 {
		return t, false
	}
	w.started = true
	start := w.at
	t.kind, t.text = w.pdfLexer.next()
	w.reach = w.at
	t.depth, t.dict = len(w.around), -1
	if t.kind == pdfEnd || t.kind == pdfNumber && (string(t.text) == "endobj" || string(t.text) == "stream" || string(t.text) == "obj") {
		w.at = start
		return t, false
	}
	w.place(&t)
	switch t.kind {
	case pdfOpen:
		w.around = append(w.around, pdfFrame{isDict: len(t.text) == 2, start: w.at - len(t.text), outer: t.key})
		w.tooDeep = w.tooDeep || len(w.around) > pdfDepth
	case pdfClose:
		w.around = w.around[:max(0, len(w.around)-1)]
	}
	return t, !w.tooDeep
}

// place says what a token is in what is around it.
func (w *pdfWalk) place(t *pdfToken) {
	if len(w.around) == 0 {
		return
	}
	f := &w.around[len(w.around)-1]
	if !f.isDict {
		t.key = f.outer
		return
	}
	t.dict = f.start
	switch {
	case t.kind == pdfClose:
	case f.waits:
		t.key, f.waits = f.key, false
	case t.kind == pdfName:
		t.isKey, f.key, f.waits = true, t.text, true
	}
}

// value is what follows a key of the dictionary at the beginning, to the end of
// the words; nil when the key is not there.
func value(words []byte, key string) []byte {
	found, _ := lookup(words, key)
	return found
}

// lookup is value, and how many bytes it looked at.
func lookup(words []byte, key string) (found []byte, looked int) {
	w := pdfWalk{pdfLexer: pdfLexer{data: words}}
	for t, more := w.next(); more; t, more = w.next() {
		if t.depth == 0 && string(t.text) != "<<" && string(t.text) != ">>" {
			break // no dictionary
		}
		if t.isKey && t.depth == 1 && string(t.text) == key {
			w.skip()
			return words[w.at:], max(w.reach, w.at)
		}
	}
	return nil, w.reach
}
