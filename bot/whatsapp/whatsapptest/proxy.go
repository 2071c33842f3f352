package whatsapptest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// Proxy opens an HTTP proxy on the loopback address that leads every host to this server's TLS
// port, and returns its URL. With it in HTTPS_PROXY and [Server.CertificatePEM] in the file
// that SSL_CERT_FILE names, an unmodified program reaches this server; the root key still has
// to be replaced inside of it ([TrustRoot]).
func (s *Server) Proxy() (url string, err error) {
	target, err := s.Listen()
	if err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("whatsapptest: %w", err)
	}
	tunnels := &tunnels{open: map[net.Conn]struct{}{}}
	s.mu.Lock()
	s.extra = append(s.extra, func() {
		_ = listener.Close()
		tunnels.closeAll()
	})
	s.mu.Unlock()
	s.wg.Go(func() {
		var relays sync.WaitGroup
		defer relays.Wait()
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			relays.Go(func() { tunnels.relay(near, target) })
		}
	})
	return "http://" + listener.Addr().String(), nil
}

// tunnels are the connections through a proxy.
type tunnels struct {
	mu     sync.Mutex // guards the rest
	open   map[net.Conn]struct{}
	closed bool
}

// keep remembers a connection, to close it with the proxy. It reports false when that has
// happened.
func (t *tunnels) keep(c net.Conn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open[c] = struct{}{}
	return !t.closed
}

func (t *tunnels) drop(c net.Conn) {
	_ = c.Close()
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, c)
}

func (t *tunnels) closeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for c := range t.open {
		_ = c.Close()
	}
}

// relay answers one CONNECT and then copies in both directions until either side ends.
func (t *tunnels) relay(near net.Conn, target string) {
	defer t.drop(near)
	if !t.keep(near) {
		return
	}
	reader := bufio.NewReader(near)
	request, err := http.ReadRequest(reader)
	if err != nil || request.Method != http.MethodConnect {
		_, _ = io.WriteString(near, "HTTP/1.1 405 Method Not Allowed\r\n\r\n")
		return
	}
	far, err := net.Dial("tcp", target)
	if err != nil {
		_, _ = io.WriteString(near, "HTTP/1.1 502 Bad Gateway\r\n\r\n")
		return
	}
	defer t.drop(far)
	if !t.keep(far) {
		return
	}
	if _, err = io.WriteString(near, "HTTP/1.1 200 Connection Established\r\n\r\n"); err != nil {
		return
	}
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(near, far)
		_ = near.Close()
	})
	_, _ = io.Copy(far, reader)
	_ = far.Close()
	back.Wait()
}
