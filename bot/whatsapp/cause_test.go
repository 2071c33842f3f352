package whatsapp

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Each case has a line of its own that fails in its own way, all on the loopback address.
func causes(t *testing.T) map[Cause]*http.Transport {
	toward := func(change func(*http.Transport)) *http.Transport {
		transport := newTransport()
		transport.Proxy = nil
		transport.TLSHandshakeTimeout = 200 * time.Millisecond
		change(transport)
		return transport
	}
	dialing := func(addr string) func(*http.Transport) {
		return func(transport *http.Transport) {
			transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, addr)
			}
		}
	}
	proxied := func(addr string) func(*http.Transport) {
		return func(transport *http.Transport) {
			transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: addr})
		}
	}
	inspecting := httptest.NewUnstartedServer(http.NotFoundHandler())
	inspecting.Config.ErrorLog = log.New(io.Discard, "", 0)
	inspecting.StartTLS()
	t.Cleanup(inspecting.Close)
	return map[Cause]*http.Transport{
		CauseRefused:     toward(dialing(closedPort(t))),
		CauseCertificate: toward(dialing(inspecting.Listener.Addr().String())),
		CauseTimeout:     toward(dialing(listener(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }))),
		CauseProxy:       toward(proxied(listener(t, proxyThatWantsAPassword))),
		CauseName: toward(func(transport *http.Transport) {
			transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
				resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
					return new(net.Dialer).DialContext(ctx, "udp", closedPort(t))
				}}
				return (&net.Dialer{Resolver: resolver}).DialContext(ctx, network, "name.invalid:443")
			}
		}),
		CauseOther: toward(dialing(listener(t, func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n") }))),
	}
}

func proxyThatWantsAPassword(c net.Conn) {
	if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
		_, _ = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
	}
}

// listener answers each connection on a port of the loopback address.
func listener(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var open []net.Conn
	var busy sync.WaitGroup
	busy.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			busy.Go(func() {
				answer(c)
				c.Close()
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		busy.Wait()
	})
	return l.Addr().String()
}

func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return l.Addr().String()
}

// Why nobody is reached is kept with the state, told to who pairs, and found by a rehearsal.
func TestCausesAreToldApart(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup // at once, however many tests may run in parallel: each waits for a line that does not come back
	for want, transport := range causes(t) {
		all.Go(func() {
			t.Run(string(want), func(t *testing.T) { isTold(t, want, transport) })
		})
	}
	all.Wait()
}

func isTold(t *testing.T, want Cause, transport *http.Transport) {
	defer transport.CloseIdleConnections()
	told := make(chan StateChange, 100)
	o := Options{
		Dir: t.TempDir(), Number: "+393343679575", HTTPClient: &http.Client{Transport: transport},
		OnState: func(change StateChange) { told <- change },
	}
	c := openLinked(t, o)
	var unreachable *UnreachableError
	if err := c.Prove(soon(t)); !errors.As(err, &unreachable) || unreachable.Cause != want || CauseOf(err) != want {
		t.Errorf("prove: got %v, want the cause", err)
	}
	if got := c.State(); got.State.Permanent() || got.Cause != want {
		t.Errorf("got %+v, want the cause in the state", got)
	}
	for seen := ""; seen != string(want); {
		select {
		case change := <-told:
			seen = string(change.Cause)
		default:
			t.Fatal("OnState was not told of the cause")
		}
	}
	c.Close()

	o.Dir, o.OnState = t.TempDir(), nil
	pairing, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer pairing.Close()
	ctx, enough := context.WithCancel(soon(t))
	_ = pairing.Pair(ctx, Screen{Trouble: func(err error) {
		if got := CauseOf(err); got != want {
			t.Errorf("pair: got cause %q of %v", got, err)
		}
		enough()
	}})
	r, err := Rehearse(soon(t), o)
	if err != nil || r.Reached || r.Cause != want || r.VersionAccepted || r.ClockKnown || r.Page != want {
		t.Errorf("rehearse: got %+v, %v", r, err)
	}
	if fresh, err := pairing.lookUpVersion(soon(t)); fresh || CauseOf(err) != want || pairing.Version().Trouble != want {
		t.Errorf("look-up: got %v, %v, %+v", fresh, err, pairing.Version())
	}
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// openLinked opens a session.db with a link in it.
func openLinked(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	insertDevice(t, c.db, o.Number[1:]+":1@s.whatsapp.net")
	c.Close()
	if c, err = Open(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestCauseOf(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	throughProxy := func(err error) error { return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err} }
	for name, test := range map[string]struct {
		err  error
		want Cause
	}{
		"none":                {nil, ""},
		"name":                {dial(&net.DNSError{Name: "web.whatsapp.com", IsNotFound: true}), CauseName},
		"name server silent":  {dial(&net.DNSError{Name: "web.whatsapp.com", IsTimeout: true}), CauseName},
		"refused":             {dial(syscall.ECONNREFUSED), CauseRefused},
		"no way":              {dial(syscall.ENETUNREACH), CauseRefused},
		"reset":               {dial(syscall.ECONNRESET), CauseRefused},
		"no answer":           {dial(syscall.ETIMEDOUT), CauseTimeout},
		"deadline":            {fmt.Errorf("look up: %w", context.DeadlineExceeded), CauseTimeout},
		"proxy not there":     {throughProxy(dial(syscall.ECONNREFUSED)), CauseRefused},
		"proxy's name":        {throughProxy(dial(&net.DNSError{Name: "proxy.lan", IsNotFound: true})), CauseProxy},
		"proxy says no":       {&proxyError{403}, CauseProxy},
		"socks says no":       {&net.OpError{Op: "socks connect", Net: "tcp", Err: errors.New("not allowed")}, CauseProxy},
		"unknown authority":   {x509.UnknownAuthorityError{}, CauseCertificate},
		"expired certificate": {&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}, CauseCertificate},
		"another name":        {x509.HostnameError{}, CauseCertificate},
		"kept":                {&UnreachableError{CauseProxy, errors.New("no login")}, CauseProxy},
		"whatever":            {errors.New("whatever"), CauseOther},
	} {
		if got := CauseOf(clean(test.err)); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// The transport is Go's own in all that an administrator can set.
func TestTransportHonoursTheEnvironment(t *testing.T) {
	t.Parallel()
	ours, gos := newTransport(), http.DefaultTransport.(*http.Transport)
	if fmt.Sprintf("%p", ours.Proxy) != fmt.Sprintf("%p", gos.Proxy) || ours.Proxy == nil {
		t.Error("HTTPS_PROXY and NO_PROXY are not asked")
	}
	if ours.TLSClientConfig != nil && ours.TLSClientConfig.RootCAs != nil {
		t.Error("the roots are not those of the system and SSL_CERT_FILE")
	}
}
