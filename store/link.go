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
	Until     time.Time // the end of a suspension, as WhatsApp gave it; zero without one
	Code      int       // WhatsApp's reason; 0 when it gave none
}

const setLink = `UPDATE daemon SET link_state = ?, link_connected = ?, link_since = ?, link_until = ?, link_code = ?`

// SetLink notes the state of the link for other processes and for the next start.
func (s *Store) SetLink(ctx context.Context, l Link) error {
	return s.exec(ctx, "note the link", setLink, l.State, l.Connected, stamp{l.Since}, stamp{l.Until}, l.Code)
}

const link = `SELECT link_state, link_connected, link_since, link_until, link_code FROM daemon WHERE link_state <> ''`

// Link is what [Store.SetLink] noted last, if it was ever called.
func (s *Store) Link(ctx context.Context) (l Link, ok bool, err error) {
	var since, until stamp
	ok, err = s.scan(ctx, link, nil, &l.State, &l.Connected, &since, &until, &l.Code)
	l.Since, l.Until = since.Time, until.Time
	return l, ok, err
}
