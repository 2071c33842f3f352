package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"google.golang.org/protobuf/proto"
)

// sessionLock lets a Signal session be used by one side at a time. The library loads a session, works with it and stores it,
// for sending and for receiving alike, and nothing keeps the two apart: at once, the later write undoes the earlier one,
// the next message reuses a counter, and the phone drops it as a repetition. Nobody would ever notice.
//
// Decrypting is one transaction and holds the lock as a whole. Sending holds it from the loading of the sessions to their
// storing, which may include a question for keys: what is received meanwhile waits. What is left, the answers to retry
// receipts and the words to our own phone, loads and stores one session, without a mark of its own and without a word when
// it fails in between: it has the lock as a [loan].
type sessionLock struct {
	store.SessionStore
	store.EventBuffer
	one     chan struct{} // full while somebody holds the lock
	trouble func()        // what came could not be dealt with because of session.db
	notices *notices      // what our own phone tells; nil keeps nothing

	kept func() // somebody's session was stored of which nobody else may know

	mu       sync.Mutex // guards the rest
	loan     *loan      // the last one
	unerased [][32]byte // texts that have been handled and could not be erased from the buffer
	inHand   inHand     // texts that have been decrypted and not handled yet
}

// loan is a hold on the lock that ends by itself, so that a session which is never stored stops nobody for long.
type loan struct {
	address string
	end     *time.Timer
}

// loanTime is ample for the little that lies between loading and storing: no question to anybody, a few milliseconds.
const loanTime = 5 * time.Second

func newSessionLock(sessions store.SessionStore, buffer store.EventBuffer, trouble func()) *sessionLock {
	return &sessionLock{SessionStore: sessions, EventBuffer: buffer, one: make(chan struct{}, 1), trouble: trouble, kept: func() {}, inHand: inHand{}}
}

type holderKey struct{}

// holder belongs to one send, one decryption or one batch, whose goroutine alone touches it.
type holder struct {
	held    bool
	address string    // whose session was loaded last
	batch   *batch    // nil: it is no batch
	text    *[32]byte // what was decrypted to a text; nil: nothing yet
}

// sending makes the context of one send. Its end must be called when the send is over, however it went.
func (s *sessionLock) sending(ctx context.Context) (_ context.Context, end func()) {
	own := &holder{}
	return context.WithValue(ctx, holderKey{}, own), func() { s.release(own) }
}

func (s *sessionLock) take(ctx context.Context) error {
	select {
	case s.one <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *sessionLock) release(own *holder) {
	if own.held {
		own.held = false
		<-s.one
	}
}

// GetManySessions implements the library's store: a send loads what it will encrypt with.
func (s *sessionLock) GetManySessions(ctx context.Context, addresses []string) (map[string][]byte, error) {
	own, ok := ctx.Value(holderKey{}).(*holder)
	if ok && own.batch != nil {
		return own.batch.load(ctx, s.SessionStore, addresses)
	}
	if ok && !own.held {
		if err := s.take(ctx); err != nil {
			return nil, err
		}
		own.held = true
	}
	return s.SessionStore.GetManySessions(ctx, addresses)
}

// PutManySessions implements the library's store: a send has encrypted.
func (s *sessionLock) PutManySessions(ctx context.Context, sessions map[string][]byte) error {
	own, ok := ctx.Value(holderKey{}).(*holder)
	if ok && own.batch != nil {
		own.batch.keep(sessions)
		return nil
	}
	err := s.SessionStore.PutManySessions(ctx, sessions)
	if ok {
		s.release(own)
	}
	return err
}

// GetSession implements the library's store.
func (s *sessionLock) GetSession(ctx context.Context, address string) ([]byte, error) {
	if own, ok := ctx.Value(holderKey{}).(*holder); ok {
		own.address = address
		if own.batch != nil {
			found, err := own.batch.load(ctx, s.SessionStore, []string{address})
			return found[address], err
		}
		return s.SessionStore.GetSession(ctx, address)
	}
	if err := s.take(ctx); err != nil {
		return nil, err
	}
	s.lend(address)
	session, err := s.SessionStore.GetSession(ctx, address)
	if err != nil && s.redeem(address) {
		<-s.one
	}
	return session, err
}

// PutSession implements the library's store.
func (s *sessionLock) PutSession(ctx context.Context, address string, session []byte) error {
	if own, ok := ctx.Value(holderKey{}).(*holder); ok {
		if own.batch != nil {
			own.batch.keep(map[string][]byte{address: session})
			return nil
		}
		return s.SessionStore.PutSession(ctx, address, session)
	}
	if !s.redeem(address) {
		s.trouble()
		// It looks like a cancellation, so that the library leaves the retry receipt unacknowledged.
		return fmt.Errorf("a session was held for too long: %w", context.Canceled)
	}
	defer func() { <-s.one }()
	defer s.kept()
	return s.SessionStore.PutSession(ctx, address, session)
}

func (s *sessionLock) lend(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loan = &loan{address: address, end: time.AfterFunc(loanTime, func() { <-s.one })}
}

// redeem makes a loan the caller's own, unless it has ended.
func (s *sessionLock) redeem(address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loan != nil && s.loan.address == address && s.loan.end.Stop()
}

// DoDecryptionTxn implements the library's store.
func (s *sessionLock) DoDecryptionTxn(ctx context.Context, decrypt func(context.Context) error) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer func() { <-s.one }()
	defer s.kept()
	own := &holder{held: true}
	err := s.EventBuffer.DoDecryptionTxn(context.WithValue(ctx, holderKey{}, own), decrypt)
	if err == nil && own.text != nil {
		s.takeInHand(*own.text, own.address)
	}
	return s.unread(err)
}

