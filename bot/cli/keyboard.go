package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// pasteLimit is far more than any answer to a passkey's challenge.
const pasteLimit = 64 << 10

var errTooLong = errors.New("too long")

// keyboard reads what a person types or pastes while something else may end the
// wait. A read that nobody waits for any more ends with the process.
type keyboard struct {
	in     io.Reader
	chunks chan []byte // closed at the end of the input
	rest   []byte
}

func newKeyboard(in io.Reader) *keyboard {
	k := &keyboard{in: in, chunks: make(chan []byte)}
	go func() {
		defer close(k.chunks)
		for {
			buffer := make([]byte, 4096)
			n, err := in.Read(buffer)
			if n > 0 {
				k.chunks <- buffer[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	return k
}

// next returns one byte. every is called at each tick of the wait.
func (k *keyboard) next(ctx context.Context, tick <-chan time.Time, every func()) (byte, error) {
	for len(k.rest) == 0 {
		select {
		case chunk, ok := <-k.chunks:
			if !ok {
				return 0, io.EOF
			}
			k.rest = chunk
		case <-tick:
			every()
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	b := k.rest[0]
	k.rest = k.rest[1:]
	return b, nil
}

// line reads up to the end of a line.
func (k *keyboard) line(ctx context.Context) (string, error) {
	var line []byte
	for {
		b, err := k.next(ctx, nil, nil)
		switch {
		case err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)):
			return "", err
		case err != nil, b == '\n', b == '\r':
			return string(line), nil
		case len(line) > pasteLimit:
			return "", errTooLong
		}
		line = append(line, b)
	}
}

// paste reads what was copied in a browser: until its braces are closed, or until
// an empty line. Lines may be broken anywhere.
func (k *keyboard) paste(ctx context.Context, tick <-chan time.Time, show func(n int)) (string, error) {
	restore := k.unbuffered()
	defer restore()
	var text pasted
	for {
		b, err := k.next(ctx, tick, func() { show(len(text.bytes)) })
		if errors.Is(err, io.EOF) && len(text.bytes) > 0 {
			return text.String(), nil
		}
		if err != nil {
			return "", err
		}
		if len(text.bytes) > pasteLimit {
			return "", errTooLong
		}
		if text.add(b) {
			k.drain()
			return text.String(), nil
		}
	}
}

// drain swallows the end of what was pasted, such as the line's, so that it does
// not answer the next question. A program is taken at its word.
func (k *keyboard) drain() {
	if !isTerminal(k.in) {
		return
	}
	k.rest = nil
	for {
		select {
		case _, ok := <-k.chunks:
			if !ok {
				return
			}
		case <-time.After(200 * time.Millisecond):
			return
		}
	}
}

// unbuffered takes the terminal out of its line mode, in which it would cut a
// line at 4,096 bytes without a word, and stops the echo. Ctrl-C stays.
func (k *keyboard) unbuffered() (restore func()) {
	nothing := func() {}
	f, ok := k.in.(*os.File)
	if !ok {
		return nothing
	}
	before, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		return nothing // no terminal
	}
	now := *before
	now.Lflag &^= unix.ICANON | unix.ECHO
	now.Iflag &^= unix.ICRNL // or the line ends of Windows would look like empty lines
	now.Cc[unix.VMIN], now.Cc[unix.VTIME] = 1, 0
	if unix.IoctlSetTermios(int(f.Fd()), unix.TCSETS, &now) != nil {
		return nothing
	}
	return func() { _ = unix.IoctlSetTermios(int(f.Fd()), unix.TCSETS, before) }
}

// pasted is what has come so far.
type pasted struct {
	bytes  []byte
	depth  int  // braces that are open; no string of these answers holds one
	opened bool // there was one
	blank  bool // the present line is empty so far
	cr     bool // the last byte was a carriage return
}

// add takes one byte and tells whether it was the last.
func (p *pasted) add(b byte) (done bool) {
	if b == '\n' && p.cr {
		p.cr = false
		return false
	}
	if p.cr = b == '\r'; p.cr {
		b = '\n'
	}
	ended := b == '\n' && p.blank && strings.TrimSpace(string(p.bytes)) != ""
	switch b {
	case '\n':
		p.blank = true
	case ' ', '\t':
	case '{':
		p.depth, p.opened, p.blank = p.depth+1, true, false
	case '}':
		p.depth, p.blank = p.depth-1, false
	default:
		p.blank = false
	}
	p.bytes = append(p.bytes, b)
	return ended || (p.opened && p.depth <= 0)
}

// String leaves out the marks that a terminal sets around what is pasted.
func (p *pasted) String() string {
	return strings.TrimSpace(strings.NewReplacer("\x1b[200~", "", "\x1b[201~", "").Replace(string(p.bytes)))
}
