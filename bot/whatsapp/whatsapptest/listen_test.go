package whatsapptest_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"banditore/bot/whatsapp/whatsapptest"
)

// overNetwork runs a short dialogue through an HTTP client.
func overNetwork(t *testing.T, s *whatsapptest.Server, via *http.Client) {
	t.Helper()
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := openClientVia(t, via, "").link(office)
	anna.Text(office.Number(), "ciao")
	c.say(c.awaitText("ciao").Info.Chat, "salve")
	expectText(t, anna, "salve")
	settle(t, s)
}

func TestListenAndDial(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	addr, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	overNetwork(t, s, whatsapptest.Dial(addr))
}

// TestProxy goes the way of an unmodified program with HTTPS_PROXY and SSL_CERT_FILE.
func TestProxy(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	proxy, err := s.Proxy()
	if err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(s.CertificatePEM()) {
		t.Fatal("the certificate does not parse")
	}
	overNetwork(t, s, &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyURL(target), TLSClientConfig: &tls.Config{RootCAs: roots},
	}})
}

func TestDialRefusesStranger(t *testing.T) {
	t.Parallel()
	stranger := newStranger(t)
	_, err := whatsapptest.Dial(stranger).Get("https://web.whatsapp.com/")
	if err == nil {
		t.Fatal("got a connection to a server with another key, want an error")
	}
}

// newStranger starts a TLS server that is not ours and returns its address.
func newStranger(t *testing.T) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}
