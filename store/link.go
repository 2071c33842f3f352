package store

import (
	"context"
	"time"
)

// Link is what the daemon last said of its link to WhatsApp. It may be out of
// date: a daemon that was killed says nothing more (see [LockedBy]).
type Link struct {
	State     string
	Connected bool
	Since     time.Time
	Until     time.Time // the end of a suspension, as WhatsApp gave it; zero without one
	Code      int       // WhatsApp's reason; 0 when it gave none
	Cause     string    // why there is no link, or no connection; empty: not known, or there is one
}

const setLink = `UPDATE daemon SET link_state = ?, link_connected = ?, link_since = ?, link_until = ?, link_code = ?, link_cause = ?`

// SetLink notes the state of the link for other processes and for the next start.
func (s *Store) SetLink(ctx context.Context, l Link) error {
	return s.exec(ctx, "note the link", setLink, l.State, l.Connected, stamp{l.Since}, stamp{l.Until}, l.Code, l.Cause)
}

const link = `SELECT link_state, link_connected, link_since, link_until, link_code, link_cause FROM daemon WHERE link_state <> ''`

// Link is what [Store.SetLink] noted last, if it was ever called.
func (s *Store) Link(ctx context.Context) (l Link, ok bool, err error) {
	var since, until stamp
	ok, err = s.scan(ctx, link, nil, &l.State, &l.Connected, &since, &until, &l.Code, &l.Cause)
	l.Since, l.Until = since.Time, until.Time
	return l, ok, err
}

// ListNumber is the Comune's number to which the list belongs; empty until a phone
// has been linked for the first time.
func (s *Store) ListNumber(ctx context.Context) (number string, err error) {
	_, err = s.scan(ctx, `SELECT list_number FROM daemon`, nil, &number)
	return number, err
}

// BelongTo notes to which of the Comune's numbers the list belongs, unless that is
// known.
func (s *Store) BelongTo(ctx context.Context, number string) error {
	return s.exec(ctx, "note whose the list is", `UPDATE daemon SET list_number = ? WHERE list_number = ''`, number)
}

// HandOver gives the list to another number of the Comune.
func (s *Store) HandOver(ctx context.Context, number string) error {
	return s.exec(ctx, "hand the list over", `UPDATE daemon SET list_number = ?`, number)
}

// SessionMark is what [Store.SetSessionMark] noted last: which copy of the linked
// device's keys was used. Its form is the caller's.
func (s *Store) SessionMark(ctx context.Context) (mark string, err error) {
	_, err = s.scan(ctx, `SELECT session_mark FROM daemon`, nil, &mark)
	return mark, err
}

// SetSessionMark notes which copy of the linked device's keys is being used.
func (s *Store) SetSessionMark(ctx context.Context, mark string) error {
	return s.exec(ctx, "note which session is used", `UPDATE daemon SET session_mark = ?`, mark)
}

// AskUnpair asks the daemon to end the link; the zero time takes the question back.
func (s *Store) AskUnpair(ctx context.Context, now time.Time) error {
	return s.exec(ctx, "ask for the end of the link", `UPDATE daemon SET unpair_asked = ?`, stamp{now})
}

// UnpairAsked is since when somebody waits for the end of the link; zero: nobody.
func (s *Store) UnpairAsked(ctx context.Context) (time.Time, error) {
	var at stamp
	_, err := s.scan(ctx, `SELECT unpair_asked FROM daemon`, nil, &at)
	return at.Time, err
}
