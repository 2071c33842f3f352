package whatsapptest

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"google.golang.org/protobuf/proto"
)

// handshakeTime is how long a client may take to introduce itself.
const handshakeTime = 20 * time.Second

// routes is the server's HTTP side. It answers for every host name.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.servePage)
	mux.HandleFunc("/ws/chat", s.serveSocket)
	mux.HandleFunc("POST /mms/", s.serveUpload)
	mux.HandleFunc("DELETE /mms/", s.serveDelete)
	mux.HandleFunc("GET /v/", s.serveDownload)
	return mux
}

// quietLog drops what net/http says about connections that tests cut.
func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		http.Error(w, "closing", http.StatusServiceUnavailable)
		return
	}
	s.wg.Add(1)
	s.stats.Connections++
	s.mu.Unlock()
	defer s.wg.Done()

	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // the Origin is web.whatsapp.com, whatever the host
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return
	}
	ws.SetReadLimit(maxFrame + 1024)
	s.serve(&conn{s: s, ws: ws, breaks: s.nextBreak(), host: r.Host, done: make(chan struct{}), filled: make(chan struct{}, 1)})
}

// serve is the life of one connection.
func (s *Server) serve(c *conn) {
	s.mu.Lock()
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	var writing sync.WaitGroup
	defer func() {
		c.cut()
		writing.Wait()
		s.dropConn(c)
	}()
	writing.Go(func() { // ends a connection that is cut while nobody writes
		<-c.done
		_ = c.ws.CloseNow()
	})
	f := framesOf(c.ws)
	if c.breaks != nil && c.breaks.Handshake {
		return
	}
	payload, static, err := c.shakeHands(f)
	if err != nil {
		if errors.Is(err, errFrame) || errors.Is(err, errHandshake) {
			s.offend(BadFrame, "%v", err)
		}
		return
	}
	writing.Go(c.writeLoop)
	if c.admit(payload, static) {
		c.readLoop(f)
	} else {
		<-c.done
	}
}

// shakeHands runs the Noise handshake and returns who the client says it is, and the key that
// proves it.
func (c *conn) shakeHands(f *frames) (payload *waWa6.ClientPayload, static [32]byte, err error) {
	ctx, cancel := context.WithTimeout(c.s.ctx, handshakeTime)
	defer cancel()
	prologue, err := f.header(ctx)
	if err != nil {
		return nil, static, err
	}
	n, err := newNoise(prologue)
	if err != nil {
		return nil, static, err
	}
	var hello, final waWa6.HandshakeMessage
	if err = readHandshake(ctx, f, &hello); err != nil {
		return nil, static, err
	}
	ephemeral, sealedStatic, sealedChain, err := n.greetClient(hello.GetClientHello().GetEphemeral(), c.s.static, c.s.chain)
	if err != nil {
		return nil, static, err
	}
	answer, err := proto.Marshal(&waWa6.HandshakeMessage{ServerHello: &waWa6.HandshakeMessage_ServerHello{
		Ephemeral: ephemeral.Pub[:], Static: sealedStatic, Payload: sealedChain,
	}})
	if err != nil {
		return nil, static, err
	}
	if err = c.ws.Write(ctx, websocket.MessageBinary, frame(answer)); err != nil {
		return nil, static, err
	}
	if err = readHandshake(ctx, f, &final); err != nil {
		return nil, static, err
	}
	clientStatic, content, err := n.finish(final.GetClientFinish().GetStatic(), final.GetClientFinish().GetPayload(), ephemeral)
	if err != nil {
		return nil, static, err
	}
	if c.in, c.out, err = n.split(); err != nil {
		return nil, static, err
	}
	payload = &waWa6.ClientPayload{}
	if err = proto.Unmarshal(content, payload); err != nil {
		return nil, static, errors.Join(errHandshake, err)
	}
	return payload, clientStatic, nil
}

func readHandshake(ctx context.Context, f *frames, message *waWa6.HandshakeMessage) error {
	content, err := f.next(ctx)
	if err != nil {
		return err
	}
	if err = proto.Unmarshal(content, message); err != nil {
		return errors.Join(errHandshake, err)
	}
	return nil
}

// HTTPClient reaches this server from the same process, whatever host a URL names, without a
// port or a certificate. It serves for the websocket before and after the login and for media,
// and works inside a synctest bubble.
func (s *Server) HTTPClient() *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return s.pipes.dial(ctx) }
	return &http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial, DisableKeepAlives: true}}
}

// pipeListener accepts the connections of this process.
type pipeListener struct {
	incoming chan net.Conn
	closed   chan struct{}
	once     sync.Once
	mu       sync.Mutex // guards open
	open     []net.Conn
}

func newPipeListener() *pipeListener {
	return &pipeListener{incoming: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) dial(ctx context.Context) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.incoming <- far:
		l.mu.Lock()
		l.open = append(l.open, far)
		l.mu.Unlock()
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept waits for the next connection, as net.Listener asks.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.incoming:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close stops accepting, as net.Listener asks.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is a name, as net.Listener asks.
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "whatsapptest", Net: "pipe"} }

// closeAll stops accepting and closes every connection, also those that net/http has given
// away.
func (l *pipeListener) closeAll() {
	_ = l.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.open {
		_ = c.Close()
	}
	l.open = nil
}
