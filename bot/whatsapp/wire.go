package whatsapp

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// wire carries the websocket of one library client, and can be cut. The library's own ways to hang up stop reading first
// and then leave a goroutine behind for every frame that was still coming; when the wire is cut it reads to the end,
// says that it is disconnected, and connects again by itself.
type wire struct {
	base   http.RoundTripper
	life   context.Context
	failed func(error)     // learns why a connection could not be made; nil, or set before the first
	logins *logins         // says when a connection may be made; nil for one that only links a phone
	stands func()          // learns of each connection that is made, and
	ended  func(ours bool) // of its end, with mu held or not: by our own wish, or by the line

	mu   sync.Mutex
	open io.Closer   // the websocket's connection, nil before the first
	ours atomic.Bool // that connection is being ended by our own wish
	shut bool
	line context.Context // see present; nil before the first
	end  context.CancelFunc
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	w.endLine()
	w.mu.Lock()
	shut := w.shut
	w.mu.Unlock()
	if shut {
		return nil, ErrClosed
	}
	if w.logins != nil {
		if left := w.logins.left(time.Now()); left > 0 {
			return nil, &tooSoonError{left}
		}
	}
	response, err := w.base.RoundTrip(request)
	if err != nil && w.failed != nil {
		w.failed(err)
	}
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		return response, err
	}
	if stream, ok := response.Body.(io.ReadWriteCloser); ok && w.logins != nil {
		w.stands()
		response.Body = &lived{ReadWriteCloser: stream, wire: w}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = response.Body
	w.ours.Store(false)
	w.line, w.end = context.WithCancel(w.life)
	if w.shut {
		response.Body.Close()
	}
	return response, nil
}

// present is the time of the connection that was made last. It ends before another is made, so what is sent with it goes
// over that connection or nowhere.
func (w *wire) present() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.line
}

// endLine ends the time of the present connection.
func (w *wire) endLine() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.end != nil {
		w.end()
	}
}

// cut ends the present connection, as if the line had failed.
func (w *wire) cut() {
	w.endLine()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open != nil {
		w.open.Close()
	}
}

// renew cuts the connection by our own wish: the line is not to blame.
func (w *wire) renew() {
	w.ours.Store(true)
	w.cut()
}

// close cuts and lets no new connection through.
func (w *wire) close() {
	w.ours.Store(true)
	w.mu.Lock()
	w.shut = true
	w.mu.Unlock()
	w.cut()
}

// lived is a connection that tells of its end, once.
type lived struct {
	io.ReadWriteCloser
	wire *wire
	once sync.Once
}

// Close implements io.Closer.
func (l *lived) Close() error {
	l.once.Do(func() { l.wire.ended(l.wire.ours.Load()) })
	return l.ReadWriteCloser.Close()
}
