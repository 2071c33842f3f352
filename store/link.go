package store

import (
	"context"
	"time"
)

// Link is what the daemon last said of its link to WhatsApp. It may be out of
// date: a daemon that was killed says nothing more (see [Held]).
type Link struct {
	State     string
	Connected bool
	Since     time.Time
}

// SetLink notes the state of the link for other processes.
func (s *Store) SetLink(ctx context.Context, l Link) error {
	return s.exec(ctx, "note the link", `UPDATE daemon SET link_state = ?, link_connected = ?, link_since = ?`, l.State, l.Connected, stamp{l.Since})
}

// Link is what [Store.SetLink] noted last, if it was ever called.
func (s *Store) Link(ctx context.Context) (l Link, ok bool, err error) {
	var since stamp
	ok, err = s.scan(ctx, `SELECT link_state, link_connected, link_since FROM daemon WHERE link_state <> ''`, nil, &l.State, &l.Connected, &since)
	l.Since = since.Time
	return l, ok, err
}
