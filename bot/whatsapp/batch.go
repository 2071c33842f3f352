package whatsapp

import (
	"context"
	"maps"

	"go.mau.fi/whatsmeow/store"
)

// batch is what one transaction over the sessions of many people has loaded and changed. Our own phone's session is in it
// too, which takes a copy of each message: it is written once for all of them.
type batch struct {
	sessions map[string][]byte // as they are now; nil: there is none
	changed  map[string][]byte
}

func (b *batch) load(ctx context.Context, from store.SessionStore, addresses []string) (map[string][]byte, error) {
	found := make(map[string][]byte, len(addresses))
	var missing []string
	for _, address := range addresses {
		session, loaded := b.sessions[address]
		found[address] = session
		if !loaded {
			missing = append(missing, address)
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	loaded, err := from.GetManySessions(ctx, missing)
	if err != nil {
		return nil, err
	}
	maps.Copy(b.sessions, loaded)
	maps.Copy(found, loaded)
	return found, nil
}

// has tells whether there is a session with each, of those that were loaded.
func (b *batch) has(addresses []string) bool {
	for _, address := range addresses {
		if b.sessions[address] == nil {
			return false
		}
	}
	return true
}

func (b *batch) keep(sessions map[string][]byte) {
	maps.Copy(b.sessions, sessions)
	maps.Copy(b.changed, sessions)
}

// together lends all sessions to one caller, in one transaction of session.db. The caller must ask nobody anything, do all
// it does with the context it is given, and hand nothing on before together has returned without an error: only then it is
// certain that no session falls back behind what has left. The addresses are those it will use, as far as it knows.
func (s *sessionLock) together(ctx context.Context, addresses []string, do func(context.Context, *batch) error) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer func() { <-s.one }()
	b := &batch{sessions: make(map[string][]byte), changed: make(map[string][]byte)}
	ctx = context.WithValue(ctx, holderKey{}, &holder{held: true, batch: b})
	return s.EventBuffer.DoDecryptionTxn(ctx, func(ctx context.Context) error {
		if _, err := b.load(ctx, s.SessionStore, addresses); err != nil {
			return err
		}
		if err := do(ctx, b); err != nil {
			return err
		}
		return s.SessionStore.PutManySessions(ctx, b.changed)
	})
}