// GetBufferedEvent implements the library's store.
func (s *sessionLock) GetBufferedEvent(ctx context.Context, hash [32]byte) (*store.BufferedEvent, error) {
	event, err := s.EventBuffer.GetBufferedEvent(ctx, hash)
	if err != nil || event == nil || event.Plaintext != nil || s.notices == nil {
		return event, s.unread(err)
	}
	content, err := s.notices.nameless(ctx, hash[:])
	if content != nil {
		event.Plaintext = append(content, 1) // with the least padding
	}
	return event, s.unread(err)
}

// PutBufferedEvent implements the library's store. What decrypts to no message will never be handed to anybody, so nothing
// would ever erase it: that it came is all that is kept. So it is with what has a place of its own, because it never comes
// again.
func (s *sessionLock) PutBufferedEvent(ctx context.Context, hash [32]byte, plaintext []byte, at time.Time) error {
	message, ok := messageIn(plaintext)
	if !ok {
		plaintext = nil
	} else if own, _ := ctx.Value(holderKey{}).(*holder); own != nil && s.notices != nil {
		kept, err := s.notices.keep(ctx, own.address, hash[:], message)
		if err != nil {
			return err
		}
		if kept {
			plaintext = nil
		}
	}
	if own, _ := ctx.Value(holderKey{}).(*holder); own != nil && plaintext != nil {
		own.text = &hash
	}
	return s.EventBuffer.PutBufferedEvent(ctx, hash, plaintext, at)
}

// messageIn reads a plaintext as the library will: a message, and the padding that it wants.
func messageIn(plaintext []byte) (*waE2E.Message, bool) {
	if len(plaintext) == 0 {
		return nil, false
	}
	padding := int(plaintext[len(plaintext)-1])
	content, padded := bytes.CutSuffix(plaintext, bytes.Repeat(plaintext[len(plaintext)-1:], padding))
	message := new(waE2E.Message)
	return message, padded && proto.Unmarshal(content, message) == nil
}

// ClearBufferedEventPlaintext implements the library's store, which acknowledges the text whether or not it could be
// erased here.
func (s *sessionLock) ClearBufferedEventPlaintext(ctx context.Context, hash [32]byte) error {
	err := s.EventBuffer.ClearBufferedEventPlaintext(ctx, hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.inHand, hash)
	if err != nil {
		s.unerased = append(s.unerased, hash)
	}
	return err
}

// clear erases the texts that should have been erased before.
func (s *sessionLock) clear(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.unerased) > 0 {
		if err := s.EventBuffer.ClearBufferedEventPlaintext(ctx, s.unerased[0]); err != nil {
			return err
		}
		s.unerased = s.unerased[1:]
	}
	return nil
}

// unread keeps a text that session.db could not take, say on a full disk, at WhatsApp's server. The library acknowledges
// whatever it fails to decrypt and asks the phone to encrypt it again, which helps against a lost key and loses the text
// here; only what was cancelled it leaves alone.
func (s *sessionLock) unread(err error) error {
	if database := (sqlite3.Error{}); !errors.As(err, &database) {
		return err
	}
	s.trouble()
	return fmt.Errorf("session.db: %w", errors.Join(err, context.Canceled))
}
