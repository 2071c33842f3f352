package whatsapptest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"time"
)

// tlsKey is the key of the TLS listener, the same in every process, so that another one can
// trust exactly this server.
func tlsKey() *ecdsa.PrivateKey {
	seed := sha256.Sum256([]byte("banditore/whatsapptest/tls"))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // the seed is fixed
	}
	return key
}

// tlsCertificate is self-signed, for the loopback address and for the hosts that a real client
// wants.
func tlsCertificate(key *ecdsa.PrivateKey) ([]byte, error) {
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(now.UnixNano()),
		Subject:               pkix.Name{CommonName: "whatsapptest"},
		NotBefore:             now.AddDate(0, 0, -1),
		NotAfter:              now.AddDate(1, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		DNSNames:              []string{"localhost", "web.whatsapp.com", "whatsapp.net", "*.whatsapp.net", "*.whatsapp.com"},
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
}

// Listen serves on a TLS port of the loopback address as well, and returns it as host:port. A
// second call returns the same port. Other processes reach it with [Dial], with
// [Server.Proxy], or by trusting [Server.CertificatePEM].
func (s *Server) Listen() (addr string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tlsAddr != "" {
		return s.tlsAddr, nil
	}
	key := tlsKey()
	der, err := tlsCertificate(key)
	if err != nil {
		return "", fmt.Errorf("whatsapptest: certificate: %w", err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		NextProtos:   []string{"http/1.1"},
		MinVersion:   tls.VersionTLS12,
	})
	if err != nil {
		return "", fmt.Errorf("whatsapptest: %w", err)
	}
	s.tlsAddr, s.tlsPEM = listener.Addr().String(), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	s.wg.Go(func() { _ = s.http.Serve(listener) }) // closed with s.http
	return s.tlsAddr, nil
}

// CertificatePEM is the certificate of the TLS port, for SSL_CERT_FILE or NODE_EXTRA_CA_CERTS,
// or nil before [Server.Listen].
func (s *Server) CertificatePEM() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.tlsPEM)
}

// Dial returns a client whose every connection goes to a port that [Server.Listen] opened,
// usually in another process, whatever host a URL names. It trusts the key of this package and
// no other, and makes this process trust the server ([TrustRoot]).
func Dial(addr string) *http.Client {
	TrustRoot()
	dialer := &tls.Dialer{Config: &tls.Config{
		InsecureSkipVerify: true, // the key is checked instead of the name
		VerifyConnection: func(state tls.ConnectionState) error {
			if public, ok := state.PeerCertificates[0].PublicKey.(*ecdsa.PublicKey); !ok || !public.Equal(tlsKey().Public()) {
				return errors.New("whatsapptest: the port belongs to another server")
			}
			return nil
		},
	}}
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, addr)
		},
	}}
}
