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

// AwaitText waits for a shown message that contains the words, and returns the first one,
// which may be there already. The error wraps the context's.
func (p *Phone) AwaitText(ctx context.Context, contains string) (Message, error) {
	return p.awaitIn(ctx, &p.shown, contains)
}

// AwaitMessages waits until the phone has shown at least n messages and returns all of them.
// The error wraps the context's.
func (p *Phone) AwaitMessages(ctx context.Context, n int) ([]Message, error) {
	if err := p.await(ctx, func() bool { return len(p.shown) >= n }); err != nil {
		return p.Messages(), fmt.Errorf("whatsapptest: %d of %d messages shown: %w", len(p.Messages()), n, err)
	}
	return p.Messages(), nil
}

// AwaitCopy waits for a copy of what another device of this account sent that contains the
// words, and returns the first one. The error wraps the context's.
func (p *Phone) AwaitCopy(ctx context.Context, contains string) (Message, error) {
	return p.awaitIn(ctx, &p.copies, contains)
}

func (p *Phone) awaitIn(ctx context.Context, list *[]Message, contains string) (Message, error) {
	var found Message
	count := 0
	err := p.await(ctx, func() bool {
		i := slices.IndexFunc(*list, func(m Message) bool { return strings.Contains(m.Text, contains) })
		if i >= 0 {
			found = (*list)[i]
		}
		count = len(*list)
		return i >= 0
	})
	if err != nil {
		return Message{}, fmt.Errorf("whatsapptest: none of %d messages contains %q: %w", count, contains, err)
	}
	return found, nil
}

// AwaitDelivered waits until the recipient of what this phone wrote has sent a receipt. The
// error wraps the context's.
func (p *Phone) AwaitDelivered(ctx context.Context, id string) error {
	if err := p.await(ctx, func() bool { return p.delivered[id] }); err != nil {
		return fmt.Errorf("whatsapptest: no receipt for %s: %w", id, err)
	}
	return nil
}
