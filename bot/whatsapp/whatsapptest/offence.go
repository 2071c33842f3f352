package whatsapptest

import (
	"fmt"
	"slices"
	"time"
)

// OffenceKind names what a client must not do.
type OffenceKind string

// The offences that the server and the phones record.
const (
	UnknownStanza   OffenceKind = "unknown stanza"     // a stanza that the server does not model
	UnknownQuery    OffenceKind = "unknown query"      // an iq that the server does not model; answered 501
	Malformed       OffenceKind = "malformed stanza"   // a known stanza with missing or impossible parts
	BadFrame        OffenceKind = "bad frame"          // bytes that are no handshake, frame or stanza
	BadSignature    OffenceKind = "bad signature"      // a signed prekey or pairing signature that does not verify
	BadBuildHash    OffenceKind = "bad build hash"     // a registration under one version with the hash of another
	BadIdentity     OffenceKind = "bad identity"       // an identity other than the registered one
	UnknownDevice   OffenceKind = "unknown device"     // an encryption to a device that never existed
	OwnDevice       OffenceKind = "own device"         // an encryption to the sending device
	PrekeyReused    OffenceKind = "prekey used twice"  // a one-time prekey used twice, or never handed out
	CounterReused   OffenceKind = "counter used twice" // two messages encrypted under one counter; the second is lost
	BadPadding      OffenceKind = "bad padding"        // a plaintext without its padding
	BadPlaintext    OffenceKind = "bad plaintext"      // a plaintext that is no message, or not for this device
	MissingCopy     OffenceKind = "missing copy"       // a message without the copy for the sender's own phone
	WrongCopy       OffenceKind = "wrong copy"         // a copy that differs from what the recipient got
	WrongAddress    OffenceKind = "wrong address"      // a number that does not belong to the LID beside it
	StaleAddress    OffenceKind = "stale address"      // a message to a LID after the server said that it is not in use any more
	BadToken        OffenceKind = "bad token"          // a trust token that the recipient never gave
	UnaskedRetry    OffenceKind = "unasked retry"      // a repeated message that nobody asked for
	NotAcknowledged OffenceKind = "not acknowledged"   // a delivered stanza that was never acknowledged
	BadMedia        OffenceKind = "bad media"          // an upload to the wrong place, or a file or message whose hashes, keys or paths do not fit
	FalseMedia      OffenceKind = "false media"        // a media message that says of its file what is not so
	ExpiredMedia    OffenceKind = "expired media"      // a media message with a file that was dropped before
	WrongLabel      OffenceKind = "wrong label"        // a stanza whose type, mediatype, edit or decrypt-fail is not that of the content
	BadEdit         OffenceKind = "bad edit"           // an edit or a deletion that no phone carries out
	LateEdit        OffenceKind = "late edit"          // an edit or a deletion after the time for it
)

// Offence is one thing that a client must not do, seen by the server or by a phone.
type Offence struct {
	Kind   OffenceKind
	Detail string // what was wrong, for the person who reads the test; never a message's text
	At     time.Time
}

// String is the kind and the detail, for a test's report.
func (o Offence) String() string { return fmt.Sprintf("%s: %s", o.Kind, o.Detail) }

// Offences returns what was recorded so far, in order, the excused ones included.
func (s *Server) Offences() []Offence {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.offences)
}

// Excuse tells [Start] that this test provokes offences of that kind on purpose. They are
// still recorded.
func (s *Server) Excuse(kind OffenceKind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.excused[kind] = true
}

// unexcused returns the offences for which a test has to fail.
func (s *Server) unexcused() []Offence {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.offences), func(o Offence) bool { return s.excused[o.Kind] })
}

func (s *Server) offend(kind OffenceKind, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offendLocked(kind, format, args...)
}

func (s *Server) offendLocked(kind OffenceKind, format string, args ...any) {
	s.offences = append(s.offences, Offence{Kind: kind, Detail: fmt.Sprintf(format, args...), At: time.Now()})
}
