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

// turns lets a Signal session be used by one side at a time. The library loads a session, works with it and stores it,
// for sending and for receiving alike, and nothing keeps the two apart: at once, the later write undoes the earlier one,
// the next message reuses a counter, and the phone drops it as a repetition. Nobody would ever notice.
//
// Decrypting is one transaction and takes a turn as a whole. Sending takes one from the loading of the sessions to their
// storing, which may include a question for keys: what is received meanwhile waits. What is left, the answers to retry
// receipts and the words to our own phone, loads and stores one session, without a mark of its own and without a word when
// it fails in between: it has the turn as a [loan].
type turns struct {
	store.SessionStore
	store.EventBuffer
	one     chan struct{} // full while somebody has the turn
	trouble func()        // what came could not be dealt with because of session.db
	notices *notices      // what our own phone tells; nil keeps nothing

	mu   sync.Mutex // guards the rest
	loan *loan      // the last one
	left [][32]byte // texts that have been handled and could not be erased from the buffer
}

// loan is a turn that ends by itself, so that a session which is never stored stops nobody for long.
type loan struct {
	address string
	end     *time.Timer
}

// loanTime is ample for the little that lies between loading and storing: no question to anybody, a few milliseconds.
const loanTime = 5 * time.Second

// errLoanOver undoes an encryption that took too long. It looks like a cancellation, so that the library leaves the retry
// receipt unacknowledged.
var errLoanOver = fmt.Errorf("a session was held for too long: %w", context.Canceled)

func newTurns(sessions store.SessionStore, buffer store.EventBuffer, trouble func()) *turns {
	return &turns{SessionStore: sessions, EventBuffer: buffer, one: make(chan struct{}, 1), trouble: trouble}
}

type turnKey struct{}

// turn belongs to one send or one decryption, whose goroutine alone touches it.
type turn struct {
	held    bool
	address string // whose session was loaded last
}

// sending makes the context of one send. Its end must be called when the send is over, however it went.
func (t *turns) sending(ctx context.Context) (_ context.Context, end func()) {
	own := &turn{}
	return context.WithValue(ctx, turnKey{}, own), func() { t.release(own) }
}

func (t *turns) take(ctx context.Context) error {
	select {
	case t.one <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *turns) release(own *turn) {
	if own.held {
		own.held = false
		<-t.one
	}
}

// GetManySessions implements the library's store: a send loads what it will encrypt with.
func (t *turns) GetManySessions(ctx context.Context, addresses []string) (map[string][]byte, error) {
	if own, ok := ctx.Value(turnKey{}).(*turn); ok && !own.held {
		if err := t.take(ctx); err != nil {
			return nil, err
		}
		own.held = true
	}
	return t.SessionStore.GetManySessions(ctx, addresses)
}

// PutManySessions implements the library's store: a send has encrypted.
func (t *turns) PutManySessions(ctx context.Context, sessions map[string][]byte) error {
	err := t.SessionStore.PutManySessions(ctx, sessions)
	if own, ok := ctx.Value(turnKey{}).(*turn); ok {
		t.release(own)
	}
	return err
}

// GetSession implements the library's store.
func (t *turns) GetSession(ctx context.Context, address string) ([]byte, error) {
	if own, ok := ctx.Value(turnKey{}).(*turn); ok {
		own.address = address
		return t.SessionStore.GetSession(ctx, address)
	}
	if err := t.take(ctx); err != nil {
		return nil, err
	}
	t.lend(address)
	session, err := t.SessionStore.GetSession(ctx, address)
	if err != nil && t.redeem(address) {
		<-t.one
	}
	return session, err
}

// PutSession implements the library's store.
func (t *turns) PutSession(ctx context.Context, address string, session []byte) error {
	if ctx.Value(turnKey{}) != nil {
		return t.SessionStore.PutSession(ctx, address, session)
	}
	if !t.redeem(address) {
		t.trouble()
		return errLoanOver
	}
	defer func() { <-t.one }()
	return t.SessionStore.PutSession(ctx, address, session)
}

func (t *turns) lend(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.loan = &loan{address: address, end: time.AfterFunc(loanTime, func() { <-t.one })}
}

// redeem makes a turn on loan the caller's own, unless it has ended.
func (t *turns) redeem(address string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.loan != nil && t.loan.address == address && t.loan.end.Stop()
}

// DoDecryptionTxn implements the library's store.
func (t *turns) DoDecryptionTxn(ctx context.Context, decrypt func(context.Context) error) error {
	if err := t.take(ctx); err != nil {
		return err
	}
	defer func() { <-t.one }()
	return t.unread(t.EventBuffer.DoDecryptionTxn(context.WithValue(ctx, turnKey{}, &turn{held: true}), decrypt))
}

// GetBufferedEvent implements the library's store.
func (t *turns) GetBufferedEvent(ctx context.Context, hash [32]byte) (*store.BufferedEvent, error) {
	event, err := t.EventBuffer.GetBufferedEvent(ctx, hash)
	if err != nil || event == nil || event.Plaintext != nil || t.notices == nil {
		return event, t.unread(err)
	}
	content, err := t.notices.nameless(ctx, hash[:])
	if content != nil {
		event.Plaintext = append(content, 1) // with the least padding
	}
	return event, t.unread(err)
}

// PutBufferedEvent implements the library's store. What decrypts to no message will never be handed to anybody, so nothing
// would ever erase it: that it came is all that is kept. So it is with what has a place of its own, because it never comes
// again.
func (t *turns) PutBufferedEvent(ctx context.Context, hash [32]byte, plaintext []byte, at time.Time) error {
	message, ok := messageIn(plaintext)
	if !ok {
		plaintext = nil
	} else if own, _ := ctx.Value(turnKey{}).(*turn); own != nil && t.notices != nil {
		kept, err := t.notices.keep(ctx, own.address, hash[:], message)
		if err != nil {
			return err
		}
		if kept {
			plaintext = nil
		}
	}
	return t.EventBuffer.PutBufferedEvent(ctx, hash, plaintext, at)
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
func (t *turns) ClearBufferedEventPlaintext(ctx context.Context, hash [32]byte) error {
	err := t.EventBuffer.ClearBufferedEventPlaintext(ctx, hash)
	if err != nil {
		t.mu.Lock()
		t.left = append(t.left, hash)
		t.mu.Unlock()
	}
	return err
}

// clear erases the texts that should have been erased before.
func (t *turns) clear(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.left) > 0 {
		if err := t.EventBuffer.ClearBufferedEventPlaintext(ctx, t.left[0]); err != nil {
			return err
		}
		t.left = t.left[1:]
	}
	return nil
}

// unread keeps a text that session.db could not take, say on a full disk, at WhatsApp's server. The library acknowledges
// whatever it fails to decrypt and asks the phone to encrypt it again, which helps against a lost key and loses the text
// here; only what was cancelled it leaves alone.
func (t *turns) unread(err error) error {
	if database := (sqlite3.Error{}); !errors.As(err, &database) {
		return err
	}
	t.trouble()
	return fmt.Errorf("session.db: %w", errors.Join(err, context.Canceled))
}
