package whatsapp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
)

// UnreachableError says that no connection with WhatsApp could be made.
type UnreachableError struct {
	Cause Cause
	Err   error
}

// Error names the cause and what the system said.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("whatsapp cannot be reached (%s): %v", e.Cause, e.Err)
}

// Unwrap gives what the system said.
func (e *UnreachableError) Unwrap() error { return e.Err }

// proxyError is the proxy's refusal to open a way to WhatsApp.
type proxyError struct{ status int }

// Error names the HTTP status.
func (e *proxyError) Error() string { return fmt.Sprintf("the proxy refuses with status %d", e.status) }

// CauseOf tells why a connection could not be made, from an error of this package; empty for nil.
func CauseOf(err error) Cause {
	var (
		unreachable *UnreachableError
		proxy       *proxyError
		name        *net.DNSError
		operation   *net.OpError
		timeout     net.Error
	)
	through := errors.As(err, &operation) // to a proxy, if there is one
	toProxy := through && (operation.Op == "proxyconnect" || operation.Op == "socks connect")
	switch {
	case err == nil:
		return ""
	case errors.As(err, &unreachable):
		return unreachable.Cause
	case errors.As(err, &proxy):
		return CauseProxy
	case isCertificate(err):
		return CauseCertificate
	case errors.As(err, &name) && toProxy:
		return CauseProxy
	case errors.As(err, &name):
		return CauseName
	case isRefused(err):
		return CauseRefused
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return CauseTimeout
	case toProxy:
		return CauseProxy
	}
	return CauseOther
}

func isCertificate(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		unknown      x509.UnknownAuthorityError
		invalid      x509.CertificateInvalidError
		name         x509.HostnameError
		roots        x509.SystemRootsError
	)
	return errors.As(err, &verification) || errors.As(err, &unknown) || errors.As(err, &invalid) ||
		errors.As(err, &name) || errors.As(err, &roots)
}

// isRefused tells whether somebody said no on the way, or there is no way.
func isRefused(err error) bool {
	for _, no := range []syscall.Errno{
		syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ENETDOWN, syscall.EACCES, syscall.EPERM,
	} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// newTransport is Go's default transport, proxy and certificates of the environment included, except that it tells a proxy's
// refusal apart.
func newTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
		if response.StatusCode != http.StatusOK {
			return &proxyError{response.StatusCode}
		}
		return nil
	}
	return transport
}

// pageBytes bounds what is read of WhatsApp's page, which has some hundred kilobytes.
const pageBytes = 16 << 20

// pageOnly reads WhatsApp's page, and no more than a page.
type pageOnly struct{ base http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (p pageOnly) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := p.base.RoundTrip(request)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, pageBytes), response.Body}
	}
	return response, err
}
