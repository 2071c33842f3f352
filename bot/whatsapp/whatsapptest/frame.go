package whatsapptest

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/coder/websocket"
	waBinary "go.mau.fi/whatsmeow/binary"
)

const (
	// maxFrame bounds what a client may send at once. The largest honest frame, the first
	// upload of 812 prekeys, has 40 kB.
	maxFrame = 1 << 20
	// maxUnpacked bounds what a compressed frame may become.
	maxUnpacked = 4 << 20
)

var errFrame = errors.New("frame refused")

// frames cuts the byte stream of a websocket into frames: a websocket message may hold part of
// one, or several.
type frames struct {
	read   func(context.Context) ([]byte, error) // the next websocket message
	unread []byte
}

// framesOf reads the frames of a websocket, whose messages must be binary.
func framesOf(ws *websocket.Conn) *frames {
	return &frames{read: func(ctx context.Context) ([]byte, error) {
		kind, data, err := ws.Read(ctx)
		if err == nil && kind != websocket.MessageBinary {
			err = fmt.Errorf("%w: a text message", errFrame)
		}
		return data, err
	}}
}

// header reads what a client says once before its first frame and returns the four bytes that
// are the Noise prologue. A routing preamble may precede them.
func (f *frames) header(ctx context.Context) ([]byte, error) {
	start, err := f.take(ctx, 4)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(start, []byte{'E', 'D', 0, 1}) {
		size, err := f.take(ctx, 3)
		if err != nil {
			return nil, err
		}
		if _, err = f.take(ctx, length(size)); err != nil {
			return nil, err
		}
		if start, err = f.take(ctx, 4); err != nil {
			return nil, err
		}
	}
	if !bytes.Equal(start, []byte{'W', 'A', 6, 3}) {
		return nil, fmt.Errorf("%w: the stream does not begin with WA 6 3", errFrame)
	}
	return start, nil
}

// next returns the next frame's content. The slice is the caller's to keep.
func (f *frames) next(ctx context.Context) ([]byte, error) {
	size, err := f.take(ctx, 3)
	if err != nil {
		return nil, err
	}
	return f.take(ctx, length(size))
}

func length(size []byte) int { return int(size[0])<<16 | int(size[1])<<8 | int(size[2]) }

func (f *frames) take(ctx context.Context, count int) ([]byte, error) {
	if count > maxFrame {
		return nil, fmt.Errorf("%w: %d bytes", errFrame, count)
	}
	for len(f.unread) < count {
		data, err := f.read(ctx)
		if err != nil {
			return nil, err
		}
		f.unread = append(f.unread, data...)
	}
	taken := bytes.Clone(f.unread[:count])
	f.unread = f.unread[count:]
	return taken, nil
}

// frame puts the length in front of a frame's content.
func frame(content []byte) []byte {
	size := len(content)
	return append([]byte{byte(size >> 16), byte(size >> 8), byte(size)}, content...)
}

// decode reads one stanza out of a decrypted frame. It survives any bytes: the decoder it
// relies on trusts its input, so its panics are caught and its limits are checked before it may
// allocate.
func decode(content []byte) (node *waBinary.Node, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			node, err = nil, fmt.Errorf("%w: %v", errFrame, caught)
		}
	}()
	content, err = unpack(content)
	if err != nil {
		return nil, err
	}
	if err = checkLimits(content); err != nil {
		return nil, err
	}
	node, err = waBinary.Unmarshal(content)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	return node, nil
}

func unpack(content []byte) ([]byte, error) {
	if len(content) < 2 {
		return nil, fmt.Errorf("%w: empty", errFrame)
	}
	if content[0]&2 == 0 {
		return content[1:], nil
	}
	inflater, err := zlib.NewReader(bytes.NewReader(content[1:]))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	plain, err := io.ReadAll(io.LimitReader(inflater, maxUnpacked))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	return plain, nil
}
