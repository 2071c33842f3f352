package whatsapptest

import (
	"crypto/md5"
	"fmt"
	"net/http"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waWa6"
)

// SetOldestRevision makes the server refuse older clients with 405, those that log in and those that want to register (before
// they have a code to show); the web page tells the revision (the third number of the version) to who asks. Zero ends it.
func (s *Server) SetOldestRevision(revision uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.revision = revision
}

// FailPage answers whoever asks WhatsApp's web page for its version with an HTTP status, or [NoAnswer]. Zero ends it.
func (s *Server) FailPage(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.page = status
}

// servePage is as much of web.whatsapp.com as a client reads: the version it should have.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	revision, status := s.faults.revision, s.faults.page
	s.stats.PageRequests++
	s.mu.Unlock()
	switch status {
	case 0:
		fmt.Fprintf(w, `{"client_revision":%d,}`, revision)
	case NoAnswer:
		select {
		case <-r.Context().Done():
		case <-s.quit:
		}
		panic(http.ErrAbortHandler)
	default:
		http.Error(w, "as the test wishes", status)
	}
}

// refuseVersion turns a client away that is too old, and reports whether it did.
func (c *conn) refuseVersion(payload *waWa6.ClientPayload) bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.stats.Attempts++
	if payload.GetUserAgent().GetAppVersion().GetTertiary() >= c.s.faults.revision {
		return false
	}
	c.finish(waBinary.Node{Tag: "failure", Attrs: waBinary.Attrs{"reason": "405", "location": "test"}})
	return true
}

// checkBuildHash records a client that registers under two versions at once: the hash beside its keys is that of its version.
func (c *conn) checkBuildHash(payload *waWa6.ClientPayload) {
	version := payload.GetUserAgent().GetAppVersion()
	dotted := fmt.Sprintf("%d.%d.%d", version.GetPrimary(), version.GetSecondary(), version.GetTertiary())
	sum := md5.Sum([]byte(dotted))
	if string(payload.GetDevicePairingData().GetBuildHash()) != string(sum[:]) {
		c.s.offend(BadBuildHash, "the build hash of a new client is not that of its version %s", dotted)
	}
}
