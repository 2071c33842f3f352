package whatsapp

import (
	"context"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"go.mau.fi/whatsmeow/store"
)

// turns lets a Signal session be used by one side at a time. The library loads a session, works with it and stores it,
// for sending and for receiving alike, and nothing keeps the two apart: at once, the later write undoes the earlier one,
// the next message reuses a counter, and the phone drops it as a repetition. Nobody would ever notice.
//
// Decrypting is one transaction and takes a turn as a whole. Sending takes one from the loading of the sessions to their
// storing, which may include a question for keys: what is received meanwhile waits. The answers to retry receipts are
// outside of this; they come in reply to a phone that cannot read anything anyway.
type turns struct {
	store.SessionStore
	store.EventBuffer
	one     chan struct{} // full while somebody has the turn
	trouble func()        // what came could not be decrypted because of session.db
}

func newTurns(sessions store.SessionStore, buffer store.EventBuffer, trouble func()) *turns {
	return &turns{SessionStore: sessions, EventBuffer: buffer, one: make(chan struct{}, 1), trouble: trouble}
}

type turnKey struct{}

// turn belongs to one send, whose goroutine alone touches it.
type turn struct{ held bool }

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

// DoDecryptionTxn implements the library's store.
func (t *turns) DoDecryptionTxn(ctx context.Context, decrypt func(context.Context) error) error {
	if err := t.take(ctx); err != nil {
		return err
	}
	defer func() { <-t.one }()
	return t.unread(t.EventBuffer.DoDecryptionTxn(ctx, decrypt))
}

// GetBufferedEvent implements the library's store.
func (t *turns) GetBufferedEvent(ctx context.Context, hash [32]byte) (*store.BufferedEvent, error) {
	event, err := t.EventBuffer.GetBufferedEvent(ctx, hash)
	return event, t.unread(err)
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
