package whatsapptest

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// changedLocked wakes those who wait for this phone.
func (p *Phone) changedLocked() {
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

// await waits until look, which is called with the server's lock held, reports true.
func (p *Phone) await(ctx context.Context, look func() bool) error {
	for {
		p.s.mu.Lock()
		found := look()
		if !found && p.changed == nil {
			p.changed = make(chan struct{})
		}
		change := p.changed
		p.s.mu.Unlock()
		if found {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// AwaitText waits for a shown message that contains the words, and returns the first one, which may be there already. The error wraps
// the context's.
func (p *Phone) AwaitText(ctx context.Context, contains string) (Message, error) {
	var found Message
	err := p.await(ctx, func() bool {
		i := slices.IndexFunc(p.shown, func(m Message) bool { return strings.Contains(m.Text, contains) })
		if i >= 0 {
			found = p.shown[i]
		}
		return i >= 0
	})
	if err != nil {
		return Message{}, fmt.Errorf("whatsapptest: none of the %d messages shown contains %q: %w", len(p.Messages()), contains, err)
	}
	return found, nil
}

// AwaitMessages waits until the phone has shown at least n messages and returns all of them. The error wraps the context's.
func (p *Phone) AwaitMessages(ctx context.Context, n int) ([]Message, error) {
	if err := p.await(ctx, func() bool { return len(p.shown) >= n }); err != nil {
		return p.Messages(), fmt.Errorf("whatsapptest: %d of %d messages shown: %w", len(p.Messages()), n, err)
	}
	return p.Messages(), nil
}

// AwaitDelivered waits until the recipient of what this phone wrote has sent a receipt. The error wraps the context's.
func (p *Phone) AwaitDelivered(ctx context.Context, id string) error {
	if err := p.await(ctx, func() bool { return p.delivered[id] }); err != nil {
		return fmt.Errorf("whatsapptest: no receipt for %s: %w", id, err)
	}
	return nil
}
