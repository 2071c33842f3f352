package whatsapptest

import (
	"maps"
	"sync/atomic"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
)

// faults are the conditions that a test sets. All but the round trip are guarded by the
// server's lock.
type faults struct {
	roundTrip   atomic.Int64 // nanoseconds
	refuse      func(to *Phone, id string) int
	stall       func(to *Phone, id string) bool
	uploads     int            // the status of every upload; 0: it is taken
	smallUpload int            // bytes of an upload that is taken in spite of uploads
	queries     map[string]int // the error of each kind of query
	failure     waBinary.Attrs // nil: logins succeed
	revision    uint32         // the oldest client that may register or log in; 0: any
	page        int            // the status of the web page; 0: it is there
	aging       bool           // see AgeCodes
	rotations   int            // see RotateSecrets
	pairingCut  PairingCut
	breaks      func(nth int) *Break
	opened      int // websockets since SetBreaker
	tap         tap
}

// SetRoundTrip delays whatever the server sends by d, in order, as a line with that round trip
// time would delay the answers. It hides that a real line also delays the request and what the
// server sends by itself by half of it each.
func (s *Server) SetRoundTrip(d time.Duration) { s.faults.roundTrip.Store(int64(d)) }

// DropConnections cuts every websocket without a word, as a broken line does. Clients may
// connect again at once.
func (s *Server) DropConnections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.cutLocked()
	}
}

// PairingCut is when the line breaks between a scan and the first login.
type PairingCut int

const (
	// CutBeforeLink loses the client's last answer: the client has saved its keys, and the server knows nothing of it.
	CutBeforeLink PairingCut = iota + 1
	// CutAfterLink loses what the server says to that answer: the client is linked, and nobody has told it to log in.
	CutAfterLink
)

// CutPairing cuts, once, the connection of the next client that accepts a phone. Zero ends it.
func (s *Server) CutPairing(at PairingCut) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.pairingCut = at
}

// MuteConnections makes every present connection half-open: it stays, but nothing goes in or
// out any more. New connections are sound.
func (s *Server) MuteConnections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.mute.Store(true)
		if c.device != nil {
			c.device.conn = nil // what it was owed comes at the next login
		}
	}
}

// Replace tells every connected client that its account was opened elsewhere, and ends its
// stream, as if another process had logged in with its keys and left again.
func (s *Server) Replace() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.device != nil {
			c.finish(streamError("", "replaced"))
		}
	}
}

// SetRefuser makes the server refuse messages to accounts: a code other than zero goes into
// the ack's error (463: the recipient does not accept messages, 429: too many), and the
// message is delivered to nobody. The function is called with the account's main phone, on the
// connection's goroutine; nil ends it.
func (s *Server) SetRefuser(refuse func(to *Phone, id string) int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.refuse = refuse
}

// SetAckStaller makes acks get lost: when the function says true the message is taken and
// delivered but not acked, unless [Server.ReleaseAcks] does it later. It is called with the
// account's main phone, on the connection's goroutine; nil ends it.
func (s *Server) SetAckStaller(stall func(to *Phone, id string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.stall = stall
}

// NoAnswer is what a firewall that swallows packets answers.
const NoAnswer = -1

// FailUploads answers every upload with an HTTP status: 401 the token is void, 413 the file is too large, 429 too many, 507
// no room, [NoAnswer] none at all. Zero ends it.
func (s *Server) FailUploads(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.uploads, s.faults.smallUpload = status, 0
}

// RefuseUploads answers an upload of more than so many bytes, encrypted, with an HTTP status, as [Server.FailUploads] does
// with all.
func (s *Server) RefuseUploads(over, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.uploads, s.faults.smallUpload = status, over
}

// FailLogins answers every login with <failure reason=... and the attributes given: 401 or 403
// log the device out, 402 is a temporary ban (attributes code and expire, in seconds), 405 an
// outdated client, 503 overload. Reason 0 ends it. Connections that are open stay open.
func (s *Server) FailLogins(reason int, attributes map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.failure = nil
	if reason == 0 {
		return
	}
	s.faults.failure = waBinary.Attrs{"reason": number(reason), "location": "test"}
	for key, value := range maps.All(attributes) {
		s.faults.failure[key] = value
	}
}

// Unlink removes all linked devices of an account, as its owner can on the phone: connected
// ones are told and cut, the others are refused at their next login. An unknown number is
// nobody.
func (s *Server) Unlink(number string) {
	phone := s.Phone(number)
	if phone == nil {
		return
	}
	identity := phone.hand.identityKey()
	s.mu.Lock()
	defer s.mu.Unlock()
	acct := phone.acct
	for _, d := range acct.order() {
		if d.linked == nil {
			continue
		}
		s.forgetLocked(d.linked, identity)
		if c := d.linked.conn; c != nil {
			c.finish(streamError("401", "device_removed"))
		}
	}
}

// EndStreams sends every connected client a stream error with that code ("503" is maintenance)
// and ends its stream.
func (s *Server) EndStreams(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.device != nil {
			c.finish(streamError(code, ""))
		}
	}
}

// streamError makes the stanza that ends a stream; code and conflict may be empty.
func streamError(code, conflict string) waBinary.Node {
	node := waBinary.Node{Tag: "stream:error", Attrs: waBinary.Attrs{"code": code}}
	if conflict != "" {
		node.Content = []waBinary.Node{{Tag: "conflict", Attrs: waBinary.Attrs{"type": conflict}}}
	}
	return node
}
